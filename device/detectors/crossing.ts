import { between, distanceM, type LatLon } from '../../proto/geo/earth.ts'
import type { Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import type { Crossing } from './off-route-episode.ts'

/** The last fix that decided. Plain JSON. */
export type LastFix = {
  readonly atMs: number
  readonly lat: number
  readonly lon: number
  readonly odometerM: number | null
}

/**
 * Whether the vehicle is believed to have driven straight between two fixes: up to `straightS`, or longer when the
 * odometer agrees with the length of the line (semantics, "Areas"). No line leads over a re-seeded position.
 */
export function isStraight(last: LastFix, sample: Sample, to: LatLon, { policy }: Settings): boolean {
  if (sample.reseeded) return false
  if (sample.atMs - last.atMs <= policy.areas.straightS * 1000) return true
  if (last.odometerM === null || sample.odometerM === null) return false
  const straightM = distanceM(last, to)
  const drivenM = sample.odometerM - last.odometerM
  return Math.abs(drivenM - straightM) <= policy.areas.odometerAgreement * straightM
}

/** Halvings of a straight line: 60 s / 2^30 is far below a millisecond. */
const halvings = 30

/** Where the line from the last fix to this one changes its answer. */
export function crossingBetween(
  last: LastFix,
  now: { readonly atMs: number; readonly fix: LatLon },
  inside: (point: LatLon) => boolean,
): Crossing {
  const wanted = inside(now.fix)
  let low = 0
  let high = 1
  for (let i = 0; i < halvings; i++) {
    const middle = (low + high) / 2
    if (inside(between(last, now.fix, middle)) === wanted) high = middle
    else low = middle
  }
  return {
    atMs: last.atMs + high * (now.atMs - last.atMs),
    place: between(last, now.fix, high),
    afterMs: null,
  }
}
