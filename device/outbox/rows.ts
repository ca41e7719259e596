import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { sha256 } from '../../proto/canonical.ts'
import { decodeEnvelope, envelopeHead } from '../../proto/codec.ts'
import type { SeqRange, StreamName } from '../../proto/model.ts'
import { type Amounts, noAmounts } from './amounts.ts'
import { Contradiction } from './database.ts'
import { classOf, gapItem, type Item, itemOf, type RecordClass } from './evict.ts'
import type { Waiting } from './outbox.ts'
import { type Row, timesOf } from './seal.ts'

/** The waiting envelopes of one stream: one table, every statement prepared once. */
export class StreamRows {
  readonly #stream: StreamName
  readonly #insert: StatementSync
  readonly #take: StatementSync
  readonly #oldest: StatementSync
  readonly #oldestLow: StatementSync
  readonly #gaps: StatementSync
  readonly #deleteRange: StatementSync
  readonly #rangeSize: StatementSync
  readonly #markDamaged: StatementSync
  readonly #all: StatementSync
  readonly #damaged: StatementSync
  readonly #total: StatementSync

  constructor(db: DatabaseSync, stream: StreamName) {
    this.#stream = stream
    this.#insert = db.prepare(
      `INSERT INTO ${stream} (seq, is_gap, from_ms, to_ms, hash, bytes, class, first_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#take = db.prepare(
      `SELECT seq, bytes FROM ${stream} WHERE seq > ? AND damaged = 0 ORDER BY seq LIMIT ?`,
    )
    const items = `SELECT seq, class, from_ms, to_ms, hash, length(bytes) AS size FROM ${stream}`
    this.#oldest = db.prepare(`${items} WHERE damaged = 0 AND is_gap = 0 ORDER BY seq`)
    this.#oldestLow = db.prepare(`${items} WHERE damaged = 0 AND is_gap = 0 AND class = 'low' ORDER BY seq`)
    this.#damaged = db.prepare(`${items} WHERE damaged = 1 ORDER BY seq`)
    this.#gaps = db.prepare(
      `SELECT seq, class, hash, bytes FROM ${stream} WHERE is_gap = 1 AND damaged = 0 ORDER BY first_seq`,
    )
    this.#deleteRange = db.prepare(`DELETE FROM ${stream} WHERE seq BETWEEN ? AND ?`)
    const amounts = `SELECT class, count(*) AS count, sum(length(bytes)) AS bytes FROM ${stream}`
    this.#rangeSize = db.prepare(`${amounts} WHERE seq BETWEEN ? AND ? GROUP BY class`)
    this.#markDamaged = db.prepare(`UPDATE ${stream} SET damaged = 1 WHERE seq = ?`)
    this.#all = db.prepare(`SELECT seq, hash, bytes FROM ${stream}`)
    this.#total = db.prepare(`${amounts} GROUP BY class`)
  }

  insert(row: Row): void {
    const { body } = row.envelope
    const { fromMs, toMs } = timesOf(body)
    const firstSeq = body.is === 'gap' ? body.gap.firstSeq : null
    const isGap = firstSeq === null ? 0 : 1
    const name = classOf(body, this.#stream)
    this.#insert.run(row.seq, isGap, fromMs, toMs, row.hash, row.bytes, name, firstSeq)
  }

  take(after: number, limit: number): Waiting[] {
    return this.#take.all(after, limit).map((row) => ({
      stream: this.#stream,
      seq: Number(row['seq']),
      bytes: row['bytes'] as Uint8Array,
    }))
  }

  /** Rows of a range and their bytes, deleted. */
  delete({ first, last }: SeqRange): Amounts {
    const amounts = toAmounts(this.#rangeSize.all(first, last))
    this.#deleteRange.run(first, last)
    return amounts
  }

  total(): Amounts {
    return toAmounts(this.#total.all())
  }

  *oldest(only?: 'low'): Generator<Item> {
    for (const row of (only === 'low' ? this.#oldestLow : this.#oldest).iterate()) yield toItem(row)
  }

  *gaps(only?: 'low'): Generator<Item> {
    for (const row of this.#gaps.iterate()) {
      if (only !== undefined && row['class'] !== only) continue
      const decoded = decodeEnvelope(row['bytes'] as Uint8Array)
      if (!decoded.ok || decoded.value.body.is !== 'gap') continue
      const size = (row['bytes'] as Uint8Array).length
      const item = gapItem({ ...keyOf(row), size }, decoded.value.body.gap)
      if (item !== null) yield item
    }
  }

  damaged(): Item[] {
    return this.#damaged.all().map(toItem)
  }

  /**
   * SQLite has no checksum of its pages: a flipped bit in an envelope shows only against its hash, and two blocks of the
   * file that changed places show only in what an envelope says it is. Where more is held than was sealed, the next to be
   * sealed would be a second one of its number: throws.
   */
  markDamaged(epoch: number, lastSeq: number): number {
    const damaged: number[] = []
    for (const row of this.#all.iterate()) {
      const seq = Number(row['seq'])
      if (seq > lastSeq) throw new Contradiction(`${this.#stream} ${seq} is held, ${lastSeq} was the last`)
      if (!this.#isItself(row, epoch)) damaged.push(seq)
    }
    for (const seq of damaged) this.#markDamaged.run(seq)
    return damaged.length
  }

  #isItself(row: Columns, epoch: number): boolean {
    const bytes = row['bytes'] as Uint8Array
    if (Buffer.compare(sha256(bytes), row['hash'] as Uint8Array) !== 0) return false
    const head = envelopeHead({ epoch, stream: this.#stream, seq: Number(row['seq']) })
    return Buffer.compare(bytes.subarray(0, head.length), head) === 0
  }
}

type Columns = Record<string, unknown>

function toAmounts(rows: readonly Columns[]): Amounts {
  const found = rows.map((row) => [
    String(row['class']),
    { count: Number(row['count']), bytes: Number(row['bytes']) },
  ])
  return { ...noAmounts, ...(Object.fromEntries(found) as Partial<Amounts>) }
}

const keyOf = (row: Columns) => ({
  seq: Number(row['seq']),
  class: String(row['class']) as RecordClass,
  hash: row['hash'] as Uint8Array,
})

const toItem = (row: Columns): Item =>
  itemOf({
    ...keyOf(row),
    size: Number(row['size']),
    fromMs: Number(row['from_ms']),
    toMs: Number(row['to_ms']),
  })
