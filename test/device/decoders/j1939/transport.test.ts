import { describe, expect, test } from 'vitest'
import { type J1939State, j1939Initial, j1939Step } from '../../../../device/decoders/j1939/step.ts'
import type { CanFrame, CanMessage, TransportMessage } from '../../../../device/decoders/messages.ts'
import { frame, seeded } from '../help.ts'

const hex = (value: number, bytes = 1): string => {
  let text = ''
  for (let i = 0, rest = value; i < bytes; i++, rest = Math.floor(rest / 256))
    text += (rest & 255).toString(16).padStart(2, '0')
  return text
}

/** The frames of a sender, as the standard writes them; each a function of the time it is sent at. */
const management = (sa: number, da: number, bytes: string, t: number | null) =>
  frame(`18EC${hex(da)}${hex(sa)}#${bytes}`, t)
const bam = (sa: number, pgn: number, size: number, t: number | null) =>
  management(sa, 255, `20${hex(size, 2)}${hex(Math.ceil(size / 7))}FF${hex(pgn, 3)}`, t)
const rts = (sa: number, da: number, pgn: number, size: number, t: number | null) =>
  management(sa, da, `10${hex(size, 2)}${hex(Math.ceil(size / 7))}FF${hex(pgn, 3)}`, t)
const cts = (sa: number, da: number, pgn: number, packets: number, next: number, t: number | null) =>
  management(sa, da, `11${hex(packets)}${hex(next)}FFFF${hex(pgn, 3)}`, t)
const acknowledged = (sa: number, da: number, pgn: number, size: number, t: number | null) =>
  management(sa, da, `13${hex(size, 2)}${hex(Math.ceil(size / 7))}FF${hex(pgn, 3)}`, t)
const aborted = (sa: number, da: number, pgn: number, t: number | null) =>
  management(sa, da, `FF03FFFFFF${hex(pgn, 3)}`, t)

function packet(sa: number, da: number, payload: Uint8Array, number: number, t: number | null): CanFrame {
  const bytes = new Uint8Array(7).fill(0xff)
  bytes.set(payload.subarray((number - 1) * 7, number * 7))
  return frame(`18EB${hex(da)}${hex(sa)}#${hex(number)}${Buffer.from(bytes).toString('hex')}`, t)
}

const payloadOf = (size: number, seed = 1): Uint8Array =>
  Uint8Array.from({ length: size }, (_, i) => (i * 31 + seed) & 255)

function run(frames: readonly CanFrame[]): CanMessage[] {
  let state = j1939Initial
  return frames.flatMap((each) => {
    const step = j1939Step(state, each)
    state = step.state
    return step.messages
  })
}

const transports = (messages: readonly CanMessage[]): TransportMessage[] =>
  messages.filter((message) => message.kind === 'transport')

const spare = 65_259
const eighteen = payloadOf(18)
const packets = (sa: number, da: number, payload: Uint8Array, fromS: number, stepS: number): CanFrame[] =>
  Array.from({ length: Math.ceil(payload.length / 7) }, (_, i) =>
    packet(sa, da, payload, i + 1, fromS + i * stepS),
  )

