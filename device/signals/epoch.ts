import type { Gga, Gns, Gst, Vtg, Zda } from '../decoders/messages.ts'

/** What sentences beside RMC add to an epoch: a date, an accuracy, and positions where no RMC speaks. */

/** A position without a date: GGA, or GNS of receivers that combine several systems. */
export type Undated = Pick<Gga, 'timeOfDayMs' | 'lat' | 'lon' | 'satellites'>

/** A fix, or null: quality 0 and the modes N are none. */
export function undatedOf(message: Gga | Gns): Undated {
  const { timeOfDayMs, lat, lon, satellites } = message
  return { timeOfDayMs, lat, lon, satellites }
}

export type Dated = { readonly utcMs: number; readonly arrivedMs: number } | null

export const datedOf = (zda: Zda, arrivedMs: number, before: Dated): Dated =>
  zda.utcMs === null ? before : { utcMs: zda.utcMs, arrivedMs }

/** Speed and course of VTG, for receivers that send no RMC. */
export type Motion = {
  readonly speedKmh: number | null
  readonly courseDeg: number | null
  readonly arrivedMs: number
} | null

export function motionOf({ speedKmh, courseDeg }: Vtg, arrivedMs: number): Motion {
  return { speedKmh, courseDeg, arrivedMs }
}

const still = { speedKmh: null, courseDeg: null }

/** A VTG stands beside the position of its epoch, before or after it: the one of the epoch before may count. */
export function motionAt(
  motion: Motion,
  nowMs: number,
  slackMs: number,
): { readonly speedKmh: number | null; readonly courseDeg: number | null } {
  if (motion === null || nowMs - motion.arrivedMs > motionAgeMs + slackMs) return still
  return { speedKmh: motion.speedKmh, courseDeg: motion.courseDeg }
}

const motionAgeMs = 1500

/** A date that a ZDA told is worth so long: receivers send one each second, or each ten. */
const dateAgeMs = 600_000

/** About when a time of day is meant: by the last ZDA, else by the clock that is held. */
export function aboutMs(date: Dated, arrivedMs: number, heldMs: number): number {
  return date !== null && arrivedMs - date.arrivedMs <= dateAgeMs
    ? date.utcMs + (arrivedMs - date.arrivedMs)
    : heldMs
}

export type Accuracy = { readonly metres: number; readonly arrivedMs: number } | null

/**
 * GST tells one sigma of latitude and of longitude; the radius that holds about 95 % of the fixes is twice the root of the
 * sum of their squares (2DRMS), which is what a fix's accuracy means here.
 */
export function accuracyOf(gst: Gst, arrivedMs: number): Accuracy {
  const { latErrorM, lonErrorM } = gst
  if (latErrorM === null || lonErrorM === null) return null
  return { metres: 2 * Math.hypot(latErrorM, lonErrorM), arrivedMs }
}

/** A GST comes after the position it belongs to, so the one of the epoch before counts; an older one does not. */
export function accuracyAt(accuracy: Accuracy, nowMs: number, slackMs: number): number | null {
  return accuracy !== null && nowMs - accuracy.arrivedMs <= accuracyAgeMs + slackMs ? accuracy.metres : null
}

const accuracyAgeMs = 2500
