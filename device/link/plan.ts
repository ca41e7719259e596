import type { Ack, Nack } from '../../proto/model.ts'
import type { WaitingKey } from '../outbox/outbox.ts'

/**
 * What to send next, and what an answer means: the pure core of the uplink. Times are host milliseconds that never
 * go back. Alarms first, then the newest telemetry, then what has been waiting longest.
 */

/** An envelope that was sent and is still in the outbox. */
export type Sent = WaitingKey & {
  readonly tries: number
  /** Its publish is not answered yet: it holds a place in the window. */
  readonly flying: boolean
  readonly dueMs: number
  readonly nacks: number
  /** A nack counts once for each time it was sent, however often the gateway repeats it. */
  readonly nackedTry: number
  /** Refused for its date alone: it waits for time to pass, and takes no place of the unconfirmed. */
  readonly waitsForTime: boolean
}

export type PlanState = {
  readonly up: boolean
  readonly sent: ReadonlyMap<string, Sent>
  /** Telemetry from this seq on is live and travels before the backlog. */
  readonly liveFrom: number
  /** Per queue: everything up to here was sent on this connection (it is in `sent`) or has left the outbox. */
  readonly cursors: Cursors
  /** Telemetry envelopes per second; 0 for no limit. */
  readonly rate: number
  /** When the rate limit lets the next telemetry envelope go. */
  readonly rateFreeMs: number
}

export type Cursors = { readonly alarm: number; readonly live: number; readonly old: number }

export type PlanRules = {
  readonly window: number
  /** Places of the window that only alarms may take. */
  readonly keptForAlarms: number
  /** Sent, answered by the broker and not yet acknowledged by the gateway: at most so many. */
  readonly unconfirmedMax: number
  /** T(1); T(n+1) = T(n) * (n+1). */
  readonly resendMs: number
  readonly resendCapMs: number
  readonly nacksMax: number
  /** The same for a date ahead of the gateway's clock, which comes true by waiting or when that clock is put right. */
  readonly futureNacksMax: number
  /** Live telemetry that falls further behind than this many envelopes becomes backlog. */
  readonly liveDepth: number
}

export const planRules: PlanRules = {
  window: 16,
  keptForAlarms: 4,
  unconfirmedMax: 512,
  resendMs: 10_000,
  resendCapMs: 300_000,
  nacksMax: 3,
  // A day at the longest wait between two tries: the date is wrong for good.
  futureNacksMax: 288,
  liveDepth: 6,
}

const noCursors: Cursors = { alarm: 0, live: 0, old: 0 }

export const initialPlan: PlanState = {
  up: false,
  sent: new Map(),
  liveFrom: 1,
  cursors: noCursors,
  rate: 0,
  rateFreeMs: 0,
}

export const sentKey = ({ stream, seq }: WaitingKey): string => `${stream}/${seq}`

/** Wait before try n + 1 after n tries: 10, 20, 60, 240, then 300 s. */
export function resendAfterMs(tries: number, rules: PlanRules): number {
  let waitMs = rules.resendMs
  for (let n = 2; n <= tries && waitMs < rules.resendCapMs; n++) waitMs *= n
  return Math.min(waitMs, rules.resendCapMs)
}

/** What an event changes besides the plan. */
export type PlanEffect =
  | { readonly do: 'acknowledge'; readonly ack: Ack }
  | { readonly do: 'delete'; readonly key: WaitingKey }
  | { readonly do: 'deadLetter'; readonly key: WaitingKey; readonly reason: string }

export type PlanInput =
  | { readonly is: 'up'; readonly newestTelemetry: number }
  | { readonly is: 'down'; readonly atMs: number }
  | { readonly is: 'published'; readonly key: WaitingKey; readonly deletes: boolean }
  | { readonly is: 'refused'; readonly key: WaitingKey; readonly atMs: number }
  /** It left the outbox by another way: evicted under a gap record. */
  | { readonly is: 'gone'; readonly key: WaitingKey }
  | { readonly is: 'ack'; readonly ack: Ack; readonly epoch: number; readonly atMs: number }

export type PlanStep = { readonly state: PlanState; readonly effects: readonly PlanEffect[] }