describe('a broadcast', () => {
  test('is put together, byte for byte, with the time of its last packet', () => {
    expect(run([bam(3, spare, 18, 10), ...packets(3, 255, eighteen, 10.1, 0.1)])).toEqual([
      {
        ...{
          kind: 'transport',
          t: expect.closeTo(10.3, 9),
          session: 'bam',
          sa: 3,
          da: 255,
          pgn: spare,
          size: 18,
        },
        payload: eighteen,
      },
    ])
  })

  test.each([1, 7, 8, 9, 14, 15, 1784, 1785])('of %i bytes', (size) => {
    const payload = payloadOf(size)
    const done = transports(run([bam(3, spare, size, 0), ...packets(3, 255, payload, 0.05, 0.05)]))
    expect(done).toHaveLength(1)
    expect(done[0]!.payload).toEqual(payload)
  })

  test.each([0, 1786])('of %i bytes is none', (size) => {
    expect(run([bam(3, spare, size, 0), ...packets(3, 255, eighteen, 0.05, 0.05)])).toEqual([])
  })

  test('whose packets do not fit its size is none', () => {
    const odd = management(3, 255, `20${hex(18, 2)}04FF${hex(spare, 3)}`, 0)
    expect(run([odd, ...packets(3, 255, payloadOf(28), 0.05, 0.05)])).toEqual([])
  })

  test.each([
    [0.2, 1],
    [0.75, 1],
    [0.751, 0],
    [2, 0],
  ])('with %d s between its packets: %i', (gapS, count) => {
    const frames = [bam(3, spare, 18, 1635188455.7), ...packets(3, 255, eighteen, 1635188455.7 + gapS, gapS)]
    expect(transports(run(frames))).toHaveLength(count)
  })

  test('that lost a packet is not finished, and says what it had', () => {
    const [first, , third] = packets(3, 255, eighteen, 0.1, 0.1)
    expect(run([bam(3, spare, 18, 0), first!, third!])).toEqual([
      { kind: 'discarded', bytes: 7, why: 'truncated' },
    ])
  })

  test('with a packet twice is whole; out of order it is not', () => {
    const [first, second, third] = packets(3, 255, eighteen, 0.1, 0.1)
    expect(transports(run([bam(3, spare, 18, 0), first!, first!, second!, second!, third!]))).toHaveLength(1)
    expect(transports(run([bam(3, spare, 18, 0), second!, first!, third!]))).toHaveLength(0)
  })

  test.each([
    ['number 0', '00'],
    ['a number beyond its last', '04'],
  ])('with %s is over', (_, number) => {
    const [first, second, third] = packets(3, 255, eighteen, 0.1, 0.1)
    const wrong = frame(`18EBFF03#${number}00000000000000`, 0.15)
    expect(transports(run([bam(3, spare, 18, 0), first!, wrong, second!, third!]))).toHaveLength(0)
  })

  test('whose last packet is not padded is whole; one that is too short is not', () => {
    const cut = (bytes: number): CanFrame[] => {
      const [first, second, third] = packets(3, 255, eighteen, 0.1, 0.1)
      return [bam(3, spare, 18, 0), first!, second!, { ...third!, data: third!.data.slice(0, bytes) }]
    }
    expect(transports(run(cut(5)))).toMatchObject([{ payload: eighteen }])
    expect(transports(run(cut(4)))).toHaveLength(0)
    expect(transports(run(cut(0)))).toHaveLength(0)
  })

  test('gives way to the sender’s next one', () => {
    const other = payloadOf(18, 9)
    const frames = [
      bam(3, spare, 18, 0),
      ...packets(3, 255, eighteen, 0.1, 0.1).slice(0, 2),
      bam(3, 65_226, 18, 0.3),
      ...packets(3, 255, other, 0.4, 0.1),
    ]
    expect(transports(run(frames))).toMatchObject([{ pgn: 65_226, payload: other }])
  })

  test('packets without a session are nothing', () => {
    expect(run(packets(3, 255, eighteen, 0, 0.1))).toEqual([])
  })

  test('to a request to send for everybody nobody listens', () => {
    expect(run([rts(3, 255, spare, 18, 0), ...packets(3, 255, eighteen, 0.1, 0.1)])).toEqual([])
  })

  test('without any clock is put together all the same', () => {
    const frames = [
      bam(3, spare, 18, null),
      ...packets(3, 255, eighteen, 0, 0).map((each) => ({ ...each, t: null })),
    ]
    expect(transports(run(frames))).toHaveLength(1)
  })

  test('is timed by its arrival where frames have no time', () => {
    const give = (arrivals: readonly number[]): number => {
      let state: J1939State = j1939Initial
      const frames = [bam(3, spare, 9, null), ...[1, 2].map((n) => packet(3, 255, payloadOf(9), n, null))]
      let done = 0
      for (const [i, each] of frames.entries()) {
        const step = j1939Step(state, each, arrivals[i]!)
        state = step.state
        done += transports(step.messages).length
      }
      return done
    }
    expect(give([0, 750, 1500])).toBe(1)
    expect(give([0, 751, 1501])).toBe(0)
  })
})

