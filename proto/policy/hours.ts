import { z } from 'zod'
import { clockSchema, vehicleClasses } from '../shapes/vehicle.ts'
import { kmh, seconds } from './units.ts'

/** When: driving time, the 02:00-05:00 rule, banned hours. */

export const fatigueSchema = z.strictObject({
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

export const fatigueDefaults: z.infer<typeof fatigueSchema> = {
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

export const curfewSchema = z.strictObject({
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

export const curfewDefaults: z.infer<typeof curfewSchema> = {
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
