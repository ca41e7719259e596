import { describe, expect, test } from 'vitest'
import { peripheralLine } from '../../../../device/decoders/index.ts'
import type { PeripheralAlarm, PeripheralMessage } from '../../../../device/decoders/messages.ts'
import { alarmReport, heartbeat, peripheralFrame, statusReport } from '../../../../sim/hardware/jsatl.ts'
import { beijing } from '../../../help/drive.ts'
import { damaged, readLine, seeded } from '../help.ts'
import { plainAlarm, plainFrames } from './plain.ts'

const read = (...frames: Uint8Array[]): PeripheralMessage[] =>
  readLine(peripheralLine, Uint8Array.from(frames.flatMap((frame) => [...frame])))
const alarm = (frame: Uint8Array): PeripheralAlarm => {
  const [message, ...more] = read(frame)
  if (message?.kind !== 'alarm' || more.length > 0) throw new Error(`no alarm: ${JSON.stringify(message)}`)
  return message
}
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const atMs = beijing('2026-11-22 02:10:05')

describe('a frame of the peripheral line', () => {
  test('written by hand from the table', () => {
    // vendor 0001, driver camera, status: 01 + 65 + 38 + 01 = 9f
    expect(read(bytes('7e 9f 0007 0001 65 38 01 00000000 7e'))).toEqual([
      { kind: 'status', sequence: 7, vendor: 1, peripheral: 'dsm', work: 'normal', faults: [] },
    ])
  })

  test('hides its flag and its escape, in the sum as well', () => {
    const frame = peripheralFrame(0x64, 0x2f, [0x7e, 0x7d, 0x02], 0x7e7d, 0x7d7e)
    expect(Buffer.from(frame).toString('hex')).toContain('7d027d01')
    expect([...frame.slice(1, -1)]).not.toContain(0x7e)
    expect(read(frame)).toEqual([
      { kind: 'heard', sequence: 0x7e7d, vendor: 0x7d7e, peripheral: 'adas', code: 0x2f },
    ])
  })

  test('may share its flag with the next one, and more flags between them are nothing', () => {
    const shared = [...heartbeat('adas').slice(0, -1), ...heartbeat('dsm'), 0x7e, 0x7e, ...heartbeat('bsd')]
    expect(read(Uint8Array.from(shared)).map((m) => m.kind === 'heard' && m.peripheral)).toEqual([
      'adas',
      'dsm',
      'bsd',
    ])
  })

  test('is told as noise, wrong, cut or too long when it is', () => {
    const good = heartbeat('dsm')
    const wrong = good.with(1, good[1]! ^ 1)
    expect(read(bytes('00 11 22'), good)[0]).toEqual({ kind: 'discarded', bytes: 3, why: 'noise' })
    expect(read(wrong)).toEqual([{ kind: 'discarded', bytes: 7, why: 'badChecksum' }])
    expect(read(good.slice(0, -1))).toEqual([{ kind: 'discarded', bytes: 7, why: 'truncated' }])
    expect(read(bytes('7e 01 02 7e'))).toEqual([{ kind: 'discarded', bytes: 2, why: 'malformed' }])
    expect(read(bytes('7e 94 0000 7d03 0001 65 2f 7e'))).toEqual([
      { kind: 'discarded', bytes: 9, why: 'malformed' },
    ])
    const long = peripheralFrame(0x65, 0x51, new Array<number>(1018).fill(1))
    expect(read(long)).toEqual([{ kind: 'discarded', bytes: 1025, why: 'overflow' }])
    expect(read(peripheralFrame(0x65, 0x51, new Array<number>(1017).fill(1)))[0]?.kind).toBe('heard')
  })

  test('of a peripheral that nobody numbered is heard and not read', () => {
    expect(read(peripheralFrame(0x70, 0x36, [1, 2, 3]))).toEqual([
      { kind: 'heard', sequence: 0, vendor: 1, peripheral: null, code: 0x36 },
    ])
  })

  test('tells long noise in pieces and loses none of it', () => {
    const noise = new Uint8Array(10_000).fill(0x55)
    const told = read(noise).map((m) => (m.kind === 'discarded' ? m.bytes : 0))
    expect(told).toEqual([4096, 4096, 1808])
  })

  test('says the same however it is cut', () => {
    const stream = Uint8Array.from([
      ...[0x12, 0x7d],
      ...alarmReport({ device: 'dsm', type: 1, own: [7, 0x7e, 0x7d, 0, 0], attachments: 2, atMs }),
      ...[0x33, 0x7d, 0x02],
      ...statusReport('adas', 4, 0x401),
    ])
    const whole = readLine(peripheralLine, stream)
    for (let cut = 0; cut <= stream.length; cut++)
      expect(readLine(peripheralLine, stream, [cut, (cut * 7) % stream.length])).toEqual(whole)
  })
})

