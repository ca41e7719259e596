import type { AreaIndex } from './geo/areas.ts'
import type { Corridor } from './geo/corridor.ts'
import { asOneCorridor } from './geo/corridor-build.ts'
import type { Policy } from './policy.ts'
import type { Settings } from './settings.ts'
import { type Trip, tripAt } from './shapes/trip.ts'
import type { Vehicle } from './shapes/vehicle.ts'
import { temporaryLimitsOf } from './temporary.ts'

/** The documents of one vehicle. Replaced as a whole when one of them changes, never altered in place. */
export type Documents = {
  readonly vehicle: Vehicle
  readonly trips: readonly Trip[]
  readonly policy: Policy
  readonly policyDigest: string
  readonly routes: readonly Corridor[]
  readonly areas: AreaIndex
  readonly areasSinceMs: number | null
  /** Hold from this instant on; what was measured before is judged by `before`. Absent: from the beginning. */
  readonly since?: { readonly ms: number; readonly before: Documents }
}

const settingsOf = new WeakMap<Documents, Map<Trip | null, Settings>>()

/**
 * What is in force at an instant: the trip that covers it, and the route that trip names. The same documents and
 * trip give the same object, so that a step may compare by identity.
 */
export function settingsAt(newest: Documents, atMs: number): Settings {
  const documents = documentsAt(newest, atMs)
  const trip = documents.trips.length === 0 ? null : tripAt(documents.trips, atMs)
  let byTrip = settingsOf.get(documents)
  if (byTrip === undefined) settingsOf.set(documents, (byTrip = new Map()))
  let settings = byTrip.get(trip)
  if (settings === undefined) byTrip.set(trip, (settings = settingsFor(documents, trip)))
  return settings
}

function documentsAt(newest: Documents, atMs: number): Documents {
  let documents = newest
  while (documents.since !== undefined && atMs < documents.since.ms) documents = documents.since.before
  return documents
}

function settingsFor(documents: Documents, trip: Trip | null): Settings {
  const { vehicle, policy, policyDigest, areas, areasSinceMs } = documents
  const temporaryLimits = temporaryLimitsOf(policy)
  const route = routeFor(documents.routes, trip)
  return { vehicle, policy, policyDigest, areas, areasSinceMs, trip, route, temporaryLimits }
}

/** The route a trip names; without a name all there are, as alternatives. A name nobody knows is no route. */
function routeFor(routes: readonly Corridor[], trip: Trip | null): Corridor | null {
  if (trip?.route !== undefined) return routes.find(({ id }) => id === trip.route) ?? null
  return asOneCorridor(routes)
}
