import type { Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'

/**
 * "Moving for 30 s" (semantics, "Curfew"), once for all rules that use it: Samples at or above `movingKmh`
 * without a break, of which the first and the last that offend are at least `movingS` apart.
 */
export type Run = {
  /** The last Sample that counted. */
  readonly lastMs: number
  /** The offending part, while it lasts. */
  readonly offence: Offence | null
}

export type Offence = {
  /** Where it began for law and officer: the opening of the window when the vehicle was moving already. */
  readonly atMs: number
  /** The first offending Sample. */
  readonly firstMs: number
  /** Whether a finding was made of this run. */
  readonly told: boolean
}

export type RunInput = {
  readonly atMs: number
  /** Moving where it matters; null when that is unknown, which neither counts nor breaks. */
  readonly counts: boolean | null
  /** Forbidden at this moment. */
  readonly offends: boolean
  /** When it became forbidden, if that is a known instant. */
  readonly opensMs: number | null
}

/** Moving, standing, or unknown: a Sample without speed proves neither. */
export function isMoving(sample: Sample, settings: Settings): boolean | null {
  return sample.speedKmh === null ? null : sample.speedKmh >= settings.policy.curfew.movingKmh
}

/** Adds one Sample. A pause longer than `fatigue.gapS` is a break: nobody saw what happened in it. */
export function advance(run: Run | null, input: RunInput, settings: Settings): Run | null {
  const { atMs, counts, offends } = input
  if (counts === null) return run
  if (!counts) return null
  const unbroken = run !== null && atMs - run.lastMs <= settings.policy.fatigue.gapS * 1000 ? run : null
  if (!offends) return { lastMs: atMs, offence: null }
  const offence = unbroken?.offence ?? { atMs: beginning(unbroken, input), firstMs: atMs, told: false }
  return { lastMs: atMs, offence }
}

/** Already moving when it became forbidden: from that instant. Else from this Sample. */
function beginning(run: Run | null, { atMs, opensMs }: RunInput): number {
  return run !== null && opensMs !== null && opensMs > run.lastMs && opensMs <= atMs ? opensMs : atMs
}

/** The offence that this run proves and that nobody was told of yet; null while there is none. */
export function untold(run: Run | null, settings: Settings): Offence | null {
  if (run === null || run.offence === null || run.offence.told) return null
  const { offence, lastMs } = run
  return lastMs - offence.firstMs >= settings.policy.curfew.movingS * 1000 ? offence : null
}

export function told(run: Run | null): Run | null {
  return run === null || run.offence === null ? run : { ...run, offence: { ...run.offence, told: true } }
}

/** The clock was corrected: durations stay, so instants move. */
export function shiftRun(run: Run | null, byMs: number): Run | null {
  if (run === null || byMs === 0) return run
  const { offence } = run
  return {
    lastMs: run.lastMs + byMs,
    offence:
      offence === null ? null : { ...offence, atMs: offence.atMs + byMs, firstMs: offence.firstMs + byMs },
  }
}

/** The last moment that a Sample stands for: up to the next one, unless a gap follows. */
export type LastSeen = { readonly atMs: number; readonly untilMs: number | null }

export function seenUntil(seen: LastSeen, nextMs: number, settings: Settings): LastSeen {
  if (seen.untilMs !== null || nextMs <= seen.atMs) return seen
  const bridged = nextMs - seen.atMs <= settings.policy.fatigue.gapS * 1000
  return { atMs: seen.atMs, untilMs: bridged ? nextMs : seen.atMs }
}

/** When what was last seen ceased. */
export function ceasedMs(seen: LastSeen, closesMs: number | null): number {
  const until = seen.untilMs ?? seen.atMs
  return closesMs === null ? until : Math.min(until, closesMs)
}

export function shiftSeen({ atMs, untilMs }: LastSeen, byMs: number): LastSeen {
  return { atMs: atMs + byMs, untilMs: untilMs === null ? null : untilMs + byMs }
}
