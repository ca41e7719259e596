import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { groups } from '../../../../device/decoders/j1939/groups.ts'
import { splitId } from '../../../../device/decoders/j1939/id.ts'
import { signalNames } from '../../../../device/decoders/j1939/names.ts'
import { j1939Initial, j1939Step } from '../../../../device/decoders/j1939/step.ts'
import { frame, haveRecordings, oneGroup, readCandump, recordings, seeded } from '../help.ts'

describe('the identifier', () => {
  test.each([
    [0x18fef100, { priority: 6, pgn: 65265, sa: 0, da: 255 }],
    [0x0cf00400, { priority: 3, pgn: 61444, sa: 0, da: 255 }],
    [0x18ef3305, { priority: 6, pgn: 0xef00, sa: 5, da: 0x33 }],
    [0x18eaff0b, { priority: 6, pgn: 59904, sa: 0x0b, da: 255 }],
    [0x19f20101, { priority: 6, pgn: 0x1f201, sa: 1, da: 255 }],
    [0x1cefffee, { priority: 7, pgn: 0xef00, sa: 0xee, da: 255 }],
    [0x18f00017, { priority: 6, pgn: 0xf000, sa: 0x17, da: 255 }],
  ])('%i', (id, parts) => {
    expect(splitId(id)).toEqual(parts)
  })
})

describe('groups, by frames of the standard or of real buses', () => {
  test.each([
    [
      '0CF00400#207D87481400F087',
      { engineSpeedRpm: 649, torqueMode: 0, actualTorquePct: 10, demandTorquePct: 0 },
    ],
    ['18FEE000#FFFFFFFFB05C6800', { totalDistanceKm: 854_934, tripDistanceKm: null }],
    ['18FECA00#40FF5B000301FFFF', { malfunctionLamp: true, troubleCodes: [{ spn: 91, fmi: 3, count: 1 }] }],
    ['18FECA00#00FF00000000FFFF', { malfunctionLamp: false, troubleCodes: [] }],
    [
      '18FECA00#04FFFFFFE27FFFFF',
      {
        redStopLamp: false,
        amberWarningLamp: true,
        troubleCodes: [{ spn: 0x7ffff, fmi: 2, count: null }].slice(1),
      },
    ],
    ['18FEF100#FF0050FFFFFFFFFF', { wheelSpeedKmh: 80, brakeSwitch: null, cruiseControlSetSpeedKmh: null }],
    [
      '18FEF100#F7006410FF5A0000',
      {
        wheelSpeedKmh: 100,
        parkingBrake: true,
        brakeSwitch: true,
        clutchSwitch: false,
        cruiseControlSetSpeedKmh: 90,
      },
    ],
    [
      '18FEF100#F3FFFA40FFFFFFFF',
      { wheelSpeedKmh: 250 + 255 / 256, parkingBrake: false, clutchSwitch: true },
    ],
    ['0CF00300#FFFA64FFFFFFFFFF', { acceleratorPedalPct: 100, engineLoadPct: 100 }],
    [
      '18F0010B#C47DFFFFFFFDFFFF',
      { absActive: false, asrBrakeControlActive: true, brakePedalPct: 50, absOperational: true },
    ],
    ['18F00503#FFFFFF7CFFFFFFFF', { currentGear: -1 }],
    ['18F00503#FFFFFFFBFFFFFFFF', { currentGear: null }],
    [
      '0CFE6CEE#53D1F0C000000050',
      {
        ...{
          driver1State: 3,
          driver2State: 2,
          vehicleMotion: true,
          driver1TimeState: 1,
          driver1CardPresent: true,
        },
        ...{
          driver2CardPresent: null,
          directionReverse: null,
          outputShaftSpeedRpm: 0,
          tachographSpeedKmh: 80,
        },
      },
    ],
    ['18FEC1EE#40420F00E8030000', { highResDistanceKm: 5000, highResTripDistanceKm: 5 }],
    ['18FEEE00#7D3C803480340000', { coolantC: 85, fuelC: 20, engineOilC: 147, turboOilC: 147 }],
    [
      '18FEF200#900100080004C8FF',
      { fuelRateLPerH: 20, instantFuelEconomyKmPerL: 4, averageFuelEconomyKmPerL: 2, throttlePct: 80 },
    ],
    ['18FEE900#FFFFFFFF10270000', { totalFuelL: 5000 }],
    ['18FEEF00#FFFFC864FFFFFFFF', { engineOilLevelPct: 80, engineOilPressureKpa: 400 }],
    ['18FEFC17#C87DFFFFFFFFFFFF', { washerFluidPct: 80, fuelLevelPct: 50 }],
    ['18FEE500#40420F00FFFFFFFF', { engineHoursH: 50_000 }],
    [
      '18FEEA0B#10803EE803D007FF',
      { axleLocation: 16, axleWeightKg: 8000, trailerWeightKg: 2000, cargoWeightKg: 4000 },
    ],
    ['18FE700B#E803D007FFFFFFFF', { poweredVehicleWeightKg: 10_000, grossCombinationWeightKg: 20_000 }],
    [
      '18FEE6EE#EC3B170B7829FD85',
      {
        utcSecond: 59,
        utcMinute: 59,
        utcHour: 23,
        utcMonth: 11,
        utcDay: 30,
        utcYear: 2026,
        localMinuteOffset: null,
        localHourOffset: 8,
      },
    ],
    [
      '18FEF500#CA802480243CFFFF',
      { barometricPressureKpa: 101, cabInteriorC: 19, ambientAirC: 19, airInletC: 20, roadSurfaceC: null },
    ],
    ['18FEF700#FFFFFFFF180118FF', { batteryVoltageV: 14, keySwitchVoltageV: null }],
    ['18FE4E21#02FFFFFFFFFFFFFF', { doorsPosition: 2, rampPosition: false, doorsEnabled: false }],
    ['18FE4E21#F0FFFFFFFFFFFFFF', { doorsPosition: 0 }],
    ['18FDA521#FFFCFFFFFFFFFFFF', { door1Open: null, door2Open: false, door3Open: null }],
    ['18FDA521#C701000000000000', { door1Open: true, door2Open: true, door3Open: false, door10Open: false }],
    [
      '18FE4021#40D0FFFFFFFFFFFF',
      { highBeam: true, lowBeam: false, rightTurnSignal: true, leftTurnSignal: null },
    ],
    ['18FEAE30#FFFF6464FFFFFFFF', { brakeCircuit1Kpa: 800, brakeCircuit2Kpa: 800 }],
  ])('%s', (text, signals) => {
    const message = oneGroup(text)
    expect(message.signals).toMatchObject(signals)
    for (const [name, value] of Object.entries(signals)) {
      if (typeof value === 'number') expect(message.signals[name]).toBeCloseTo(value, 9)
    }
    expect(Object.values(message.signals)).not.toContain(undefined)
  })
})

