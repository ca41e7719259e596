import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Area, AreaIndex } from '../../proto/geo/areas.ts'
import { binds } from '../../proto/limits.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { roundM } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { decides } from './whereabouts.ts'

/**
 * A word to the driver before a black spot or a risk section (`approachM` of the area): once for each approach, when
 * the vehicle comes nearer, never when it drives away. Never an alert.
 */
export type ApproachState = {
  /** Areas within reach: how far away at the fix before, and whether the driver was told. */
  readonly near: { readonly [areaId: string]: { readonly awayM: number; readonly told: boolean } }
}

/** Told again only after it was left behind by this share more than the reach: no two words on a winding road. */
const rearmShare = 1.25
const initial: ApproachState = { near: {} }
const reaches = new WeakMap<AreaIndex, number>()

/** The farthest reach of any area; 0 where none has one. A set of areas does not change. */
function reachOf(areas: AreaIndex): number {
  let reachM = reaches.get(areas)
  if (reachM === undefined) {
    reachM = 0
    for (const { more } of areas.all) reachM = Math.max(reachM, more?.approachM ?? 0)
    reaches.set(areas, reachM)
  }
  return reachM
}

export const approach: Detector<ApproachState> = {
  name: 'approach',
  initial,
  step(state, sample, settings) {
    const reachM = reachOf(settings.areas)
    if (reachM === 0) return { state: initial, findings: none }
    const { fix } = sample
    if (fix === null || !decides(fix, settings)) return { state, findings: none }
    const near: Record<string, { awayM: number; told: boolean }> = {}
    const findings: Finding[] = []
    for (const area of settings.areas.near(fix, reachM * rearmShare)) {
      const approachM = area.more?.approachM ?? 0
      if (approachM === 0 || !binds(area, sample.atMs, settings)) continue
      const awayM = Math.max(0, area.signedDistanceM(fix))
      if (awayM > approachM * rearmShare) continue
      const before = state.near[area.id]
      const closer = before !== undefined && awayM < before.awayM
      const tell =
        before?.told !== true && awayM <= approachM && (closer || awayM === 0) && moves(sample, settings)
      near[area.id] = { awayM, told: tell || before?.told === true }
      if (tell) findings.push(word(area, awayM, sample, settings))
    }
    return { state: { near }, findings }
  },
}

const none: readonly Finding[] = []

/** Nobody warns a parked driver. */
function moves({ speedKmh }: Sample, { policy }: Settings): boolean {
  return speedKmh === null || speedKmh >= policy.fatigue.noiseKmh
}

function word(area: Area, awayM: number, sample: Sample, settings: Settings): Finding {
  const evidence = {
    areaId: area.id,
    areaName: area.name,
    role: area.role,
    aheadM: roundM(awayM),
    limitKmh: area.limitKmh,
  }
  return makeFinding(
    { kind: 'approach', phase: 'started', subject: area.id, severity: 'info', atMs: sample.atMs, evidence },
    sample,
    settings,
  )
}
