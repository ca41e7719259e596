import { z } from 'zod'
import { digestOf } from './canonical.ts'
import { detourSchema, temporaryLimitSchema } from './shapes/temporary.ts'
import { clockSchema, type VehicleClass, vehicleClasses } from './shapes/vehicle.ts'
import { isZone } from './time.ts'

/**
 * Every threshold, once: its unit is in its name, its range in its schema, its default and source below. A policy
 * file holds only what differs; keys are merged one by one; the digest of the merged policy is in every finding.
 */

const seconds = (max: number) => z.number().min(0).max(max)
const kmh = z.number().min(0).max(250)
const windowSchema = z.strictObject({ from: clockSchema, to: clockSchema })

const speedingSchema = z.strictObject({
  /** Cap of the vehicle class by road class. `other` stands in only where no sign (segment, area) gives a limit. */
  capKmh: z.strictObject({ motorway: kmh, other: kmh, unknown: kmh }),
  /** Over for so long makes an episode. JT/T 808 parameter 0x0056. */
  holdS: seconds(600),
  /** Released this far below the limit. 0 with releaseHoldS 0: no hysteresis. */
  releaseKmh: kmh,
  releaseHoldS: seconds(600),
  /** A pause between two over Samples that still counts. */
  gapS: seconds(3600),
  /** A limit that falls under way gives this long to slow down. */
  limitChangeS: seconds(600),
  /** The driver is warned this far below the limit; null: not at all. JT/T 808 parameter 0x005B. */
  warnBelowKmh: kmh.nullable(),
  toleranceKmh: kmh,
  /** Night limit of passenger vehicles where a source names none: 80 % of the day limit (Dynamic Supervision Measures). */
  nightFactor: z.number().min(0.1).max(1),
  night: windowSchema,
  /** Visibility below `belowM` allows no more than `limitKmh` on motorways (Implementing Regulations art. 81). */
  fogSteps: z
    .array(z.strictObject({ belowM: z.number().positive().max(10_000), limitKmh: kmh.positive() }))
    .max(10),
  /** Stretches of a route at least this long are measured as sections: below, a second more or less decides. */
  sectionMinM: z.number().min(100).max(1_000_000),
})

const fatigueSchema = z.strictObject({
  /** Continuous driving: 4 h (Implementing Regulations art. 62(7)). */
  continuousS: seconds(86_400),
  /** Inside the night, coaches: 2 h (Dynamic Supervision Measures). */
  nightContinuousS: seconds(86_400),
  /** A stop this long is a rest: 20 min (art. 62(7)). */
  restS: seconds(86_400),
  warnBeforeS: seconds(86_400),
  rolling24hS: seconds(86_400),
  rolling7dS: seconds(604_800),
  /** Movement up to this long inside a stop is standing (GB/T 19056 3.3). */
  startS: seconds(600),
  /** Standing up to this long inside driving is driving (GB/T 19056 3.4). */
  stopS: seconds(600),
  /** A longer pause between Samples is a gap, judged by bounds. */
  gapS: seconds(86_400),
  /** Nobody drives faster across a gap: the displacement divided by it is the least that was driven (design 5). */
  gapKmh: z.number().min(1).max(250),
  /** A gap that moved the vehicle farther is a displacement and no rest that anybody saw. */
  gapMovedM: z.number().min(0).max(100_000),
  /** GNSS and file speeds below this are 0 here: a parked receiver drifts. */
  noiseKmh: kmh,
  nightRule: z.enum(['nightPortion', 'stintAtNight']),
  /** What 8 h in 24 h are counted in: any 24 h (the strict reading), or the local calendar day (JT/T 808 0x0058). */
  dayRule: z.enum(['rolling', 'calendarDay']),
  /** A relief driver riding along rests for the 4 h clock. */
  ridingIsRest: z.boolean(),
})

