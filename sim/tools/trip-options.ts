import type { Documents } from '../../proto/in-force.ts'
import { BadInput } from '../../proto/problem.ts'
import type { TapeHeader } from '../../proto/tape-header.ts'
import { isZone } from '../../proto/time.ts'
import { loadDbc } from '../replay/dbc.ts'
import { loadDocuments, type Reader } from '../replay/documents.ts'
import type { Summary } from '../replay/engine.ts'
import { openTrip, type Trip } from '../replay/open-trip.ts'
import { parseColumnMap } from '../trips/csv.ts'
import { badUsage, type Input, openInput, readText, tell, watched } from './io.ts'

/** What `replay` and `export` are told alike: the recording, the bus beside it, the documents in force. */

const text = { type: 'string' } as const
export const tripOptions = {
  can: text,
  dbc: text,
  'dbc-signals': text,
  vehicle: text,
  trip: text,
  policy: text,
  route: text,
  areas: text,
  columns: text,
  zone: text,
} as const
export type TripValues = { readonly [name in keyof typeof tripOptions]?: string | undefined }

export const tripUsage =
  '[--can FILE] [--dbc FILE [--dbc-signals CONFIG.json|"Theirs=ours,..."]] [--vehicle V.json] [--trip T.json] [--policy P.json] [--route R.geojson] [--areas A.geojson] [--columns "time=...,lat=..."] [--zone NAME]'

export function checkTripValues({ zone, columns }: TripValues, usage: string): void {
  if (zone !== undefined && !isZone(zone)) throw badUsage(usage, `--zone: unknown zone ${zone}`)
  if (columns !== undefined) parseColumnMap(columns)
}

/** A trip that was opened, and what is to be said of how it could be read: once, when it is known whether anything could. */
export type OpenedTrip = {
  readonly trip: Trip
  /** After the fold: says it, or refuses a trip without one usable row in one line. */
  readonly read: (summary: Summary) => void
}

/** The documents a person names are read before: a wrong one is told first, and the trip may be a pipe that says nothing yet. */
export async function documentsReader(values: TripValues) {
  const reader = readOnce()
  await loadDocuments(values, { ...reader, tell: () => {} })
  return { reader, dbc: await loadDbc(values, reader.read, 'ours') }
}

export async function openNamedTrip(
  { head, input }: { readonly head: Uint8Array; readonly input: Input },
  values: TripValues,
  { reader, dbc }: Awaited<ReturnType<typeof documentsReader>>,
): Promise<OpenedTrip> {
  if (head.length === 0) throw new BadInput(`${input.name}: nothing in it; name a recording`)
  const can = values.can === undefined ? null : (await openInput(values.can)).chunks
  const { columns, zone } = values
  const told: string[] = []
  const recording = {
    ...{ name: input.name, head, chunks: watched(input), can, dbc, columns, zone },
    tell: (line: string) => told.push(line),
  }
  const trip = await openTrip(recording, { files: values, reader })
  if (trip.tape !== null) told.push(...underAnotherPolicy(input.name, trip.documents, trip.tape.header))
  return {
    trip,
    read: ({ samples, rejected }) => {
      if (samples === 0) throw new BadInput([...told, noRow(input.name, trip, rejected)].join('; '))
      told.forEach(tell)
    },
  }
}

/** Whoever compares policies knows it; whoever opens one tape may wonder. */
function underAnotherPolicy(
  name: string,
  { policyDigest }: Documents,
  { policyDigest: recorded }: TapeHeader,
): string[] {
  if (policyDigest === recorded) return []
  return [`${name}: recorded under another policy (${recorded.slice(0, 12)})`]
}

function noRow(name: string, { format }: Trip, rejected: number): string {
  const none = `${name}: no usable row (${rejected} rejected)`
  if (format === 'nmea')
    return `${none}: no RMC or GGA with a right checksum, a date and a position; npm run -s decode -- nmea FILE counts its sentences`
  if (format === 'csv') return `${none}; name a trip with times and positions, or its columns with --columns`
  return `${none} in this ${format}; name a trip with times`
}

/** Documents may be pipes: each is read once. */
function readOnce(): Reader {
  const texts = new Map<string, Promise<string>>()
  const read = (name: string): Promise<string> => {
    const known = texts.get(name) ?? readText(name)
    texts.set(name, known)
    return known
  }
  return { read, tell }
}
