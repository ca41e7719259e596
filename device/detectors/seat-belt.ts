import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Finding } from '../../proto/model.ts'
import { roundS } from '../../proto/round.ts'

/**
 * The word about seat belts 请系好安全带 at each departure. Only said in the cab, never an alert: that it was said, and when,
 * is in the cab's log.
 */
export type SeatBeltState = {
  /** Since when it stands; null while it moves, or before anybody saw it stand. */
  readonly stillMs: number | null
}

export const seatBelt: Detector<SeatBeltState> = {
  name: 'seat-belt',
  initial: { stillMs: null },
  step: (before, sample, settings) => {
    const { speedKmh, atMs } = sample
    const stillMs = before.stillMs === null ? null : before.stillMs + sample.clockStepMs
    if (speedKmh === null) return { state: { stillMs }, findings: [] }
    if (speedKmh < settings.policy.fatigue.noiseKmh)
      return { state: { stillMs: stillMs ?? atMs }, findings: [] }
    const departs = stillMs !== null && atMs - stillMs >= settings.policy.conduct.beltStopS * 1000
    if (!departs) return { state: { stillMs: null }, findings: [] }
    const evidence = { stoodS: roundS((atMs - stillMs) / 1000) }
    const tell = (phase: Finding['phase']): Finding =>
      makeFinding({ kind: 'seat-belt', phase, severity: 'info', atMs, evidence }, sample, settings)
    return { state: { stillMs: null }, findings: [tell('started'), tell('ended')] }
  },
}