const curfewSchema = z.strictObject({
  from: clockSchema,
  to: clockSchema,
  movingKmh: kmh,
  movingS: seconds(3600),
  feederKm: z.number().min(0).max(10_000),
  /** Shorter lines are not long-distance: no text names a number, so 0 lets the rule bind every coach. */
  minOneWayKm: z.number().min(0).max(10_000),
  kmLimitApplies: z.enum(['feeder', 'all']),
  requireFreshDriver: z.boolean(),
  /** Without a trip, drivers seen before a standstill this long are fresh again (6 h in bed: local relay practice). */
  longRestS: seconds(172_800),
  /** Notices before the window begins. */
  warnBeforeS: z.array(seconds(7200)).max(4),
  /** A run this short that ends in a safe stop is minor. */
  tailS: seconds(3600),
})

export const bannedHoursSchema = z.strictObject({
  id: z.string().min(1).max(64),
  notice: z.string().min(1).max(128),
  from: clockSchema,
  to: clockSchema,
  days: z.array(z.number().int().min(1).max(7)).optional(),
  classes: z.array(z.enum(vehicleClasses)).min(1),
  roadClass: z.enum(['motorway', 'other']).optional(),
  areas: z.array(z.string()).optional(),
  goods: z.array(z.string()).optional(),
})

const areasSchema = z.strictObject({
  /** Left only when this far outside; a limit or role never lasts longer for it. */
  leaveM: z.number().min(0).max(1000),
  /** A fix that claims a worse accuracy decides nothing. */
  accuracyM: z.number().min(1).max(10_000),
  /** A straight line between two fixes is believed up to this pause. */
  straightS: seconds(3600),
  /** ... or longer when the odometer agrees with its length this well. */
  odometerAgreement: z.number().min(0).max(1),
  /** Standing this long in a noStopping area. */
  stopS: seconds(86_400),
  /** A vehicle that moves where it must not be once a window opens is told so long before. */
  warnBeforeS: seconds(7200),
})

const offRouteSchema = z.strictObject({
  holdS: seconds(3600),
  holdM: z.number().min(0).max(100_000),
  returnFactor: z.number().min(0.1).max(1),
  returnS: seconds(3600),
  /** Half width of a route that names none, metres. */
  halfWidthM: z.number().min(1).max(10_000),
  /** So much driven, or so long spent, beside the line is major. */
  majorM: z.number().min(0).max(1_000_000),
  majorS: seconds(86_400),
  /** Driven back so far along a line of one direction: more than any manoeuvre at a stop. */
  wrongWayM: z.number().min(10).max(100_000),
  /** A detour leaves the line before the closed stretch and joins it after: so much of it is approved too. */
  detourSlackM: z.number().min(0).max(100_000),
})

const scheduleSchema = z.strictObject({
  /** Departing up to so much before the timetable is in time. */
  earlyS: seconds(86_400),
  /** Arriving or departing up to so much after it is in time. */
  lateS: seconds(86_400),
  /** From here on it is minor: the office has to tell those who wait. */
  minorS: seconds(86_400),
})

const safeStopsSchema = z.strictObject({
  /** So far beside the line a place belongs to it: a service area and its slip road. */
  besideM: z.number().min(0).max(10_000),
  /** Places farther ahead help nobody. */
  withinM: z.number().min(0).max(1_000_000),
  /** How many are named to the desk. */
  count: z.number().int().min(1).max(10),
})

