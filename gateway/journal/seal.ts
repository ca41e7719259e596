import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import { type EvidenceKey, type Vouched, vouched } from '../evidence-key.ts'

/**
 * The seal of a day: digests of everything in its file, chunk by chunk, and the head of each stream, signed. After
 * it a row can be neither changed, added nor taken away without the seal saying where.
 */
export type Seal = Vouched<{
  readonly is: 'day-seal'
  readonly sealedAt: string
  readonly tables: { readonly [table: string]: TableSeal }
  readonly heads: readonly Head[]
}>
export type TableSeal = { readonly rows: number; readonly chunks: readonly string[] }
/** The last envelope of a stream in this file. */
export type Head = {
  readonly fleet: string
  readonly vehicle: string
  readonly epoch: number
  readonly stream: string
  readonly seq: number
  readonly hash: string
}

export const chunkRows = 64

/** What is sealed of each table, in the order it was written. */
const selects: { readonly [table: string]: string } = {
  envelope: `SELECT s.fleet, s.vehicle, s.epoch, s.name, e.seq, e.received_at, e.hash, e.bytes
    FROM envelope AS e JOIN stream AS s ON s.id = e.stream ORDER BY e.rowid`,
  alert: 'SELECT cursor, id, revision, fleet, open, json FROM alert ORDER BY cursor',
  quarantine: 'SELECT hash, fleet, vehicle, kind, reason, received_at, bytes FROM quarantine ORDER BY rowid',
  gap: 'SELECT cursor, fleet, json FROM gap ORDER BY cursor',
}
export const sealedTables: readonly string[] = Object.keys(selects)

const headsSql = `SELECT s.fleet, s.vehicle, s.epoch, s.name AS stream, e.seq, e.hash
  FROM stream AS s JOIN envelope AS e ON e.stream = s.id
  WHERE e.seq = (SELECT max(seq) FROM envelope WHERE stream = s.id) ORDER BY s.id`

/** A digest per chunk of rows; between two of them whoever asks may do something else. */
export function* chunkDigests(db: DatabaseSync, table: string): Generator<{ digest: string; rows: number }> {
  let hash = createHash('sha256')
  let rows = 0
  for (const row of db.prepare(selects[table]!).iterate()) {
    hash.update(rowText(row))
    rows++
    if (rows < chunkRows) continue
    yield { digest: hash.digest('hex'), rows }
    hash = createHash('sha256')
    rows = 0
  }
  if (rows > 0) yield { digest: hash.digest('hex'), rows }
}

export function headsOf(db: DatabaseSync): Head[] {
  return db
    .prepare(headsSql)
    .all()
    .map((row) => ({
      fleet: String(row['fleet']),
      vehicle: String(row['vehicle']),
      epoch: Number(row['epoch']),
      stream: String(row['stream']),
      seq: Number(row['seq']),
      hash: Buffer.from(row['hash'] as Uint8Array).toString('hex'),
    }))
}

/** Chunks between which everything else has its turn. */
const chunksAtOnce = 64

export async function sealOf(db: DatabaseSync, key: EvidenceKey, sealedAt: string): Promise<Seal> {
  const tables: { [table: string]: TableSeal } = {}
  for (const table of sealedTables) {
    const chunks: string[] = []
    let rows = 0
    for (const chunk of chunkDigests(db, table)) {
      chunks.push(chunk.digest)
      rows += chunk.rows
      if (chunks.length % chunksAtOnce === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    tables[table] = { rows, chunks }
  }
  return vouched({ is: 'day-seal' as const, sealedAt, tables, heads: headsOf(db) }, key)
}

/** Unambiguous: every value says what it is and how long it is. */
function rowText(row: Record<string, unknown>): string {
  const values = Object.values(row).map((value) =>
    value instanceof Uint8Array ? `x${Buffer.from(value).toString('hex')}` : JSON.stringify(value),
  )
  return `${values.join('|')}\n`
}
