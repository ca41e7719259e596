import { renameSync, writeFileSync } from 'node:fs'
import { type World, worldAt } from '../proto/clocks.ts'

/**
 * World time, written by the simulator and read by terminal and gateway (design 4). The anchor is a file that is
 * replaced as a whole, so a reader sees the old world or the new one and never half of each; it survives every
 * restart of the others.
 */
export type WorldHand = {
  readonly path: string
  readonly nowMs: () => number
  /** World seconds per host second while it runs. */
  readonly factor: () => number
  /** From here on no faster than this, whether it runs or stands; Infinity gives the world its own pace again. */
  readonly holdTo: (mostFactor: number) => void
  readonly isPaused: () => boolean
  /** Stops world time where it is; a second pause changes nothing. */
  readonly pause: () => void
  /** Lets it run on from where it stopped. */
  readonly resume: () => void
  /** Resolves at once while the world runs, else when it runs again. */
  readonly running: () => Promise<void>
}

/** A world that begins paused at an instant. `hostNowMs` is this machine's wall clock. */
export function createWorld(
  path: string,
  startMs: number,
  factor: number,
  hostNowMs: () => number = Date.now,
): WorldHand {
  let world: World = { anchorHostMs: hostNowMs(), anchorWorldMs: startMs, factor, paused: true }
  let waiting: (() => void)[] = []
  const anchor = (next: Pick<World, 'factor' | 'paused'>): void => {
    const hostMs = hostNowMs()
    world = { anchorHostMs: hostMs, anchorWorldMs: worldAt(world, hostMs), ...next }
    replaceFile(path, `${JSON.stringify(world)}\n`)
  }
  replaceFile(path, `${JSON.stringify(world)}\n`)
  return {
    path,
    factor: () => world.factor,
    holdTo: (mostFactor) => {
      const held = Math.min(factor, mostFactor)
      if (held !== world.factor) anchor({ factor: held, paused: world.paused })
    },
    nowMs: () => worldAt(world, hostNowMs()),
    isPaused: () => world.paused,
    pause: () => {
      if (!world.paused) anchor({ factor: world.factor, paused: true })
    },
    resume: () => {
      if (!world.paused) return
      anchor({ factor: world.factor, paused: false })
      for (const go of waiting) go()
      waiting = []
    },
    running: () => (world.paused ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve()),
  }
}

/** Writes beside the file and renames: the only way a reader never meets half a document. */
export function replaceFile(path: string, content: string): void {
  const beside = `${path}.${process.pid}.new`
  writeFileSync(beside, content)
  renameSync(beside, path)
}