const integritySchema = z.strictObject({
  /** No fix for this long while the line is expected. */
  gnssLostS: seconds(3600),
  /** No CAN frame for this long while the ignition is on. */
  canSilentS: seconds(3600),
  /** A last fix this near a tunnel portal or a station explains a silence. */
  explainM: z.number().min(0).max(5000),
  /** Between two portals the odometer carries the position so far: above the longest road tunnel (22 km). */
  tunnelMaxM: z.number().min(0).max(100_000),
  /** Wheels turning this long without a position make the loss major. */
  movingMajorS: seconds(86_400),
  /** Wheels turning at `frozenKmh` with one position this long: frozen (GB/T 19056 accident trigger: 10 s). */
  frozenS: seconds(600),
  frozenKmh: kmh,
  /** Positions this near each other are one position. */
  frozenM: z.number().min(0).max(100),
  /** Speed-state judgement of GB/T 19056: above `mismatchKmh`, off by `mismatchShare` of the GNSS speed for so long. */
  mismatchKmh: kmh,
  mismatchShare: z.number().min(0.01).max(1),
  /** Exactly that share is off: the texts at hand say both. */
  mismatchInclusive: z.boolean(),
  mismatchS: seconds(3600),
  /** Door open at this speed for so long; major from `doorMajorKmh`. */
  doorKmh: kmh,
  doorS: seconds(600),
  doorMajorKmh: kmh,
  /** The wall clock corrected by more than this is a conflict. */
  clockStepS: seconds(86_400),
})

const silenceSchema = z.strictObject({
  /** Nothing heard for so long of a vehicle that was running: one that stays online reports every 30 s (JT/T 808). */
  afterS: z.number().min(60).max(86_400),
})

const conductSchema = z.strictObject({
  /**
   * So much change of speed for so long is harsh. No standard names figures: a careful coach driver brakes with 1 m/s2
   * and speeds up with 0.6, standing passengers fall from about 2.5 on; three seconds of it are not needed to fall.
   */
  harshBrakingMps2: z.number().min(0.5).max(20),
  harshAccelerationMps2: z.number().min(0.5).max(20),
  harshS: seconds(60),
  /** More is no vehicle but a source that jumped. */
  jumpMps2: z.number().min(5).max(1000),
  /** Neutral at this speed for so long (Implementing Regulations art. 62(4): no figure in the text). */
  coastingKmh: kmh,
  coastingS: seconds(600),
  /** Over the approved mass by this share for so long: sensors of air suspension are off by about 5 %. */
  overloadShare: z.number().min(0).max(1),
  overloadS: seconds(3600),
  /** A button released for so long is released: it may bounce. */
  emergencyReleaseS: seconds(600),
  /** A crash: harder than brakes can (6 to 7.5 m/s2 on a dry road), losing this much speed, then standing so long. */
  crashMps2: z.number().min(5).max(1000),
  crashDropKmh: kmh,
  crashStillS: seconds(600),
  /** Speeds farther apart than this cannot tell a crash from a stop (GB/T 19056: 0.1 to 0.2 s). */
  crashPairS: z.number().min(0.05).max(2),
  /** Below this neither a 12 V nor a 24 V vehicle runs: the main supply is cut; starting lets it fall for a moment. */
  powerLostV: z.number().min(0).max(24),
  powerLostS: seconds(60),
  /** A departure after a stop this long begins with the word about seat belts. */
  beltStopS: seconds(86_400),
})

const cameraSchema = z.strictObject({
  /** Up to this speed a camera's report says nothing (T/JSATL 12, 报警判断速度阈值). */
  judgeKmh: kmh,
  /** Up to this one only the driver hears it, above it is an alarm (报警分级速度阈值). */
  splitKmh: kmh,
  /** Reports of one kind so near each other are one episode. */
  repeatS: seconds(3600),
  /** An episode whose end was never reported lasts no longer. */
  heldMaxS: seconds(86_400),
  /** A camera heard for so long no more is silent: it sends a sign of life every few seconds. */
  silentS: seconds(3600),
})

const signalsSchema = z.strictObject({
  /** A position implying more is refused: 70 m/s = 252 km/h, beyond any vehicle of ours. */
  jumpMps: z.number().min(1).max(1000),
  /** So many mutually consistent refused fixes re-seed the filter: it cannot lock up. */
  reseedFixes: z.number().int().min(2).max(100),
  /** A CAN speed older than this is unknown. */
  speedAgeS: seconds(60),
  /** Whose speed counts first where both are known: the recorder's by the bus, or the receiver's. */
  speedFrom: z.enum(['can', 'gnss']),
  /** Sources differ when further apart than this and 11 %. */
  disagreeKmh: kmh,
})

