import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canLine } from '../../../../device/decoders/index.ts'
import { type J1939State, j1939Initial, j1939Step } from '../../../../device/decoders/j1939/step.ts'
import type { CanMessage } from '../../../../device/decoders/messages.ts'
import { bytesOf, frame, readLine, seeded } from '../help.ts'

/**
 * A bus with an enemy on it. Whatever he sends, memory stays bounded, and what honest senders say is decoded as if he were
 * not there. He may use any address but theirs: who speaks under another's address cannot be told from him.
 */
const hex = (value: number, bytes = 1): string => {
  let text = ''
  for (let i = 0, rest = value; i < bytes; i++, rest = Math.floor(rest / 256))
    text += (rest & 255).toString(16).padStart(2, '0')
  return text
}
const management = (sa: number, da: number, bytes: string): string => `18EC${hex(da)}${hex(sa)}#${bytes}`
const announce = (sa: number, pgn: number, size: number): string =>
  management(sa, 255, `20${hex(size, 2)}${hex(Math.ceil(size / 7))}FF${hex(pgn, 3)}`)
const request = (sa: number, da: number, pgn: number, size: number): string =>
  management(sa, da, `10${hex(size, 2)}${hex(Math.ceil(size / 7))}FF${hex(pgn, 3)}`)
const data = (sa: number, da: number, number: number, bytes = '11223344556677'): string =>
  `18EB${hex(da)}${hex(sa)}#${hex(number)}${bytes}`

type Timed = { readonly t: number; readonly text: string }

/** Two honest senders: the speed each 100 ms, a card reader's broadcast and a directed message each second. */
const engine = 0
const reader = 0xee
const display = 0x27
const honestSenders = new Set([engine, reader, display])
const identities = Buffer.from('DRIVER-00000017*DRIVER-00000042*', 'latin1')
const packets = Math.ceil(identities.length / 7)
const chunk = (n: number): string =>
  Buffer.concat([identities, Buffer.alloc(7, 0xff)]).toString('hex', (n - 1) * 7, n * 7)

function honest(seconds: number): Timed[] {
  const frames: Timed[] = []
  for (let s = 0; s < seconds; s++) {
    for (let i = 0; i < 10; i++)
      frames.push({ t: s + i / 10, text: `18FEF100#FF${hex((s * 10 + i) * 20, 2)}FFFFFFFFFF` })
    frames.push({ t: s + 0.01, text: announce(reader, 65_131, identities.length) })
    frames.push({ t: s + 0.015, text: request(reader, display, 65_131, identities.length) })
    frames.push({
      t: s + 0.02,
      text: management(display, reader, `11${hex(packets)}01FFFF${hex(65_131, 3)}`),
    })
    for (let n = 1; n <= packets; n++) {
      frames.push({ t: s + 0.02 + n * 0.1, text: data(reader, 255, n, chunk(n)) })
      frames.push({ t: s + 0.03 + n * 0.1, text: data(reader, display, n, chunk(n)) })
    }
  }
  return frames.toSorted((a, b) => a.t - b.t)
}

type Told = { readonly messages: CanMessage[]; readonly state: J1939State; readonly sessionsMax: number }

function run(frames: readonly Timed[]): Told {
  let state = j1939Initial
  let sessionsMax = 0
  const messages: CanMessage[] = []
  for (const { t, text } of frames) {
    const step = j1939Step(state, frame(text, t))
    state = step.state
    messages.push(...step.messages)
    sessionsMax = Math.max(sessionsMax, sessionsOf(state))
  }
  return { messages, state, sessionsMax }
}

const sessionsOf = (state: J1939State): number =>
  [...state.values()].reduce((sum, list) => sum + list.length, 0)
const ofHonest = (messages: readonly CanMessage[]): CanMessage[] =>
  messages.filter((m) => (m.kind === 'message' || m.kind === 'transport') && honestSenders.has(m.sa))

/** Frames of the enemy, spread over the time of the honest ones. */
function mixed(own: readonly Timed[], enemy: readonly string[], seconds: number): Timed[] {
  const spread = enemy.map((text, i) => ({ t: (i * seconds) / enemy.length, text }))
  return [...own, ...spread].toSorted((a, b) => a.t - b.t)
}

const seconds = 5
const own = honest(seconds)
const undisturbed = ofHonest(run(own).messages)

function survives(enemy: readonly string[]): Told {
  const told = run(mixed(own, enemy, seconds))
  expect(ofHonest(told.messages)).toEqual(undisturbed)
  return told
}

