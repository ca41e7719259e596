import { makeFinding } from '../../proto/finding.ts'
import type { LatLon } from '../../proto/geo/earth.ts'
import type { Evidence, Finding, Sample } from '../../proto/model.ts'
import { roundS } from '../../proto/round.ts'
import { safeStopsEvidence } from '../../proto/safe-stops.ts'
import type { Settings } from '../../proto/settings.ts'
import { isoUtc, nextWindow } from '../../proto/time.ts'
import { judge, relayReachable } from './curfew-verdict.ts'
import { isMoving } from './moving-run.ts'
import type { RelayState } from './relay.ts'

/**
 * Notices before the window: due at 01:30 and 01:50, given if the coach moves then, else when it moves again
 * before 02:00 (nobody wakes a sleeping driver). Of two that became due while it stood, only the later is given.
 */
export type WarningState = {
  /** The last due instant that was dealt with. */
  readonly dueMs: number | null
  /** The last Sample and whether it moved: a coach that moves across the due instant is warned exactly then. */
  readonly lastMs: number | null
  readonly moving: boolean
  /** The last two places: from one to the other is the direction it drives in. */
  readonly fix?: LatLon | null
  readonly fixBefore?: LatLon | null
}

export const noWarning: WarningState = { dueMs: null, lastMs: null, moving: false }

export function warn(
  state: WarningState,
  relay: RelayState,
  sample: Sample,
  settings: Settings,
): { state: WarningState; finding: Finding | null } {
  const moving = isMoving(sample, settings)
  const seen = sample.fix === null ? {} : { fix: sample.fix, fixBefore: state.fix ?? null }
  const next: WarningState = { ...state, ...seen, lastMs: sample.atMs, moving: moving ?? state.moving }
  const due = moving === true ? dueAt(sample.atMs, settings) : null
  if (due === null || (state.dueMs !== null && due.dueMs <= state.dueMs))
    return { state: next, finding: null }
  const question = { nightMs: due.fromMs, atMs: due.fromMs, nowMs: sample.atMs }
  if (judge(relay, question, settings).exempt !== null) return { state: next, finding: null }
  const ahead = safeStopsEvidence(sample, next.fixBefore ?? null, settings)
  const finding = notice(due, unbroken(state, sample, due, settings), ahead, sample, settings)
  return { state: { ...next, dueMs: due.dueMs }, finding }
}

type Due = { readonly dueMs: number; readonly fromMs: number }

/** The latest notice that is due at an instant before the window; null when none is. */
function dueAt(atMs: number, { policy }: Settings): Due | null {
  const { from, to, warnBeforeS } = policy.curfew
  const window = nextWindow(atMs, { from, to }, policy.zone)
  if (window === null) return null
  const before = warnBeforeS.map((s) => window.fromMs - s * 1000).filter((dueMs) => dueMs <= atMs)
  return before.length === 0 ? null : { dueMs: Math.max(...before), fromMs: window.fromMs }
}

function unbroken(state: WarningState, sample: Sample, due: Due, settings: Settings): boolean {
  if (!state.moving || state.lastMs === null || state.lastMs >= due.dueMs) return false
  return sample.atMs - state.lastMs <= settings.policy.fatigue.gapS * 1000
}

function notice(due: Due, moving: boolean, ahead: Evidence, sample: Sample, settings: Settings): Finding {
  return makeFinding(
    {
      kind: 'curfew-warning',
      phase: 'started',
      severity: 'info',
      atMs: moving ? due.dueMs : sample.atMs,
      evidence: {
        dueAt: isoUtc(due.dueMs),
        stopBy: isoUtc(due.fromMs),
        leftS: roundS((due.fromMs - sample.atMs) / 1000),
        relayReachable: relayReachable(due.fromMs, sample.atMs, settings),
        ...ahead,
      },
    },
    sample,
    settings,
  )
}

export function shiftWarning(state: WarningState, byMs: number): WarningState {
  return byMs === 0 || state.lastMs === null ? state : { ...state, lastMs: state.lastMs + byMs }
}