describe('a directed message', () => {
  const whole = (): CanFrame[] => {
    const [first, second, third] = packets(3, 9, eighteen, 0.3, 0.1)
    return [
      rts(3, 9, spare, 18, 0),
      cts(9, 3, spare, 2, 1, 0.1),
      ...[first!, second!],
      cts(9, 3, spare, 1, 3, 0.5),
      { ...third!, t: 0.6 },
      acknowledged(9, 3, spare, 18, 0.7),
    ]
  }

  test('is put together', () => {
    expect(run(whole())).toEqual([
      { kind: 'transport', t: 0.6, session: 'rts', sa: 3, da: 9, pgn: spare, size: 18, payload: eighteen },
    ])
  })

  test('also by a listener who hears only the sender', () => {
    expect(transports(run(whole().filter(({ id }) => (id & 255) === 3)))).toHaveLength(1)
  })

  test.each([
    ['T2, clearance to packet', [0, 0.1, 1.35], 1],
    ['T2 passed', [0, 0.1, 1.351], 0],
    ['T3, request to clearance', [0, 1.25, 1.3], 1],
    ['T3 passed', [0, 1.251, 1.3], 0],
  ])('%s', (_, [request, clearance, from], count) => {
    const frames = [
      rts(3, 9, spare, 18, request!),
      cts(9, 3, spare, 3, 1, clearance!),
      ...packets(3, 9, eighteen, from!, 0.1),
    ]
    expect(transports(run(frames))).toHaveLength(count)
  })

  test.each([
    [0.75, 1],
    [0.751, 0],
  ])('T1: %d s between two packets of one clearance: %i', (gapS, count) => {
    const frames = [
      rts(3, 9, spare, 18, 0),
      cts(9, 3, spare, 3, 1, 0.1),
      ...packets(3, 9, eighteen, 0.2, gapS),
    ]
    expect(transports(run(frames))).toHaveLength(count)
  })

  test('is held on as long as the receiver says so every Th (500 ms)', () => {
    const holds = Array.from({ length: 10 }, (_, i) => cts(9, 3, spare, 0, 255, 0.5 + i * 0.5))
    const frames = [
      rts(3, 9, spare, 18, 0),
      ...holds,
      cts(9, 3, spare, 3, 1, 5.5),
      ...packets(3, 9, eighteen, 5.6, 0.1),
    ]
    expect(transports(run(frames))).toHaveLength(1)
  })

  test('a packet asked for again', () => {
    const [first, second, third] = packets(3, 9, eighteen, 0.2, 0.1)
    const frames = [
      ...[rts(3, 9, spare, 18, 0), cts(9, 3, spare, 3, 1, 0.1), first!, third!],
      ...[cts(9, 3, spare, 1, 2, 0.5), { ...second!, t: 0.6 }],
    ]
    expect(transports(run(frames))).toMatchObject([{ t: 0.6, payload: eighteen }])
  })

  test.each([
    ['the sender', aborted(3, 9, spare, 0.25)],
    ['the receiver', aborted(9, 3, spare, 0.25)],
  ])('aborted by %s is over', (_, abort) => {
    const frames = whole()
    expect(transports(run([...frames.slice(0, 3), abort, ...frames.slice(3)]))).toHaveLength(0)
  })

  test.each([
    ['of another group', aborted(9, 3, spare + 1, 0.25)],
    ['of another pair', aborted(8, 3, spare, 0.25)],
  ])('an abort %s does not touch it', (_, abort) => {
    const frames = whole()
    expect(transports(run([...frames.slice(0, 3), abort, ...frames.slice(3)]))).toHaveLength(1)
  })

  test('to two receivers at once: what ends one does not end the other', () => {
    const start = [
      rts(3, 9, spare, 18, 0),
      rts(3, 10, spare, 18, 0),
      cts(9, 3, spare, 3, 1, 0.1),
      cts(10, 3, spare, 3, 1, 0.1),
    ]
    const rest = packets(3, 9, eighteen, 0.3, 0.05)
    for (const end of [
      aborted(3, 10, spare, 0.2),
      aborted(10, 3, spare, 0.2),
      acknowledged(10, 3, spare, 18, 0.2),
    ]) {
      const messages = run([...start, end, ...rest])
      expect(messages).toMatchObject([
        { kind: 'discarded', bytes: 0, why: 'truncated' },
        { da: 9, payload: eighteen },
      ])
    }
  })

  test('a new request of the same sender replaces the one before, and only that', () => {
    const [first] = packets(3, 9, eighteen, 0.1, 0.1)
    const other = payloadOf(18, 9)
    const messages = run([
      rts(3, 9, spare, 18, 0),
      rts(3, 10, spare, 18, 0.05),
      first!,
      rts(3, 9, 65_226, 18, 0.2),
      ...packets(3, 9, other, 0.3, 0.1),
      ...packets(3, 10, eighteen, 0.6, 0.1),
    ])
    expect(messages.filter(({ kind }) => kind !== 'message')).toMatchObject([
      { kind: 'discarded', bytes: 7, why: 'truncated' },
      { pgn: 65_226, da: 9, payload: other },
      { pgn: spare, da: 10, payload: eighteen },
    ])
  })

  test('of a group beyond 16 bits is answered by its whole number', () => {
    const wide = 0x1f201
    const frames = (answered: number): CanFrame[] => [
      rts(3, 9, wide, 18, 0),
      cts(9, 3, answered, 3, 1, 1.2),
      ...packets(3, 9, eighteen, 2.4, 0.1),
    ]
    // Without its clearance it would have been silent for too long.
    expect(transports(run(frames(wide)))).toMatchObject([{ pgn: wide }])
    expect(transports(run(frames(0xf201)))).toEqual([])
    expect(transports(run(frames(wide - 1)))).toEqual([])
  })

  test('acknowledged too early is over', () => {
    const frames = whole()
    expect(
      transports(run([...frames.slice(0, 3), acknowledged(9, 3, spare, 18, 0.3), ...frames.slice(3)])),
    ).toEqual([])
  })
})

