import type { Phase, Sample } from '../../proto/model.ts'

/**
 * A state that must last: it begins with the first Sample that shows it, counts from `holdMs` on, ends with a Sample
 * that shows the contrary or after a pause of more than `gapMs`. A Sample that cannot tell is neither.
 */
export type Hold<Facts> = { readonly firstMs: number; readonly lastMs: number; readonly facts: Facts }
export type HoldState<Facts> = { readonly run: Hold<Facts> | null; readonly open: boolean }

/** What one Sample shows: facts, the contrary, or nothing. */
export type Shown<Facts> = Facts | 'contrary' | 'unknown'

export type HoldRule<Facts> = {
  readonly holdMs: number
  readonly gapMs: number
  /** Facts of the run so far and of this Sample, as one. */
  readonly join: (before: Facts, now: Facts) => Facts
}

export type HoldStep<Facts> = {
  readonly state: HoldState<Facts>
  /** The phase that this Sample decided, and the run it is about. */
  readonly told: { readonly phase: Phase; readonly run: Hold<Facts> } | null
}

export const notHeld: HoldState<never> = { run: null, open: false }

export function stepHold<Facts extends object>(
  before: HoldState<Facts>,
  shown: Shown<Facts>,
  sample: Sample,
  rule: HoldRule<Facts>,
): HoldStep<Facts> {
  const run = shifted(before.run, sample.clockStepMs)
  const state = { ...before, run }
  if (shown === 'contrary' || (run !== null && sample.atMs - run.lastMs > rule.gapMs))
    return { state: notHeld, told: run !== null && state.open ? { phase: 'ended', run } : null }
  if (shown === 'unknown') return { state, told: null }
  const next: Hold<Facts> = {
    firstMs: run?.firstMs ?? sample.atMs,
    lastMs: sample.atMs,
    facts: run === null ? shown : rule.join(run.facts, shown),
  }
  const held = next.lastMs - next.firstMs >= rule.holdMs
  const starts = held && !state.open
  return {
    state: { run: next, open: state.open || held },
    told: starts ? { phase: 'started', run: next } : null,
  }
}

function shifted<Facts>(run: Hold<Facts> | null, byMs: number): Hold<Facts> | null {
  if (run === null || byMs === 0) return run
  return { ...run, firstMs: run.firstMs + byMs, lastMs: run.lastMs + byMs }
}
