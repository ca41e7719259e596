import type { Lane, StreamName } from '../../proto/model.ts'
import type { WaitingKey } from '../outbox/outbox.ts'
import { type PlanRules, type PlanState, resendAfterMs, type Sent, sentKey } from './plan.ts'

/** Choosing what to send now: the other half of the uplink's pure core. */

/** What waits in the outbox, as far as the plan asks for it. */
export type Queue = {
  /** Seqs above `after` that wait in a stream, ascending, at most `limit`. */
  readonly seqsAfter: (stream: StreamName, after: number, limit: number) => readonly number[]
  readonly lastSeq: (stream: StreamName) => number
}

export type Order = WaitingKey & { readonly lane: Lane }

export type Choice = {
  readonly orders: readonly Order[]
  readonly state: PlanState
  /** When there will be more to do although nothing arrives; null when only an event changes anything. */
  readonly wakeMs: number | null
}

/** Chooses what to send now and notes it as sent. */
export function choose(before: PlanState, queue: Queue, nowMs: number, rules: PlanRules): Choice {
  if (!before.up) return { orders: [], state: before, wakeMs: null }
  const draft = new Draft(before, queue, nowMs, rules)
  draft.takeAlarms()
  draft.takeTelemetry()
  return { orders: draft.orders, state: draft.state, wakeMs: draft.wakeMs() }
}

class Draft {
  readonly orders: Order[] = []
  readonly #queue: Queue
  readonly #nowMs: number
  readonly #rules: PlanRules
  readonly #before: PlanState
  readonly #sent: Map<string, Sent>
  readonly #liveFrom: number
  readonly #cursors: { alarm: number; live: number; old: number }
  #rateFreeMs: number
  #rateHolds = false
  #flying: number
  #unconfirmed: number

  constructor(before: PlanState, queue: Queue, nowMs: number, rules: PlanRules) {
    this.#before = before
    this.#queue = queue
    this.#nowMs = nowMs
    this.#rules = rules
    this.#sent = new Map(before.sent)
    this.#liveFrom = firstLive(before, queue, rules)
    this.#cursors = { ...before.cursors }
    this.#rateFreeMs = before.rateFreeMs
    const sent = [...before.sent.values()]
    this.#flying = sent.filter(({ flying }) => flying).length
    this.#unconfirmed = sent.filter(({ waitsForTime }) => !waitsForTime).length
  }

  get state(): PlanState {
    return {
      ...this.#before,
      sent: this.#sent,
      liveFrom: this.#liveFrom,
      cursors: this.#cursors,
      rateFreeMs: this.#rateFreeMs,
    }
  }

