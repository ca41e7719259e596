import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { sha256Hex } from '../proto/canonical.ts'
import { type AreaIndex, noAreas } from '../proto/geo/areas.ts'
import type { Corridor } from '../proto/geo/corridor.ts'
import type { Documents } from '../proto/in-force.ts'
import type { PushedName } from '../proto/model.ts'
import { mergePolicy, type PolicyFile, policyDigest, policyFileSchema } from '../proto/policy.ts'
import { BadInput, parseDocument } from '../proto/problem.ts'
import { parseAreaFiles } from '../proto/shapes/areas.ts'
import { parseRoute, routesNamed } from '../proto/shapes/route.ts'
import { type Trip, tripSchema } from '../proto/shapes/trip.ts'
import { parseTripCsv } from '../proto/shapes/trip-csv.ts'
import { type Vehicle, vehicleClasses, vehicleSchema } from '../proto/shapes/vehicle.ts'
import { type Approved, readApprovals, withRelays } from './desk/approvals.ts'
import { filesOf, folderStamp, jsonFiles, readJson, readText } from './files.ts'

/** What is wanted of every vehicle, from the files that the configuration names. */
export type DocumentStore = {
  readonly of: (fleet: string, vehicle: string) => Documents | null
  /** What a terminal is to have under a name; null: nothing, and it keeps what it was configured with. */
  readonly wanted: (fleet: string, vehicle: string, name: PushedName) => Wanted | null
  /** The vehicle's documents with a policy and areas that somebody may still work by. */
  readonly judged: (fleet: string, vehicle: string, policy: unknown, areas: unknown) => Documents | null
  /** Every vehicle that has papers. */
  readonly all: () => readonly Documents[]
  /** The areas of a fleet, as people wrote them; null: none. */
  readonly areasOf: (fleet: string) => Wanted | null
  /** Reads again what changed; throws BadInput and keeps what it had. */
  readonly refresh: () => boolean
}

export type Wanted = {
  readonly value: unknown
  readonly text: string
  /** Hex SHA-256 of the text. */
  readonly digest: string
}

export type DocumentFiles = {
  readonly zone: string
  readonly vehicles: string
  readonly trips?: string | undefined
  readonly routes?: readonly string[] | undefined
  readonly areas: readonly string[]
  readonly policy?: string | undefined
  /** Folder of what officers approved; it need not be there. */
  readonly approvals?: string | undefined
  /** Folder of areas that a fleet has instead of `areas`: FLEET.geojson. It need not be there. */
  readonly fleetAreas?: string | undefined
}

export function openDocuments(files: DocumentFiles, nowMs: () => number = Date.now): DocumentStore {
  let stamp = stampOf(files)
  let office = readOffice(files, null)
  return {
    of: (fleet, vehicle) => office.known.get(`${fleet}/${vehicle}`) ?? null,
    wanted: (fleet, vehicle, name) => {
      const documents = office.known.get(`${fleet}/${vehicle}`)
      return documents === undefined ? null : wantedOf(office, documents, name, nowMs())
    },
    judged: (fleet, vehicle, policy, areas) => {
      const documents = office.known.get(`${fleet}/${vehicle}`)
      return documents === undefined ? null : judgedBy(office, documents, policy, areas)
    },
    all: () => [...office.known.values()],
    areasOf: (fleet) => office.ownAreas.get(fleet) ?? office.areas,
    refresh: () => {
      const now = stampOf(files)
      if (now === stamp) return false
      office = readOffice(files, office)
      stamp = now
      return true
    },
  }
}

function stampOf(files: DocumentFiles): string {
  const { vehicles, trips, policy, areas, routes = [], approvals } = files
  const approved = approvals !== undefined && existsSync(approvals) ? approvals : undefined
  const folders = [vehicles, trips, approved].map((folder) =>
    folder === undefined ? '' : folderStamp(folder, folder === trips ? tripFiles : undefined),
  )
  const single = [policy, ...areas, ...routes].map((file) => (file === undefined ? '' : fileStamp(file)))
  const own = fleetAreaFiles(files).map(({ file }) => `${file}:${fileStamp(file)}`)
  return [...folders, ...single, ...own].join('\n\n')
}

