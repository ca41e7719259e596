import { areasAhead } from './geo/ahead.ts'
import { leadsOn, pointAt } from './geo/along.ts'
import type { AreaIndex } from './geo/areas.ts'
import { type CorridorPosition, halfWidthAt } from './geo/corridor.ts'
import { bearingDeg, distanceM, type LatLon } from './geo/earth.ts'
import type { Fix, Sample } from './model.ts'
import type { Settings } from './settings.ts'

/**
 * Through a tunnel the odometer carries the position along the route: from a fix at a portal, while there is no fix,
 * up to the next portal. Elsewhere a silence stays a silence. Plain JSON.
 */
export type Reckoning = {
  /** The last fix and the odometer there. */
  readonly last: (LatLon & { readonly odometerM: number | null; readonly courseDeg: number | null }) | null
  /** A place before it: from there to it is the direction. */
  readonly before: LatLon | null
  /** Since the fix was lost: the tunnel, or that it is none. */
  readonly tunnel: Tunnel | 'none' | null
}
type Tunnel = { readonly at: CorridorPosition; readonly forward: boolean; readonly reachM: number }

export const noReckoning: Reckoning = { last: null, before: null, tunnel: null }

/** Two places nearer than this tell no direction. */
const directionM = 5
const portals = new WeakMap<AreaIndex, boolean>()

function hasPortals(areas: AreaIndex): boolean {
  let known = portals.get(areas)
  if (known === undefined) {
    known = areas.all.some(({ role }) => role === 'tunnelPortal')
    portals.set(areas, known)
  }
  return known
}

export type Reckoned = {
  readonly state: Reckoning
  /** The Sample's own fix, or the carried one; null where neither is known. */
  readonly fix: Fix | null
  readonly carried: boolean
}

export function reckon(state: Reckoning, sample: Sample, settings: Settings): Reckoned {
  const { fix } = sample
  if (settings.route === null || !hasPortals(settings.areas)) return { state, fix, carried: false }
  if (fix !== null && (fix.accuracyM === null || fix.accuracyM <= settings.policy.areas.accuracyM))
    return { state: seen(state, fix, sample), fix, carried: false }
  const { last } = state
  if (last === null || last.odometerM === null || sample.odometerM === null)
    return { state, fix, carried: false }
  const tunnel = state.tunnel ?? tunnelFrom(last, state.before, settings)
  const next: Reckoning = { ...state, tunnel }
  const drivenM = sample.odometerM - last.odometerM
  if (tunnel === 'none' || drivenM < 0 || drivenM > tunnel.reachM) return { state: next, fix, carried: false }
  const { at, forward } = tunnel
  const alongM = at.alongM + (forward ? drivenM : -drivenM)
  const place = pointAt(settings.route, { line: at.line, alongM })
  return { state: next, fix: { ...place, accuracyM: null, satellites: null }, carried: true }
}

function seen({ last, before }: Reckoning, fix: Fix, { odometerM, courseDeg }: Sample): Reckoning {
  const moved = last !== null && distanceM(last, fix) >= directionM
  return {
    last: { lat: fix.lat, lon: fix.lon, odometerM, courseDeg },
    before: moved ? { lat: last.lat, lon: last.lon } : before,
    tunnel: null,
  }
}

type Last = NonNullable<Reckoning['last']>

/** The tunnel that begins where the fix was lost; `none` where no portal is near, or none lies ahead. */
function tunnelFrom(last: Last, before: LatLon | null, settings: Settings): Tunnel | 'none' {
  const { route, areas, policy } = settings
  const { explainM, tunnelMaxM } = policy.integrity
  const portal = areas
    .near(last, explainM)
    .find((area) => area.role === 'tunnelPortal' && area.signedDistanceM(last) <= explainM)
  if (portal === undefined || route === null) return 'none'
  const at = route.nearest(last, null)
  if (at.distanceM > halfWidthAt(route, at)) return 'none'
  const course = last.courseDeg ?? (before === null ? null : bearingDeg(before, last))
  const forward = course === null || leadsOn(route, at, course)
  const options = { roles: ['tunnelPortal'] as const, besideM: explainM, withinM: tunnelMaxM }
  const [exit] = areasAhead(route, at, forward, areas, options).filter(({ area }) => area.id !== portal.id)
  return exit === undefined ? 'none' : { at, forward, reachM: exit.distanceM + explainM }
}
