import { z } from 'zod'
import { type AreaIndex, noAreas } from '../../proto/geo/areas.ts'
import type { Documents } from '../../proto/in-force.ts'
import { defaultPolicy, mergePolicy, policyDigest, policyFileSchema } from '../../proto/policy.ts'
import { BadInput, parseDocument, parseJsonText } from '../../proto/problem.ts'
import { parseAreas, rolelessLine } from '../../proto/shapes/areas.ts'
import { foreignRouteProperties, parseRoute } from '../../proto/shapes/route.ts'
import { type Trip, tripSchema } from '../../proto/shapes/trip.ts'
import { parseTripCsv } from '../../proto/shapes/trip-csv.ts'
import { defaultVehicle, type Vehicle, vehicleSchema } from '../../proto/shapes/vehicle.ts'

/** The files that a replay is told of; each is optional. */
export type DocumentFiles = {
  readonly vehicle?: string | undefined
  readonly trip?: string | undefined
  readonly policy?: string | undefined
  readonly route?: string | undefined
  readonly areas?: string | undefined
}

/** Reads a file as text; told of things a person should know. */
export type Reader = {
  readonly read: (file: string) => Promise<string>
  readonly tell: (line: string) => void
}

export async function loadDocuments(files: DocumentFiles, { read, tell }: Reader): Promise<Documents> {
  const json = async (file: string): Promise<unknown> => parseJsonText(await read(file), file)
  const trips = files.trip === undefined ? [] : await tripsOf(files, files.trip, read)
  const vehicle =
    files.vehicle === undefined
      ? vehicleOf(trips)
      : parseDocument(vehicleSchema, await json(files.vehicle), files.vehicle)
  const stranger = trips.find((trip) => trip.vehicle !== vehicle.id)
  if (stranger !== undefined)
    tell(`${files.trip}: trip ${stranger.id} is of vehicle ${stranger.vehicle}; taken for ${vehicle.id}`)
  const partial =
    files.policy === undefined
      ? null
      : parseDocument(policyFileSchema, await json(files.policy), files.policy)
  const policy = mergePolicy(vehicle.class, partial)
  const { halfWidthM } = policy.offRoute
  const route = files.route === undefined ? null : await json(files.route)
  tellForeign(files.route, route === null ? [] : foreignRouteProperties(route), tell)
  return {
    vehicle,
    trips,
    policy,
    policyDigest: policyDigest(policy),
    routes: files.route === undefined ? [] : parseRoute(route, files.route, { halfWidthM }),
    areas: files.areas === undefined ? noAreas : areasOf(files.areas, await json(files.areas), tell),
    areasSinceMs: null,
  }
}

function areasOf(file: string, value: unknown, tell: Reader['tell']): AreaIndex {
  const areas = parseAreas(value, file)
  const roleless = rolelessLine(file, value)
  if (roleless !== null) tell(roleless)
  return areas
}

/** Without a vehicle file the trip says which vehicle it is; all else is the default. */
function vehicleOf(trips: readonly Trip[]): Vehicle {
  const id = trips[0]?.vehicle
  return id === undefined ? defaultVehicle : { ...defaultVehicle, id }
}

/** A table by its name; its local times are in the zone of the policy. */
async function tripsOf(files: DocumentFiles, file: string, read: Reader['read']): Promise<Trip[]> {
  const text = await read(file)
  if (!/\.csv(?:\.gz)?$/i.test(file)) return parseTrips(parseJsonText(text, file), file)
  const policy = files.policy === undefined ? {} : parseJsonText(await read(files.policy), files.policy)
  const { zone } = parseDocument(policyFileSchema, policy, files.policy ?? 'policy')
  return parseTripCsv(text, file, zone ?? defaultPolicy('coach').zone)
}

function parseTrips(value: unknown, file: string): Trip[] {
  // A list is parsed as a list, so that the path of a problem begins with its index.
  const trips = Array.isArray(value)
    ? parseDocument(z.array(tripSchema).max(10_000), value, file)
    : [parseDocument(tripSchema, value, file)]
  const reversed = trips.find(({ from, to }) => Date.parse(to) <= Date.parse(from))
  if (reversed !== undefined)
    throw new BadInput(`${file}: to: trip ${reversed.id} ends before it begins; correct from or to`)
  return trips
}

function tellForeign(file: string | undefined, names: readonly string[], tell: (line: string) => void): void {
  if (file !== undefined && names.length > 0)
    tell(
      `${file}: ${names.length} properties that are not ours were ignored (${names.slice(0, 5).join(', ')})`,
    )
}