describe('validity, at each edge of the table in 5.1.4 of J1939-71', () => {
  test.each([
    ['0000', 0],
    ['FFFA', 250 + 255 / 256],
    ['00FB', null],
    ['FFFB', null],
    ['00FC', null],
    ['FFFD', null],
    ['00FE', 'error'],
    ['01FE', 'error'],
    ['FFFE', 'error'],
    ['00FF', null],
    ['FFFF', null],
  ])('two bytes %s: %s', (hex, expected) => {
    const { signals, errors } = oneGroup(`18FEF100#FF${hex}FFFFFFFFFF`)
    expect(errors).toEqual(expected === 'error' ? ['wheelSpeedKmh'] : [])
    if (expected === 'error') expect(signals).not.toHaveProperty('wheelSpeedKmh')
    else expect(signals['wheelSpeedKmh']).toBe(expected)
  })

  test.each([
    ['FFFFFFFA', 0xfaffffff * 0.125],
    ['000000FB', null],
    ['FFFFFFFD', null],
    ['000000FE', 'error'],
    ['FFFFFFFF', null],
  ])('four bytes %s: %s', (hex, expected) => {
    const { signals, errors } = oneGroup(`18FEE000#00000000${hex}`)
    expect(errors).toEqual(expected === 'error' ? ['totalDistanceKm'] : [])
    if (expected !== 'error') expect(signals['totalDistanceKm']).toBe(expected)
  })

  test.each([
    ['FA', 250],
    ['FB', null],
    ['FD', null],
    ['FE', 'error'],
    ['FF', null],
  ])('one byte %s: %s', (hex, expected) => {
    const { signals, errors } = oneGroup(`18FEF100#FFFFFFFFFF${hex}FFFF`)
    expect(errors).toEqual(expected === 'error' ? ['cruiseControlSetSpeedKmh'] : [])
    if (expected !== 'error') expect(signals['cruiseControlSetSpeedKmh']).toBe(expected)
  })

  test.each([
    [0, false],
    [1, true],
    [2, 'error'],
    [3, null],
  ])('switch code %i: %s', (code, expected) => {
    const byte = (0xcf | (code << 4)).toString(16).toUpperCase()
    const { signals, errors } = oneGroup(`18FEF100#FFFFFF${byte}FFFFFFFF`)
    expect(errors).toEqual(expected === 'error' ? ['brakeSwitch'] : [])
    if (expected === 'error') expect(signals).not.toHaveProperty('brakeSwitch')
    else expect(signals['brakeSwitch']).toBe(expected)
  })

  test.each([0, 1, 2, 3, 4, 5, 6, 7])('driver state %i', (code) => {
    const { signals, errors } = oneGroup(`0CFE6CEE#${(0xf8 | code).toString(16)}FFFFFFFFFFFFFF`)
    expect(errors).toEqual(code === 6 ? ['driver1State'] : [])
    if (code !== 6) expect(signals['driver1State']).toBe(code === 7 ? null : code)
  })

  test('states with a meaning of their own for the error code', () => {
    expect(oneGroup('18FEF100#FFFFFFFFFFFFC0FF').signals).toMatchObject({
      cruiseControlState: 6,
      ptoState: 0,
    })
    expect(oneGroup('0CF00400#FEFFFFFFFFFFFFFF').signals).toMatchObject({ torqueMode: 14 })
  })

  test('what a short frame does not reach is null', () => {
    const { signals, errors } = oneGroup('18FEF100#F70064')
    expect(signals).toMatchObject({
      wheelSpeedKmh: 100,
      parkingBrake: true,
      brakeSwitch: null,
      ptoState: null,
    })
    expect(oneGroup('18FEF100#F700').signals['wheelSpeedKmh']).toBeNull()
    expect(errors).toEqual([])
    expect(oneGroup('18FECA00#40FF').signals).toMatchObject({ malfunctionLamp: true, troubleCodes: null })
  })
})

