import { makeFolders } from '../make-folder.ts'
import { createMemoryOutbox, type MemoryDisk, memoryDisk } from './memory.ts'
import type { Outbox, OutboxOptions, Witness } from './outbox.ts'
import { isRefusal } from './room.ts'
import { openAdopted } from './sqlite.ts'

export type StandInOptions = {
  readonly folder: string
  readonly options: OutboxOptions
  readonly nowMs: () => number
  readonly stored: () => void
}

const tryEveryMs = 5000
/** Some ten hours of telemetry. */
const memoryBytesMax = 8 * 2 ** 20

/**
 * The first outbox of a terminal whose disk refuses to hold one. Kept in memory, it seals and sends as any other; as
 * soon as the disk takes it, epoch, chain and all, it is that one. A power cut before loses what was not sent, and
 * nobody was told that it was durable.
 */
export class StandInOutbox implements Outbox {
  readonly #given: StandInOptions
  readonly #disk: MemoryDisk = memoryDisk()
  #inner: Outbox
  #isStored = false
  #triedMs: number

  constructor(given: StandInOptions) {
    this.#given = given
    const { witness, bytesMax } = given.options
    const inMemory = { ...given.options, bytesMax: Math.min(bytesMax, memoryBytesMax) }
    this.#inner = createMemoryOutbox({ ...inMemory, witness: onlyIntended(witness) }, this.#disk)
    this.#triedMs = given.nowMs()
  }

  get epoch(): number {
    return this.#inner.epoch
  }

  get bootCount(): number {
    return this.#inner.bootCount
  }

  get reset(): Outbox['reset'] {
    return this.#inner.reset
  }

  sync(): void {
    this.#inner.sync()
    if (!this.#isStored && Math.abs(this.#given.nowMs() - this.#triedMs) >= tryEveryMs) this.#tryToStore()
  }

  #tryToStore(): void {
    const { folder, options, nowMs, stored } = this.#given
    this.#triedMs = nowMs()
    try {
      makeFolders(folder)
      this.#inner = openAdopted(folder, options, this.#disk)
    } catch (error) {
      // Said once, when it began; tried again.
      if (isRefusal(error)) return
      throw error
    }
    this.#isStored = true
    const { alarm, telemetry } = this.#disk.rows
    options.witness?.durable([...alarm.values(), ...telemetry.values()])
    stored()
  }

  close(): void {
    try {
      if (!this.#isStored) this.#tryToStore()
    } finally {
      this.#inner.close()
    }
  }

  restore: Outbox['restore'] = () => this.#inner.restore()
  append: Outbox['append'] = (bodies, checkpoint, seal) => this.#inner.append(bodies, checkpoint, seal)
  pend: Outbox['pend'] = (samples) => this.#inner.pend(samples)
  sealPending: Outbox['sealPending'] = (...given) => this.#inner.sealPending(...given)
  take: Outbox['take'] = (stream, after, limit) => this.#inner.take(stream, after, limit)
  lastSeq: Outbox['lastSeq'] = (stream) => this.#inner.lastSeq(stream)
  acknowledge: Outbox['acknowledge'] = (ack) => this.#inner.acknowledge(ack)
  acknowledgeEach: Outbox['acknowledgeEach'] = (keys) => this.#inner.acknowledgeEach(keys)
  deadLetter: Outbox['deadLetter'] = (key, reason) => this.#inner.deadLetter(key, reason)
  stats: Outbox['stats'] = () => this.#inner.stats()
}

/** What is in memory alone is meant and not durable. */
const onlyIntended = (witness: Witness | undefined): Witness | undefined =>
  witness === undefined ? undefined : { intended: witness.intended, durable: () => {} }
