import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import type { Documents } from '../../proto/in-force.ts'
import type { Vehicle } from '../../proto/shapes/vehicle.ts'
import { type DocumentFiles, loadDocuments, type Reader } from '../replay/documents.ts'
import type { Line, Summary } from '../replay/engine.ts'
import { type InForce, openTrip } from '../replay/open-trip.ts'
import { headBytes, replayOpened } from '../replay/recording.ts'

/** Folders of recorded trips: which files are trips, and which documents lie beside them for all of them. */
export type TripFile = {
  /** As a person finds it: relative to the folder that was named. */
  readonly name: string
  readonly path: string
  readonly can: string | null
  readonly documents: DocumentFiles
}

/** A recording says by its content what it is; by its name only whether it is meant to be one. */
const tripName = /\.(?:csv|nmea|log|txt|gpx|asc|trc|slcan|rwtape|tape)(?:\.gz)?$/i
const canName = /^can\.[a-z.]+$/i
const documentNames = {
  vehicle: ['vehicle.json'],
  trip: ['trip.json'],
  policy: ['policy.json'],
  route: ['route.geojson', 'route.json'],
  areas: ['areas.geojson', 'areas.json'],
} as const

/** Every trip below a folder, by name. Documents and a `can.log` beside it count for the trips of their folder. */
export function tripsIn(folder: string, below = ''): TripFile[] {
  const entries = readdirSync(join(folder, below), { withFileTypes: true }).toSorted((a, b) =>
    a.name < b.name ? -1 : 1,
  )
  const here = join(folder, below)
  const documents = documentsIn(here)
  const can = entries.find((entry) => entry.isFile() && canName.test(entry.name))?.name ?? null
  const recorded = entries.filter(({ name }) => tripName.test(name) && name !== can)
  // A folder with nothing but a bus recording is a trip of the bus.
  const alone = recorded.every((entry) => !entry.isFile()) && can !== null
  return entries.flatMap((entry): TripFile[] => {
    const name = join(below, entry.name)
    if (entry.isDirectory()) return tripsIn(folder, name)
    const isTrip = entry.isFile() && (alone ? entry.name === can : recorded.includes(entry))
    if (!isTrip) return []
    return [
      { name, path: join(folder, name), can: alone || can === null ? null : join(here, can), documents },
    ]
  })
}

function documentsIn(folder: string): DocumentFiles {
  const found = Object.entries(documentNames).flatMap(([key, names]) => {
    const name = names.find((one) => existsSync(join(folder, one)))
    return name === undefined ? [] : [[key, join(folder, name)] as const]
  })
  return Object.fromEntries(found)
}

/** Reads documents and says nothing of them: that was done once, before the first trip. */
export const silentReader: Reader = {
  read: (file) => Promise.resolve(readFileSync(file, 'utf8')),
  tell: () => {},
}

export const documentsOf = (files: DocumentFiles): Promise<Documents> => loadDocuments(files, silentReader)

export type TripResult = {
  readonly lines: readonly Line[]
  readonly summary: Summary
  readonly vehicle: Vehicle
}
export type Reading = { readonly columns?: string | undefined; readonly zone?: string | undefined }

/** The findings of one trip file under these documents, or under these files over what a tape has with it. */
export async function replayTripFile(
  { name, path, can }: TripFile,
  inForce: InForce,
  reading: Reading = {},
): Promise<TripResult> {
  const lines: Line[] = []
  const recording = {
    name,
    head: await headOf(path),
    chunks: chunksOf(path),
    can: can === null ? null : chunksOf(can),
    ...reading,
  }
  const trip = await openTrip(recording, inForce)
  const summary = await replayOpened(trip, (line) => lines.push(line))
  return { lines, summary, vehicle: trip.documents.vehicle }
}

function chunksOf(path: string): AsyncIterable<Uint8Array> {
  const stream = createReadStream(path)
  return path.endsWith('.gz') ? stream.pipe(createGunzip()) : stream
}

async function headOf(path: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunksOf(path)) {
    parts.push(chunk)
    bytes += chunk.length
    if (bytes >= headBytes) break
  }
  return Buffer.concat(parts).subarray(0, headBytes)
}

/** Says whether a file is still the one that was read: size and time of its last change. */
export function stampOf(path: string | null | undefined): string {
  if (path === null || path === undefined) return ''
  const { size, mtimeMs } = statSync(path)
  return `${path} ${size} ${mtimeMs}`
}