/**
 * The same parameters as start bit, length and scale in the whole 64-bit number, read with big integers: written from the
 * published table, not from our files.
 */
const published: readonly (readonly [
  pgn: number,
  name: string,
  start: number,
  bits: number,
  scale: number,
  offset: number,
])[] = [
  [65265, 'wheelSpeedKmh', 8, 16, 1 / 256, 0],
  [65265, 'parkingBrake', 2, 2, 0, 0],
  [65265, 'brakeSwitch', 28, 2, 0, 0],
  [65265, 'clutchSwitch', 30, 2, 0, 0],
  [65265, 'cruiseControlActive', 24, 2, 0, 0],
  [65265, 'cruiseControlSetSpeedKmh', 40, 8, 1, 0],
  [61444, 'engineSpeedRpm', 24, 16, 0.125, 0],
  [61444, 'actualTorquePct', 16, 8, 1, -125],
  [61443, 'acceleratorPedalPct', 8, 8, 0.4, 0],
  [61441, 'absOperational', 40, 2, 0, 0],
  [61441, 'brakePedalPct', 8, 8, 0.4, 0],
  [61445, 'currentGear', 24, 8, 1, -125],
  [65132, 'driver1State', 0, 3, 1, 0],
  [65132, 'driver2State', 3, 3, 1, 0],
  [65132, 'vehicleMotion', 6, 2, 0, 0],
  [65132, 'driver1TimeState', 8, 4, 1, 0],
  [65132, 'driver1CardPresent', 12, 2, 0, 0],
  [65132, 'driver2TimeState', 16, 4, 1, 0],
  [65132, 'driver2CardPresent', 20, 2, 0, 0],
  [65132, 'outputShaftSpeedRpm', 32, 16, 0.125, 0],
  [65132, 'tachographSpeedKmh', 48, 16, 1 / 256, 0],
  [65217, 'highResDistanceKm', 0, 32, 0.005, 0],
  [65217, 'highResTripDistanceKm', 32, 32, 0.005, 0],
  [65248, 'totalDistanceKm', 32, 32, 0.125, 0],
  [65262, 'coolantC', 0, 8, 1, -40],
  [65262, 'engineOilC', 16, 16, 1 / 32, -273],
  [65266, 'fuelRateLPerH', 0, 16, 0.05, 0],
  [65276, 'fuelLevelPct', 8, 8, 0.4, 0],
  [65258, 'axleWeightKg', 8, 16, 0.5, 0],
  [65136, 'grossCombinationWeightKg', 16, 16, 10, 0],
  [65254, 'utcYear', 40, 8, 1, 1985],
  [65254, 'utcDay', 32, 8, 0.25, 0],
  [65254, 'utcMonth', 24, 8, 1, 0],
  [65269, 'ambientAirC', 24, 16, 1 / 32, -273],
  [65271, 'batteryVoltageV', 32, 16, 0.05, 0],
  [65102, 'doorsPosition', 0, 4, 1, 0],
  [64933, 'door1Open', 2, 2, 0, 0],
  [64933, 'door2Open', 8, 2, 0, 0],
  [64933, 'door3Open', 14, 2, 0, 0],
  [65253, 'engineHoursH', 0, 32, 0.05, 0],
]

