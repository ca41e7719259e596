import type { HostClock } from '../proto/clocks.ts'
import type { Ack, Lane, StreamName } from '../proto/model.ts'
import { failPoint } from './fail-point.ts'
import { choose, type Order, type Queue } from './link/choose.ts'
import type { Link } from './link/link.ts'
import {
  initialPlan,
  type PlanEffect,
  type PlanInput,
  type PlanRules,
  type PlanState,
  planRules,
  sentKey,
  stepPlan,
} from './link/plan.ts'
import { Complaint, type Log } from './log.ts'
import type { Outbox, WaitingKey } from './outbox/outbox.ts'

/** Who says that an envelope is durable elsewhere: our gateway by its Ack, or any broker by PUBACK. */
export type AckMode = 'gateway' | 'puback'

export type UplinkDeps = {
  readonly outbox: Outbox
  readonly link: Pick<Link, 'publish'>
  readonly host: HostClock
  readonly mode: AckMode
  readonly topicOf: (lane: Lane) => string
  readonly log: Log
  readonly rules?: PlanRules
}

/** Drains the outbox over a link. The plan decides; here its decisions are carried out. */
export class Uplink {
  readonly #deps: UplinkDeps
  readonly #rules: PlanRules
  readonly #complaint: Complaint
  #plan: PlanState = initialPlan
  #deletions: WaitingKey[] = []
  #timer: NodeJS.Timeout | undefined
  #pumping: NodeJS.Immediate | null = null
  #closed = false

  constructor(deps: UplinkDeps) {
    this.#deps = deps
    this.#rules = deps.rules ?? planRules
    this.#complaint = new Complaint(deps.log, 'the outbox cannot be read or trimmed; sending waits')
  }

  /** There may be something to send. Many calls in one turn of the event loop make one pass. */
  kick(): void {
    if (this.#closed) return
    this.#pumping ??= setImmediate(() => {
      this.#pumping = null
      this.#pump()
    })
  }

  /** An alarm was sealed: it does not wait for what else this turn of the event loop has to do. */
  send(): void {
    if (!this.#closed) this.#pump()
  }

  linkUp(): void {
    this.#step({ is: 'up', newestTelemetry: this.#deps.outbox.lastSeq('telemetry') })
    this.kick()
  }

  linkDown(): void {
    this.#step({ is: 'down', atMs: this.#deps.host.monoMs() })
  }

  /** The gateway's Ack. In `puback` mode nobody sends one, and nothing is deleted by one. */
  acknowledged(ack: Ack): void {
    if (this.#deps.mode !== 'gateway') return
    const { outbox, host } = this.#deps
    this.#step({ is: 'ack', ack, epoch: outbox.epoch, atMs: host.monoMs() })
    this.kick()
  }

  /** True when everything sealed was acknowledged. */
  isDrained(): boolean {
    const { alarm, telemetry } = this.#deps.outbox.stats().waiting
    return alarm + telemetry === 0
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    if (this.#pumping !== null) clearImmediate(this.#pumping)
    this.#guarded(() => this.#trim())
  }

  #step(input: PlanInput): void {
    const { state, effects } = stepPlan(this.#plan, input, this.#rules)
    this.#plan = state
    for (const effect of effects) this.#guarded(() => this.#perform(effect))
  }

  #perform(effect: PlanEffect): void {
    const { outbox, log } = this.#deps
    switch (effect.do) {
      case 'acknowledge':
        failPoint('before-trim')
        outbox.acknowledge(effect.ack)
        failPoint('after-trim')
        return
      case 'delete':
        this.#deletions.push(effect.key)
        return
      case 'deadLetter':
        log.error({ ...effect.key, why: effect.reason }, 'the gateway refused this envelope; it is set aside')
        outbox.deadLetter(effect.key, effect.reason)
    }
  }

  /** Reading and trimming the outbox may fail (a full or broken disk): said once, tried again. */
  #guarded(work: () => void): void {
    try {
      work()
      this.#complaint.ok()
    } catch (error) {
      this.#complaint.say(error)
      this.#wakeIn(retryMs)
    }
  }

  #pump(): void {
    this.#guarded(() => {
      this.#trim()
      const page = new Page(this.#deps.outbox)
      const choice = choose(this.#plan, page, this.#deps.host.monoMs(), this.#rules)
      this.#plan = choice.state
      for (const order of choice.orders) this.#send(order, page.bytesOf(order))
      if (choice.wakeMs !== null) this.#wakeIn(choice.wakeMs - this.#deps.host.monoMs())
    })
  }

  /** Everything that was acknowledged since the last pass goes in one transaction. */
  #trim(): void {
    this.#deps.outbox.acknowledgeEach(this.#deletions)
    this.#deletions = []
  }

  #send(order: Order, bytes: Uint8Array | null): void {
    const key: WaitingKey = { stream: order.stream, seq: order.seq }
    if (bytes === null) {
      this.#answered({ is: 'gone', key })
      return
    }
    const { link, topicOf, mode, host } = this.#deps
    link.publish(topicOf(order.lane), bytes).then(
      () => {
        failPoint('after-puback')
        this.#answered({ is: 'published', key, deletes: mode === 'puback' })
      },
      () => this.#answered({ is: 'refused', key, atMs: host.monoMs() }),
    )
    failPoint('sent')
  }

  #answered(input: PlanInput): void {
    this.#step(input)
    this.kick()
  }

  #wakeIn(delayMs: number): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.kick(), Math.max(1, Math.ceil(delayMs)))
  }
}

const retryMs = 1000

/** What one pass read from the outbox: the plan asks for seqs, sending for the bytes of the same rows. */
class Page implements Queue {
  readonly #outbox: Outbox
  readonly #bytes = new Map<string, Uint8Array>()

  constructor(outbox: Outbox) {
    this.#outbox = outbox
  }

  seqsAfter(stream: StreamName, after: number, limit: number): number[] {
    const rows = this.#outbox.take(stream, after, limit)
    for (const row of rows) this.#bytes.set(sentKey(row), row.bytes)
    return rows.map(({ seq }) => seq)
  }

  lastSeq(stream: StreamName): number {
    return this.#outbox.lastSeq(stream)
  }

  bytesOf(key: WaitingKey): Uint8Array | null {
    const read = this.#bytes.get(sentKey(key))
    if (read !== undefined) return read
    const [row] = this.#outbox.take(key.stream, key.seq - 1, 1)
    return row?.seq === key.seq ? row.bytes : null
  }
}