describe('a report', () => {
  test('of a driver camera', () => {
    const report = alarmReport({
      ...{ device: 'dsm', type: 1, alarmId: 0xfffffffe, flag: 1, own: [8, 0, 0, 0, 0], speedKmh: 87 },
      ...{ lat: 30.123456, lon: 114.654321, atMs, attachments: 3, sequence: 12 },
    } as const)
    expect(alarm(report)).toEqual({
      ...{ kind: 'alarm', sequence: 12, vendor: 1, peripheral: 'dsm', alarmId: 0xfffffffe, flag: 'start' },
      ...{ type: 1, what: 'fatigue', level: null, fatigueDegree: 8, frontSpeedKmh: null, distanceS: null },
      ...{ side: null, speedKmh: 87, lat: 30.123456, lon: 114.654321, attachments: 3 },
      sentAt: '2026-11-22T02:10:05+08:00',
    })
  })

  test.each([
    [1, 'forward-collision', { frontSpeedKmh: 60, distanceS: 2.7, side: null }],
    [2, 'lane-departure', { side: 'right' }],
    [3, 'headway', { frontSpeedKmh: 60, distanceS: 2.7, side: null }],
    [4, 'pedestrian', { frontSpeedKmh: null, distanceS: 2.7, side: null }],
    [5, 'lane-changes', { frontSpeedKmh: null, distanceS: null }],
    [6, 'sign-exceeded', {}],
    [7, 'obstacle', {}],
    [16, 'sign-recognised', {}],
    [17, 'capture', {}],
    [99, null, {}],
  ])('of a forward camera, type %i', (type, what, own) => {
    const told = alarm(alarmReport({ device: 'adas', type, own: [60, 27, 2, 0, 0], level: 2 }))
    expect(told).toMatchObject({ peripheral: 'adas', what, level: 2, fatigueDegree: null, ...own })
  })

  test.each([
    [1, 'fatigue'],
    [2, 'phone'],
    [3, 'smoking'],
    [4, 'distraction'],
    [5, 'driver-absent'],
    [16, 'capture'],
    [17, 'driver-change'],
  ])('of a driver camera, type %i', (type, what) => {
    const told = alarm(alarmReport({ device: 'dsm', type, own: [5, 0, 0, 0, 0], level: 1 }))
    expect(told).toMatchObject({ what, level: 1, fatigueDegree: type === 1 ? 5 : null })
  })

  test('of a blind spot monitor, which has no bytes of its own', () => {
    expect(alarm(alarmReport({ device: 'bsd', type: 2 })).what).toBe('left-rear-approach')
    expect(alarm(alarmReport({ device: 'bsd', type: 2, level: 1, attachments: 1 })).level).toBe(1)
  })

  test('keeps what is at the edge of its range and nothing beyond', () => {
    const own = (...bytesOf: number[]) => alarm(alarmReport({ device: 'adas', type: 1, own: bytesOf }))
    expect(own(250, 100, 0, 0, 0)).toMatchObject({ frontSpeedKmh: 250, distanceS: 10 })
    expect(own(251, 101, 0, 0, 0)).toMatchObject({ frontSpeedKmh: null, distanceS: null })
    const degree = (value: number) => alarm(alarmReport({ device: 'dsm', type: 1, own: [value, 0, 0, 0, 0] }))
    expect([0, 1, 10, 11].map((value) => degree(value).fatigueDegree)).toEqual([null, 1, 10, null])
    expect(alarm(alarmReport({ device: 'dsm', type: 1, speedKmh: 220 })).speedKmh).toBe(220)
    expect(alarm(alarmReport({ device: 'dsm', type: 1, speedKmh: 221 })).speedKmh).toBeNull()
    expect(alarm(alarmReport({ device: 'dsm', type: 1, lat: 90, lon: 180 }))).toMatchObject({
      lat: 90,
      lon: 180,
    })
    expect(alarm(alarmReport({ device: 'dsm', type: 1, lat: 90.1, lon: 10 })).lat).toBeNull()
    expect(alarm(alarmReport({ device: 'dsm', type: 1, lat: 10, lon: 180.1 })).lat).toBeNull()
    expect(alarm(alarmReport({ device: 'dsm', type: 1 }))).toMatchObject({ lat: null, lon: null })
  })

  test('whose length contradicts its number of attachments is none', () => {
    const tail = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x26, 1, 1, 0, 0, 0, 0, 1]
    const claims = (attachments: number) => [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, ...tail, attachments]
    expect(read(peripheralFrame(0x65, 0x36, claims(0)))[0]?.kind).toBe('alarm')
    expect(read(peripheralFrame(0x65, 0x36, claims(1)))[0]).toMatchObject({ why: 'malformed' })
    expect(read(peripheralFrame(0x65, 0x36, claims(0).slice(1)))[0]).toMatchObject({ why: 'malformed' })
    expect(read(peripheralFrame(0x65, 0x36, []))[0]).toMatchObject({ why: 'malformed' })
  })

  test('of the working state names what is broken', () => {
    expect(read(statusReport('adas', 4, 0b1100_0011_1111))[0]).toEqual({
      ...{ kind: 'status', sequence: 0, vendor: 1, peripheral: 'adas', work: 'abnormal' },
      faults: [
        ...['camera', 'main-memory', 'auxiliary-memory', 'infrared-lamp', 'speaker', 'battery'],
        ...['communication', 'positioning'],
      ],
    })
    expect(read(statusReport('dsm', 9, 2 ** 31))[0]).toMatchObject({ work: null, faults: [] })
    expect(read(peripheralFrame(0x64, 0x38, [1, 0, 0, 0]))[0]).toMatchObject({ why: 'malformed' })
  })

  test.each([
    [0, 'camera'],
    [1, 'main-memory'],
    [2, 'auxiliary-memory'],
    [3, 'infrared-lamp'],
    [4, 'speaker'],
    [5, 'battery'],
    [10, 'communication'],
    [11, 'positioning'],
  ])('names fault bit %i alone as %s', (bit, name) => {
    expect(read(statusReport('dsm', 1, 2 ** bit))[0]).toMatchObject({ faults: [name] })
  })

  test('knows four working states', () => {
    const work = (state: number) =>
      read(statusReport('dsm', state, 0)).map((m) => m.kind === 'status' && m.work)
    expect([0, 1, 2, 3, 4, 5].flatMap(work)).toEqual([
      null,
      'normal',
      'standby',
      'upgrading',
      'abnormal',
      null,
    ])
  })

  test.each([
    ['2026-13-01', [0x26, 0x13, 1, 0, 0, 0]],
    ['month 0', [0x26, 0, 1, 0, 0, 0]],
    ['day 32', [0x26, 1, 0x32, 0, 0, 0]],
    ['day 0', [0x26, 1, 0, 0, 0, 0]],
    ['hour 24', [0x26, 1, 1, 0x24, 0, 0]],
    ['minute 60', [0x26, 1, 1, 0, 0x60, 0]],
    ['second 60', [0x26, 1, 1, 0, 0, 0x60]],
    ['no BCD, high', [0xa6, 1, 1, 0, 0, 0]],
    ['no BCD, low', [0x2a, 1, 1, 0, 0, 0]],
  ])('with the time %s has none', (_, time) => {
    const payload = [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...time, 0, 0, 0]
    expect(alarm(peripheralFrame(0x65, 0x36, payload)).sentAt).toBeNull()
    const good = [...payload.slice(0, 22), 0x26, 0x12, 0x31, 0x23, 0x59, 0x59, 0, 0, 0]
    expect(alarm(peripheralFrame(0x65, 0x36, good)).sentAt).toBe('2026-12-31T23:59:59+08:00')
  })
})