test('sessions of many senders, a broadcast and directed ones of the same, none waits for another', () => {
  const sessions = [
    { sa: 0, da: 255, size: 18 },
    { sa: 0, da: 9, size: 300 },
    { sa: 0, da: 10, size: 33 },
    { sa: 9, da: 0, size: 64 },
    { sa: 3, da: 255, size: 1785 },
    { sa: 5, da: 9, size: 20 },
  ].map((each, i) => ({ ...each, payload: payloadOf(each.size, i + 1), next: 1 }))
  const frames = sessions.map(({ sa, da, size }) =>
    da === 255 ? bam(sa, spare, size, 0) : rts(sa, da, spare, size, 0),
  )
  const chance = seeded(17)
  for (let t = 0.001; ; t += 0.001) {
    const open = sessions.filter(({ next, size }) => next <= Math.ceil(size / 7))
    if (open.length === 0) break
    const one = open[Math.floor(chance() * open.length)]!
    frames.push(packet(one.sa, one.da, one.payload, one.next++, t))
  }
  const done = transports(run(frames))
  expect(done).toHaveLength(sessions.length)
  for (const { sa, da, payload } of sessions)
    expect(done.find((message) => message.sa === sa && message.da === da)!.payload).toEqual(payload)
})

describe('hostile traffic', () => {
  const sizeOf = (state: J1939State): number => {
    let bytes = 0
    for (const sessions of state.values()) for (const { payload } of sessions) bytes += payload.length
    return bytes
  }

  test('requests from everybody to everybody stay bounded', () => {
    let state = j1939Initial
    for (let sa = 0; sa < 256; sa++)
      for (let da = 0; da < 256; da += 5) state = j1939Step(state, rts(sa, da, spare, 1785, sa)).state
    for (const sessions of state.values()) expect(sessions.length).toBeLessThanOrEqual(8)
    expect(sizeOf(state)).toBeLessThanOrEqual(256 * 8 * 1785)
  })

  test('one sender’s flood does not touch another’s session', () => {
    const flood = Array.from({ length: 500 }, (_, i) => rts(66, i & 127, spare, 1785, 0.05))
    const frames = [bam(3, spare, 18, 0), ...flood, ...packets(3, 255, eighteen, 0.1, 0.1)]
    expect(transports(run(frames))).toHaveLength(1)
  })

  test('30,000 random frames of the protocol crash nothing', () => {
    const chance = seeded(23)
    const below = (n: number): number => Math.floor(chance() * n)
    let state = j1939Initial
    for (let i = 0; i < 30_000; i++) {
      const data = Uint8Array.from({ length: below(9) }, () => below(256))
      if (data.length > 0 && chance() < 0.7) data[0] = [16, 17, 19, 32, 255, 1, 2][below(7)]!
      const pf = chance() < 0.5 ? 0xec : 0xeb
      const id = (0x18 << 24) | (pf << 16) | (below(4) << 8) | below(4)
      state = j1939Step(state, { t: chance() < 0.9 ? i / 100 : null, id, extended: true, data }).state
    }
    expect(sizeOf(state)).toBeLessThanOrEqual(4 * 8 * 1785)
  })
})

