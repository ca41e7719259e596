import { randomBytes } from 'node:crypto'
import type { Ack, Sample, SeqRange, StreamName } from '../../proto/model.ts'
import type { ThinState } from '../../proto/telemetry.ts'
import { batchesOf, telemetryBodies } from './batch.ts'
import {
  type ByClass,
  classOf,
  type Evicted,
  type Eviction,
  gapItem,
  type Item,
  itemOf,
  makeRoom,
  type Store,
  sum,
  withEvicted,
  withRefused,
} from './evict.ts'
import type { Checkpoint, Outbox, OutboxOptions, Seal, WaitingKey } from './outbox.ts'
import { type Body, type Chain, emptyChain, inOwnStream, type Row, sealBodies, timesOf } from './seal.ts'

/** What a memory outbox keeps between openings, as a disk would. */
export type MemoryDisk = {
  epoch: number
  bootCount: number
  chain: Chain
  rows: { readonly [stream in StreamName]: Map<number, Row> }
  pending: { readonly sample: Sample; folded: boolean }[]
  thin: ThinState
  checkpoint: string | null
  evicted: number
  evictedBy: readonly Evicted[]
  deadLetters: Row[]
}

export function memoryDisk(): MemoryDisk {
  return {
    epoch: randomEpoch(),
    bootCount: 0,
    chain: emptyChain,
    rows: { alarm: new Map(), telemetry: new Map() },
    pending: [],
    thin: null,
    checkpoint: null,
    evicted: 0,
    evictedBy: [],
    deadLetters: [],
  }
}

/** Random, 48 bits, never 0: a number no other outbox of this vehicle ever had. */
export function randomEpoch(): number {
  return Math.max(1, randomBytes(6).readUIntBE(0, 6))
}

/** The contract without a disk: for the simulator and for tests of what stands above it. */
export function createMemoryOutbox(options: OutboxOptions, disk: MemoryDisk = memoryDisk()): Outbox {
  return new MemoryOutbox(options, disk)
}

class MemoryOutbox implements Outbox {
  readonly epoch: number
  readonly bootCount: number
  readonly reset = null
  readonly #options: OutboxOptions
  readonly #disk: MemoryDisk
  #collected: Sample[] = []

  constructor(options: OutboxOptions, disk: MemoryDisk) {
    disk.bootCount++
    this.epoch = disk.epoch
    this.bootCount = disk.bootCount
    this.#options = options
    this.#disk = disk
  }

  restore(): ReturnType<Outbox['restore']> {
    const { checkpoint, pending } = this.#disk
    return {
      checkpoint: checkpoint === null ? null : (JSON.parse(checkpoint) as Checkpoint),
      samples: pending.filter(({ folded }) => !folded).map(({ sample }) => structuredClone(sample)),
    }
  }

  append(bodies: Parameters<Outbox['append']>[0], checkpoint: Checkpoint, seal: Seal) {
    this.sync()
    const sealed = this.#seal(bodies.map(inOwnStream), checkpoint.openFindings, seal)
    this.#store({ ...checkpoint, openFindings: sealed.openFindings })
    if (seal.refused !== undefined) this.#disk.evictedBy = withRefused(this.#disk.evictedBy, seal.refused)
    this.#evict(seal)
    return { sealed: sealed.rows, openFindings: sealed.openFindings }
  }

  pend(samples: readonly Sample[]): void {
    this.#collected.push(...samples)
  }

  sync(): void {
    this.#disk.pending.push(...this.#collected.map((sample) => ({ sample, folded: false })))
    this.#collected = []
  }