describe('an enemy on the bus', () => {
  test('the honest ones say something at all', () => {
    const transports = undisturbed.filter(({ kind }) => kind === 'transport')
    expect(transports.map((m) => m.kind === 'transport' && m.session)).toEqual(
      Array.from({ length: seconds }, () => ['bam', 'rts']).flat(),
    )
    expect(undisturbed).toHaveLength(seconds * (10 + 2 * 2))
  })

  test('opens connections from every address to every address', () => {
    const enemy: string[] = []
    for (let sa = 0; sa < 256; sa++) {
      if (honestSenders.has(sa)) continue
      for (let i = 0; i < 16; i++) enemy.push(request(sa, (sa * 7 + i) & 254, 65_260, 1785))
    }
    const { sessionsMax } = survives(enemy)
    expect(sessionsMax).toBeLessThanOrEqual(256 * 8)
  })

  test('announces broadcasts and never ends one, from every address', () => {
    const enemy = Array.from({ length: 5000 }, (_, i) => announce(1 + (i % 200), 65_226, 1785))
    survives(enemy.filter((text) => !honestSenders.has(Number.parseInt(text.slice(6, 8), 16))))
  })

  test('clears, holds, refuses and acknowledges what is not his', () => {
    const enemy: string[] = []
    for (let i = 0; i < 3000; i++) {
      const sa = 0x30 + (i % 60)
      const kinds = [
        `11${hex(i & 255)}${hex((i * 3) & 255)}FFFF${hex(65_131, 3)}`,
        `1100FFFFFF${hex(65_131, 3)}`,
        `13${hex(identities.length, 2)}${hex(packets)}FF${hex(65_131, 3)}`,
        `FF03FFFFFF${hex(65_131, 3)}`,
      ]
      enemy.push(management(sa, reader, kinds[i % 4]!))
    }
    survives(enemy)
  })

  test('floods with one frame each millisecond', () => {
    const text = 'T0CF00417' + '8FFFFFFFFFFFFFFFF\r'
    const flood = readLine(canLine('slcan'), bytesOf(text.repeat(20_000)))
    expect(flood).toHaveLength(20_000)
    survives(Array.from({ length: 5000 }, (_, i) => `0CF004${hex(0x17)}#${hex(i & 255)}FFFFFFFFFFFFFF`))
  })

  test('sends packets that nobody asked for, and packets of other sizes', () => {
    const chance = seeded(99)
    const number = (below: number) => Math.floor(chance() * below)
    const enemy = Array.from({ length: 4000 }, () => data(0x40 + number(100), number(256), number(256)))
    survives(enemy)
  })

  test('tries every id: groups, destinations, 11 bits, any length', () => {
    const senders = fc.integer({ min: 1, max: 253 }).filter((sa) => !honestSenders.has(sa))
    const frames = fc.record({
      top: fc.integer({ min: 0, max: 0x1fffff }),
      sa: senders,
      bytes: fc.uint8Array({ maxLength: 8 }),
      standard: fc.boolean(),
    })
    const text = fc.array(frames, { minLength: 50, maxLength: 300 }).map((list) =>
      list.map(({ top, sa, bytes, standard }) => {
        const id = standard
          ? (top & 0x7ff).toString(16).padStart(3, '0')
          : (top * 256 + sa).toString(16).padStart(8, '0')
        return `${id}#${Buffer.from(bytes).toString('hex')}`
      }),
    )
    fc.assert(
      fc.property(text, (enemy) => {
        survives(enemy)
      }),
      { numRuns: 60 },
    )
  })

  test('does all of it for an hour: what is remembered does not grow', () => {
    const chance = seeded(7)
    const number = (below: number) => Math.floor(chance() * below)
    let state = j1939Initial
    let sessionsMax = 0
    let bytesMax = 0
    for (let i = 0; i < 60_000; i++) {
      const [sa, da] = [number(256), number(256)]
      const texts = [request(sa, da, number(2 ** 18), 1 + number(1785)), announce(sa, number(2 ** 18), 1785)]
      const text = [...texts, data(sa, da, number(256)), data(sa, 255, 1)][number(4)]!
      state = j1939Step(state, frame(text, i * 0.06)).state
      if (i % 500 !== 0) continue
      sessionsMax = Math.max(sessionsMax, sessionsOf(state))
      const held = [...state.values()].flat().reduce((sum, { payload }) => sum + payload.length, 0)
      bytesMax = Math.max(bytesMax, held)
    }
    expect(sessionsMax).toBeLessThanOrEqual(256 * 8)
    expect(bytesMax).toBeLessThan(4e6)
  })
})

test('a second frame under an honest address disturbs one message, not the next', () => {
  const frames = [...own, { t: 1.5, text: announce(reader, 65_131, 9) }].toSorted((a, b) => a.t - b.t)
  const told = ofHonest(run(frames).messages).filter((m) => m.kind === 'transport' && m.session === 'bam')
  expect(told.length).toBe(seconds - 1)
})