test('20,000 sessions with lost, doubled and swapped packets: what comes out is what was sent', () => {
  const chance = seeded(31)
  const below = (n: number): number => Math.floor(chance() * n)
  let whole = 0
  for (let i = 0; i < 20_000; i++) {
    const sa = below(3)
    const da = chance() < 0.5 ? 255 : 9
    const payload = payloadOf(9 + below(40), i)
    const frames = packets(sa, da, payload, 0.1, 0.05)
    const at = below(frames.length)
    const fault = below(4)
    if (fault === 1) frames.splice(at, 1)
    if (fault === 2) frames.splice(at, 0, frames[at]!)
    if (fault === 3) frames.push(...frames.splice(at, 1))
    const start = da === 255 ? bam(sa, spare, payload.length, 0) : rts(sa, da, spare, payload.length, 0)
    const done = transports(run([start, ...frames]))
    if (fault === 0 || fault === 2) expect(done).toHaveLength(1)
    if (fault === 1) expect(done).toHaveLength(0)
    for (const message of done) {
      expect(Buffer.compare(message.payload, payload)).toBe(0)
      whole++
    }
  }
  expect(whole).toBeGreaterThan(9000)
})

test('of nine sessions of one sender the one that was silent longest gives way', () => {
  const receivers = [11, 12, 13, 14, 15, 16, 17, 18]
  const start = receivers.map((da, i) => rts(3, da, spare, 18, i * 0.01))
  // The first three are heard of again; then the fourth is the oldest.
  const heard = [11, 12, 13].map((da) => cts(da, 3, spare, 3, 1, 0.2))
  const ninth = rts(3, 19, spare, 18, 0.3)
  const rest = [...receivers, 19].flatMap((da) => packets(3, da, eighteen, 0.4, 0.01))
  const messages = run([...start, ...heard, ninth, ...rest])
  expect(messages[0]).toEqual({ kind: 'discarded', bytes: 0, why: 'truncated' })
  expect(transports(messages).map(({ da }) => da)).toEqual([11, 12, 13, 15, 16, 17, 18, 19])
})

