/**
 * How long to wait before the next attempt: full jitter under a doubling ceiling, so that a fleet that lost its
 * gateway at the same moment does not come back at the same moment.
 */
export type Backoff = { readonly baseMs: number; readonly capMs: number }

/** `chance` is a number in [0, 1). `attempt` counts failures in a row, from 0. */
export function backoffMs(backoff: Backoff, attempt: number, chance: number): number {
  const ceilingMs = Math.min(backoff.capMs, backoff.baseMs * 2 ** Math.min(attempt, 30))
  return chance * ceilingMs
}
