import type { DbcReader } from '../../device/decoders/dbc/read.ts'
import type { Documents } from '../../proto/in-force.ts'
import { BadInput } from '../../proto/problem.ts'
import type { TapeRecord } from '../../proto/tape.ts'
import type { TapeHeader } from '../../proto/tape-header.ts'
import { type TapeInForce, tapeInForce } from '../tapes/documents.ts'
import { looksLikeTape, readTape, type TapePart } from '../tapes/read.ts'
import { peek, tell as tellNow } from '../tools/io.ts'
import { looksLikeTable, parseColumnMap, readCsv } from '../trips/csv.ts'
import { notBeforeMs, type TripEvent } from '../trips/entry.ts'
import { readGeojson } from '../trips/geojson.ts'
import { readGpx } from '../trips/gpx.ts'
import { readNmea } from '../trips/nmea.ts'
import { type BusFormat, busMessages } from './bus.ts'
import { type CanFeed, createCanFeed } from './can-feed.ts'
import type { DbcGiven } from './dbc.ts'
import { detectFormat, recordingFormats, type TripFormat } from './detect.ts'
import { type DocumentFiles, loadDocuments, type Reader } from './documents.ts'
import type { Engine, EngineDeps } from './engine.ts'
import { runBus, runTrip } from './run.ts'
import { createTapeRun, type TapeRun } from './run-tape.ts'

/** A recorded trip of any format, with the documents in force, ready to be folded. */
export type Trip = {
  readonly format: TripFormat
  readonly documents: Documents
  readonly deps: Pick<EngineDeps, 'expects' | 'peripherals' | 'notBeforeMs' | 'trustRecorder'>
  readonly fold: (engine: Engine, hooks?: TapeHooks) => Promise<void>
  /** Of a tape: what it says of itself. */
  readonly tape: { readonly header: TapeHeader; readonly inForce: TapeInForce } | null
}

/** For whoever wants to see a tape's records go by. */
export type TapeHooks = {
  readonly began?: (run: TapeRun) => void
  readonly before?: (record: TapeRecord) => void
}

/** A recorded trip as bytes. */
export type Recording = {
  /** As the person wrote it. */
  readonly name: string
  /** The beginning of the file, enough to tell its format by. */
  readonly head: Uint8Array
  /** The whole file, from its beginning. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** A recording of the bus beside it. */
  readonly can?: AsyncIterable<Uint8Array> | null
  /** What describes the bus besides J1939. */
  readonly dbc?: DbcGiven | null
  readonly columns?: string | undefined
  /** Of local times in the file; else the policy's. */
  readonly zone?: string | undefined
  /** Where to say what could not be read; absent: at once, on stderr. */
  readonly tell?: (line: string) => void
}

/** What is in force: documents as they are, or files over those that a tape has with it. */
export type InForce = Documents | { readonly files: DocumentFiles; readonly reader: Reader }

/** Enough to tell a recording's format by, whatever noise it begins with. */
export const headBytes = 65_536

export async function openTrip(recording: Recording, inForce: InForce): Promise<Trip> {
  const { name, head, chunks, columns, tell = tellNow } = recording
  refuseForeign(name, head)
  const format = detectFormat(head)
  if (format === 'tape') return openTape(recording, inForce)
  if (format === 'csv' && columns === undefined && !looksLikeTable(head))
    throw new BadInput(`${name}: not a known recording; name ${recordingFormats}`)
  const documents = 'files' in inForce ? await loadDocuments(inForce.files, inForce.reader) : inForce
  const zone = recording.zone ?? documents.policy.zone
  const dbc = recording.dbc?.reader ?? null
  const own = { file: name, zone, tell, dbc }
  if (isBus(format))
    return {
      format,
      documents,
      deps: { expects: { gnss: false, can: true }, notBeforeMs, trustRecorder: true },
      fold: (engine) => runBus(engine, createCanFeed(busMessages(chunks, format, own))),
      tape: null,
    }
  const can =
    recording.can === undefined || recording.can === null
      ? null
      : await openBus(recording.can, { zone, dbc, tell })
  const events = await eventsOf(format, recording, { columns, zone, can })
  return {
    format,
    documents,
    deps: { expects: { gnss: format === 'nmea', can: can !== null }, notBeforeMs, trustRecorder: false },
    fold: (engine) => runTrip(engine, events, can),
    tape: null,
  }
}

