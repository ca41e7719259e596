import { createMemoryOutbox, type MemoryDisk } from '../../device/outbox/memory.ts'
import type { Outbox, OutboxOptions, Sealed, Witness } from '../../device/outbox/outbox.ts'
import { emptyChain } from '../../device/outbox/seal.ts'
import { Died, type DiskFile } from './disk.ts'
import type { Owner } from './scheduler.ts'

/** The outbox of the contract's memory twin, over a simulated disk: each call is one write and one sync, or fails. */

export function blankDisk(epoch: number): MemoryDisk {
  return {
    epoch,
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

const copyOf = (disk: MemoryDisk): MemoryDisk => ({
  ...disk,
  rows: { alarm: new Map(disk.rows.alarm), telemetry: new Map(disk.rows.telemetry) },
  pending: disk.pending.map((entry) => ({ ...entry })),
  deadLetters: [...disk.deadLetters],
})

export type SimOutboxOptions = {
  readonly file: DiskFile<MemoryDisk>
  readonly epoch: number
  readonly outbox: Omit<OutboxOptions, 'witness'>
  readonly witness: Witness
  readonly owner: Owner
  /** Ends the process that called. */
  readonly die: () => void
}

export function openSimOutbox({ file, epoch, outbox, witness, owner, die }: SimOutboxOptions): Outbox {
  const cache = copyOf(file.records().at(-1) ?? blankDisk(epoch))
  const sealed: Sealed[] = []
  const collect: Witness = { intended: (rows) => sealed.push(...rows), durable: () => {} }
  const inner = createMemoryOutbox({ ...outbox, witness: collect }, cache)
  const commit = (): void => {
    file.write(copyOf(cache))
  }
  const dies = (): never => {
    die()
    throw new Died()
  }
  const call = <T>(work: () => T): T => {
    if (!owner.alive) throw new Died()
    const fate = file.fate()
    if (fate === 'refused') throw Object.assign(new Error('disk I/O error'), { errcode: 10 })
    if (fate === 'dies before') dies()
    sealed.length = 0
    const result = work()
    witness.intended([...sealed])
    commit()
    if (fate === 'dies unsynced') dies()
    file.sync()
    file.keepLast()
    witness.durable([...sealed])
    return fate === 'dies synced' ? dies() : result
  }
  const read = <T>(work: () => T): T => {
    if (!owner.alive) throw new Died()
    return work()
  }
  // This start is counted, as the first thing the program writes.
  commit()
  file.sync()
  return {
    epoch: inner.epoch,
    bootCount: inner.bootCount,
    reset: null,
    restore: () => read(() => inner.restore()),
    append: (bodies, checkpoint, seal) => call(() => inner.append(bodies, checkpoint, seal)),
    pend: (samples) => inner.pend(samples),
    sync: () =>
      inner.stats().pendingSamples === cache.pending.length ? undefined : call(() => inner.sync()),
    sealPending: (checkpoint, seal) => call(() => inner.sealPending(checkpoint, seal)),
    take: (stream, after, limit) => read(() => inner.take(stream, after, limit)),
    lastSeq: (stream) => inner.lastSeq(stream),
    acknowledge: (ack) => call(() => inner.acknowledge(ack)),
    acknowledgeEach: (keys) => (keys.length === 0 ? undefined : call(() => inner.acknowledgeEach(keys))),
    deadLetter: (key, reason) => call(() => inner.deadLetter(key, reason)),
    stats: () => inner.stats(),
    close: () => inner.sync(),
  }
}
