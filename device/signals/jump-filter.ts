import { distanceM } from '../../proto/geo/earth.ts'
import type { Policy } from '../../proto/policy.ts'

/**
 * Refuses positions that no vehicle can have reached (more than `jumpMps` from the last accepted one). It cannot
 * lock up: after `reseedFixes` refused fixes that agree among themselves, the last of them is accepted as a new
 * beginning, and nothing is ever measured from before it.
 */

export type TimedFix = { readonly atMs: number; readonly lat: number; readonly lon: number }

export type JumpState = {
  readonly accepted: TimedFix | null
  /** The last refused fix, and how many in a row agree with each other. */
  readonly refused: TimedFix | null
  readonly agreeing: number
}

export const noPosition: JumpState = { accepted: null, refused: null, agreeing: 0 }

export type Verdict = 'accepted' | 'refused' | 'reseeded'

export function stepJumpFilter(
  state: JumpState,
  fix: TimedFix,
  policy: Policy['signals'],
): { readonly state: JumpState; readonly verdict: Verdict } {
  const { accepted, refused } = state
  if (accepted === null || reachable(accepted, fix, policy.jumpMps)) {
    return { state: { accepted: fix, refused: null, agreeing: 0 }, verdict: 'accepted' }
  }
  const agreeing = refused !== null && reachable(refused, fix, policy.jumpMps) ? state.agreeing + 1 : 1
  if (agreeing >= policy.reseedFixes) {
    return { state: { accepted: fix, refused: null, agreeing: 0 }, verdict: 'reseeded' }
  }
  return { state: { accepted, refused: fix, agreeing }, verdict: 'refused' }
}

function reachable(from: TimedFix, to: TimedFix, jumpMps: number): boolean {
  const seconds = Math.abs(to.atMs - from.atMs) / 1000
  return distanceM(from, to) <= jumpMps * seconds
}

/** The same state after the wall clock was corrected. */
export function shiftJumpState(state: JumpState, byMs: number): JumpState {
  if (byMs === 0) return state
  const shift = (fix: TimedFix | null): TimedFix | null =>
    fix === null ? null : { ...fix, atMs: fix.atMs + byMs }
  return { ...state, accepted: shift(state.accepted), refused: shift(state.refused) }
}
