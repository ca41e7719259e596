import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import { hasHours, isInForce, nextTurn } from '../../proto/geo/area-hours.ts'
import type { Area, AreaIndex } from '../../proto/geo/areas.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { isoUtc } from '../../proto/time.ts'
import { decides } from './areas-leg.ts'
import { isMoving } from './moving-run.ts'

/**
 * A no-entry area whose hours are about to begin, and a vehicle that moves in it: told `warnBeforeS` before, once for
 * each beginning, else when it moves again before it. Nobody is told of a parked vehicle.
 */
export type AreaWarningState = {
  readonly lastMs: number | null
  readonly moving: boolean
  /** By area: the beginning that was told of. */
  readonly warned: { readonly [areaId: string]: number }
}

const initial: AreaWarningState = { lastMs: null, moving: false, warned: {} }
const timed = new WeakMap<AreaIndex, boolean>()

const isTimed = (area: Area): boolean => area.role === 'noEntry' && hasHours(area)

function anyTimed(areas: AreaIndex): boolean {
  let known = timed.get(areas)
  if (known === undefined) {
    known = areas.all.some(isTimed)
    timed.set(areas, known)
  }
  return known
}

const none: readonly Finding[] = []

export const areaWarning: Detector<AreaWarningState> = {
  name: 'area-warning',
  initial,
  step(before, sample, settings) {
    const pushed = settings.areasSinceMs === null || sample.atMs >= settings.areasSinceMs
    if (!anyTimed(settings.areas) || !sample.trusted || !pushed) return { state: before, findings: none }
    const lastMs = before.lastMs === null ? null : before.lastMs + sample.clockStepMs
    const state = { ...before, lastMs }
    const moving = isMoving(sample, settings)
    const next = { ...state, lastMs: sample.atMs, moving: moving ?? state.moving }
    if (moving !== true || !decides(sample, settings)) return { state: next, findings: none }
    return warnOf(state, next, sample, settings)
  },
}

function warnOf(
  state: AreaWarningState,
  next: AreaWarningState,
  sample: Sample,
  settings: Settings,
): { state: AreaWarningState; findings: readonly Finding[] } {
  const warned: Record<string, number> = {}
  const findings: Finding[] = []
  for (const area of settings.areas.at(sample.fix!)) {
    const opensMs = opening(area, sample.atMs, settings)
    if (opensMs === null) continue
    warned[area.id] = opensMs
    if (state.warned[area.id] !== opensMs) findings.push(notice(area, opensMs, state, sample, settings))
  }
  return { state: { ...next, warned: { ...remaining(state.warned, sample.atMs), ...warned } }, findings }
}

/** Beginnings that are past need not be remembered. */
function remaining(warned: AreaWarningState['warned'], atMs: number): AreaWarningState['warned'] {
  return Object.fromEntries(Object.entries(warned).filter(([, opensMs]) => opensMs > atMs))
}

/** When it becomes forbidden to be here, where that is due to be told; else null. */
function opening(area: Area, atMs: number, { vehicle, policy }: Settings): number | null {
  if (!isTimed(area) || (area.classes !== null && !area.classes.includes(vehicle.class))) return null
  if (isInForce(area, atMs, policy.zone)) return null
  const opensMs = nextTurn([area], atMs, policy.zone)
  if (opensMs - atMs > policy.areas.warnBeforeS * 1000) return null
  return isInForce(area, opensMs, policy.zone) ? opensMs : null
}

function notice(
  area: Area,
  opensMs: number,
  { lastMs, moving }: AreaWarningState,
  sample: Sample,
  settings: Settings,
): Finding {
  const { areas, fatigue } = settings.policy
  const dueMs = opensMs - areas.warnBeforeS * 1000
  const across = moving && lastMs !== null && lastMs < dueMs && sample.atMs - lastMs <= fatigue.gapS * 1000
  return makeFinding(
    {
      kind: 'area-warning',
      phase: 'started',
      subject: area.id,
      severity: 'info',
      atMs: across ? dueMs : sample.atMs,
      evidence: {
        areaId: area.id,
        role: area.role,
        areaName: area.name,
        leaveBy: isoUtc(opensMs),
        leftS: roundS((opensMs - sample.atMs) / 1000),
      },
    },
    sample,
    settings,
  )
}