describe('two readers, one from the tables', () => {
  const stream = (chance: () => number): Uint8Array => {
    const number = (below: number) => Math.floor(chance() * below)
    const one = (): Uint8Array => {
      const roll = chance()
      if (roll < 0.2) return heartbeat('dsm', number(65_536))
      if (roll < 0.3) return statusReport('adas', number(6), number(2 ** 32))
      if (roll < 0.4)
        return peripheralFrame(
          number(256),
          number(256),
          Array.from({ length: number(60) }, () => number(256)),
        )
      const device = (['adas', 'dsm', 'bsd'] as const)[number(3)]!
      return alarmReport({
        ...{ device, type: number(20), alarmId: number(2 ** 32), flag: number(3) as 0 | 1 | 2 },
        ...(chance() < 0.5 ? {} : { level: (1 + number(2)) as 1 | 2 }),
        ...{ own: Array.from({ length: 5 }, () => number(256)), speedKmh: number(256) },
        ...{ atMs: number(4e12), attachments: number(4), lat: chance() * 90, lon: chance() * 180 },
      })
    }
    return Uint8Array.from(Array.from({ length: 1 + number(6) }, () => [...one()]).flat())
  }

  const agree = (given: Uint8Array, cut: number): void => {
    const expected = plainFrames(given)
    const messages = readLine(peripheralLine, given, [cut])
    const told = messages.filter((m) => m.kind !== 'discarded')
    const lost = messages.reduce((sum, m) => sum + (m.kind === 'discarded' ? m.bytes : 0), 0)
    // A frame that contradicts itself has a right sum: the plain reader keeps it as a frame.
    expect(told.length).toBeLessThanOrEqual(expected.frames.length)
    expect(lost).toBeGreaterThanOrEqual(expected.discardedBytes)
    const alarms = expected.frames.map(plainAlarm).filter((one) => one !== null)
    expect(
      told
        .filter((m) => m.kind === 'alarm')
        .map(({ alarmId, type, level, speedKmh, attachments, sentAt }) => ({
          ...{ alarmId, type, level, speedKmh, attachments, sentAt },
        })),
    ).toEqual(alarms)
  }

  test('agree on 8,000 random streams', () => {
    const chance = seeded(64)
    for (let i = 0; i < 8000; i++) {
      const given = stream(chance)
      agree(given, Math.floor(chance() * given.length))
    }
  })

  test('agree on 20,000 damaged ones', () => {
    const chance = seeded(65)
    for (let i = 0; i < 20_000; i++) {
      const given = damaged(stream(chance), chance)
      agree(given, Math.floor(chance() * given.length))
    }
  })
})