/** A file that is just being replaced reads as another one: it is looked at again at the next turn. */
function fileStamp(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat === undefined ? 'none' : `${stat.mtimeMs}/${stat.size}/${stat.ino}`
}

/** Everything that was read, in one piece: it is replaced whole or not at all. */
type Office = {
  readonly policy: Wanted | null
  /** Of fleets in which something is approved. */
  readonly policies: ReadonlyMap<string, Wanted>
  readonly areas: Wanted | null
  /** Of fleets that have a file of their own. */
  readonly ownAreas: ReadonlyMap<string, Wanted>
  readonly routeFiles: readonly Named[]
  readonly routes: readonly Corridor[]
  /** Documents of routes that vehicles are to have, by the names in them. */
  readonly routesWanted: Map<string, Wanted | null>
  readonly parsed: Parsed
  readonly known: ReadonlyMap<string, Documents>
  readonly zone: string
  readonly areaFiles: string
}
type Named = { readonly value: unknown; readonly file: string }

/** What reading made of policies and areas, by the value it was read from: an index of areas costs seconds to build. */
type Parsed = { readonly policies: WeakMap<object, Policies>; readonly areas: WeakMap<object, AreaIndex> }

function readOffice(files: DocumentFiles, before: Office | null): Office {
  const { zone, routes: routeNames = [] } = files
  const policy = policyWanted(files)
  const approved = readApprovals(files.approvals)
  const approving = [...approved].filter(([, { detours }]) => detours.length > 0)
  const ofFleets = approving.map(
    ([fleet, { detours }]) => [fleet, withDetours(policy, zone, detours)] as const,
  )
  const areaStamp = files.areas.map(fileStamp).join('\n')
  const isSame = before !== null && before.areaFiles === areaStamp
  const areas = isSame ? before.areas : areasWanted(files.areas)
  const routeFiles = routeNames.map((file) => ({ value: readJson(file), file }))
  const parsed = before?.parsed ?? { policies: new WeakMap(), areas: new WeakMap() }
  const ownPolicies = new Map(ofFleets)
  const ownAreas = fleetAreasWanted(files, before)
  const bare = {
    policy,
    policies: ownPolicies,
    areas,
    ownAreas,
    routeFiles,
    parsed,
    zone,
    areaFiles: areaStamp,
  }
  // Told by the file's name here; later readings find the result.
  const shared = parsedAreas(parsed, areas?.value ?? null, files.areas)
  const indexOf = (fleet: string): AreaIndex => {
    const own = ownAreas.get(fleet)
    return own === undefined ? shared : parsedAreas(parsed, own.value, [`${fleet}.geojson`])
  }
  const policies = (fleet: string): Policies =>
    parsedPolicies(parsed, (ownPolicies.get(fleet) ?? policy)?.value ?? null, zone, files.policy)
  // A wrong file is told also where no vehicle needs it.
  policies('')
  const routes = routeFiles.flatMap(({ value, file }) => parseRoute(value, file))
  const known = readVehicles(files, { policies, indexOf, routes, approved })
  return { ...bare, routes, routesWanted: new Map(), known }
}

const wantedFrom = (value: unknown): Wanted => {
  const text = JSON.stringify(value)
  return { value, text, digest: sha256Hex(text) }
}

/** With the zone of the configuration, which terminals are not otherwise told. Nothing where all is the default. */
function policyWanted({ policy: file, zone }: DocumentFiles): Wanted | null {
  if (file === undefined && zone === defaultZone) return null
  const partial = file === undefined ? {} : (readJson(file) as object)
  // Whatever the file holds, the same gate reads it that every terminal has.
  parseDocument(policyFileSchema, partial, file ?? 'policy')
  return wantedFrom({ zone, ...partial })
}
const defaultZone = 'Asia/Shanghai'

