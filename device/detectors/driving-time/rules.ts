import type { Settings } from '../../../proto/settings.ts'
import { isPassenger } from '../../../proto/shapes/vehicle.ts'
import type { Window } from '../../../proto/time.ts'
import type { Reason } from './state.ts'

/**
 * The policy's driving-time thresholds in milliseconds, and the few constants of bounds and words that no policy
 * changes, each with its reason.
 */

const hourMs = 3_600_000

/** Continuous driving this far over is critical (words.md). */
export const continuousWorseMs = hourMs
/** Rolling 24 h this far over is major (words.md, "in principle"). */
export const rollingWorseMs = hourMs / 2
/** Driving without an identified driver is information for this long, then minor (GB/T 19056-2021 prompts 5 min). */
export const noDriverWorseMs = 300_000
/** A card out and another in within this time on the move is one change of cards, not a stretch of unknown driving. */
export const cardSwapMs = 60_000
/** Ledgers kept: more drivers than ever share a vehicle in a week. */
export const ledgersMax = 8
/** Closed runs kept one by one beyond the last 24 h; more are joined, each bound to its own side. */
export const oldRunsMax = 1024
/** Runs in a row that may end on their first standing Sample before an instant is looked for no further back. */
export const untoldRunsMax = 16
export const windowMs = { rolling24h: 24 * hourMs, rolling7d: 168 * hourMs } as const

/** Whether a reason is counted in the local day, from midnight on, and not in the hours before each instant. */
export function isByDay(reason: Reason, { dayRule }: Pick<Rules, 'dayRule'>): boolean {
  return reason === 'rolling24h' && dayRule === 'calendarDay'
}

export type Rules = {
  readonly startMs: number
  readonly stopMs: number
  readonly restMs: number
  readonly warnMs: number
  /** Fastest mean speed at which a gap can have been driven. */
  readonly gapMps: number
  /** A vehicle that is found within this distance after a gap is taken to have stood there (design 5). */
  readonly sameplaceM: number
  readonly night: Window
  readonly zone: string
  readonly nightRule: 'nightPortion' | 'stintAtNight'
  readonly dayRule: 'rolling' | 'calendarDay'
  readonly ridingIsRest: boolean
  /** Reasons that bind this class, with their limits. */
  readonly limits: readonly { readonly reason: Reason; readonly limitMs: number }[]
}

export function rulesOf(settings: Settings): Rules {
  const { fatigue, speeding, zone } = settings.policy
  const limits: { reason: Reason; limitMs: number }[] = [
    { reason: 'continuousDay', limitMs: fatigue.continuousS * 1000 },
  ]
  // Night, 24 h and 7 days bind coach drivers only (Dynamic Supervision Measures; Norm art. 38).
  if (isPassenger(settings.vehicle.class))
    limits.push(
      { reason: 'continuousNight', limitMs: fatigue.nightContinuousS * 1000 },
      { reason: 'rolling24h', limitMs: fatigue.rolling24hS * 1000 },
      { reason: 'rolling7d', limitMs: fatigue.rolling7dS * 1000 },
    )
  return {
    startMs: fatigue.startS * 1000,
    stopMs: fatigue.stopS * 1000,
    restMs: fatigue.restS * 1000,
    warnMs: fatigue.warnBeforeS * 1000,
    gapMps: fatigue.gapKmh / 3.6,
    sameplaceM: fatigue.gapMovedM,
    night: speeding.night,
    zone,
    nightRule: fatigue.nightRule,
    dayRule: fatigue.dayRule,
    ridingIsRest: fatigue.ridingIsRest,
    limits,
  }
}
