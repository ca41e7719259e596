import type { DrivingInterval, Left } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import { figuresOf } from './ledger.ts'
import { isContinuous } from './limits.ts'
import { type Rules, rulesOf } from './rules.ts'
import type { Bound, DrivingTime, Ledger, Reason } from './state.ts'
import { ledgerOf } from './work.ts'

/** Null where the limit does not bind this class of vehicle. */
export type Remaining = {
  /** Whose times these are: the last known driver; null when nobody was ever identified. */
  readonly driver: string | null
  /** False while no card proves that he is the one who drives. */
  readonly confirmed: boolean
  readonly continuousDay: Left | null
  readonly continuousNight: Left | null
  readonly rolling24h: Left | null
  readonly rolling7d: Left | null
}

/** What is left at an instant not before the last Sample. A short stop goes on counting; hours yet to leave do not. */
export function remaining(state: DrivingTime, atMs: number, settings: Settings): Remaining {
  const rules = rulesOf(settings)
  const driver = state.driver ?? state.lastKnown
  const ledger = ledgerOf(state, driver ?? '')
  const left = (reason: Reason): Left | null => {
    const limit = rules.limits.find((one) => one.reason === reason)
    if (limit === undefined) return null
    const by = (bound: Bound): number =>
      Math.max(0, limit.limitMs - countedMs(state, ledger, bound, reason, atMs, rules)) / 1000
    return { provenS: by('proven'), cautiousS: by('cautious') }
  }
  return {
    driver,
    confirmed: state.driver !== null && state.doubt === null,
    continuousDay: left('continuousDay'),
    continuousNight: left('continuousNight'),
    rolling24h: left('rolling24h'),
    rolling7d: left('rolling7d'),
  }
}

/** Driven without a rest, short stops included, by the least and by the most that the data allow. */
export function continuousS(state: DrivingTime, atMs: number, settings: Settings): Left {
  const rules = rulesOf(settings)
  const ledger = ledgerOf(state, state.driver ?? state.lastKnown ?? '')
  const by = (bound: Bound): number => countedMs(state, ledger, bound, 'continuousDay', atMs, rules) / 1000
  return { provenS: by('proven'), cautiousS: by('cautious') }
}

function countedMs(
  state: DrivingTime,
  ledger: Ledger | undefined,
  bound: Bound,
  reason: Reason,
  atMs: number,
  rules: Rules,
): number {
  if (ledger === undefined) return 0
  const clock = ledger[bound]
  const resting = clock.runMs === null && clock.endMs !== null && atMs - clock.endMs >= rules.restMs
  if (isContinuous(reason) && (clock.stintMs === null || resting)) return 0
  // Driving that may have begun but is not yet driving by the 10 s rule is nobody's yet.
  const kind = bound === 'proven' ? 'fatigue' : 'fatigue-warning'
  const standingMs = state.motion.is === 'stopping' ? state.motion.stoodMs : atMs
  const untilMs = isContinuous(reason) ? atMs : standingMs
  return figuresOf(ledger, kind, reason, atMs, untilMs, rules).drivenS * 1000
}

/**
 * Driving intervals that the step from `before` to `after` closed: what a terminal sends as `driving-interval`
 * records. `proven: false` marks driving that only the cautious clock holds or that no card proves.
 */
export function closedIntervals(before: DrivingTime, after: DrivingTime): readonly DrivingInterval[] {
  return before === after ? [] : after.closed
}

/** The driving under way, up to the last moving Sample, of the driver whose card proves it: for hours on several vehicles. */
export function drivingNow(state: DrivingTime): readonly DrivingInterval[] {
  const { driver, motion, atMs } = state
  if (driver === null) return []
  const fromMs = ledgerOf(state, driver)?.proven.runMs ?? Number.POSITIVE_INFINITY
  const toMs = motion.is === 'stopping' ? motion.stoodMs : atMs!
  return toMs > fromMs ? [{ driver, fromMs, toMs, proven: true }] : []
}
