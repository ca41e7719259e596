import { describe, expect, test } from 'vitest'
import { peripheralLine } from '../../../../device/decoders/index.ts'
import type { PeripheralMessage, PeripheralTyres } from '../../../../device/decoders/messages.ts'
import { peripheralFrame, type Tyre, tyreReport } from '../../../../sim/hardware/jsatl.ts'
import { beijing } from '../../../help/drive.ts'
import { readLine, seeded } from '../help.ts'
import { plainFrames, plainTyres } from './plain.ts'

const read = (frame: Uint8Array): PeripheralMessage[] => readLine(peripheralLine, frame)
const tyres = (frame: Uint8Array): PeripheralTyres => {
  const [message, ...more] = read(frame)
  if (message?.kind !== 'tyres' || more.length > 0) throw new Error(`no tyres: ${JSON.stringify(message)}`)
  return message
}
const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const well: Tyre = { tyre: 0, bits: ['regular'], pressureKpa: 830, temperatureC: 41, batteryPct: 90 }
const one = (known: Partial<Tyre>) => tyres(tyreReport({ tyres: [{ ...well, ...known }] })).tyres[0]!

describe('a report of the tyre pressure monitor', () => {
  test('written by hand from the table', () => {
    // Tyre 3: low (bit 2) and slow leak (bit 6), 612 kPa, 38 degrees, 77 %; 66 km/h, 62 m, 30.5 N 114.25 E.
    const body = [
      ...['0001 66 36', '00000009 01', '42 003e 01d164a0 06cf5110 261122021005 0001', '01'],
      ...['03 0044 0264 0026 004d'],
    ].join('')
    const summed = bytes(body).reduce((sum, byte) => sum + byte, 0) & 0xff
    const frame = bytes(`7e ${summed.toString(16).padStart(2, '0')} 0005 ${body} 7e`)
    expect(read(frame)).toEqual([
      {
        ...{ kind: 'tyres', sequence: 5, vendor: 1, peripheral: 'tpms', alarmId: 9, flag: 'start' },
        ...{ speedKmh: 66, lat: 30.5, lon: 114.25, sentAt: '2026-11-22T02:10:05+08:00' },
        tyres: [
          {
            ...{ tyre: 3, regular: false, alarms: ['low', 'slow-leak'] },
            ...{ pressureKpa: 612, temperatureC: 38, batteryPct: 77 },
          },
        ],
      },
    ])
  })

  test('of six tyres at once keeps their order, and none is a report too', () => {
    const six = Array.from({ length: 6 }, (_, tyre) => ({ ...well, tyre, pressureKpa: 800 + tyre }))
    expect(
      tyres(tyreReport({ tyres: six })).tyres.map(({ tyre, pressureKpa }) => [tyre, pressureKpa]),
    ).toEqual([0, 1, 2, 3, 4, 5].map((tyre) => [tyre, 800 + tyre]))
    expect(tyres(tyreReport({ tyres: [] })).tyres).toEqual([])
  })

  test.each([
    ['high', 'high'],
    ['low', 'low'],
    ['hot', 'hot'],
    ['sensor', 'sensor'],
    ['imbalance', 'imbalance'],
    ['slow-leak', 'slow-leak'],
    ['battery', 'battery'],
  ] as const)('names the bit of %s alone', (bit, alarm) => {
    expect(one({ bits: [bit] })).toMatchObject({ regular: false, alarms: [alarm] })
    expect(one({ bits: ['regular', bit] })).toMatchObject({ regular: true, alarms: [alarm] })
  })

  test('keeps what is at the edge of its range and nothing beyond', () => {
    expect([0, 2000, 2001, 65_535].map((pressureKpa) => one({ pressureKpa }).pressureKpa)).toEqual([
      ...[0, 2000, null, null],
    ])
    expect([-61, -60, -1, 0, 200, 201].map((temperatureC) => one({ temperatureC }).temperatureC)).toEqual([
      ...[null, -60, -1, 0, 200, null],
    ])
    expect([0, 100, 101].map((batteryPct) => one({ batteryPct }).batteryPct)).toEqual([0, 100, null])
  })

  test('says whether it begins or ends something', () => {
    const flagOf = (flag: 0 | 1 | 2) => tyres(tyreReport({ flag, tyres: [well] })).flag
    expect([flagOf(0), flagOf(1), flagOf(2)]).toEqual(['event', 'start', 'end'])
  })

  test('whose length contradicts its number of tyres is none', () => {
    const payload = [...new Array<number>(24).fill(0), 2, ...new Array<number>(18).fill(0)]
    const of = (given: number[]) => read(peripheralFrame(0x66, 0x36, given))[0]
    expect(of(payload)?.kind).toBe('tyres')
    for (const given of [payload.slice(1), [...payload, 0], payload.with(24, 1), payload.with(24, 3), []])
      expect(of(given)).toMatchObject({ kind: 'discarded', why: 'malformed' })
  })

  test('is read alike by a plain reader of the tables', () => {
    const chance = seeded(66)
    const below = (n: number) => Math.floor(chance() * n)
    const names = ['regular', 'high', 'low', 'hot', 'sensor', 'imbalance', 'slow-leak', 'battery'] as const
    for (let i = 0; i < 5000; i++) {
      const frame = tyreReport({
        ...{ alarmId: below(2 ** 32), flag: below(3) as 0 | 1 | 2, sequence: below(65_536) },
        ...{
          speedKmh: below(256),
          lat: chance() * 90,
          lon: chance() * 180,
          atMs: beijing('2026-11-22 02:10:05'),
        },
        tyres: Array.from({ length: below(8) }, (_, tyre) => ({
          ...{ tyre, bits: names.filter(() => chance() < 0.3), pressureKpa: below(2500) },
          ...{ temperatureC: below(300) - 80, batteryPct: below(120) },
        })),
      })
      const { alarmId, flag, speedKmh, tyres: list } = tyres(frame)
      expect({ alarmId, flag, speedKmh, tyres: list }).toEqual(plainTyres(plainFrames(frame).frames[0]!))
    }
  })
})
