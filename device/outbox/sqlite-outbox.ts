import type { DatabaseSync } from 'node:sqlite'
import type { Ack, EnvelopeBody, Sample, SeqRange, StreamName } from '../../proto/model.ts'
import type { ThinState } from '../../proto/telemetry.ts'
import { failPoint } from '../fail-point.ts'
import { pendingSamplesMax } from '../tally.ts'
import { type Amounts, bytesOf, countOf, minus, noAmounts, plus } from './amounts.ts'
import { batchesOf, telemetryBodies } from './batch.ts'
import { bringLogToDisk } from './database.ts'
import {
  added,
  classOf,
  damagedRuns,
  type Evicted,
  type Eviction,
  makeRoom,
  type Store,
  sum,
  withEvicted,
  withRefused,
} from './evict.ts'
import type {
  Appended,
  Checkpoint,
  Outbox,
  OutboxOptions,
  OutboxStats,
  Reset,
  Seal,
  Sealed,
  Waiting,
  WaitingKey,
} from './outbox.ts'
import { isRefusal } from './room.ts'
import { StreamRows } from './rows.ts'
import { type Body, type Chain, emptyChain, inOwnStream, type Row, sealBodies } from './seal.ts'
import type { Meta, Tables } from './tables.ts'

/** What memory knows of the disk. Replaced whole after each commit. */
type Known = {
  chain: Chain
  thin: ThinState
  amount: Amounts
  evicted: number
  evictedBy: readonly Evicted[]
  pendingRows: number
  deadLetters: number
  /** What the disk and the configuration allow. */
  bytesMax: number
}

const streams = ['alarm', 'telemetry'] as const
/** The code SQLite gives a full disk. */
const sqliteFull = 13

/**
 * Every promise of the contract is one transaction; what is kept in memory changes only after the commit, so that a full
 * disk leaves both as they were.
 */
export class SqliteOutbox implements Outbox {
  readonly epoch: number
  readonly bootCount: number
  readonly reset: Reset | null
  readonly #options: OutboxOptions
  readonly #tables: Tables
  readonly #db: DatabaseSync
  readonly #rows: { readonly [stream in StreamName]: StreamRows }
  #known: Known
  #collected: Sample[] = []
  readonly #dropped = { samples: 0, deadLetters: 0 }
  #damaged: boolean
  #bootWaits = false

