/**
 * Who comes too often. Token buckets and counts per minute, all on host time, all bounded: a sender of ever new
 * names finds the oldest forgotten, never the memory full.
 */

export type AbuseLimits = {
  /** Connections that one door holds at once. */
  readonly connections: number
  /** New connections per second at one door, and how many may come at once. */
  readonly accept: { readonly perS: number; readonly burst: number }
  /** Disconnections of one client id per minute, beyond which it is banned. */
  readonly flapsPerMin: number
  /** Wrong passwords for one name from one address per minute, beyond which that pair is not asked any more. */
  readonly failuresPerMin: number
  /** Wrong passwords from one address, whatever the names, in ten minutes: many people may sit behind it. */
  readonly addressFailures: number
  /** One client id taken over by another connection, per minute: beyond it both are refused. */
  readonly takeoversPerMin: number
  readonly banMs: number
  /** Telemetry envelopes per second of one terminal, and how many may come at once. Alarms are never counted. */
  readonly telemetry: { readonly perS: number; readonly burst: number }
}

export const strict: AbuseLimits = {
  connections: 20_000,
  accept: { perS: 200, burst: 400 },
  flapsPerMin: 15,
  failuresPerMin: 20,
  addressFailures: 100,
  takeoversPerMin: 3,
  banMs: 300_000,
  telemetry: { perS: 20, burst: 200 },
}

/** On loopback everybody is this machine: simulations reconnect, take over and catch up as fast as they can. */
export const lenient: AbuseLimits = {
  connections: 20_000,
  accept: { perS: 100_000, burst: 100_000 },
  flapsPerMin: Number.POSITIVE_INFINITY,
  failuresPerMin: Number.POSITIVE_INFINITY,
  addressFailures: Number.POSITIVE_INFINITY,
  takeoversPerMin: Number.POSITIVE_INFINITY,
  banMs: 300_000,
  telemetry: { perS: Number.POSITIVE_INFINITY, burst: Number.POSITIVE_INFINITY },
}

const keysMax = 20_000
const minuteMs = 60_000
const addressWindowMs = 10 * minuteMs

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

/** Counts what happened lately, by key. */
class Lately {
  readonly #limit: number
  readonly #windowMs: number
  readonly #times = new Map<string, number[]>()

  constructor(limit: number, windowMs: number) {
    this.#limit = limit
    this.#windowMs = windowMs
  }

  /** True when this one is beyond the limit. */
  beyond(key: string, nowMs: number): boolean {
    if (this.#limit === Number.POSITIVE_INFINITY) return false
    const recent = (this.#times.get(key) ?? []).filter((atMs) => atMs > nowMs - this.#windowMs)
    recent.push(nowMs)
    this.#times.delete(key)
    this.#times.set(key, recent.slice(-(this.#limit + 1)))
    forgetOldest(this.#times)
    return recent.length > this.#limit
  }
}

export class PerMinute extends Lately {
  constructor(limit: number) {
    super(limit, minuteMs)
  }
}

class Bans {
  readonly #untilMs = new Map<string, number>()
  readonly #banMs: number
  readonly #monoMs: () => number

  constructor(banMs: number, monoMs: () => number) {
    this.#banMs = banMs
    this.#monoMs = monoMs
  }

  has(key: string): boolean {
    const untilMs = this.#untilMs.get(key)
    if (untilMs === undefined) return false
    if (untilMs > this.#monoMs()) return true
    this.#untilMs.delete(key)
    return false
  }

  addIf(beyond: boolean, key: string): boolean {
    if (!beyond) return false
    this.#untilMs.delete(key)
    this.#untilMs.set(key, this.#monoMs() + this.#banMs)
    forgetOldest(this.#untilMs)
    return true
  }

  size(): number {
    return this.#untilMs.size
  }
}

/**
 * Who comes and goes under a client id, at one door. Each door has its own: what officers call their sessions is for
 * them to choose, and must keep no terminal out.
 */
export class Comings {
  readonly #monoMs: () => number
  readonly #flaps: PerMinute
  readonly #takeovers: PerMinute
  readonly #bans: Bans

  constructor(limits: AbuseLimits, monoMs: () => number) {
    this.#monoMs = monoMs
    this.#flaps = new PerMinute(limits.flapsPerMin)
    this.#takeovers = new PerMinute(limits.takeoversPerMin)
    this.#bans = new Bans(limits.banMs, monoMs)
  }

  isBanned(client: string): boolean {
    return this.#bans.has(client)
  }

  /** A client went; true when it is banned for it from now on. */
  left(client: string): boolean {
    return this.#bans.addIf(this.#flaps.beyond(client, this.#monoMs()), client)
  }

  /** A connection came under an id that another one has; true when neither is to be believed any more. */
  takenOver(client: string): boolean {
    return this.#bans.addIf(this.#takeovers.beyond(client, this.#monoMs()), client)
  }

  banned(): number {
    return this.#bans.size()
  }
}

/**
 * Who guesses passwords. Terminals show certificates, so none of it holds at their door: behind the address of a
 * carrier a hundred of them may sit with one who guesses.
 */
export class Guesses {
  readonly #monoMs: () => number
  readonly #pairs: PerMinute
  readonly #addresses: Lately
  readonly #pairBans: Bans
  readonly #addressBans: Bans

  constructor(limits: AbuseLimits, monoMs: () => number) {
    this.#monoMs = monoMs
    this.#pairs = new PerMinute(limits.failuresPerMin)
    this.#addresses = new Lately(limits.addressFailures, addressWindowMs)
    this.#pairBans = new Bans(limits.banMs, monoMs)
    this.#addressBans = new Bans(limits.banMs, monoMs)
  }

  /** Whether this name's password is not asked for from there. */
  isBanned(address: string, name: string): boolean {
    return this.isAddressBanned(address) || this.#pairBans.has(pairOf(address, name))
  }

  isAddressBanned(address: string): boolean {
    return this.#addressBans.has(address)
  }

  failed(address: string, name: string): void {
    const pair = pairOf(address, name)
    const nowMs = this.#monoMs()
    this.#pairBans.addIf(this.#pairs.beyond(pair, nowMs), pair)
    this.#addressBans.addIf(this.#addresses.beyond(address, nowMs), address)
  }

  banned(): number {
    return this.#pairBans.size() + this.#addressBans.size()
  }
}

/** An address has no space in it. A name longer than anybody's is cut: what is kept of a stranger is bounded. */
const pairOf = (address: string, name: string): string => `${address} ${name.slice(0, 64)}`

export class Abuse {
  readonly limits: AbuseLimits
  readonly terminals: Comings
  readonly officers: Comings
  readonly guesses: Guesses
  readonly #monoMs: () => number

  constructor(limits: AbuseLimits, monoMs: () => number) {
    this.limits = limits
    this.terminals = new Comings(limits, monoMs)
    this.officers = new Comings(limits, monoMs)
    this.guesses = new Guesses(limits, monoMs)
    this.#monoMs = monoMs
  }

  banned(): number {
    return this.terminals.banned() + this.officers.banned() + this.guesses.banned()
  }

  /** One door's own: false when a connection is one too many at the moment. */
  accepts(): () => boolean {
    const bucket = new Bucket(this.limits.accept, this.#monoMs())
    return () => bucket.take(this.#monoMs())
  }
}

function forgetOldest(map: Map<string, unknown>): void {
  const [oldest] = map.keys()
  if (map.size > keysMax && oldest !== undefined) map.delete(oldest)
}