  takeAlarms(): void {
    const { window, unconfirmedMax } = this.#rules
    for (const entry of this.#due('alarm')) {
      if (this.#flying >= window) return
      this.#order(entry, 'alarm')
    }
    // Alarms may pass the cap of the unconfirmed by as much again: a crowd of telemetry must not hold one back.
    const room = Math.min(window - this.#flying, 2 * unconfirmedMax - this.#unconfirmed)
    for (const seq of this.#fresh('alarm', this.#cursors.alarm, room)) {
      this.#order({ stream: 'alarm', seq }, 'alarm')
      this.#cursors.alarm = seq
    }
  }

  takeTelemetry(): void {
    if (!this.#takeLive()) return
    for (const { seq } of this.#due('telemetry')) {
      if (seq >= this.#liveFrom) break
      if (this.#places() === 0 || !this.#send(seq, 'backfill')) return
    }
    for (const seq of this.#fresh('telemetry', this.#cursors.old, this.#freshRoom())) {
      if (seq >= this.#liveFrom || !this.#send(seq, 'backfill')) return
      this.#cursors.old = seq
    }
  }

  /**
   * In its order, also what a cut connection owes an answer for: sent after what is newer it would be a hole. False
   * when there is no place for more.
   */
  #takeLive(): boolean {
    const after = Math.max(this.#liveFrom - 1, this.#cursors.live)
    const room = this.#freshRoom()
    const fresh = this.#fresh('telemetry', after, room + 1)
    // The first that finds no room holds back what is newer, too.
    const barrier = fresh[room] ?? Number.POSITIVE_INFINITY
    const again = this.#due('telemetry').filter(({ seq }) => seq >= this.#liveFrom && seq < barrier)
    const inOrder = [...again.map((entry) => entry.seq), ...fresh.slice(0, room)].toSorted((a, b) => a - b)
    for (const seq of inOrder) {
      if (this.#places() === 0 || !this.#send(seq, 'telemetry')) return false
      this.#cursors.live = Math.max(this.#cursors.live, seq)
    }
    return true
  }

  /** False when the rate limit holds it back: nothing of telemetry goes before it. */
  #send(seq: number, lane: Lane): boolean {
    const { rate } = this.#before
    if (rate > 0 && this.#rateFreeMs > this.#nowMs) {
      this.#rateHolds = true
      return false
    }
    if (rate > 0) this.#rateFreeMs = Math.max(this.#rateFreeMs, this.#nowMs) + 1000 / rate
    this.#order({ stream: 'telemetry', seq }, lane)
    return true
  }

  /** Places of the window left for telemetry. */
  #places(): number {
    return Math.max(0, this.#rules.window - this.#rules.keptForAlarms - this.#flying)
  }

  #freshRoom(): number {
    return Math.max(0, Math.min(this.#places(), this.#rules.unconfirmedMax - this.#unconfirmed))
  }

  #due(stream: StreamName): Sent[] {
    return [...this.#sent.values()]
      .filter((entry) => entry.stream === stream && !entry.flying && entry.dueMs <= this.#nowMs)
      .toSorted((a, b) => a.seq - b.seq)
  }

  /** Waiting seqs that were not sent yet, ascending. Sent ones may stand between them. */
  #fresh(stream: StreamName, after: number, room: number): number[] {
    const found: number[] = []
    let from = after
    while (found.length < room) {
      const seqs = this.#queue.seqsAfter(stream, from, pageSize)
      found.push(...seqs.filter((seq) => !this.#sent.has(sentKey({ stream, seq }))))
      if (seqs.length < pageSize) break
      from = seqs.at(-1)!
    }
    return found.slice(0, Math.max(0, room))
  }

  #order(key: WaitingKey, lane: Lane): void {
    const before = this.#sent.get(sentKey(key))
    const tries = (before?.tries ?? 0) + 1
    this.#sent.set(sentKey(key), {
      stream: key.stream,
      seq: key.seq,
      tries,
      flying: true,
      dueMs: this.#nowMs + resendAfterMs(tries, this.#rules),
      nacks: before?.nacks ?? 0,
      nackedTry: before?.nackedTry ?? 0,
      waitsForTime: before?.waitsForTime ?? false,
    })
    if (before === undefined) this.#unconfirmed++
    this.orders.push({ stream: key.stream, seq: key.seq, lane })
    this.#flying++
  }

  /** The next re-send or the end of the rate limit, whichever is first. */
  wakeMs(): number | null {
    // What is due already waits for a place in the window: an answer, not a time, brings it on.
    const later = [...this.#sent.values()].filter(({ flying, dueMs }) => !flying && dueMs > this.#nowMs)
    const times = later.map(({ dueMs }) => dueMs)
    if (this.#rateHolds) times.push(this.#rateFreeMs)
    return times.length === 0 ? null : Math.min(...times)
  }
}

/**
 * What waited for the connection and is no longer than live may be is no backlog: sent in its order it leaves no hole, ahead of
 * which a gateway would find things to have begun later than they did.
 */
function firstLive({ liveFrom, cursors }: PlanState, queue: Queue, rules: PlanRules): number {
  const deepest = queue.lastSeq('telemetry') - rules.liveDepth + 1
  if (cursors.live > 0 || liveFrom <= deepest) return Math.max(liveFrom, deepest)
  const oldest = queue.seqsAfter('telemetry', 0, 1)[0] ?? liveFrom
  return oldest >= deepest ? Math.min(liveFrom, oldest) : liveFrom
}

const pageSize = 32
