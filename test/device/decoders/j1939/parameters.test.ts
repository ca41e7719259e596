import { describe, expect, test } from 'vitest'
import { groups } from '../../../../device/decoders/j1939/groups.ts'
import { signalNames } from '../../../../device/decoders/j1939/names.ts'
import { j1939Initial, j1939Step } from '../../../../device/decoders/j1939/step.ts'

/**
 * Every parameter we read, as SAE J1939-71 prints it: group, parameter, start position (byte.bit, both from 1), length in
 * bits, resolution and offset. Each is then put alone into a frame of all ones and into one of all zeros, with every
 * value at which its meaning changes.
 */
const printed = `
65198 1087 brakeCircuit1Kpa          3.1  8 8 0
65198 1088 brakeCircuit2Kpa          4.1  8 8 0
65269  108 barometricPressureKpa     1.1  8 0.5 0
65269  170 cabInteriorC              2.1 16 0.03125 -273
65269  171 ambientAirC               4.1 16 0.03125 -273
65269  172 airInletC                 6.1  8 1 -40
65269   79 roadSurfaceC              7.1 16 0.03125 -273
65265   69 twoSpeedAxle              1.1  2
65265   70 parkingBrake              1.3  2
65265 1633 cruiseControlPause        1.5  2
65265   84 wheelSpeedKmh             2.1 16 0.00390625 0
65265  595 cruiseControlActive       4.1  2
65265  596 cruiseControlEnable       4.3  2
65265  597 brakeSwitch               4.5  2
65265  598 clutchSwitch              4.7  2
65265  599 cruiseControlSet          5.1  2
65265  600 cruiseControlCoast        5.3  2
65265  601 cruiseControlResume       5.5  2
65265  602 cruiseControlAccelerate   5.7  2
65265   86 cruiseControlSetSpeedKmh  6.1  8 1 0
65265  976 ptoState                  7.1  5 1 0
65265  527 cruiseControlState        7.6  3 1 0 noError
65136 1585 poweredVehicleWeightKg    1.1 16 10 0
65136 1760 grossCombinationWeightKg  3.1 16 10 0
65102 1821 doorsPosition             1.1  4 1 0
65102 1820 rampPosition              1.5  2
65102 3411 doorsEnabled              1.7  2
64933 3413 door1Open                 1.3  2
64933 3416 door2Open                 2.1  2
64933 3419 door3Open                 2.7  2
64933 3422 door4Open                 3.5  2
64933 3425 door5Open                 4.3  2
64933 3428 door6Open                 5.1  2
64933 3431 door7Open                 5.7  2
64933 3434 door8Open                 6.5  2
64933 3437 door9Open                 7.3  2
64933 3440 door10Open                8.1  2
65276   80 washerFluidPct            1.1  8 0.4 0
65276   96 fuelLevelPct              2.1  8 0.4 0
65226  987 protectLamp               1.1  2
65226  624 amberWarningLamp          1.3  2
65226  623 redStopLamp               1.5  2
65226 1213 malfunctionLamp           1.7  2
61441  561 asrEngineControlActive    1.1  2
61441  562 asrBrakeControlActive     1.3  2
61441  563 absActive                 1.5  2
61441 1121 ebsBrakeSwitch            1.7  2
61441  521 brakePedalPct             2.1  8 0.4 0
61441 1243 absOperational            6.1  2
61444  899 torqueMode                1.1  4 1 0 noError
61444  512 demandTorquePct           2.1  8 1 -125
61444  513 actualTorquePct           3.1  8 1 -125
61444  190 engineSpeedRpm            4.1 16 0.125 0
61444 1483 engineControlSource       6.1  8 1 0 address
61444 1675 engineStarterMode         7.1  4 1 0
61444 2432 engineDemandTorquePct     8.1  8 1 -125
61443   91 acceleratorPedalPct       2.1  8 0.4 0
61443   92 engineLoadPct             3.1  8 1 0
65263   98 engineOilLevelPct         3.1  8 0.4 0
65263  100 engineOilPressureKpa      4.1  8 4 0
65262  110 coolantC                  1.1  8 1 -40
65262  174 fuelC                     2.1  8 1 -40
65262  175 engineOilC                3.1 16 0.03125 -273
65262  176 turboOilC                 5.1 16 0.03125 -273
61445  523 currentGear               4.1  8 1 -125
65253  247 engineHoursH              1.1 32 0.05 0
65088 2350 lowBeam                   1.5  2
65088 2348 highBeam                  1.7  2
65088 2370 rightTurnSignal           2.5  2
65088 2368 leftTurnSignal            2.7  2
65257  250 totalFuelL                5.1 32 0.5 0
65266  183 fuelRateLPerH             1.1 16 0.05 0
65266  184 instantFuelEconomyKmPerL  3.1 16 0.001953125 0
65266  185 averageFuelEconomyKmPerL  5.1 16 0.001953125 0
65266   51 throttlePct               7.1  8 0.4 0
65132 1612 driver1State              1.1  3 1 0
65132 1613 driver2State              1.4  3 1 0
65132 1611 vehicleMotion             1.7  2
65132 1617 driver1TimeState          2.1  4 1 0
65132 1615 driver1CardPresent        2.5  2
65132 1614 overspeed                 2.7  2
65132 1618 driver2TimeState          3.1  4 1 0
65132 1616 driver2CardPresent        3.5  2
65132 1622 tachographEvent           4.1  2
65132 1621 handlingInformation       4.3  2
65132 1620 tachographPerformance     4.5  2
65132 1619 directionReverse          4.7  2
65132 1623 outputShaftSpeedRpm       5.1 16 0.125 0
65132 1624 tachographSpeedKmh        7.1 16 0.00390625 0
65254  959 utcSecond                 1.1  8 0.25 0
65254  960 utcMinute                 2.1  8 1 0
65254  961 utcHour                   3.1  8 1 0
65254  963 utcMonth                  4.1  8 1 0
65254  962 utcDay                    5.1  8 0.25 0
65254  964 utcYear                   6.1  8 1 1985
65254 1601 localMinuteOffset         7.1  8 1 -125
65254 1602 localHourOffset           8.1  8 1 -125
65248  244 tripDistanceKm            1.1 32 0.125 0
65248  245 totalDistanceKm           5.1 32 0.125 0
65217  917 highResDistanceKm         1.1 32 0.005 0
65217  918 highResTripDistanceKm     5.1 32 0.005 0
65271  168 batteryVoltageV           5.1 16 0.05 0
65271  158 keySwitchVoltageV         7.1 16 0.05 0
65258  928 axleLocation              1.1  8 1 0 address
65258  582 axleWeightKg              2.1 16 0.5 0
65258  180 trailerWeightKg           4.1 16 2 0
65258  181 cargoWeightKg             6.1 16 2 0
`

