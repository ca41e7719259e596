import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Phase, Sample } from '../../proto/model.ts'
import { roundM, roundPct } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { type Hold, type HoldState, notHeld, type Shown, stepHold } from './hold.ts'

/**
 * Overload 超载 by what the axles say (J1939 VW, CVW) against the approved mass. Informative: a suspension is no scale, so
 * it is only told while driving, after a while, and always to be verified.
 */
export type OverloadState = HoldState<Facts>
type Facts = { readonly massKg: number; readonly approvedKg: number }

export const overload: Detector<OverloadState> = {
  name: 'overload',
  initial: notHeld,
  step: (before, sample, settings) => {
    const { conduct, fatigue } = settings.policy
    // A stop in which nothing could be unloaded does not end it.
    const rule = { holdMs: conduct.overloadS * 1000, gapMs: fatigue.restS * 1000, join }
    const { state, told } = stepHold(before, shown(sample, settings), sample, rule)
    return { state, findings: told === null ? [] : [finding(told.phase, told.run, sample, settings)] }
  },
}

function shown({ conduct, speedKmh }: Sample, { vehicle, policy }: Settings): Shown<Facts> {
  const approvedKg = vehicle.approvedMassKg
  if (approvedKg === undefined) return 'contrary'
  const massKg = conduct?.massKg ?? null
  const moving = speedKmh !== null && speedKmh >= policy.fatigue.noiseKmh
  if (massKg === null || !moving) return 'unknown'
  return massKg > approvedKg * (1 + policy.conduct.overloadShare) ? { massKg, approvedKg } : 'contrary'
}

const join = (before: Facts, now: Facts): Facts => ({ ...now, massKg: Math.max(before.massKg, now.massKg) })

function finding(phase: Phase, { firstMs, lastMs, facts }: Hold<Facts>, sample: Sample, settings: Settings) {
  const { massKg, approvedKg } = facts
  return makeFinding(
    {
      kind: 'overload',
      phase,
      severity: 'info',
      grade: 'to-verify',
      atMs: phase === 'ended' ? lastMs : firstMs,
      evidence: {
        massKg: roundM(massKg),
        approvedMassKg: roundM(approvedKg),
        percent: roundPct((massKg / approvedKg - 1) * 100),
        gradeReason: 'axle sensors are no scale',
      },
    },
    sample,
    settings,
  )
}
