import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as bus from '../../../sim/hardware/j1939.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').toUpperCase()
const id = (frame: bus.Frame): string => frame.id.toString(16).toUpperCase().padStart(8, '0')

/** Reads bits one by one, least significant first: another way round than the writer. */
function bits(data: Uint8Array, byte: number, bit: number, count: number): number {
  let value = 0
  for (let at = count - 1; at >= 0; at--) {
    const index = (byte - 1) * 8 + (bit - 1) + at
    value = value * 2 + ((data[Math.floor(index / 8)]! >> (index % 8)) & 1)
  }
  return value
}

describe('frames of the simulated bus', () => {
  it('have the identifiers of the standard', () => {
    expect(bus.identifier(6, 65265, 0)).toBe(0x18fef100)
    expect(bus.identifier(3, 61444, 0)).toBe(0x0cf00400)
    expect(bus.identifier(3, 65132, 0xee)).toBe(0x0cfe6cee)
    // PDU1: the destination stands in the low byte of the group.
    expect(bus.identifier(6, 0xef00, 0x05, 0x33)).toBe(0x18ef3305)
    expect(bus.identifier(7, 60416, 0xee)).toBe(0x1cecffee)
  })

  it('write 80 and 100 km/h as published', () => {
    const at = (speedKmh: number) =>
      bus.ccvs1({ speedKmh, brake: false, clutch: false, parkingBrake: false }).data
    expect(hex(at(80)).slice(2, 6)).toBe('0050')
    expect(hex(at(100)).slice(2, 6)).toBe('0064')
    expect(bits(at(92.3), 2, 1, 16) / 256).toBeCloseTo(92.3, 2)
  })

  it('write 649 rpm as in the published frame', () => {
    const frame = bus.eec1({ rpm: 649, torquePct: 10 })
    expect(id(frame)).toBe('0CF00400')
    expect(hex(frame.data).slice(6, 10)).toBe('4814')
  })

  it('write 854,934 km as in the published frame', () => {
    const frame = bus.vd({ odometerM: 854_934_000, tripM: 0 })
    expect(id(frame)).toBe('18FEE017')
    expect(hex(frame.data).slice(8)).toBe('B05C6800')
  })

  it('write trouble codes as in the published frames', () => {
    expect(hex(bus.dm1([{ spn: 91, fmi: 3, count: 1 }], true).data)).toBe('40FF5B000301FFFF')
    expect(hex(bus.dm1([], false).data)).toBe('00FF00000000FFFF')
    const wide = bus.dm1([{ spn: 520_192 + 7, fmi: 31, count: 127 }], true).data
    expect(bits(wide, 3, 1, 16) + bits(wide, 5, 6, 3) * 65_536).toBe(520_199)
  })

  it('set switches and leave everything else not available', () => {
    const { data } = bus.ccvs1({ speedKmh: 0, brake: true, clutch: false, parkingBrake: true })
    expect(bits(data, 4, 5, 2)).toBe(1)
    expect(bits(data, 4, 7, 2)).toBe(0)
    expect(bits(data, 1, 3, 2)).toBe(1)
    expect(bits(data, 1, 1, 2)).toBe(3)
    expect(hex(data).slice(8)).toBe('FFFFFFFF')
  })

  it('tell who drives and whose card is in', () => {
    const { data } = bus.tco1({
      speedKmh: 76,
      slot1: { state: 'driving', card: true },
      slot2: { state: 'available', card: false },
    })
    expect([bits(data, 1, 1, 3), bits(data, 1, 4, 3), bits(data, 1, 7, 2)]).toEqual([3, 1, 1])
    expect([bits(data, 2, 5, 2), bits(data, 3, 5, 2)]).toEqual([1, 0])
    expect(bits(data, 7, 1, 16) / 256).toBe(76)
  })

  it('tell doors, brakes and gears', () => {
    expect(bits(bus.dc1({ doorOpen: true }).data, 1, 1, 4)).toBe(0)
    expect(bits(bus.dc1({ doorOpen: false }).data, 1, 1, 4)).toBe(2)
    expect(bits(bus.ebc1({ brakePedalPct: 40 }).data, 2, 1, 8) * 0.4).toBeCloseTo(40)
    expect(bits(bus.etc2({ gear: 6 }).data, 4, 1, 8) - 125).toBe(6)
    expect(bits(bus.etc2({ gear: 0 }).data, 4, 1, 8)).toBe(125)
  })

  it('count the odometer in steps of 5 m', () => {
    const { data } = bus.vdhr({ odometerM: 384_128_901, tripM: 8501 })
    expect(bits(data, 1, 1, 32) * 5).toBe(384_128_900)
    expect(bits(data, 5, 1, 32) * 5).toBe(8500)
  })

  it('end each driver id with an asterisk', () => {
    expect(Buffer.from(bus.driverIds('H430-10571', null).data).toString()).toBe('H430-10571**')
    expect(hex(bus.driverIds(null, null).data)).toBe('2A2AFFFFFFFFFFFF')
  })

  it('never reach the codes for error and not available with a value', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e12, max: 1e12 }), (value) => {
        expect(bus.steps(value, 0.4, 0, 8)).toBeLessThanOrEqual(0xfa)
        expect(bus.steps(value, 1 / 256, 0, 16)).toBeLessThanOrEqual(0xfaff)
        expect(bus.steps(value, 5, 0, 32)).toBeLessThanOrEqual(0xfaffffff)
        expect(bus.steps(value, 5, 0, 32)).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('put any field anywhere without touching its neighbours', () => {
    const field = fc
      .record({
        byte: fc.integer({ min: 1, max: 8 }),
        bit: fc.integer({ min: 1, max: 8 }),
        bits: fc.integer({ min: 1, max: 32 }),
      })
      .filter(({ byte, bit, bits }) => (byte - 1) * 8 + bit - 1 + bits <= 64)
    fc.assert(
      fc.property(field, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (where, part) => {
        const raw = Math.floor(part * 2 ** where.bits)
        const data = bus.payload([{ ...where, raw }])
        expect(bits(data, where.byte, where.bit, where.bits)).toBe(raw)
        const ones = data.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
        const own = raw.toString(2).replaceAll('0', '').length
        expect(ones).toBe(64 - where.bits + own)
      }),
    )
  })
})