/** The policy of a fleet whose officers approved detours: theirs stand beside those of the file. */
function withDetours(policy: Wanted | null, zone: string, approved: Approved['detours']): Wanted {
  const partial = (policy?.value ?? { zone }) as PolicyFile
  const own = partial.detours ?? []
  return wantedFrom({
    ...partial,
    detours: [...own, ...approved.slice(Math.max(0, approved.length + own.length - detoursMax))],
  })
}
const detoursMax = 1000

/** Several files go as a list: each may have its own reference system. */
function areasWanted(files: readonly string[]): Wanted | null {
  const values = files.map((file) => readJson(file))
  return values.length === 0 ? null : wantedFrom(values.length === 1 ? values[0] : values)
}

const ownAreasPattern = /^([A-Za-z0-9_-]{1,64})\.geojson$/

export function fleetAreaFiles({
  fleetAreas,
}: Pick<DocumentFiles, 'fleetAreas'>): { fleet: string; file: string }[] {
  if (fleetAreas === undefined || !existsSync(fleetAreas)) return []
  return readdirSync(fleetAreas)
    .sort()
    .flatMap((name) => {
      const fleet = ownAreasPattern.exec(name)?.[1]
      return fleet === undefined ? [] : [{ fleet, file: path.join(fleetAreas, name) }]
    })
}

/** The same value for the same text, so that an index that is there is not built again. */
function fleetAreasWanted(files: DocumentFiles, before: Office | null): ReadonlyMap<string, Wanted> {
  return new Map(
    fleetAreaFiles(files).map(({ fleet, file }) => {
      const wanted = wantedFrom(readJson(file))
      const known = before?.ownAreas.get(fleet)
      return [fleet, known?.digest === wanted.digest ? known : wanted] as const
    }),
  )
}

function parsedAreas(parsed: Parsed, value: unknown, names: readonly string[] = []): AreaIndex {
  if (typeof value !== 'object' || value === null) return noAreas
  let index = parsed.areas.get(value)
  if (index === undefined) {
    const files = [value].flat().map((one: unknown, i) => ({ value: one, file: names[i] ?? 'areas' }))
    parsed.areas.set(value, (index = parseAreaFiles(files)))
  }
  return index
}

type InForce = Pick<Documents, 'policy' | 'policyDigest'>
type Policies = { readonly [vehicleClass in Vehicle['class']]: InForce }

/** One merged policy per class. The zone is the configuration's unless the policy names one. */
function parsedPolicies(parsed: Parsed, value: unknown, zone: string, file = 'policy'): Policies {
  const key = typeof value === 'object' && value !== null ? value : nothing
  let policies = parsed.policies.get(key)
  if (policies === undefined) {
    const partial = { zone, ...parseDocument(policyFileSchema, key, file) }
    const merged = vehicleClasses.map((name) => [name, inForceOf(name, partial, file)] as const)
    parsed.policies.set(key, (policies = Object.fromEntries(merged) as Policies))
  }
  return policies
}
const nothing = {}

function inForceOf(name: Vehicle['class'], partial: PolicyFile, file: string): InForce {
  try {
    const policy = mergePolicy(name, partial)
    return { policy, policyDigest: policyDigest(policy) }
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''
    throw new BadInput(`${file}: not a policy (${why}); correct the file`)
  }
}

type Common = {
  readonly policies: (fleet: string) => Policies
  readonly indexOf: (fleet: string) => AreaIndex
  readonly routes: readonly Corridor[]
  readonly approved: ReadonlyMap<string, Approved>
}

