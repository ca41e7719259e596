import { readFileSync, statSync } from 'node:fs'
import { type HostClock, type World, type WorldClock, worldAt, worldSchema } from '../proto/clocks.ts'
import { BadInput, parseDocument, parseJsonText } from '../proto/problem.ts'

/** The edges that ask what time it is. */

export const hostClock: HostClock = { nowMs: () => Date.now(), monoMs: () => performance.now() }

/** World time is host time where no world file is configured. */
export const realWorld: WorldClock = { nowMs: () => Date.now(), factor: () => 1 }

const lookEveryMs = 20

/**
 * World time by a `world.json` that somebody else writes: looked at again at most every 20 ms of host time, read
 * again when it changed. While the file is being replaced the last one that could be read holds.
 */
export function fileWorldClock(file: string, host: HostClock = hostClock): WorldClock {
  let stamp = ''
  let world = read(file)
  let lookedAtMs = host.monoMs()
  const current = (): World => {
    if (host.monoMs() - lookedAtMs < lookEveryMs) return world
    lookedAtMs = host.monoMs()
    try {
      const { mtimeMs, size, ino } = statSync(file)
      const seen = `${mtimeMs}/${size}/${ino}`
      if (seen !== stamp) {
        world = read(file)
        stamp = seen
      }
    } catch {
      // Half written or just being replaced: it is there again at the next look.
    }
    return world
  }
  return {
    nowMs: () => worldAt(current(), host.nowMs()),
    factor: () => current().factor,
    isPaused: () => current().paused,
  }
}

function read(file: string): World {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new BadInput(`${file}: no such file; correct "world" in the configuration`)
  }
  return parseDocument(worldSchema, parseJsonText(text, file), file)
}