  sealPending(checkpoint: Checkpoint, seal: Seal): readonly Row[] {
    this.sync()
    if (this.#disk.pending.length === 0) return []
    const { batches, thin } = batchesOf(
      this.#disk.pending.map(({ sample }) => sample),
      this.#disk.thin,
    )
    const bodies: Body[] = telemetryBodies(batches, seal).map(inOwnStream)
    const { rows } = this.#seal(bodies, checkpoint.openFindings, seal)
    this.#disk.pending = []
    this.#disk.thin = thin
    this.#store(checkpoint)
    this.#evict(seal)
    return rows
  }

  #seal(bodies: readonly Body[], open: Checkpoint['openFindings'], seal: Seal) {
    const sealer = { ...this.#options, epoch: this.epoch, bootCount: this.bootCount }
    const result = sealBodies(sealer, this.#disk.chain, bodies, open, seal)
    this.#options.witness?.intended(result.rows)
    this.#disk.chain = result.chain
    for (const row of result.rows) this.#disk.rows[row.stream].set(row.seq, row)
    this.#options.witness?.durable(result.rows)
    return result
  }

  #store(checkpoint: Checkpoint): void {
    this.#disk.checkpoint = JSON.stringify(checkpoint)
    for (const entry of this.#disk.pending) entry.folded = true
  }

  #evict(seal: Seal): void {
    const { rows, chain } = this.#disk
    const of = (stream: StreamName): Row[] => [...rows[stream].values()]
    const store: Store = {
      bytes: () => this.#bytes(),
      lastSeq: (stream) => chain[stream].nextSeq - 1,
      rows: (stream, only) =>
        of(stream)
          .flatMap((row) => (row.envelope.body.is === 'gap' ? [] : [itemOf(keyOf(row))]))
          .filter((item) => only === undefined || item.class === only),
      gaps: (stream, only) =>
        of(stream)
          .flatMap(gapsOf)
          .filter((item) => only === undefined || item.class === only)
          .toSorted((a, b) => a.firstSeq - b.firstSeq),
      drop: (stream, evictions) => this.#drop(stream, evictions, seal),
    }
    makeRoom(store, this.#options.bytesMax, 'cap')
  }

  #drop(stream: StreamName, evictions: readonly Eviction[], seal: Seal): void {
    for (const eviction of evictions) {
      const { gap, evicted } = eviction
      for (let seq = gap.firstSeq; seq <= gap.lastSeq; seq++) this.#disk.rows[stream].delete(seq)
      this.#disk.evicted += sum(evicted)
      this.#disk.evictedBy = withEvicted(this.#disk.evictedBy, eviction)
    }
    this.#seal(
      evictions.map(({ gap }) => ({ stream, body: { is: 'gap', gap } })),
      {},
      seal,
    )
  }

  #bytes(): ByClass<number> {
    const bytes = { positions: 0, low: 0, alarm: 0 }
    for (const stream of ['alarm', 'telemetry'] as const)
      for (const row of this.#disk.rows[stream].values())
        bytes[classOf(row.envelope.body, stream)] += row.bytes.length
    return bytes
  }

  take(stream: StreamName, after: number, limit: number): readonly Row[] {
    return [...this.#disk.rows[stream].values()].filter(({ seq }) => seq > after).slice(0, limit)
  }

  lastSeq(stream: StreamName): number {
    return this.#disk.chain[stream].nextSeq - 1
  }

  acknowledge(ack: Ack): number {
    if (ack.epoch !== this.epoch) return 0
    let gone = 0
    for (const stream of ['alarm', 'telemetry'] as const) {
      const { upto, ranges } = ack.streams[stream]
      const named: SeqRange[] = [{ first: 1, last: upto }, ...ranges]
      for (const seq of this.#disk.rows[stream].keys()) {
        if (!named.some(({ first, last }) => seq >= first && seq <= last)) continue
        this.#disk.rows[stream].delete(seq)
        gone++
      }
    }
    return gone
  }

  acknowledgeEach(keys: readonly WaitingKey[]): void {
    for (const { stream, seq } of keys) this.#disk.rows[stream].delete(seq)
  }

  deadLetter({ stream, seq }: WaitingKey): void {
    const row = this.#disk.rows[stream].get(seq)
    if (row === undefined) return
    this.#disk.rows[stream].delete(seq)
    this.#disk.deadLetters.push(row)
  }

  stats(): ReturnType<Outbox['stats']> {
    const { alarm, telemetry } = this.#disk.rows
    return {
      waiting: { alarm: alarm.size, telemetry: telemetry.size },
      bytes: sum(this.#bytes()),
      bytesMax: this.#options.bytesMax,
      evicted: this.#disk.evicted,
      evictedBy: this.#disk.evictedBy,
      pendingSamples: this.#disk.pending.length + this.#collected.length,
      deadLetters: this.#disk.deadLetters.length,
      dropped: { samples: 0, deadLetters: 0 },
      onDisk: false,
    }
  }

  close(): void {
    this.sync()
  }
}

const keyOf = ({ stream, seq, hash, bytes, envelope: { body } }: Row) => ({
  ...{ seq, hash, size: bytes.length, class: classOf(body, stream) },
  ...timesOf(body),
})

function gapsOf(row: Row): Item[] {
  const { body } = row.envelope
  const item = body.is === 'gap' ? gapItem(keyOf(row), body.gap) : null
  return item === null ? [] : [item]
}
