import { areasAhead } from '../../proto/geo/ahead.ts'
import { leadsOn, progressOf } from '../../proto/geo/along.ts'
import type { Area, AreaRole } from '../../proto/geo/areas.ts'
import { areaRoles } from '../../proto/geo/areas.ts'
import { type CorridorPosition, halfWidthAt } from '../../proto/geo/corridor.ts'
import type { Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'

/** How far it still is: to the end of the road and to what lies along it. Pure. */

export type Way = {
  /** To the end of the route; null: not on a route that anybody knows. */
  readonly remainingM: number | null
  /** To each area ahead, nearest first. */
  readonly ahead: readonly { readonly area: Area; readonly distanceM: number }[]
}

/** Where safe stopping is possible; tankers are told of exits alone (words: some notices forbid them to wait). */
const stops: readonly AreaRole[] = ['serviceArea', 'station', 'hub', 'relayPoint']

/** So far ahead nobody is helped by a name. */
const withinM = 1_000_000

export function wayOf(sample: Sample | null, settings: Settings): Way {
  const near = nearOf(sample, settings)
  const { route, areas, policy } = settings
  if (near === null || route === null) return { remainingM: null, ahead: [] }
  const forward = goesForward(near, sample, settings)
  const { remainingM } = progressOf(route, near)
  const options = { roles: areaRoles, besideM: policy.safeStops.besideM, withinM }
  return {
    remainingM: forward ? remainingM : near.alongM,
    ahead: areas.all.length === 0 ? [] : areasAhead(route, near, forward, areas, options),
  }
}

function nearOf(sample: Sample | null, { route }: Settings): CorridorPosition | null {
  const fix = sample?.fix ?? null
  if (fix === null || route === null) return null
  const near = route.nearest(fix, null)
  return near.distanceM <= halfWidthAt(route, near) ? near : null
}

/** Of a road that may be driven both ways the course says which; one that says nothing is driven as it is drawn. */
function goesForward(near: CorridorPosition, sample: Sample | null, { route }: Settings): boolean {
  const course = sample?.courseDeg ?? null
  if (route === null || route.lines[near.line]?.oneWay === true || course === null) return true
  return (sample?.speedKmh ?? 0) < movingKmh || leadsOn(route, near, course)
}
/** Below it a receiver's course is of nothing. */
const movingKmh = 5

export const isSafeStop = ({ role }: Area): boolean => stops.includes(role)

/** The area a vehicle is in, of those that satisfy; null: none, or nobody knows. */
export function areaAt(
  sample: Sample | null,
  { areas }: Settings,
  wanted: (area: Area) => boolean,
): Area | null {
  const fix = sample?.fix ?? null
  return fix === null ? null : (areas.at(fix).find(wanted) ?? null)
}
