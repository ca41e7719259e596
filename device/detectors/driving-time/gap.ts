import { distanceM } from '../../../proto/geo/earth.ts'
import type { Sample } from '../../../proto/model.ts'
import { beginRun } from './clock.ts'
import { resolve } from './drivers.ts'
import { endBound, settle } from './ledger.ts'
import type { Rules } from './rules.ts'
import type { Bound, DrivingTime, Ledger } from './state.ts'
import {
  answering,
  beginAll,
  type Context,
  endAll,
  restSince,
  vehicleEnd,
  type Work,
  withLedgers,
  withRoom,
} from './work.ts'

/**
 * A gap is judged by bounds (design 5). Displacement D in a gap of length G proves D / 100 km/h of driving and
 * leaves the rest open: the proven clock places that driving where it makes the longest rest, the cautious one
 * counts the whole gap, unless the vehicle is found where it was.
 */

export type Gap = {
  readonly fromMs: number
  readonly toMs: number
  readonly drivenMs: Readonly<Record<Bound, number>>
  /** The vehicle moved before and after and cannot be shown to have rested between: driving goes on at once. */
  readonly goesOn: boolean
}

export function gapOf(work: DrivingTime, sample: Sample, moving: boolean, rules: Rules): Gap {
  const fromMs = work.atMs!
  const lengthMs = sample.atMs - fromMs
  const displacementM = displacement(work, sample)
  const leastMs = displacementM === null ? 0 : Math.min(lengthMs, (displacementM / rules.gapMps) * 1000)
  const proven = leastMs <= rules.startMs ? 0 : leastMs
  // Nothing known of the place, and standing on both sides: taken to have stood there.
  const near = displacementM === null ? !work.moving && !moving : displacementM <= rules.sameplaceM
  const cautious = near ? proven : lengthMs
  const noRest = work.moving && lengthMs - cautious < rules.restMs
  const far = displacementM !== null && !near
  return { fromMs, toMs: sample.atMs, drivenMs: { proven, cautious }, goesOn: moving && (far || noRest) }
}

/** Metres between the last Sample and this one: odometer, else the straight line; null when neither can tell. */
function displacement(work: DrivingTime, sample: Sample): number | null {
  if (work.odometerM !== null && sample.odometerM !== null && sample.odometerM >= work.odometerM)
    return sample.odometerM - work.odometerM
  return work.fix === null || sample.fix === null ? null : distanceM(work.fix, sample.fix)
}

/** Brings everybody's clocks to the end of the gap, standing; what the Sample shows comes after. */
export function overGap(work: Work, gap: Gap, cx: Context): Work {
  const begun = beforeGap(work, gap, cx)
  const before = withRoom(begun, answering(begun), cx)
  const sure = work.driver !== null && work.driver === cx.sample.driver
  const passed = withLedgers(before, answering(before), (ledger) => {
    const proven = boundOver(before, ledger, 'proven', gap, sure, cx.rules)
    return boundOver(before, proven, 'cautious', gap, sure, cx.rules)
  })
  return { ...passed, motion: { is: 'standing' } }
}

/** Decides what the last Samples before the gap had left open. */
function beforeGap(work: Work, gap: Gap, cx: Context): Work {
  const { motion } = work
  if (motion.is === 'stopping') return resolve(endAll(work, motion.stoodMs, cx), motion.stoodMs, cx)
  if (motion.is !== 'starting') return work
  const movedMs = gap.fromMs + gap.drivenMs.proven - motion.movedMs
  return movedMs > cx.rules.startMs ? beginAll(work, motion.movedMs, cx) : work
}

function boundOver(work: Work, ledger: Ledger, bound: Bound, gap: Gap, sure: boolean, rules: Rules): Ledger {
  const drivenMs = gap.drivenMs[bound]
  if (ledger[bound].runMs !== null) return endBound(ledger, bound, gap.fromMs + drivenMs, sure)
  if (drivenMs === 0) return ledger
  const fromMs = runStart(vehicleEnd(work, bound), gap, drivenMs, rules)
  const rested = settle(ledger, bound, restSince(work, ledger, bound, rules), fromMs, rules)
  const begun = { ...rested, [bound]: beginRun(rested[bound], fromMs) }
  return endBound(begun, bound, fromMs + drivenMs, sure)
}

/** Where driving inside a gap is placed when the vehicle stood before it: first, unless only at its end it leaves a rest. */
function runStart(sinceMs: number | null, gap: Gap, drivenMs: number, rules: Rules): number {
  const lastMs = gap.toMs - drivenMs
  if (lastMs - gap.fromMs >= rules.restMs || sinceMs === null) return gap.fromMs
  return lastMs - sinceMs >= rules.restMs ? lastMs : gap.fromMs
}
