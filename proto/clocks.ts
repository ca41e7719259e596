import { z } from 'zod'

/**
 * Two clocks (design 4). HostClock is never scaled: sockets, back-off, commit deadlines. WorldClock is the time
 * of the samples; in fast motion it is an anchored line that the simulator writes to `DATA/world.json`.
 * Edges hold clocks; nothing on a pure shelf asks one.
 */
export type HostClock = {
  /** Wall time of this machine, ms since 1970. */
  readonly nowMs: () => number
  /** Never goes back, unrelated to wall time. */
  readonly monoMs: () => number
}

export type WorldClock = {
  readonly nowMs: () => number
  /** World seconds per host second; 1 in a vehicle. */
  readonly factor: () => number
  /** Absent where world time never stands. */
  readonly isPaused?: () => boolean
}

export const worldSchema = z.strictObject({
  anchorHostMs: z.number(),
  anchorWorldMs: z.number(),
  factor: z.number().positive().max(100_000),
  paused: z.boolean(),
})
export type World = z.infer<typeof worldSchema>

/** World time at a host wall time. */
export function worldAt(world: World, hostMs: number): number {
  if (world.paused) return world.anchorWorldMs
  return world.anchorWorldMs + (hostMs - world.anchorHostMs) * world.factor
}

/** How long a small, busy machine may leave a process waiting: 0.8 s was seen with all cores taken. */
const schedulingMs = 1000

/** Arrival times are only as good as the machine's scheduling: what to allow when comparing them with event time. */
export function arrivalSlackMs(factor: number): number {
  return factor > 1 ? schedulingMs * factor : 0
}
