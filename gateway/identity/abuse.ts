/**
 * Who comes too often. Token buckets and counts per minute, all on host time, all bounded: a sender of ever new
 * names finds the oldest forgotten, never the memory full.
 */

export type AbuseLimits = {
  /** New connections per second at one door, and how many may come at once. */
  readonly accept: { readonly perS: number; readonly burst: number }
  /** Disconnections of one client id per minute, beyond which it is banned. */
  readonly flapsPerMin: number
  /** Refused names and passwords of one address per minute. */
  readonly failuresPerMin: number
  /** One client id taken over by another connection, per minute: beyond it both are refused. */
  readonly takeoversPerMin: number
  readonly banMs: number
  /** Telemetry envelopes per second of one terminal, and how many may come at once. Alarms are never counted. */
  readonly telemetry: { readonly perS: number; readonly burst: number }
}

export const strict: AbuseLimits = {
  accept: { perS: 200, burst: 400 },
  flapsPerMin: 15,
  failuresPerMin: 20,
  takeoversPerMin: 3,
  banMs: 300_000,
  telemetry: { perS: 20, burst: 200 },
}

/** On loopback everybody is this machine: simulations reconnect, take over and catch up as fast as they can. */
export const lenient: AbuseLimits = {
  accept: { perS: 100_000, burst: 100_000 },
  flapsPerMin: Number.POSITIVE_INFINITY,
  failuresPerMin: Number.POSITIVE_INFINITY,
  takeoversPerMin: Number.POSITIVE_INFINITY,
  banMs: 300_000,
  telemetry: { perS: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY },
}

const keysMax = 20_000
const windowMs = 60_000

export class Bucket {
  readonly #perS: number
  readonly #burst: number
  #tokens: number
  #atMs: number

  constructor({ perS, burst }: { readonly perS: number; readonly burst: number }, nowMs: number) {
    this.#perS = perS
    this.#burst = burst
    this.#tokens = burst
    this.#atMs = nowMs
  }

  /** Takes a token; false when there is none. */
  take(nowMs: number): boolean {
    this.#fill(nowMs)
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }

  /** Takes a token that may only be there later: how long to wait for it, 0 for one that is there. */
  reserve(nowMs: number): number {
    if (this.#perS === Number.POSITIVE_INFINITY) return 0
    this.#fill(nowMs)
    this.#tokens--
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens / this.#perS) * 1000)
  }

  #fill(nowMs: number): void {
    const gained = ((nowMs - this.#atMs) / 1000) * this.#perS
    this.#tokens = Math.min(this.#burst, this.#tokens + gained)
    this.#atMs = nowMs
  }
}

/** Counts what happened in the last minute, by key. */
export class PerMinute {
  readonly #limit: number
  readonly #times = new Map<string, number[]>()

  constructor(limit: number) {
    this.#limit = limit
  }

  /** True when this one is beyond the limit. */
  beyond(key: string, nowMs: number): boolean {
    if (this.#limit === Number.POSITIVE_INFINITY) return false
    const recent = (this.#times.get(key) ?? []).filter((atMs) => atMs > nowMs - windowMs)
    recent.push(nowMs)
    this.#times.delete(key)
    this.#times.set(key, recent.slice(-(this.#limit + 1)))
    forgetOldest(this.#times)
    return recent.length > this.#limit
  }
}

export class Abuse {
  readonly limits: AbuseLimits
  readonly #monoMs: () => number
  readonly #flaps: PerMinute
  readonly #failures: PerMinute
  readonly #takeovers: PerMinute
  readonly #bans = new Map<string, number>()

  constructor(limits: AbuseLimits, monoMs: () => number) {
    this.limits = limits
    this.#monoMs = monoMs
    this.#flaps = new PerMinute(limits.flapsPerMin)
    this.#failures = new PerMinute(limits.failuresPerMin)
    this.#takeovers = new PerMinute(limits.takeoversPerMin)
  }

  isBanned(key: string): boolean {
    const until = this.#bans.get(key)
    if (until === undefined) return false
    if (until > this.#monoMs()) return true
    this.#bans.delete(key)
    return false
  }

  banned(): number {
    return this.#bans.size
  }

  /** A client went; true when it is banned for it from now on. */
  left(clientId: string): boolean {
    return this.#banIf(this.#flaps.beyond(clientId, this.#monoMs()), clientId)
  }

  failed(address: string): boolean {
    return this.#banIf(this.#failures.beyond(address, this.#monoMs()), address)
  }

  /** A connection came under an id that another one has; true when neither is to be believed any more. */
  takenOver(clientId: string): boolean {
    return this.#banIf(this.#takeovers.beyond(clientId, this.#monoMs()), clientId)
  }

  bucket(): Bucket {
    return new Bucket(this.limits.accept, this.#monoMs())
  }

  #banIf(beyond: boolean, key: string): boolean {
    if (!beyond) return false
    this.#bans.delete(key)
    this.#bans.set(key, this.#monoMs() + this.limits.banMs)
    forgetOldest(this.#bans)
    return true
  }
}

function forgetOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys()
  if (map.size > keysMax && oldest !== undefined) map.delete(oldest)
}