describe('long groups are decoded too', () => {
  const send = (pgn: number, text: string): CanMessage[] => {
    const payload = Uint8Array.from(text, (letter) => letter.charCodeAt(0))
    return run([bam(0xee, pgn, payload.length, 0), ...packets(0xee, 255, payload, 0.1, 0.1)])
  }

  test('both drivers of the tachograph', () => {
    expect(send(65_131, 'D1234567*D7654321*')).toMatchObject([
      { kind: 'transport', pgn: 65_131 },
      {
        kind: 'message',
        pgn: 65_131,
        sa: 0xee,
        signals: { driver1Id: 'D1234567', driver2Id: 'D7654321' },
        errors: [],
      },
    ])
    expect(send(65_131, '\xff\xff\xff\xff*D7654321*')[1]).toMatchObject({
      signals: { driver1Id: null, driver2Id: 'D7654321' },
    })
    expect(send(65_131, 'D1234567890*')[1]).toMatchObject({
      signals: { driver1Id: 'D1234567890', driver2Id: null },
    })
    expect(send(65_131, '\0\0\0\0*D7654321*')[1]).toMatchObject({
      errors: ['driver1Id'],
      signals: { driver2Id: 'D7654321' },
    })
    expect(send(65_131, '\x01\x80abcd*D7654321*')[1]).toMatchObject({ signals: { driver1Id: null } })
  })

  test('the end of a text is the end of what is known', () => {
    expect(send(65_131, 'D1234567890*D')[1]).toMatchObject({ signals: { driver2Id: 'D' } })
    expect(send(65_131, 'D12345678*~ !~*')[1]).toMatchObject({ signals: { driver2Id: '~ !~' } })
    expect(send(65_131, 'D12345678*\x7f*')[1]).toMatchObject({ signals: { driver2Id: null } })
    expect(send(65_131, 'D12345678*\x1f*')[1]).toMatchObject({ signals: { driver2Id: null } })
    expect(send(65_131, '  D123 *   *')[1]).toMatchObject({ signals: { driver1Id: 'D123', driver2Id: null } })
  })

  test('a vehicle’s number only with its maker', () => {
    expect(send(65_260, 'LZYTBGAW5E1012345*')[1]).toMatchObject({ signals: { vin: 'LZY**************' } })
    expect(JSON.stringify(send(65_260, 'LZYTBGAW5E1012345*')[1])).not.toContain('TBGAW')
  })

  test('a trouble code is none only where its number and its kind are both nothing', () => {
    const codes = (text: string) => {
      const message = send(65_226, `\x00\xff${text}`)[1]
      return message?.kind === 'message' ? message.signals['troubleCodes'] : null
    }
    expect(codes('\0\0\0\0')).toEqual([])
    expect(codes('\0\0\x03\x01')).toEqual([{ spn: 0, fmi: 3, count: 1 }])
    expect(codes('\x05\0\0\x01')).toEqual([{ spn: 5, fmi: 0, count: 1 }])
    expect(codes('\x05\0\xe0\x7f')).toEqual([{ spn: 0x70005, fmi: 0, count: null }])
    expect(codes('\xff\xff\xe3\x01\x05\0\x01\x7e')).toEqual([{ spn: 5, fmi: 1, count: 126 }])
  })

  test('trouble codes', () => {
    const codes = '\x43\xff\xd4\x03\x09\x7e\x90\x0c\x14\x02\x61\x02\x09\x01\x61\x02\x0c\x03'
    expect(send(65_226, codes)[1]).toMatchObject({
      signals: {
        protectLamp: null,
        malfunctionLamp: true,
        troubleCodes: [
          { spn: 980, fmi: 9, count: 126 },
          { spn: 3216, fmi: 20, count: 2 },
          { spn: 609, fmi: 9, count: 1 },
          { spn: 609, fmi: 12, count: 3 },
        ],
      },
      errors: [],
    })
  })
})

test('a step changes nothing of the state it was given', () => {
  const open = j1939Step(j1939Initial, bam(3, spare, 18, 0)).state
  const before = structuredClone([...open])
  const first = packet(3, 255, eighteen, 1, 0.1)
  j1939Step(open, first)
  j1939Step(open, bam(3, spare, 30, 0.1))
  expect([...open]).toEqual(before)
  expect([...j1939Initial]).toEqual([])
})