type Parameter = {
  readonly pgn: number
  readonly spn: number
  readonly name: string
  readonly start: number
  readonly bits: number
  readonly scale: number
  readonly offset: number
  readonly kind: string | undefined
}

const parameters: readonly Parameter[] = printed
  .trim()
  .split('\n')
  .map((line) => {
    const [pgn, spn, name = '', position = '', bits, scale, offset, kind] = line.trim().split(/\s+/)
    const [byte, bit] = position.split('.').map(Number)
    const start = ((byte ?? 0) - 1) * 8 + (bit ?? 0) - 1
    const numbers = { pgn: Number(pgn), spn: Number(spn), bits: Number(bits) }
    return { ...numbers, name, start, scale: Number(scale), offset: Number(offset), kind }
  })

/** What is no number of the printed table: texts and the list of trouble codes, which have tests of their own. */
const texts: { readonly [spn: number]: string } = {
  237: 'vin',
  1214: 'troubleCodes',
  1625: 'driver1Id',
  1626: 'driver2Id',
}

/** Raw values at which the meaning changes, with what they mean (5.1.4). */
function edges({ bits, scale, offset, kind }: Parameter): (readonly [raw: number, means: unknown])[] {
  const value = (raw: number): readonly [number, unknown] => [raw, raw * scale + offset]
  if (bits === 2) {
    return [
      [0, false],
      [1, true],
      [2, 'error'],
      [3, null],
    ]
  }
  const ones = 2 ** bits - 1
  if (bits < 8)
    return [
      value(0),
      value(1),
      value(ones - 2),
      kind === undefined ? [ones - 1, 'error'] : value(ones - 1),
      [ones, null],
    ]
  const low = 2 ** (bits - 8)
  const top = kind === 'address' ? 0xfd : 0xfa
  return [
    ...[0, 1, low, 0x7f * low, 0x80 * low, (top + 1) * low - 1].map(value),
    ...(kind === 'address' ? [] : [[0xfb * low, null] as const, [0xfe * low - 1, null] as const]),
    ...[0xfe * low, 0xff * low - 1].map((raw) => [raw, 'error'] as const),
    ...[0xff * low, ones].map((raw) => [raw, null] as const),
  ]
}

/** A frame in which nothing but this parameter differs from the background. */
function frameWith({ start, bits }: Parameter, raw: number, background: 0 | 255): Uint8Array {
  const all = (1n << 64n) - 1n
  const mask = ((1n << BigInt(bits)) - 1n) << BigInt(start)
  const number = ((background === 0 ? 0n : all) & ~mask) | (BigInt(raw) << BigInt(start))
  return Uint8Array.from({ length: 8 }, (_, n) => Number((number >> BigInt(8 * n)) & 255n))
}

function read({ pgn, name }: Parameter, data: Uint8Array): unknown {
  const frame = { t: null, id: 0x18000000 + pgn * 256, extended: true, data }
  const [message] = j1939Step(j1939Initial, frame).messages
  if (message?.kind !== 'message') throw new Error(`no message of ${pgn}`)
  return message.errors.includes(name) ? 'error' : message.signals[name]
}

describe.each(parameters)('SPN $spn $name', (parameter) => {
  test('means what the standard says at each edge', () => {
    for (const [raw, means] of edges(parameter)) {
      for (const background of [0, 255] as const) {
        const found = read(parameter, frameWith(parameter, raw, background))
        if (typeof means === 'number') expect(found, `raw ${raw}`).toBeCloseTo(means, 6)
        else expect({ raw, found }).toEqual({ raw, found: means })
      }
    }
  })

  test('is there as soon as its last byte is, and not before', () => {
    const data = frameWith(parameter, 1, 0)
    const bytes = Math.ceil((parameter.start + parameter.bits) / 8)
    expect(read(parameter, data.subarray(0, bytes))).not.toBeNull()
    expect(read(parameter, data.subarray(0, bytes - 1))).toBeNull()
  })

  test('is called by its number', () => {
    expect(signalNames).toHaveProperty([String(parameter.spn)], parameter.name)
  })
})

test('nothing is read that is not printed here', () => {
  const named = Object.fromEntries([
    ...parameters.map(({ spn, name }) => [spn, name] as const),
    ...Object.entries(texts),
  ])
  expect(signalNames).toEqual(named)
  const pgns = new Set([...parameters.map(({ pgn }) => pgn), 65131, 65260])
  expect(new Set(groups.map(({ pgn }) => pgn))).toEqual(pgns)
})
