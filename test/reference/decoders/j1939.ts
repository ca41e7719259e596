/**
 * A second reader of parameter groups: each parameter as start bit, length and scale in the whole number that the bytes make,
 * least significant first, read with big integers. Written from the published table, not from our files.
 */
type Form = 'measured' | 'state' | 'open' | 'code'
export type Parameter = readonly [
  pgn: number,
  name: string,
  start: number,
  bits: number,
  scale: number,
  offset: number,
  form?: Form,
]

const pairs = (pgn: number, from: number, step: number, ...names: string[]): Parameter[] =>
  names.map((name, i) => [pgn, name, from + i * step, 2, 1, 0])

export const parameters: readonly Parameter[] = [
  ...pairs(65265, 0, 2, 'twoSpeedAxle', 'parkingBrake', 'cruiseControlPause'),
  [65265, 'wheelSpeedKmh', 8, 16, 1 / 256, 0],
  ...pairs(65265, 24, 2, 'cruiseControlActive', 'cruiseControlEnable', 'brakeSwitch', 'clutchSwitch'),
  ...pairs(
    65265,
    32,
    2,
    'cruiseControlSet',
    'cruiseControlCoast',
    'cruiseControlResume',
    'cruiseControlAccelerate',
  ),
  [65265, 'cruiseControlSetSpeedKmh', 40, 8, 1, 0],
  [65265, 'ptoState', 48, 5, 1, 0, 'state'],
  [65265, 'cruiseControlState', 53, 3, 1, 0, 'open'],
  [61444, 'torqueMode', 0, 4, 1, 0, 'open'],
  [61444, 'demandTorquePct', 8, 8, 1, -125],
  [61444, 'actualTorquePct', 16, 8, 1, -125],
  [61444, 'engineSpeedRpm', 24, 16, 0.125, 0],
  [61444, 'engineControlSource', 40, 8, 1, 0, 'code'],
  [61444, 'engineStarterMode', 48, 4, 1, 0, 'state'],
  [61444, 'engineDemandTorquePct', 56, 8, 1, -125],
  [61443, 'acceleratorPedalPct', 8, 8, 0.4, 0],
  [61443, 'engineLoadPct', 16, 8, 1, 0],
  ...pairs(61441, 0, 2, 'asrEngineControlActive', 'asrBrakeControlActive', 'absActive', 'ebsBrakeSwitch'),
  [61441, 'brakePedalPct', 8, 8, 0.4, 0],
  ...pairs(61441, 40, 2, 'absOperational'),
  [61445, 'currentGear', 24, 8, 1, -125],
  [65132, 'driver1State', 0, 3, 1, 0, 'state'],
  [65132, 'driver2State', 3, 3, 1, 0, 'state'],
  ...pairs(65132, 6, 2, 'vehicleMotion'),
  [65132, 'driver1TimeState', 8, 4, 1, 0, 'state'],
  ...pairs(65132, 12, 2, 'driver1CardPresent', 'overspeed'),
  [65132, 'driver2TimeState', 16, 4, 1, 0, 'state'],
  ...pairs(65132, 20, 2, 'driver2CardPresent'),
  ...pairs(
    65132,
    24,
    2,
    'tachographEvent',
    'handlingInformation',
    'tachographPerformance',
    'directionReverse',
  ),
  [65132, 'outputShaftSpeedRpm', 32, 16, 0.125, 0],
  [65132, 'tachographSpeedKmh', 48, 16, 1 / 256, 0],
  [65217, 'highResDistanceKm', 0, 32, 0.005, 0],
  [65217, 'highResTripDistanceKm', 32, 32, 0.005, 0],
  [65248, 'tripDistanceKm', 0, 32, 0.125, 0],
  [65248, 'totalDistanceKm', 32, 32, 0.125, 0],
  [65262, 'coolantC', 0, 8, 1, -40],
  [65262, 'fuelC', 8, 8, 1, -40],
  [65262, 'engineOilC', 16, 16, 1 / 32, -273],
  [65262, 'turboOilC', 32, 16, 1 / 32, -273],
  [65266, 'fuelRateLPerH', 0, 16, 0.05, 0],
  [65266, 'instantFuelEconomyKmPerL', 16, 16, 1 / 512, 0],
  [65266, 'averageFuelEconomyKmPerL', 32, 16, 1 / 512, 0],
  [65266, 'throttlePct', 48, 8, 0.4, 0],
  [65276, 'washerFluidPct', 0, 8, 0.4, 0],
  [65276, 'fuelLevelPct', 8, 8, 0.4, 0],
  [65263, 'engineOilLevelPct', 16, 8, 0.4, 0],
  [65263, 'engineOilPressureKpa', 24, 8, 4, 0],
  [65253, 'engineHoursH', 0, 32, 0.05, 0],
  [65257, 'totalFuelL', 32, 32, 0.5, 0],
  [65258, 'axleLocation', 0, 8, 1, 0, 'code'],
  [65258, 'axleWeightKg', 8, 16, 0.5, 0],
  [65258, 'trailerWeightKg', 24, 16, 2, 0],
  [65258, 'cargoWeightKg', 40, 16, 2, 0],
  [65136, 'poweredVehicleWeightKg', 0, 16, 10, 0],
  [65136, 'grossCombinationWeightKg', 16, 16, 10, 0],
  [65254, 'utcSecond', 0, 8, 0.25, 0],
  [65254, 'utcMinute', 8, 8, 1, 0],
  [65254, 'utcHour', 16, 8, 1, 0],
  [65254, 'utcMonth', 24, 8, 1, 0],
  [65254, 'utcDay', 32, 8, 0.25, 0],
  [65254, 'utcYear', 40, 8, 1, 1985],
  [65254, 'localMinuteOffset', 48, 8, 1, -125],
  [65254, 'localHourOffset', 56, 8, 1, -125],
  [65269, 'barometricPressureKpa', 0, 8, 0.5, 0],
  [65269, 'cabInteriorC', 8, 16, 1 / 32, -273],
  [65269, 'ambientAirC', 24, 16, 1 / 32, -273],
  [65269, 'airInletC', 40, 8, 1, -40],
  [65269, 'roadSurfaceC', 48, 16, 1 / 32, -273],
  [65271, 'batteryVoltageV', 32, 16, 0.05, 0],
  [65271, 'keySwitchVoltageV', 48, 16, 0.05, 0],
  [65102, 'doorsPosition', 0, 4, 1, 0, 'state'],
  ...pairs(65102, 4, 2, 'rampPosition', 'doorsEnabled'),
  ...pairs(64933, 2, 6, ...Array.from({ length: 10 }, (_, i) => `door${i + 1}Open`)),
  ...pairs(65088, 4, 2, 'lowBeam', 'highBeam'),
  ...pairs(65088, 12, 2, 'rightTurnSignal', 'leftTurnSignal'),
  [65198, 'brakeCircuit1Kpa', 16, 8, 8, 0],
  [65198, 'brakeCircuit2Kpa', 24, 8, 8, 0],
  ...pairs(65226, 0, 2, 'protectLamp', 'amberWarningLamp', 'redStopLamp', 'malfunctionLamp'),
]

/** Groups all of whose parameters are in the table. */
export const tabled: readonly number[] = [...new Set(parameters.map(([pgn]) => pgn))]

/** The physical value, null for "not available", `error`. */
export function plainParameter(data: Uint8Array, parameter: Parameter): number | boolean | null | 'error' {
  const [, , start, bits, scale, offset, form = 'measured'] = parameter
  if (start + bits > data.length * 8) return null
  const whole = data.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)
  const raw = Number((whole >> BigInt(start)) & ((1n << BigInt(bits)) - 1n))
  const ones = 2 ** bits - 1
  if (bits === 2) return raw === 3 ? null : raw === 2 ? 'error' : raw === 1
  if (form === 'state') return raw === ones ? null : raw === ones - 1 ? 'error' : raw
  if (form === 'open') return raw === ones ? null : raw
  if (form === 'code') return raw === 255 ? null : raw === 254 ? 'error' : raw
  const top = Math.floor(raw / 2 ** (bits - 8))
  if (top === 0xfe) return 'error'
  return top > 0xfa ? null : raw * scale + offset
}
