import { type CorridorPosition, halfWidthAt } from '../../proto/geo/corridor.ts'
import type { LatLon } from '../../proto/geo/earth.ts'
import type { Sample } from '../../proto/model.ts'
import type { BannedHours } from '../../proto/policy.ts'
import type { Settings } from '../../proto/settings.ts'
import { accurate } from './silence.ts'

/** Where a Sample is, as banned hours ask: on which kind of road, in which of the entry's areas. */
export type Whereabouts = {
  readonly at: LatLon | null
  /** Road class of the route's segment under the vehicle; null off the route or where the route does not say. */
  readonly roadClass: 'motorway' | 'other' | null
  readonly hint: CorridorPosition | null
}

/** The hint is the last position on the route: it makes the next look-up short. */
export function whereabouts(sample: Sample, hint: CorridorPosition | null, settings: Settings): Whereabouts {
  const { fix } = sample
  if (fix === null || !accurate(fix, settings)) return { at: null, roadClass: null, hint }
  const at = { lat: fix.lat, lon: fix.lon }
  const { route } = settings
  if (route === null) return { at, roadClass: null, hint: null }
  const position = route.nearest(at, hint)
  const halfWidthM = halfWidthAt(route, position)
  // Beside the route the class of the road is not known, and a parallel road is not the motorway.
  const roadClass = position.distanceM <= halfWidthM ? (route.limitAt(position)?.roadClass ?? null) : null
  return { at, roadClass, hint: position }
}

/** Whether the entry is about this place: every condition that it names must hold; null where that is unknown. */
export function isThere(
  entry: BannedHours,
  { at, roadClass }: Whereabouts,
  settings: Settings,
): boolean | null {
  if (entry.roadClass === undefined && entry.areas === undefined) return true
  if (at === null) return null
  if (entry.roadClass !== undefined && roadClass !== entry.roadClass) return false
  return entry.areas === undefined || areaOf(entry, at, settings) !== null
}

/** The first of the entry's areas that contains the point. */
export function areaOf(entry: BannedHours, at: LatLon, { areas }: Settings): string | null {
  return entry.areas?.find((id) => areas.byId.get(id)?.contains(at) === true) ?? null
}
