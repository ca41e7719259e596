import path from 'node:path'
import { parseArgs } from 'node:util'
import { decodeEnvelope } from '../proto/codec.ts'
import type { Alert, Envelope } from '../proto/model.ts'
import { BadInput } from '../proto/problem.ts'
import { isoUtc } from '../proto/time.ts'
import { readConfig } from './config.ts'
import { openEvidenceKey, type Vouched, vouched } from './evidence-key.ts'
import { type DayReader, dayFiles, type KeptEnvelope, openDayReader } from './journal/reader.ts'
import type { Seal } from './journal/seal.ts'
import { json, writeWhole } from './pki/folder.ts'

/** `export ALERT --out FILE CONFIG.json`: everything that speaks for one alert, in one signed file. The gateway may run. */

export type Evidence = Vouched<{
  readonly is: 'evidence'
  readonly exportedAt: string
  readonly alert: { readonly id: string; readonly revisions: readonly Alert[] }
  readonly streams: readonly KeptStream[]
  readonly terminalKeys: readonly string[]
  readonly seals: readonly { readonly day: string; readonly seal: Omit<Seal, 'tables'> | null }[]
}>
export type KeptStream = {
  readonly fleet: string
  readonly vehicle: string
  readonly epoch: number
  readonly stream: string
  readonly envelopes: readonly {
    readonly seq: number
    readonly receivedAt: string
    readonly hash: string
    /** Base64, as received. */
    readonly bytes: string
  }[]
}

const usage = 'usage: npm run gateway -- export ALERT --out FILE CONFIG.json'
/** Before and after the alert: what led to it, and how it ended. */
const aroundMs = 10 * 60_000

export function exportAlert(argv: readonly string[], from: string): void {
  const { id, out, config } = argumentsOf(argv)
  const { dataDir } = readConfig(path.resolve(from, config))
  const evidence = evidenceOf(dataDir, id)
  if (evidence === null)
    throw new BadInput(`${dataDir}: no alert ${id.slice(0, 80)}; take its id from GET /alerts`)
  const file = path.resolve(from, out)
  writeWhole(file, json(evidence))
  const envelopes = evidence.streams.reduce((sum, stream) => sum + stream.envelopes.length, 0)
  const revisions = evidence.alert.revisions.length
  process.stdout.write(`${JSON.stringify({ kind: 'exported', alert: id, revisions, envelopes, file })}\n`)
}

/** Null: no such alert in the journal of this folder. */
export function evidenceOf(dataDir: string, id: string): Evidence | null {
  const days = dayFiles(dataDir).map(({ day, file }) => ({ day, reader: openDayReader(file) }))
  try {
    const readers = days.map(({ reader }) => reader)
    const revisions = readers
      .flatMap((reader) => reader.revisions(id))
      .sort((a, b) => a.revision - b.revision)
    const [first] = revisions
    if (first === undefined) return null
    return vouched(
      {
        is: 'evidence' as const,
        exportedAt: isoUtc(Date.now()),
        alert: { id, revisions },
        streams: streamsAround(readers, revisions),
        terminalKeys: [...new Set(readers.flatMap((reader) => keysOf(reader, first)))],
        seals: days.map(({ day, reader }) => ({ day, seal: withoutTables(reader.seal()) })),
      },
      openEvidenceKey(dataDir),
    )
  } finally {
    for (const { reader } of days) reader.close()
  }
}

const keysOf = (reader: DayReader, { fleet, vehicle }: Alert): string[] =>
  reader
    .terminalKeys()
    .filter((one) => one.fleet === fleet && one.vehicle === vehicle)
    .map(({ key }) => Buffer.from(key).toString('hex'))

function argumentsOf(argv: readonly string[]): { id: string; out: string; config: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { out: { type: 'string' } },
    })
    const [id, config, ...more] = positionals
    if (id !== undefined && config !== undefined && more.length === 0 && values.out !== undefined)
      return { id, config, out: values.out }
  } catch {
    // An option nobody knows: the line of usage says which there are.
  }
  throw new BadInput(usage)
}

/** Whole runs of seqs, so that the chain can be followed through the file. */
function streamsAround(readers: readonly DayReader[], revisions: readonly Alert[]): KeptStream[] {
  const { fleet, vehicle } = revisions[0]!
  const times = revisions.flatMap(({ at, decidedAt }) => [Date.parse(at), Date.parse(decidedAt)])
  const fromMs = Math.min(...times) - aroundMs
  const toMs = Math.max(...times) + aroundMs
  const streams = new Map<string, KeptEnvelope[]>()
  for (const reader of readers)
    for (const row of reader.envelopes(fleet, vehicle)) {
      const key = `${row.epoch}/${row.stream}`
      streams.set(key, [...(streams.get(key) ?? []), row])
    }
  return [...streams.values()].flatMap((rows) => {
    const sorted = rows.sort((a, b) => a.seq - b.seq)
    const within = sorted.filter((row) => overlaps(row, fromMs, toMs)).map(({ seq }) => seq)
    if (within.length === 0) return []
    const kept = sorted.filter(({ seq }) => seq >= within[0]! && seq <= within.at(-1)!)
    return [{ fleet, vehicle, epoch: kept[0]!.epoch, stream: kept[0]!.stream, envelopes: kept.map(shown) }]
  })
}

const shown = ({ seq, receivedAtMs, hash, bytes }: KeptEnvelope): KeptStream['envelopes'][number] => ({
  seq,
  receivedAt: isoUtc(receivedAtMs),
  hash: Buffer.from(hash).toString('hex'),
  bytes: Buffer.from(bytes).toString('base64'),
})

function overlaps({ bytes }: KeptEnvelope, fromMs: number, toMs: number): boolean {
  const decoded = decodeEnvelope(bytes)
  if (!decoded.ok) return false
  const [first, last] = spanOf(decoded.value)
  return last >= fromMs && first <= toMs
}

function spanOf({ body, sealedAtMs }: Envelope): readonly [number, number] {
  switch (body.is) {
    case 'telemetry':
      return [body.samples[0]?.atMs ?? sealedAtMs, body.samples.at(-1)?.atMs ?? sealedAtMs]
    case 'finding':
      return [body.finding.atMs, body.finding.decidedAtMs]
    case 'gap':
      return [body.gap.fromMs, body.gap.toMs]
    default:
      return [sealedAtMs, sealedAtMs]
  }
}

const withoutTables = (seal: Seal | null): Omit<Seal, 'tables'> | null => {
  if (seal === null) return null
  const { tables: _tables, ...rest } = seal
  return rest
}