export function stepPlan(state: PlanState, input: PlanInput, rules: PlanRules): PlanStep {
  switch (input.is) {
    case 'up':
      return only({ ...state, up: true, liveFrom: Math.max(1, input.newestTelemetry), cursors: noCursors })
    case 'down':
      return only({ ...state, up: false, sent: landed(state.sent, input.atMs) })
    case 'published':
      return published(state, input.key, input.deletes)
    case 'refused':
      // What a lost connection refused is due already; only a refusal on a standing one waits.
      return only(state.up ? refused(state, input.key, input.atMs + refusedMs) : state)
    case 'gone':
      return only({ ...state, sent: without(state.sent, [sentKey(input.key)]) })
    case 'ack':
      return input.ack.epoch === input.epoch ? acknowledged(state, input.ack, input.atMs, rules) : only(state)
  }
}

/** A publish that failed although the link is up is not tried again in the same breath. */
const refusedMs = 1000

const only = (state: PlanState): PlanStep => ({ state, effects: [] })

function changed(state: PlanState, key: WaitingKey, change: (sent: Sent) => Sent): PlanState {
  const entry = state.sent.get(sentKey(key))
  if (entry === undefined) return state
  return { ...state, sent: new Map(state.sent).set(sentKey(key), change(entry)) }
}

/** Whatever was flying when the link went down is due at once: nobody will answer for it. */
function landed(sent: PlanState['sent'], atMs: number): PlanState['sent'] {
  return new Map(
    [...sent].map(([key, entry]) => [key, entry.flying ? { ...entry, flying: false, dueMs: atMs } : entry]),
  )
}

function refused(state: PlanState, key: WaitingKey, dueMs: number): PlanState {
  return changed(state, key, (sent) => ({ ...sent, flying: false, dueMs }))
}

function published(state: PlanState, key: WaitingKey, deletes: boolean): PlanStep {
  if (!deletes) return only(changed(state, key, (sent) => ({ ...sent, flying: false })))
  // A late answer for an envelope that is gone already deletes nothing.
  if (!state.sent.has(sentKey(key))) return only(state)
  return { state: { ...state, sent: without(state.sent, [sentKey(key)]) }, effects: [{ do: 'delete', key }] }
}

function without(sent: PlanState['sent'], keys: readonly string[]): PlanState['sent'] {
  const rest = new Map(sent)
  for (const key of keys) rest.delete(key)
  return rest
}

function acknowledged(state: PlanState, ack: Ack, atMs: number, rules: PlanRules): PlanStep {
  const named = [...state.sent].filter(([, entry]) => isNamed(ack, entry)).map(([key]) => key)
  let next: PlanState = { ...state, sent: without(state.sent, named), rate: ack.rate }
  const effects: PlanEffect[] = [{ do: 'acknowledge', ack }]
  for (const nack of ack.nacks) {
    const step = refusedByGateway(next, nack, atMs, rules)
    next = step.state
    effects.push(...step.effects)
  }
  return { state: next, effects }
}

export function isNamed(ack: Ack, { stream, seq }: WaitingKey): boolean {
  const { upto, ranges } = ack.streams[stream]
  return seq <= upto || ranges.some(({ first, last }) => seq >= first && seq <= last)
}

function refusedByGateway(state: PlanState, nack: Nack, atMs: number, rules: PlanRules): PlanStep {
  const entry = state.sent.get(sentKey(nack))
  if (entry === undefined || entry.nackedTry >= entry.tries) return only(state)
  const nacks = entry.nacks + 1
  const key: WaitingKey = { stream: nack.stream, seq: nack.seq }
  const waitsForTime = nack.reason === 'future'
  if (nacks >= (waitsForTime ? rules.futureNacksMax : rules.nacksMax)) {
    const effects: PlanEffect[] = [{ do: 'deadLetter', key, reason: nack.reason }]
    return { state: { ...state, sent: without(state.sent, [sentKey(key)]) }, effects }
  }
  const dueMs = atMs + resendAfterMs(entry.tries, rules)
  const again = { nacks, nackedTry: entry.tries, dueMs, waitsForTime }
  return only(changed(state, key, (sent) => ({ ...sent, ...again })))
}
