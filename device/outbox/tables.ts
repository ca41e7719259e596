import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Sample } from '../../proto/model.ts'
import type { ThinState } from '../../proto/telemetry.ts'
import { deadLettersMax } from '../tally.ts'
import type { Evicted } from './evict.ts'
import type { Checkpoint, Waiting } from './outbox.ts'
import type { Chain, Link } from './seal.ts'

/** The small tables of the outbox: who it belongs to, the chain, the checkpoint, pending Samples, dead letters. */

export type Meta = {
  readonly fleet: string
  readonly vehicle: string
  readonly epoch: number
  readonly bootCount: number
  readonly thinSecond: ThinState
  readonly evicted: number
}

export class Tables {
  readonly db: DatabaseSync
  readonly #meta: StatementSync
  readonly #checkpoint: StatementSync
  readonly #storeChain: StatementSync
  readonly #storeEvicted: StatementSync
  readonly #storeEvictedBy: StatementSync
  readonly #pend: StatementSync
  readonly #pending: StatementSync
  readonly #unfolded: StatementSync

  constructor(db: DatabaseSync) {
    this.db = db
    this.#meta = db.prepare('SELECT * FROM meta')
    this.#checkpoint = db.prepare(
      'UPDATE meta SET checkpoint = ?, folded_id = (SELECT coalesce(max(id), folded_id) FROM pending)',
    )
    this.#storeChain = db.prepare(
      'INSERT OR REPLACE INTO chain (stream, next_seq, last_hash) VALUES (?, ?, ?)',
    )
    this.#storeEvicted = db.prepare('UPDATE meta SET evicted = ?')
    this.#storeEvictedBy = db.prepare(
      'INSERT OR REPLACE INTO evicted (class, reason, count) VALUES (?, ?, ?)',
    )
    this.#pend = db.prepare('INSERT INTO pending (sample) VALUES (?)')
    this.#pending = db.prepare('SELECT sample FROM pending ORDER BY id')
    this.#unfolded = db.prepare(
      'SELECT sample FROM pending WHERE id > (SELECT folded_id FROM meta) ORDER BY id',
    )
  }

  /** Null when the database was just made. */
  meta(): Meta | null {
    const row = this.#meta.get()
    if (row === undefined) return null
    return {
      fleet: String(row['fleet']),
      vehicle: String(row['vehicle']),
      epoch: Number(row['epoch']),
      bootCount: Number(row['boot_count']),
      thinSecond: row['thin_second'] === null ? null : Number(row['thin_second']),
      evicted: Number(row['evicted']),
    }
  }

  create({ fleet, vehicle }: { fleet: string; vehicle: string }, epoch: number): void {
    const insert = this.db.prepare('INSERT INTO meta VALUES (1, ?, ?, ?, 0, NULL, 0, NULL, 0)')
    insert.run(fleet, vehicle, epoch)
  }

  /** Counts this start. */
  boot(): Meta {
    this.db.exec('UPDATE meta SET boot_count = boot_count + 1')
    return this.meta()!
  }

  chain(): Chain | null {
    const links: { [stream: string]: Link } = {}
    for (const row of this.db.prepare('SELECT * FROM chain').all())
      links[String(row['stream'])] = {
        nextSeq: Number(row['next_seq']),
        lastHash: row['last_hash'] as Uint8Array,
      }
    const { alarm, telemetry } = links
    return alarm === undefined || telemetry === undefined ? null : { alarm, telemetry }
  }

  storeChain(chain: Chain): void {
    for (const stream of ['alarm', 'telemetry'] as const)
      this.#storeChain.run(stream, chain[stream].nextSeq, chain[stream].lastHash)
  }

  checkpoint(): Checkpoint | null {
    const text = this.#meta.get()?.['checkpoint']
    return typeof text === 'string' ? parsed<Checkpoint>(text) : null
  }

  /** Everything pended so far is in the states of this checkpoint. */
  storeCheckpoint(checkpoint: Checkpoint): void {
    this.#checkpoint.run(JSON.stringify(checkpoint))
  }

  evictedBy(): Evicted[] {
    return this.db
      .prepare('SELECT class, reason, count FROM evicted ORDER BY class, reason')
      .all()
      .map((row) => ({
        class: String(row['class']),
        reason: String(row['reason']),
        count: Number(row['count']),
      }))
  }

  storeEvicted(evicted: number, by: readonly Evicted[]): void {
    this.#storeEvicted.run(evicted)
    for (const { class: name, reason, count } of by) this.#storeEvictedBy.run(name, reason, count)
  }

  pend(sample: Sample): void {
    this.#pend.run(JSON.stringify(sample))
  }

  pending(): Sample[] {
    return samplesOf(this.#pending.all())
  }

  /** Pended after the last checkpoint. */
  unfolded(): Sample[] {
    return samplesOf(this.#unfolded.all())
  }

  pendingCount(): number {
    return this.#count('pending')
  }

  storeThin(thin: ThinState): void {
    this.db.prepare('UPDATE meta SET thin_second = ?').run(thin)
  }

  clearPending(thin: ThinState): void {
    // Ids go on from the highest ever given, so `folded_id` stays below every later Sample.
    this.db.exec('UPDATE meta SET folded_id = (SELECT coalesce(max(id), folded_id) FROM pending)')
    this.db.exec('DELETE FROM pending')
    this.storeThin(thin)
  }

  deadLetterCount(): number {
    return this.#count('dead_letter')
  }

  /** Kept for a person, so bounded: how many of the oldest went. */
  bury(row: Waiting, reason: string): number {
    this.db
      .prepare('INSERT OR REPLACE INTO dead_letter (stream, seq, reason, bytes) VALUES (?, ?, ?, ?)')
      .run(row.stream, row.seq, reason, row.bytes)
    const { changes } = this.db
      .prepare(
        'DELETE FROM dead_letter WHERE rowid IN (SELECT rowid FROM dead_letter ORDER BY rowid DESC LIMIT -1 OFFSET ?)',
      )
      .run(deadLettersMax)
    return Number(changes)
  }

  #count(table: 'pending' | 'dead_letter'): number {
    return Number(this.db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count'])
  }
}

/** A flipped bit must cost the one value it hit, never the start of the terminal. */
function parsed<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T
  } catch {
    return null
  }
}

function samplesOf(rows: readonly Record<string, unknown>[]): Sample[] {
  return rows.map((row) => parsed<Sample>(String(row['sample']))).filter((sample) => sample !== null)
}