/** What looks like a table only because it looks like nothing else. */
function refuseForeign(name: string, head: Uint8Array): void {
  const text = new TextDecoder()
    .decode(head.subarray(0, 4096))
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (text.startsWith('['))
    throw new BadInput(`${name}: a JSON list, which is no recording; name ${recordingFormats}`)
  if (/^RWT[HSX]?/.test(text) && !looksLikeTape(head))
    throw new BadInput(`${name}: a tape without a readable header; name another file`)
}

const isBus = (format: TripFormat): format is BusFormat =>
  format === 'candump' || format === 'slcan' || format === 'asc' || format === 'trc'

type BusReading = {
  readonly zone: string
  readonly dbc: DbcReader | null
  readonly tell: (line: string) => void
}

async function openBus(chunks: AsyncIterable<Uint8Array>, reading: BusReading): Promise<CanFeed> {
  const whole = { name: '--can', size: null, consumed: () => 0, chunks }
  const { head, input } = await peek(whole, headBytes)
  const format = detectFormat(head)
  // A recording that is none of them is read as candump, which finds nothing in it and says so.
  return createCanFeed(
    busMessages(input.chunks, isBus(format) ? format : 'candump', { file: input.name, ...reading }),
  )
}

type Reading = { readonly columns: string | undefined; readonly zone: string; readonly can: CanFeed | null }

/** The reader of a format that has positions. */
async function eventsOf(
  format: Exclude<TripFormat, BusFormat | 'tape'>,
  { name: file, head, chunks, tell = tellNow }: Recording,
  { columns, zone, can }: Reading,
): Promise<AsyncIterable<TripEvent | readonly TripEvent[]>> {
  const broke = (line: number): void =>
    tell(`${file}: line ${line}: cannot be read further; read up to there`)
  switch (format) {
    case 'nmea':
      return readNmea(chunks, can === null ? null : await can.beginsMs())
    case 'gpx':
      return readGpx(chunks, zone, broke)
    case 'geojson':
      return readGeojson(chunks, { file, zone, tell })
    case 'csv': {
      const text = new TextDecoder().decode(head)
      return readCsv(chunks, text, { columns: parseColumnMap(columns ?? ''), zone, file, tell, broke })
    }
  }
}

async function openTape(
  { name, chunks, can, dbc, tell = tellNow }: Recording,
  given: InForce,
): Promise<Trip> {
  if (can !== undefined && can !== null)
    throw new BadInput(`${name}: a tape has its own CAN line; leave out --can`)
  const parts = readTape(chunks, name)
  const { header: recorded, before } = await firstHeader(parts, name)
  // What a person names now counts, and a capsule that is cut carries it.
  const header: TapeHeader =
    dbc === undefined || dbc === null
      ? recorded
      : { ...recorded, dbc: { text: dbc.text, signals: dbc.signals } }
  before.forEach(tell)
  const inForce =
    'files' in given ? await tapeInForce(header, given.files, given.reader, name) : settled(given, header)
  const documents = inForce.documents()
  return {
    format: 'tape',
    documents,
    deps: {
      expects: { gnss: header.lines.gnss, can: header.lines.can !== null },
      peripherals: header.peripherals ?? [],
      notBeforeMs: header.notBeforeMs,
      trustRecorder: false,
    },
    fold: (engine, hooks = {}) => foldTape({ header, parts, inForce, tell }, engine, hooks),
    tape: { header, inForce },
  }
}

/** Documents that somebody else chose: what the tape has with it, or was pushed on the way, does not count. */
const settled = (documents: Documents, { documents: raw }: TapeHeader): TapeInForce => ({
  documents: () => documents,
  raw,
  pushed: () => [],
  push: () => false,
})

/** The first header, and what could not be read before it. */
async function firstHeader(
  parts: AsyncGenerator<TapePart>,
  name: string,
): Promise<{ header: TapeHeader; before: string[] }> {
  const before: string[] = []
  for (;;) {
    const next = await parts.next()
    if (next.done === true) throw new BadInput(`${name}: a tape without a readable header; name another file`)
    if (next.value.is === 'header') return { header: next.value.header, before }
    if (next.value.is === 'hole') before.push(next.value.told)
  }
}

type Tape = {
  readonly header: TapeHeader
  readonly parts: AsyncGenerator<TapePart>
  readonly inForce: TapeInForce
  readonly tell: (line: string) => void
}

async function foldTape(
  { header, parts, inForce, tell }: Tape,
  engine: Engine,
  hooks: TapeHooks,
): Promise<void> {
  const run = createTapeRun(header, {
    engine,
    tell,
    document: (value) => {
      if (inForce.push(value)) engine.inForce(inForce.documents())
    },
    ...(hooks.before === undefined ? {} : { before: hooks.before }),
  })
  hooks.began?.(run)
  for await (const part of parts) run.take(part)
}
