import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import { type EffectiveLimit, effectiveLimit } from '../../proto/limits.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { roundKmh } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { follow, nowhere, type Whereabouts } from './whereabouts.ts'

/**
 * A word to the driver near the limit (JT/T 808 parameter 0x005B). Never an alert. Uses the cautious limit: on a
 * road of unknown class the lower cap.
 */
export type SpeedingWarningState = {
  readonly where: Whereabouts
  /** The driver is near the limit, and since when no longer. */
  readonly near: { readonly clearMs: number | null } | null
}

export const speedingWarning: Detector<SpeedingWarningState> = {
  name: 'speeding-warning',
  initial: { where: nowhere, near: null },
  step: (state, sample, settings) => {
    const where = follow(state.where, sample, settings)
    const { warnBelowKmh } = settings.policy.speeding
    if (warnBelowKmh === null) return { state: { where, near: null }, findings: [] }
    const shift = sample.clockStepMs
    const near = state.near === null ? null : movedBy(state.near, shift)
    if (sample.speedKmh === null) return { state: { where, near }, findings: [] }
    const limit = effectiveLimit(sample.atMs, where, settings, 'cautious')
    const tell = (phase: Finding['phase'], atMs: number): Finding =>
      warning(phase, atMs, sample, settings, limit)
    if (sample.speedKmh >= limit.limitKmh - warnBelowKmh) return onNear(where, near, sample.atMs, tell)
    return onClear(where, near, sample.atMs, settings, tell)
  },
}

type Near = NonNullable<SpeedingWarningState['near']>
type Tell = (phase: Finding['phase'], atMs: number) => Finding
type Answer = { readonly state: SpeedingWarningState; readonly findings: readonly Finding[] }

function onNear(where: Whereabouts, near: Near | null, atMs: number, tell: Tell): Answer {
  return { state: { where, near: { clearMs: null } }, findings: near === null ? [tell('started', atMs)] : [] }
}

/** A driver who hovers about the mark is told once: clear means clear for `releaseHoldS`. */
function onClear(
  where: Whereabouts,
  near: Near | null,
  atMs: number,
  settings: Settings,
  tell: Tell,
): Answer {
  if (near === null) return { state: { where, near }, findings: [] }
  const clearMs = near.clearMs ?? atMs
  if (atMs - clearMs >= settings.policy.speeding.releaseHoldS * 1000)
    return { state: { where, near: null }, findings: [tell('ended', clearMs)] }
  return { state: { where, near: { clearMs } }, findings: [] }
}

const movedBy = ({ clearMs }: Near, byMs: number): Near => ({
  clearMs: clearMs === null ? null : clearMs + byMs,
})

function warning(
  phase: Finding['phase'],
  atMs: number,
  sample: Sample,
  settings: Settings,
  limit: EffectiveLimit,
): Finding {
  const evidence = {
    speedKmh: sample.speedKmh === null ? null : roundKmh(sample.speedKmh),
    limitKmh: roundKmh(limit.limitKmh),
    limitSetBy: limit.limitSetBy,
  }
  return makeFinding({ kind: 'speeding-warning', phase, severity: 'info', atMs, evidence }, sample, settings)
}
