import { z } from 'zod'
import { noAreas } from '../proto/geo/areas.ts'
import type { Documents } from '../proto/in-force.ts'
import { mergePolicy, type PolicyFile, policyDigest, policyFileSchema } from '../proto/policy.ts'
import { BadInput, parseDocument } from '../proto/problem.ts'
import { parseAreaFiles } from '../proto/shapes/areas.ts'
import { parseRoute } from '../proto/shapes/route.ts'
import { type Trip, tripSchema } from '../proto/shapes/trip.ts'
import { parseTripCsv } from '../proto/shapes/trip-csv.ts'
import { type Vehicle, vehicleSchema } from '../proto/shapes/vehicle.ts'
import type { Config } from './config.ts'
import { readInput, readJson } from './files.ts'

/** The documents in force: first what the configuration names, then what the gateway pushed over it. */

export type Pushed = 'policy' | 'route' | 'areas' | 'trip'
type Named = { readonly value: unknown; readonly file: string }

export function readDocuments(config: Config): Documents {
  const vehicle = parseDocument(vehicleSchema, readJson(config.vehicle), config.vehicle)
  const named = (file: string): Named => ({ value: readJson(file), file })
  let documents = bareDocuments(vehicle)
  if (config.policy !== undefined) documents = withPolicy(documents, named(config.policy))
  if (config.trip !== undefined) documents = withTrips(documents, tripsNamed(config.trip, documents))
  if (config.route !== undefined) documents = withRoute(documents, named(config.route))
  if (config.areas !== undefined) documents = withAreas(documents, [config.areas].flat().map(named), null)
  return documents
}

/** A table of trips is of the whole office: those of this vehicle are taken. */
function tripsNamed(file: string, { vehicle, policy }: Documents): Named {
  if (!/\.csv$/i.test(file)) return { value: readJson(file), file }
  const trips = parseTripCsv(readInput(file).toString('utf8'), file, policy.zone)
  return { value: trips.filter((trip) => trip.vehicle === vehicle.id), file }
}

export function bareDocuments(vehicle: Vehicle): Documents {
  const policy = mergePolicy(vehicle.class, null)
  return {
    vehicle,
    trips: [],
    policy,
    policyDigest: policyDigest(policy),
    routes: [],
    areas: noAreas,
    areasSinceMs: null,
  }
}

/** The documents with a pushed one put over; throws BadInput when it is not a valid one. `null` takes it back. */
export function applyPushed(
  documents: Documents,
  name: Pushed,
  value: unknown,
  sinceMs: number | null,
): Documents {
  const named = { value, file: `pushed ${name}` }
  switch (name) {
    case 'policy':
      return withPolicy(documents, named)
    case 'trip':
      return withTrips(documents, named)
    case 'route':
      return withRoute(documents, named)
    case 'areas':
      return withAreas(documents, areaFiles(value), sinceMs)
  }
}

/** The gateway may have its areas in several files, each with its own reference system: then they come as a list. */
function areaFiles(value: unknown): readonly Named[] {
  if (value === null) return []
  return [value].flat().map((one: unknown) => ({ value: one, file: 'pushed areas' }))
}

function withPolicy(documents: Documents, { value, file }: Named): Documents {
  const partial = value === null ? null : parseDocument(policyFileSchema, value, file)
  const policy = merged(documents.vehicle, partial, file)
  return { ...documents, policy, policyDigest: policyDigest(policy) }
}

function merged(vehicle: Vehicle, partial: PolicyFile | null, file: string) {
  try {
    return mergePolicy(vehicle.class, partial)
  } catch (error) {
    throw new BadInput(`${file}: ${error instanceof Error ? error.message.split('\n')[0] : 'not a policy'}`)
  }
}

const tripsSchema = z.union([tripSchema, z.array(tripSchema).max(10_000)])

function withTrips(documents: Documents, { value, file }: Named): Documents {
  if (value === null) return { ...documents, trips: [] }
  const { id } = documents.vehicle
  // A list is parsed as a list, so that the path of a problem begins with its index.
  const parsed: Trip | Trip[] = Array.isArray(value)
    ? parseDocument(z.array(tripSchema).max(10_000), value, file)
    : parseDocument(tripsSchema, value, file)
  const trips = [parsed].flat()
  const foreign = trips.find(({ vehicle }) => vehicle !== id)
  if (foreign !== undefined)
    throw new BadInput(
      `${file}: vehicle: trip ${foreign.id} is of ${foreign.vehicle}, this is ${id}; name the right file`,
    )
  return { ...documents, trips }
}

function withRoute(documents: Documents, { value, file }: Named): Documents {
  const { halfWidthM } = documents.policy.offRoute
  return { ...documents, routes: value === null ? [] : parseRoute(value, file, { halfWidthM }) }
}

function withAreas(documents: Documents, files: readonly Named[], sinceMs: number | null): Documents {
  return { ...documents, areas: parseAreaFiles(files), areasSinceMs: sinceMs }
}
