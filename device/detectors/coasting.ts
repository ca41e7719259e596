import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import { binds } from '../../proto/limits.ts'
import type { Fix, Phase, Sample } from '../../proto/model.ts'
import { roundKmh, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { type Hold, type HoldState, notHeld, type Shown, stepHold } from './hold.ts'
import { decides } from './whereabouts.ts'

/**
 * Coasting in neutral downhill 下坡空挡滑行 (Implementing Regulations art. 62(4)). Only inside a risk section: an automatic
 * gearbox coasts lawfully on a level road. A pressed clutch is a change of gear, not neutral.
 */
export type CoastingState = HoldState<Facts>
type Facts = {
  readonly areaId: string
  readonly peakKmh: number
  /** False when nobody tells of the clutch. */
  readonly clutchKnown: boolean
}

export const coasting: Detector<CoastingState> = {
  name: 'coasting',
  initial: notHeld,
  step: (before, sample, settings) => {
    const { coastingS } = settings.policy.conduct
    const rule = { holdMs: coastingS * 1000, gapMs: settings.policy.speeding.gapS * 1000, join }
    const { state, told } = stepHold(before, shown(before, sample, settings), sample, rule)
    return { state, findings: told === null ? [] : [finding(told.phase, told.run, sample, settings)] }
  },
}

function shown({ run }: CoastingState, sample: Sample, settings: Settings): Shown<Facts> {
  const { speedKmh, conduct } = sample
  const { coastingKmh } = settings.policy.conduct
  if (speedKmh !== null && speedKmh < coastingKmh) return 'contrary'
  if (conduct?.clutch === true || (conduct !== null && conduct.gear !== null && conduct.gear !== 0))
    return 'contrary'
  if (speedKmh === null || conduct === null || conduct.gear === null) return 'unknown'
  if (sample.fix === null || !decides(sample.fix, settings)) return 'unknown'
  const areaId = riskSection(sample.fix, sample.atMs, settings)
  // Another risk section is another finding: the one before ends where it was left.
  if (areaId === null || (run !== null && run.facts.areaId !== areaId)) return 'contrary'
  return { areaId, peakKmh: speedKmh, clutchKnown: conduct.clutch !== null }
}

function riskSection(fix: Fix, atMs: number, settings: Settings): string | null {
  const area = settings.areas.at(fix).find((one) => one.role === 'riskSection' && binds(one, atMs, settings))
  return area?.id ?? null
}

const join = (before: Facts, now: Facts): Facts => ({
  areaId: before.areaId,
  peakKmh: Math.max(before.peakKmh, now.peakKmh),
  clutchKnown: before.clutchKnown && now.clutchKnown,
})

function finding(phase: Phase, { firstMs, lastMs, facts }: Hold<Facts>, sample: Sample, settings: Settings) {
  const evidence = {
    areaId: facts.areaId,
    durationS: roundS((lastMs - firstMs) / 1000),
    peakKmh: roundKmh(facts.peakKmh),
    gear: 0,
  }
  const doubt = facts.clutchKnown ? {} : { gradeReason: 'nobody tells whether the clutch was pressed' }
  return makeFinding(
    {
      kind: 'coasting',
      phase,
      severity: 'major',
      grade: facts.clutchKnown ? 'sufficient' : 'to-verify',
      atMs: phase === 'ended' ? lastMs : firstMs,
      evidence: { ...evidence, ...doubt },
    },
    sample,
    settings,
  )
}