function readVehicles(
  files: DocumentFiles,
  { policies, indexOf, routes, approved }: Common,
): ReadonlyMap<string, Documents> {
  // The hours of a table are local ones, of the zone by which everything else is told.
  const filed = files.trips === undefined ? [] : readTrips(files.trips, policies('').coach.policy.zone)
  const trips = Map.groupBy(filed, ({ vehicle }) => vehicle)
  const known = new Map<string, Documents>()
  for (const file of jsonFiles(files.vehicles)) {
    const vehicle = parseDocument(vehicleSchema, readJson(file), file)
    const key = `${vehicle.fleet}/${vehicle.id}`
    if (known.has(key))
      throw new BadInput(`${file}: id: ${key} is in another file already; remove one of them`)
    const filed = (trips.get(vehicle.id) ?? []).filter(({ fleet = vehicle.fleet }) => fleet === vehicle.fleet)
    // Which fleet it is of is for this gateway alone: a terminal is of one.
    const bare = filed.map(({ fleet: _fleet, ...trip }) => trip)
    const own = withRelays(bare, vehicle.id, approved.get(vehicle.fleet))
    const names = namesOf(own)
    known.set(key, {
      vehicle,
      trips: own,
      ...policies(vehicle.fleet)[vehicle.class],
      // Without a name in its trip a vehicle has no route here: these are the roads of the whole fleet.
      routes: routes.filter(({ id }) => names.has(id)),
      areas: indexOf(vehicle.fleet),
      areasSinceMs: null,
    })
  }
  return known
}

const namesOf = (trips: readonly Trip[]): ReadonlySet<string> =>
  new Set(trips.flatMap(({ route }) => route ?? []))

const tripsSchema = z.union([tripSchema, z.array(tripSchema).max(10_000)])

/** Documents, and tables of what an office program exports. */
const tripFiles = ['.json', '.csv']

function readTrips(folder: string, zone: string): Trip[] {
  return filesOf(folder, tripFiles).flatMap((file) =>
    file.endsWith('.csv')
      ? parseTripCsv(readText(file), file, zone)
      : [parseDocument(tripsSchema, readJson(file), file)].flat(),
  )
}

function wantedOf(office: Office, documents: Documents, name: PushedName, nowMs: number): Wanted | null {
  const trips = currentTrips(documents.trips, nowMs)
  switch (name) {
    case 'policy':
      return office.policies.get(documents.vehicle.fleet) ?? office.policy
    case 'areas':
      return office.ownAreas.get(documents.vehicle.fleet) ?? office.areas
    case 'trip':
      return documents.trips.length === 0 ? null : wantedFrom(trips)
    case 'route':
      return routeWanted(office, namesOf(trips))
  }
}

function routeWanted({ routeFiles, routesWanted }: Office, names: ReadonlySet<string>): Wanted | null {
  const key = [...names].sort().join('\n')
  let wanted = routesWanted.get(key)
  if (wanted === undefined) {
    const named = routesNamed(routeFiles, names)
    routesWanted.set(key, (wanted = named === null ? null : wantedFrom(named)))
  }
  return wanted
}

/** What the vehicle is doing at this moment, and what it does next. */
export function currentTrips(trips: readonly Trip[], nowMs: number): readonly Trip[] {
  const begins = (trip: Trip): number => Date.parse(trip.from)
  const now = trips.filter((trip) => begins(trip) <= nowMs && nowMs < Date.parse(trip.to))
  const later = trips.filter((trip) => begins(trip) > nowMs).toSorted((a, b) => begins(a) - begins(b))
  return [...now, ...later.slice(0, 1)]
}

/** Policies and areas that are in force somewhere although others are wanted. A wrong one was never in force. */
function judgedBy(office: Office, documents: Documents, policy: unknown, areas: unknown): Documents {
  const { parsed, zone } = office
  return {
    ...documents,
    ...parsedPolicies(parsed, policy, zone)[documents.vehicle.class],
    areas: parsedAreas(parsed, areas),
  }
}