export const policySchema = z.strictObject({
  version: z.number().int().min(0),
  zone: z.string().refine(isZone, 'a time zone name such as "Asia/Shanghai"'),
  speeding: speedingSchema,
  fatigue: fatigueSchema,
  curfew: curfewSchema,
  bannedHours: z.array(bannedHoursSchema).max(1000),
  areas: areasSchema,
  offRoute: offRouteSchema,
  schedule: scheduleSchema,
  safeStops: safeStopsSchema,
  temporaryLimits: z.array(temporaryLimitSchema).max(1000),
  detours: z.array(detourSchema).max(1000),
  integrity: integritySchema,
  silence: silenceSchema,
  conduct: conductSchema,
  signals: signalsSchema,
  camera: cameraSchema,
})
export type Policy = z.infer<typeof policySchema>
export type BannedHours = z.infer<typeof bannedHoursSchema>

/** What a policy file may hold: any subset, group by group. */
export const policyFileSchema = z.strictObject({
  version: policySchema.shape.version.optional(),
  zone: policySchema.shape.zone.optional(),
  speeding: speedingSchema.extend({ capKmh: speedingSchema.shape.capKmh.partial() }).partial().optional(),
  fatigue: fatigueSchema.partial().optional(),
  curfew: curfewSchema.partial().optional(),
  bannedHours: policySchema.shape.bannedHours.optional(),
  areas: areasSchema.partial().optional(),
  offRoute: offRouteSchema.partial().optional(),
  schedule: scheduleSchema.partial().optional(),
  safeStops: safeStopsSchema.partial().optional(),
  temporaryLimits: policySchema.shape.temporaryLimits.optional(),
  detours: policySchema.shape.detours.optional(),
  integrity: integritySchema.partial().optional(),
  silence: silenceSchema.partial().optional(),
  conduct: conductSchema.partial().optional(),
  signals: signalsSchema.partial().optional(),
  camera: cameraSchema.partial().optional(),
})
export type PolicyFile = z.infer<typeof policyFileSchema>

/** Caps by class: coach and truck 100 on motorways (art. 78), no sign 70 (art. 45); hazmat 80 and 60 (Hazmat Measures art. 46). */
const capsKmh: Readonly<Record<VehicleClass, Policy['speeding']['capKmh']>> = {
  coach: { motorway: 100, other: 70, unknown: 100 },
  hazmat: { motorway: 80, other: 60, unknown: 80 },
  truck: { motorway: 100, other: 70, unknown: 100 },
  lowSpeedEv: { motorway: 70, other: 50, unknown: 70 },
}

const speedingDefaults: Omit<Policy['speeding'], 'capKmh'> = {
  holdS: 10,
  releaseKmh: 5,
  releaseHoldS: 5,
  gapS: 10,
  limitChangeS: 20,
  warnBelowKmh: 5,
  toleranceKmh: 0,
  nightFactor: 0.8,
  night: { from: '22:00', to: '06:00' },
  fogSteps: [
    { belowM: 200, limitKmh: 60 },
    { belowM: 100, limitKmh: 40 },
    { belowM: 50, limitKmh: 20 },
  ],
  sectionMinM: 2000,
}

const fatigueDefaults: Policy['fatigue'] = {
  continuousS: 14_400,
  nightContinuousS: 7200,
  restS: 1200,
  warnBeforeS: 1800,
  rolling24hS: 28_800,
  rolling7dS: 158_400,
  startS: 10,
  stopS: 10,
  gapS: 300,
  gapKmh: 100,
  gapMovedM: 1000,
  noiseKmh: 3,
  nightRule: 'nightPortion',
  dayRule: 'rolling',
  ridingIsRest: true,
}

const curfewDefaults: Policy['curfew'] = {
  from: '02:00',
  to: '05:00',
  movingKmh: 5,
  movingS: 30,
  feederKm: 200,
  minOneWayKm: 0,
  kmLimitApplies: 'feeder',
  requireFreshDriver: true,
  longRestS: 21_600,
  warnBeforeS: [1800, 600],
  tailS: 600,
}

