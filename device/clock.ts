import { readFileSync, statSync } from 'node:fs'
import { type HostClock, type World, type WorldClock, worldAt, worldSchema } from '../proto/clocks.ts'
import { BadInput, parseDocument, parseJsonText } from '../proto/problem.ts'

/** The terminal's edges that ask what time it is. */

export const hostClock: HostClock = { nowMs: () => Date.now(), monoMs: () => performance.now() }

/**
 * In a vehicle the world's time is the machine's as it was when this boot began, and goes on by the monotonic clock:
 * somebody who sets the wall clock under way must not move what is dated while the receiver is silent.
 */
export const realWorld: WorldClock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  factor: () => 1,
}

/** World files change at a pause or a restart: looking this often costs nothing and misses nothing. */
const lookEveryMs = 20

/** World time as a file says it that the simulator replaces whole. A file that is just being replaced is looked at again later. */
export function worldFromFile(file: string, host: HostClock = hostClock): WorldClock {
  let { world, stamp } = readWorld(file)
  let lookedMs = host.monoMs()
  const current = (): World => {
    if (host.monoMs() - lookedMs < lookEveryMs) return world
    lookedMs = host.monoMs()
    try {
      if (stampOf(file) !== stamp) ({ world, stamp } = readWorld(file))
    } catch {
      // Not there or half written at this moment; the last world holds until the next look.
    }
    return world
  }
  return { nowMs: () => worldAt(current(), host.nowMs()), factor: () => current().factor }
}

function readWorld(file: string): { world: World; stamp: string } {
  if (statSync(file, { throwIfNoEntry: false }) === undefined)
    throw new BadInput(`${file}: no such file; correct "world" in the configuration`)
  const stamp = stampOf(file)
  return { world: parseDocument(worldSchema, parseJsonText(readFileSync(file, 'utf8'), file), file), stamp }
}

function stampOf(file: string): string {
  const { mtimeMs, size, ino } = statSync(file)
  return `${mtimeMs}/${size}/${ino}`
}

/**
 * How late this process is: the loop was blocked, or the machine gave its cores to others. What was read at such a
 * moment arrived at some time before, so arrival times are to be believed only that much less.
 */
export class LoopWatch {
  readonly #host: HostClock
  readonly #timer: NodeJS.Timeout
  #beatMs: number
  #lateMs = 0
  #lateUntilMs = 0

  constructor(host: HostClock) {
    this.#host = host
    this.#beatMs = host.monoMs()
    this.#timer = setInterval(() => this.#beat(), beatEveryMs)
  }

  /** The worst lateness of the last second, this moment included. */
  lateMs(): number {
    const nowMs = this.#host.monoMs()
    this.#note(nowMs)
    return nowMs < this.#lateUntilMs ? this.#lateMs : 0
  }

  #beat(): void {
    const nowMs = this.#host.monoMs()
    this.#note(nowMs)
    this.#beatMs = nowMs
  }

  #note(nowMs: number): void {
    const lateMs = nowMs - this.#beatMs - beatEveryMs
    if (lateMs < lateFromMs) return
    if (nowMs >= this.#lateUntilMs || lateMs >= this.#lateMs) this.#lateMs = lateMs
    this.#lateUntilMs = nowMs + lateForMs
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

const beatEveryMs = 20
/** Less is how timers are. */
const lateFromMs = 20
const lateForMs = 1000

/**
 * Calls back once per second of world time, each time only after the event loop came round on time: bytes that were
 * readable when the timer fired are then handled before a silence can be concluded. A serial read goes through the
 * thread pool, so one more turn of the loop is not enough on a machine that is short of cores.
 */
export function everyWorldSecond(world: WorldClock, host: HostClock, tick: () => void): { stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  let firedMs = host.monoMs()
  const arm = (): void => {
    const spentMs = host.monoMs() - firedMs
    timer = setTimeout(fire, Math.max(1, 1000 / world.factor() - spentMs))
  }
  const fire = (): void => {
    firedMs = host.monoMs()
    settle(settleTriesMax)
  }
  const settle = (tries: number): void => {
    const sinceMs = host.monoMs()
    timer = setTimeout(() => {
      if (host.monoMs() - sinceMs > settleMs * 3 && tries > 1) {
        settle(tries - 1)
        return
      }
      tick()
      arm()
    }, settleMs)
  }
  arm()
  return { stop: () => clearTimeout(timer) }
}

const settleMs = 5
const settleTriesMax = 10