  constructor(tables: Tables, options: OutboxOptions, reset: Reset | null) {
    this.#tables = tables
    this.#db = tables.db
    this.#options = options
    this.reset = reset
    this.#rows = {
      alarm: new StreamRows(tables.db, 'alarm'),
      telemetry: new StreamRows(tables.db, 'telemetry'),
    }
    const meta = this.#boot()
    this.epoch = meta.epoch
    this.bootCount = meta.bootCount
    this.#damaged = !this.#bootWaits && this.#findDamaged()
    this.#known = {
      chain: tables.chain() ?? emptyChain,
      thin: meta.thinSecond,
      amount: plus(this.#rows.alarm.total(), this.#rows.telemetry.total()),
      evicted: meta.evicted,
      evictedBy: tables.evictedBy(),
      pendingRows: tables.pendingCount(),
      deadLetters: tables.deadLetterCount(),
      bytesMax: options.bytesMax,
    }
  }

  /** Counts this start; on a full disk that is written with the first thing there is room for. */
  #boot(): Meta {
    const counted = this.#tables.meta()!.bootCount + 1
    try {
      return this.#tables.boot()
    } catch (error) {
      if (!isRefusal(error)) throw error
      this.#bootWaits = true
      // What a killed start wrote and never synced is sent by this one: a power cut must not give its seqs to others.
      bringLogToDisk(this.#db)
      return { ...this.#tables.meta()!, bootCount: counted }
    }
  }

  #findDamaged(): boolean {
    const chain = this.#tables.chain() ?? emptyChain
    return streams
      .map((stream) => this.#rows[stream].markDamaged(this.epoch, chain[stream].nextSeq - 1))
      .some((count) => count > 0)
  }

  restore(): ReturnType<Outbox['restore']> {
    return { checkpoint: this.#tables.checkpoint(), samples: this.#tables.unfolded() }
  }

  append(bodies: readonly EnvelopeBody[], checkpoint: Checkpoint, seal: Seal): Appended {
    return this.#withReserve(() => this.#appendOnce(bodies, checkpoint, seal))
  }

  /** The reserve of the disk is for what is found, and for the states it was found with. */
  #withReserve<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (!isRefusal(error) || this.#options.room?.release() !== true) throw error
      return work()
    }
  }

  #appendOnce(bodies: readonly EnvelopeBody[], checkpoint: Checkpoint, seal: Seal): Appended {
    return this.#commit((known, sealed) => {
      this.#writeCollected(known)
      const placed = bodies.map(inOwnStream)
      const openFindings = this.#seal(known, sealed, placed, checkpoint.openFindings, seal)
      this.#tables.storeCheckpoint({ ...checkpoint, openFindings })
      this.#countRefused(known, seal)
      this.#makeRoom(known, sealed, seal)
      return { sealed: sealed.slice(0, bodies.length), openFindings }
    })
  }

  pend(samples: readonly Sample[]): void {
    this.#collected.push(...samples)
    // The disk is refusing: the newest hour is worth more than the oldest.
    const over = Math.max(0, this.#collected.length - pendingSamplesMax)
    this.#dropped.samples += over
    this.#collected.splice(0, over)
  }

  sync(): void {
    this.#options.room?.keep()
    if (this.#collected.length > 0) this.#commit((known) => this.#writeCollected(known))
  }

  sealPending(checkpoint: Checkpoint, seal: Seal): readonly Sealed[] {
    if (this.#known.pendingRows + this.#collected.length === 0) return []
    return this.#commit((known, sealed) => {
      this.#writeCollected(known)
      const { batches, thin } = batchesOf(this.#tables.pending(), known.thin)
      const bodies = telemetryBodies(batches, seal).map(inOwnStream)
      this.#seal(known, sealed, bodies, checkpoint.openFindings, seal)
      this.#tables.clearPending(thin)
      this.#tables.storeCheckpoint(checkpoint)
      known.thin = thin
      known.pendingRows = 0
      this.#makeRoom(known, sealed, seal)
      return sealed.slice(0, bodies.length)
    })
  }

  #countRefused(known: Known, { refused }: Seal): void {
    if (refused === undefined) return
    known.evictedBy = withRefused(known.evictedBy, refused)
    this.#tables.storeEvicted(known.evicted, known.evictedBy)
  }

  /** One transaction; memory follows only when it is committed. */
  #commit<T>(work: (known: Known, sealed: Row[]) => T): T {
    const known = { ...this.#known }
    const sealed: Row[] = []
    const collected = this.#collected
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      if (this.#bootWaits) this.#tables.boot()
      const result = work(known, sealed)
      this.#options.witness?.intended(sealed)
      if (sealed.length > 0) failPoint('before-commit')
      this.#db.exec('COMMIT')
      this.#known = known
      this.#bootWaits = false
      this.#options.witness?.durable(sealed)
      if (sealed.length > 0) failPoint('after-commit')
      return result
    } catch (error) {
      // SQLite itself may have rolled back already, after a full disk for instance.
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      this.#collected = collected
      this.#giveSpaceBack(error)
      throw error
    }
  }

  /** On a full disk the log itself is space: folded into the file, so that the next try may fit. */
  #giveSpaceBack(error: unknown): void {
    if ((error as { errcode?: number }).errcode !== sqliteFull) return
    try {
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // No room for that either; the cause of the failed commit is what gets told.
    }
  }

  #writeCollected(known: Known): void {
    for (const sample of this.#collected) this.#tables.pend(sample)
    known.pendingRows += this.#collected.length
    this.#collected = []
  }

  #seal(
    known: Known,
    sealed: Row[],
    bodies: readonly Body[],
    open: Checkpoint['openFindings'],
    seal: Seal,
  ): Checkpoint['openFindings'] {
    if (bodies.length === 0) return open
    const sealer = { ...this.#options, epoch: this.epoch, bootCount: this.bootCount }
    const result = sealBodies(sealer, known.chain, bodies, open, seal)
    for (const row of result.rows) {
      this.#rows[row.stream].insert(row)
      const amount = {
        ...noAmounts,
        [classOf(row.envelope.body, row.stream)]: { count: 1, bytes: row.bytes.length },
      }
      known.amount = plus(known.amount, amount)
    }
    known.chain = result.chain
    this.#tables.storeChain(result.chain)
    sealed.push(...result.rows)
    return result.openFindings
  }

  /** Under the cap again, and damaged envelopes replaced by the gap record that says so. */
  #makeRoom(known: Known, sealed: Row[], seal: Seal): void {
    const { room, bytesMax } = this.#options
    const drop: Store['drop'] = (stream, evictions) => this.#drop(known, sealed, seal, stream, evictions)
    if (this.#damaged) {
      for (const stream of streams) drop(stream, damagedRuns(this.#rows[stream].damaged(), stream))
      this.#damaged = false
    }
    const cap = room?.capOf(bytesMax, bytesOf(known.amount)) ?? bytesMax
    const given = room?.takeGiven() ?? 0
    if (given > 0) {
      known.evictedBy = added(known.evictedBy, 'raw', 'headroom', given)
      this.#tables.storeEvicted(known.evicted, known.evictedBy)
    }
    known.bytesMax = cap
    makeRoom(this.#store(known, drop), cap, cap < bytesMax ? 'headroom' : 'cap')
  }

  #store(known: Known, drop: Store['drop']): Store {
    return {
      bytes: () => ({
        positions: known.amount.positions.bytes,
        low: known.amount.low.bytes,
        alarm: known.amount.alarm.bytes,
      }),
      lastSeq: (stream) => known.chain[stream].nextSeq - 1,
      rows: (stream, only) => this.#rows[stream].oldest(only),
      gaps: (stream, only) => this.#rows[stream].gaps(only),
      drop,
    }
  }

  #drop(known: Known, sealed: Row[], seal: Seal, stream: StreamName, evictions: readonly Eviction[]): void {
    if (evictions.length === 0) return
    for (const eviction of evictions) {
      const { gap, evicted } = eviction
      this.#delete(known, stream, { first: gap.firstSeq, last: gap.lastSeq })
      known.evicted += sum(evicted)
      known.evictedBy = withEvicted(known.evictedBy, eviction)
    }
    this.#tables.storeEvicted(known.evicted, known.evictedBy)
    const bodies: Body[] = evictions.map(({ gap }) => ({ stream, body: { is: 'gap', gap } }))
    this.#seal(known, sealed, bodies, {}, seal)
  }

  #delete(known: Known, stream: StreamName, range: SeqRange): number {
    const gone = this.#rows[stream].delete(range)
    known.amount = minus(known.amount, gone)
    return countOf(gone)
  }

  take(stream: StreamName, after: number, limit: number): readonly Waiting[] {
    return this.#rows[stream].take(after, limit)
  }

  lastSeq(stream: StreamName): number {
    return this.#known.chain[stream].nextSeq - 1
  }

  acknowledge(ack: Ack): number {
    if (ack.epoch !== this.epoch) return 0
    return this.#commit((known) => {
      let gone = 0
      for (const stream of streams) {
        const { upto, ranges } = ack.streams[stream]
        for (const range of [{ first: 1, last: upto }, ...ranges]) gone += this.#delete(known, stream, range)
      }
      return gone
    })
  }

  acknowledgeEach(keys: readonly WaitingKey[]): void {
    if (keys.length === 0) return
    this.#commit((known) => {
      for (const { stream, seq } of keys) this.#delete(known, stream, { first: seq, last: seq })
    })
  }

  deadLetter({ stream, seq }: WaitingKey, reason: string): void {
    const [row] = this.take(stream, seq - 1, 1)
    if (row?.seq !== seq) return
    let dropped = 0
    this.#commit((known) => {
      dropped = this.#tables.bury(row, reason)
      this.#delete(known, stream, { first: seq, last: seq })
      known.deadLetters = this.#tables.deadLetterCount()
    })
    this.#dropped.deadLetters += dropped
  }

  stats(): OutboxStats {
    const { amount, evicted, evictedBy, pendingRows, deadLetters, bytesMax } = this.#known
    return {
      waiting: { alarm: amount.alarm.count + amount.low.count, telemetry: amount.positions.count },
      bytes: bytesOf(amount),
      bytesMax,
      evicted,
      evictedBy,
      pendingSamples: pendingRows + this.#collected.length,
      deadLetters,
      dropped: { ...this.#dropped },
      onDisk: true,
    }
  }

  close(): void {
    if (!this.#db.isOpen) return
    try {
      this.sync()
    } finally {
      this.#db.close()
    }
  }
}
