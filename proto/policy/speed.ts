import { z } from 'zod'
import { clockSchema, type VehicleClass } from '../shapes/vehicle.ts'
import { kmh, seconds } from './units.ts'

/** How fast: caps, limits, episodes of speeding. */

const windowSchema = z.strictObject({ from: clockSchema, to: clockSchema })

export const speedingSchema = z.strictObject({
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

/** Caps by class: coach and truck 100 on motorways (art. 78), no sign 70 (art. 45); hazmat 80 and 60 (Hazmat Measures art. 46). */
export const capsKmh: Readonly<Record<VehicleClass, z.infer<typeof speedingSchema>['capKmh']>> = {
  coach: { motorway: 100, other: 70, unknown: 100 },
  hazmat: { motorway: 80, other: 60, unknown: 80 },
  truck: { motorway: 100, other: 70, unknown: 100 },
  lowSpeedEv: { motorway: 70, other: 50, unknown: 70 },
}

export const speedingDefaults: Omit<z.infer<typeof speedingSchema>, 'capKmh'> = {
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
