import { areasAhead } from './geo/ahead.ts'
import { leadsOn } from './geo/along.ts'
import type { AreaRole } from './geo/areas.ts'
import { type CorridorPosition, halfWidthAt } from './geo/corridor.ts'
import { bearingDeg, distanceM, type LatLon } from './geo/earth.ts'
import type { Evidence, Json, Sample } from './model.ts'
import { roundKm } from './round.ts'
import type { Settings } from './settings.ts'
import type { VehicleClass } from './shapes/vehicle.ts'
import { isoUtc } from './time.ts'

/** Where a vehicle can stop safely ahead: never "stop now" (words.md). */

const stops: readonly AreaRole[] = ['serviceArea', 'station', 'hub', 'relayPoint']
/** Local notices forbid tankers to wait in service areas and at toll plazas: they are told of the next exit. */
const exits: readonly AreaRole[] = ['exit']

const rolesFor = (vehicleClass: VehicleClass): readonly AreaRole[] =>
  vehicleClass === 'hazmat' ? exits : stops

/** Two fixes nearer than this tell no direction. */
const directionM = 5

/**
 * The next safe stops on the route in force, nearest first, with kilometres and, at the speed of the moment, the
 * time of arrival. `lastFix`: an earlier place, for the direction where the Sample has no course. Empty beside the
 * route and without one.
 */
export function safeStopsAhead(sample: Sample, lastFix: LatLon | null, settings: Settings): readonly Json[] {
  const { route, areas, vehicle, policy } = settings
  const { fix } = sample
  if (route === null || fix === null || areas.all.length === 0) return []
  const near = route.nearest(fix, null)
  if (near.distanceM > halfWidthAt(route, near)) return []
  const { besideM, withinM, count } = policy.safeStops
  const forward = goesOn(near, fix, lastFix, sample, settings)
  const options = { roles: rolesFor(vehicle.class), besideM, withinM }
  return areasAhead(route, near, forward, areas, options)
    .slice(0, count)
    .map(({ area, distanceM: aheadM }) => ({
      areaId: area.id,
      area: area.name,
      role: area.role,
      km: roundKm(aheadM / 1000),
      eta: etaOf(aheadM, sample, settings),
    }))
}

/** As evidence: nothing where there is none. */
export function safeStopsEvidence(sample: Sample, lastFix: LatLon | null, settings: Settings): Evidence {
  const safeStops = safeStopsAhead(sample, lastFix, settings)
  return safeStops.length === 0 ? {} : { safeStops }
}

function goesOn(
  near: CorridorPosition,
  fix: LatLon,
  lastFix: LatLon | null,
  { courseDeg }: Sample,
  { route }: Settings,
): boolean {
  if (route === null || route.lines[near.line]?.oneWay === true) return true
  const driven = lastFix !== null && distanceM(lastFix, fix) >= directionM ? bearingDeg(lastFix, fix) : null
  const course = courseDeg ?? driven
  return course === null || leadsOn(route, near, course)
}

function etaOf(aheadM: number, { speedKmh, atMs }: Sample, { policy }: Settings): string | null {
  if (speedKmh === null || speedKmh < policy.curfew.movingKmh) return null
  // An estimate: whole seconds say enough.
  return isoUtc(Math.round((atMs + (aheadM * 3600) / speedKmh) / 1000) * 1000)
}
