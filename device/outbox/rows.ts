import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { sha256 } from '../../proto/canonical.ts'
import type { SeqRange, StreamName } from '../../proto/model.ts'
import type { EvictableRow } from './evict.ts'
import type { Waiting } from './outbox.ts'
import { type Row, timesOf } from './seal.ts'

/** The waiting envelopes of one stream: one table, every statement prepared once. */
export class StreamRows {
  readonly #stream: StreamName
  readonly #insert: StatementSync
  readonly #take: StatementSync
  readonly #oldest: StatementSync
  readonly #deleteRange: StatementSync
  readonly #rangeSize: StatementSync
  readonly #markDamaged: StatementSync
  readonly #all: StatementSync
  readonly #damaged: StatementSync
  readonly #total: StatementSync

  constructor(db: DatabaseSync, stream: StreamName) {
    this.#stream = stream
    const columns = 'seq, is_gap, from_ms, to_ms, hash'
    this.#insert = db.prepare(
      `INSERT INTO ${stream} (seq, is_gap, from_ms, to_ms, hash, bytes) VALUES (?, ?, ?, ?, ?, ?)`,
    )
    this.#take = db.prepare(
      `SELECT seq, bytes FROM ${stream} WHERE seq > ? AND damaged = 0 ORDER BY seq LIMIT ?`,
    )
    this.#oldest = db.prepare(
      `SELECT ${columns}, length(bytes) AS size FROM ${stream} WHERE damaged = 0 ORDER BY seq`,
    )
    this.#damaged = db.prepare(
      `SELECT ${columns}, length(bytes) AS size FROM ${stream} WHERE damaged = 1 ORDER BY seq`,
    )
    this.#deleteRange = db.prepare(`DELETE FROM ${stream} WHERE seq BETWEEN ? AND ?`)
    this.#rangeSize = db.prepare(
      `SELECT count(*) AS count, coalesce(sum(length(bytes)), 0) AS bytes FROM ${stream} WHERE seq BETWEEN ? AND ?`,
    )
    this.#markDamaged = db.prepare(`UPDATE ${stream} SET damaged = 1 WHERE seq = ?`)
    this.#all = db.prepare(`SELECT seq, hash, bytes FROM ${stream}`)
    this.#total = db.prepare(
      `SELECT count(*) AS count, coalesce(sum(length(bytes)), 0) AS bytes FROM ${stream}`,
    )
  }

  insert(row: Row): void {
    const { fromMs, toMs } = timesOf(row.envelope.body)
    const isGap = row.envelope.body.is === 'gap' ? 1 : 0
    this.#insert.run(row.seq, isGap, fromMs, toMs, row.hash, row.bytes)
  }

  take(after: number, limit: number): Waiting[] {
    return this.#take.all(after, limit).map((row) => ({
      stream: this.#stream,
      seq: Number(row['seq']),
      bytes: row['bytes'] as Uint8Array,
    }))
  }

  /** Rows of a range and their bytes, deleted. */
  delete({ first, last }: SeqRange): Amount {
    const amount = toAmount(this.#rangeSize.get(first, last))
    if (amount.count > 0) this.#deleteRange.run(first, last)
    return amount
  }

  total(): Amount {
    return toAmount(this.#total.get())
  }

  *oldest(): Generator<EvictableRow> {
    for (const row of this.#oldest.iterate()) yield toEvictable(row)
  }

  damaged(): EvictableRow[] {
    return this.#damaged.all().map(toEvictable)
  }

  /** SQLite has no checksum of its pages: a flipped bit in an envelope shows only against its hash. */
  markDamaged(): number {
    const damaged: number[] = []
    for (const row of this.#all.iterate())
      if (Buffer.compare(sha256(row['bytes'] as Uint8Array), row['hash'] as Uint8Array) !== 0)
        damaged.push(Number(row['seq']))
    for (const seq of damaged) this.#markDamaged.run(seq)
    return damaged.length
  }
}

export type Amount = { readonly count: number; readonly bytes: number }

type Columns = Record<string, unknown>

const toAmount = (row: Columns | undefined): Amount => ({
  count: Number(row?.['count'] ?? 0),
  bytes: Number(row?.['bytes'] ?? 0),
})

const toEvictable = (row: Columns): EvictableRow => ({
  seq: Number(row['seq']),
  size: Number(row['size']),
  isGap: row['is_gap'] === 1,
  fromMs: Number(row['from_ms']),
  toMs: Number(row['to_ms']),
  hash: row['hash'] as Uint8Array,
})
