import { z } from 'zod'
import type { AreaIndex } from '../proto/geo/areas.ts'
import type { Documents } from '../proto/in-force.ts'
import { mergePolicy, type PolicyFile, policyDigest, policyFileSchema } from '../proto/policy.ts'
import { BadInput, parseDocument } from '../proto/problem.ts'
import { parseAreaFiles } from '../proto/shapes/areas.ts'
import { type Trip, tripSchema } from '../proto/shapes/trip.ts'
import { type Vehicle, vehicleClasses, vehicleSchema } from '../proto/shapes/vehicle.ts'
import { folderStamp, jsonFiles, readJson } from './files.ts'
import type { Pushed } from './push.ts'

/** What is in force for every vehicle, from the files that the configuration names. */
export type DocumentStore = {
  readonly of: (fleet: string, vehicle: string) => Documents | null
  /** What terminals are sent: the policy and the areas of the configuration, and the vehicle's trips. */
  readonly pushed: Pushed
  /** Reads vehicles and trips again when their folders changed; throws BadInput and keeps what it had. */
  readonly refresh: () => boolean
}

export type DocumentFiles = {
  readonly zone: string
  readonly vehicles: string
  readonly trips?: string | undefined
  readonly areas: readonly string[]
  readonly policy?: string | undefined
}

export function openDocuments(files: DocumentFiles): DocumentStore {
  const policy = policiesOf(files)
  const areas = parseAreaFiles(files.areas.map((file) => ({ value: readJson(file), file })))
  const policyFile = files.policy === undefined ? null : readJson(files.policy)
  // Several files may differ in their reference system and cannot be put together as one document.
  const areasFile = files.areas.length === 1 ? readJson(files.areas[0]!) : null
  let stamp = stampOf(files)
  let known = readAll(files, policy, areas)
  return {
    of: (fleet, vehicle) => known.get(`${fleet}/${vehicle}`) ?? null,
    pushed: (fleet, vehicle, name) => {
      const documents = known.get(`${fleet}/${vehicle}`)
      if (documents === undefined) return null
      const { policy: inForce, trips } = documents
      const of = (value: unknown) => (value === null ? null : { version: inForce.version, value })
      if (name === 'policy') return of(policyFile)
      if (name === 'areas') return of(areasFile)
      return name === 'trip' && files.trips !== undefined ? of(trips) : null
    },
    refresh: () => {
      const now = stampOf(files)
      if (now === stamp) return false
      stamp = now
      known = readAll(files, policy, areas)
      return true
    },
  }
}

const stampOf = ({ vehicles, trips }: DocumentFiles): string =>
  [vehicles, trips].map((folder) => (folder === undefined ? '' : folderStamp(folder))).join('\n\n')

type InForce = Pick<Documents, 'policy' | 'policyDigest'>
type Policies = { readonly [vehicleClass in Vehicle['class']]: InForce }

/** One merged policy per class. The zone is the configuration's unless the policy file names one. */
function policiesOf({ policy: file, zone }: DocumentFiles): Policies {
  const partial = file === undefined ? {} : parseDocument(policyFileSchema, readJson(file), file)
  const merged = vehicleClasses.map((name) => [name, inForceOf(name, { zone, ...partial }, file)] as const)
  return Object.fromEntries(merged) as Policies
}

function inForceOf(name: Vehicle['class'], partial: PolicyFile, file: string | undefined): InForce {
  try {
    const policy = mergePolicy(name, partial)
    return { policy, policyDigest: policyDigest(policy) }
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''
    throw new BadInput(`${file ?? 'policy'}: not a policy (${why}); correct the file`)
  }
}

function readAll(files: DocumentFiles, policies: Policies, areas: AreaIndex): ReadonlyMap<string, Documents> {
  const trips = Map.groupBy(files.trips === undefined ? [] : readTrips(files.trips), ({ vehicle }) => vehicle)
  const known = new Map<string, Documents>()
  for (const file of jsonFiles(files.vehicles)) {
    const vehicle = parseDocument(vehicleSchema, readJson(file), file)
    const key = `${vehicle.fleet}/${vehicle.id}`
    if (known.has(key))
      throw new BadInput(`${file}: id: ${key} is in another file already; remove one of them`)
    const own: readonly Trip[] = trips.get(vehicle.id) ?? []
    known.set(key, { vehicle, trips: own, ...policies[vehicle.class], routes: [], areas, areasSinceMs: null })
  }
  return known
}

const tripsSchema = z.union([tripSchema, z.array(tripSchema).max(10_000)])

function readTrips(folder: string): Trip[] {
  return jsonFiles(folder).flatMap((file) => [parseDocument(tripsSchema, readJson(file), file)].flat())
}