function publishedValue(data: bigint, start: number, bits: number, scale: number, offset: number) {
  const raw = Number((data >> BigInt(start)) & ((1n << BigInt(bits)) - 1n))
  const ones = 2 ** bits - 1
  if (bits === 2) return raw === 3 ? null : raw === 2 ? 'error' : raw === 1
  if (bits < 8) return raw === ones ? null : raw === ones - 1 ? 'error' : raw
  const top = Math.floor(raw / 2 ** (bits - 8))
  if (top === 0xfe) return 'error'
  return top > 0xfa ? null : raw * scale + offset
}

test('a reader of big integers agrees on 20,000 random frames', () => {
  const chance = seeded(71)
  const byte = (): number => (chance() < 0.4 ? 0xf8 + Math.floor(chance() * 8) : Math.floor(chance() * 256))
  for (let i = 0; i < 20_000; i++) {
    const pgn = published[i % published.length]![0]
    const data = Uint8Array.from({ length: 8 }, byte)
    const [message] = j1939Step(j1939Initial, {
      t: null,
      id: 0x18000000 + pgn * 256,
      extended: true,
      data,
    }).messages
    if (message?.kind !== 'message') throw new Error(`no message of ${pgn}`)
    const number = data.reduceRight((sum, each) => sum * 256n + BigInt(each), 0n)
    for (const [of, name, start, bits, scale, offset] of published) {
      if (of !== pgn) continue
      const expected = publishedValue(number, start, bits, scale, offset)
      expect(message.errors.includes(name)).toBe(expected === 'error')
      if (typeof expected === 'number') expect(message.signals[name]).toBeCloseTo(expected, 6)
      else expect(message.signals[name]).toBe(expected === 'error' ? undefined : expected)
    }
  }
})

describe('the tables', () => {
  test('no group twice, every name used once and no other', () => {
    expect(new Set(groups.map(({ pgn }) => pgn)).size).toBe(groups.length)
    const used = groups.flatMap(({ read }) =>
      Object.keys(read({ bytes: new Uint8Array(0), length: 0, failed: false })),
    )
    expect(used.toSorted()).toEqual(Object.values(signalNames).toSorted())
  })

  test('a group of which nothing is available has only nulls', () => {
    for (const { pgn } of groups) {
      const data = new Uint8Array(8).fill(0xff)
      const [message] = j1939Step(j1939Initial, {
        t: null,
        id: 0x18000000 + pgn * 256,
        extended: true,
        data,
      }).messages
      if (message?.kind !== 'message') throw new Error(`no message of ${pgn}`)
      expect(message.errors).toEqual([])
      for (const [name, value] of Object.entries(message.signals))
        expect({ name, value }).toEqual({ name, value: name === 'troubleCodes' ? [] : null })
    }
  })

  test('standard, remote, error and FD frames carry no group', () => {
    const ccvs = frame('18FEF100#FF0050FFFFFFFFFF')
    for (const special of ['remote', 'error', 'fd'] as const)
      expect(j1939Step(j1939Initial, { ...ccvs, special }).messages).toEqual([])
    expect(j1939Step(j1939Initial, { ...ccvs, extended: false }).messages).toEqual([])
  })
})

describe.skipIf(!haveRecordings)(
  'frames with a textual decode by another program (needs ../shared/data)',
  () => {
    /** Their words and ours, with the factor from theirs to ours. */
    const words: readonly (readonly [theirs: string, ours: string, factor: number])[] = [
      ['Engine RPM', 'engineSpeedRpm', 1],
      ['Accelerator Pedal Position 1', 'acceleratorPedalPct', 1],
      ['Engine Coolant Temp', 'coolantC', 1],
      ['Fuel Temp', 'fuelC', 1],
    ]

    test('engine speed and pedal of 853 frames', () => {
      const read = (file: string): string => readFileSync(new URL(`can/canboat/${file}`, recordings), 'utf8')
      const ins = read('j1939-pgn-test.in')
        .split('\n')
        .filter((line) => line.trim() !== '')
      const outs = read('j1939-pgn-test.out')
        .split('\n')
        .filter((line) => line.trim() !== '')
      expect(ins).toHaveLength(outs.length)
      let compared = 0
      for (const [i, line] of ins.entries()) {
        const [message] = readCandump(line)
        if (message?.kind !== 'message') continue
        for (const [theirs, ours, factor] of words) {
          const told = new RegExp(`[:;] +${theirs} = ([-\\d.]+)`).exec(outs[i]!)?.[1]
          const mine = message.signals[ours]
          if (told === undefined || mine === undefined || mine === null) continue
          expect(Math.abs(Number(mine) - Number(told) * factor)).toBeLessThanOrEqual(0.06)
          compared++
        }
      }
      expect(compared).toBeGreaterThan(600)
    })
  },
)
