import { type Corridor, type CorridorPosition, halfWidthAt } from '../../proto/geo/corridor.ts'
import type { LatLon } from '../../proto/geo/earth.ts'
import type { Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import { validFromMs, validUntilMs } from '../../proto/time.ts'
import { isStraight, type LastFix } from './crossing.ts'
import { detoursOf, onDetour } from './off-route-detour.ts'

/** What was known before it. */
type Before = { readonly near: CorridorPosition | null; readonly last: LastFix | null }

/** What one fix says. */
export type Look = {
  readonly sample: Sample
  readonly settings: Settings
  readonly route: Corridor
  readonly fix: LatLon
  readonly near: CorridorPosition
  readonly withinLine: boolean
  /** Within the line's width, where the charter may be, or on an approved detour. */
  readonly allowed: boolean
  readonly wellInside: boolean
  /** A straight line from the fix before is believed. */
  readonly straight: boolean
  readonly mayBe: (point: LatLon) => boolean
}

export function lookAt(state: Before, route: Corridor, at: LatLon, sample: Sample, settings: Settings): Look {
  const fix = { lat: at.lat, lon: at.lon }
  const near = route.nearest(fix, state.near)
  const exempt = charterAreas(sample.atMs, settings)
  const within = (position: CorridorPosition, share: number): boolean =>
    position.distanceM <= share * halfWidthAt(route, position)
  const detours = detoursOf(route, settings)
  const diverted = (position: CorridorPosition): boolean => onDetour(position, sample.atMs, detours, settings)
  const exempted = exempt(fix) || diverted(near)
  return {
    sample,
    settings,
    route,
    fix,
    near,
    withinLine: within(near, 1),
    allowed: within(near, 1) || exempted,
    wellInside: within(near, settings.policy.offRoute.returnFactor) || exempted,
    straight: state.last !== null && isStraight(state.last, sample, fix, settings),
    mayBe: (point) => {
      const position = route.nearest(point, near)
      return within(position, 1) || exempt(point) || diverted(position)
    },
  }
}

/** Inside what the charter was agreed for, while it is valid: meal and rest places are not way-points. */
function charterAreas(atMs: number, { trip, areas, policy }: Settings): (point: LatLon) => boolean {
  const charter = trip?.charter
  if (charter === undefined) return () => false
  const from = validFromMs(charter.validFrom, policy.zone)
  const until = validUntilMs(charter.validTo, policy.zone)
  if (from === null || until === null || atMs < from || atMs >= until) return () => false
  return (point) => charter.areas.some((id) => areas.byId.get(id)?.contains(point) === true)
}