const conductDefaults: Policy['conduct'] = {
  harshBrakingMps2: 3,
  harshAccelerationMps2: 2.5,
  harshS: 1.5,
  jumpMps2: 12,
  coastingKmh: 20,
  coastingS: 5,
  overloadShare: 0.05,
  overloadS: 30,
  emergencyReleaseS: 10,
  crashMps2: 9,
  crashDropKmh: 20,
  crashStillS: 20,
  crashPairS: 0.5,
  powerLostV: 8,
  powerLostS: 2,
  beltStopS: 60,
}

/** The defaults of a class; 8 h in 24 h and 44 h in 7 days bind coaches (Dynamic Supervision Measures; Norm art. 38(3)). */
export function defaultPolicy(vehicleClass: VehicleClass): Policy {
  return {
    version: 0,
    zone: 'Asia/Shanghai',
    speeding: { ...speedingDefaults, capKmh: capsKmh[vehicleClass] },
    fatigue: fatigueDefaults,
    curfew: curfewDefaults,
    bannedHours: [],
    areas: {
      leaveM: 30,
      accuracyM: 100,
      straightS: 60,
      odometerAgreement: 0.05,
      stopS: 120,
      warnBeforeS: 600,
    },
    offRoute: {
      holdS: 30,
      holdM: 100,
      returnFactor: 0.8,
      returnS: 10,
      halfWidthM: 200,
      majorM: 5000,
      majorS: 900,
      wrongWayM: 200,
      detourSlackM: 1000,
    },
    schedule: { earlyS: 60, lateS: 300, minorS: 900 },
    safeStops: { besideM: 500, withinM: 300_000, count: 3 },
    temporaryLimits: [],
    detours: [],
    integrity: {
      gnssLostS: 30,
      canSilentS: 10,
      explainM: 100,
      tunnelMaxM: 30_000,
      movingMajorS: 1800,
      frozenS: 10,
      frozenKmh: 10,
      frozenM: 1,
      mismatchKmh: 40,
      mismatchShare: 0.11,
      mismatchInclusive: true,
      mismatchS: 300,
      doorKmh: 10,
      doorS: 3,
      doorMajorKmh: 30,
      clockStepS: 3,
    },
    silence: { afterS: 600 },
    conduct: conductDefaults,
    signals: { jumpMps: 70, reseedFixes: 5, speedAgeS: 2, speedFrom: 'can', disagreeKmh: 5 },
    camera: { judgeKmh: 30, splitKmh: 50, repeatS: 60, heldMaxS: 600, silentS: 60 },
  }
}

/** The defaults of the class with a policy file's keys put over them, one by one. */
export function mergePolicy(vehicleClass: VehicleClass, file: PolicyFile | null): Policy {
  const base = defaultPolicy(vehicleClass)
  if (file === null) return base
  const merged = {
    ...base,
    ...pick(file, ['version', 'zone', 'bannedHours', 'temporaryLimits', 'detours']),
  } as Record<string, unknown>
  for (const group of [
    'speeding',
    'fatigue',
    'curfew',
    'areas',
    'offRoute',
    'schedule',
    'safeStops',
    'integrity',
    'silence',
    'conduct',
    'signals',
    'camera',
  ] as const) {
    merged[group] = { ...base[group], ...file[group] }
  }
  merged['speeding'] = {
    ...(merged['speeding'] as object),
    capKmh: { ...base.speeding.capKmh, ...file.speeding?.capKmh },
  }
  return policySchema.parse(merged)
}

function pick(file: PolicyFile, keys: readonly (keyof PolicyFile)[]): Partial<PolicyFile> {
  const picked: Record<string, unknown> = {}
  for (const key of keys) if (file[key] !== undefined) picked[key] = file[key]
  return picked
}

/** Hex SHA-256 of the RFC 8785 JSON of the merged policy. */
export function policyDigest(policy: Policy): string {
  return digestOf(policy)
}
