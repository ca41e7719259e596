import { z } from 'zod'
import { kmh, seconds } from './units.ts'

/** What is heard of a vehicle: whole lines, silence, signals. */

export const integritySchema = z.strictObject({
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

export const integrityDefaults: z.infer<typeof integritySchema> = {
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
}

export const silenceSchema = z.strictObject({
  /** Nothing heard for so long of a vehicle that was running: one that stays online reports every 30 s (JT/T 808). */
  afterS: z.number().min(60).max(86_400),
})

export const silenceDefaults: z.infer<typeof silenceSchema> = { afterS: 600 }

export const signalsSchema = z.strictObject({
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

export const signalsDefaults: z.infer<typeof signalsSchema> = {
  jumpMps: 70,
  reseedFixes: 5,
  speedAgeS: 2,
  speedFrom: 'can',
  disagreeKmh: 5,
}
