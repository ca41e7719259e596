import { readFileSync, statSync } from 'node:fs'
import { type HostClock, type World, type WorldClock, worldAt, worldSchema } from '../proto/clocks.ts'
import { parseDocument, parseJsonText } from '../proto/problem.ts'

/** The terminal's edges that ask what time it is. */

export const hostClock: HostClock = { nowMs: () => Date.now(), monoMs: () => performance.now() }

/** In a vehicle the world's time is the machine's. */
export const realWorld: WorldClock = { nowMs: () => Date.now(), factor: () => 1 }

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
  const stamp = stampOf(file)
  return { world: parseDocument(worldSchema, parseJsonText(readFileSync(file, 'utf8'), file), file), stamp }
}

function stampOf(file: string): string {
  const { mtimeMs, size, ino } = statSync(file)
  return `${mtimeMs}/${size}/${ino}`
}

/**
 * Calls back once per second of world time, each time only after further poll phases of the event loop: bytes that
 * were readable when the timer fired are then handled before a silence can be concluded (a serial read goes through
 * the thread pool and takes more than one turn).
 */
export function everyWorldSecond(world: WorldClock, tick: () => void): { readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  const arm = (): void => {
    timer = setTimeout(() => afterPolls(pollPhases, run), Math.max(1, 1000 / world.factor()))
  }
  const run = (): void => {
    if (stopped) return
    tick()
    arm()
  }
  arm()
  const stop = (): void => {
    stopped = true
    clearTimeout(timer)
  }
  return { stop }
}

const pollPhases = 3

function afterPolls(phases: number, then: () => void): void {
  setImmediate(() => (phases <= 1 ? then() : afterPolls(phases - 1, then)))
}
