import { distanceM } from '../../proto/geo/earth.ts'
import type { Fix, Sample } from '../../proto/model.ts'
import type { Policy } from '../../proto/policy.ts'
import { roundM, roundS } from '../../proto/round.ts'

/** The figures of a replay's summary (design 10). */
export type Tally = {
  readonly sample: (sample: Sample) => void
  /** One accepted row; `refused` when the jump filter refused its position. */
  readonly accepted: (refused: boolean) => void
  readonly rejected: () => void
  readonly totals: () => { samples: number; rejected: number; drivenSeconds: number; distanceM: number }
}

export function createTally(fatigue: Policy['fatigue']): Tally {
  let samples = 0
  let rejected = 0
  let drivenMs = 0
  let before: Sample | null = null
  let lastFix: Fix | null = null
  let byFixesM = 0
  let lastOdometerM: number | null = null
  let byOdometerM = 0
  let odometers = 0

  const measureFix = (sample: Sample): void => {
    if (sample.fix === null) return
    // A re-seed is a new beginning: no distance leads to it.
    if (lastFix !== null && !sample.reseeded) byFixesM += distanceM(lastFix, sample.fix)
    lastFix = sample.fix
  }

  const measureOdometer = (sample: Sample): void => {
    if (sample.odometerM === null) return
    odometers++
    if (lastOdometerM !== null && sample.odometerM > lastOdometerM)
      byOdometerM += sample.odometerM - lastOdometerM
    lastOdometerM = sample.odometerM
  }

  return {
    sample: (sample) => {
      const pauseMs = before === null ? 0 : sample.atMs - before.atMs
      if (before !== null && pauseMs <= fatigue.gapS * 1000 && turning(before, fatigue.noiseKmh))
        drivenMs += pauseMs
      measureFix(sample)
      measureOdometer(sample)
      before = sample
    },
    accepted: (refused) => {
      if (refused) rejected++
      else samples++
    },
    rejected: () => {
      rejected++
    },
    totals: () => ({
      samples,
      rejected,
      drivenSeconds: roundS(drivenMs / 1000),
      distanceM: roundM(odometers >= 2 ? byOdometerM : byFixesM),
    }),
  }
}

/** A receiver drifts while parked, so its small speeds are none; a wheel that turns turns. */
function turning(sample: Sample, noiseKmh: number): boolean {
  if (sample.speedKmh === null) return false
  const measuredAtWheel = sample.speedSource === 'wheel' || sample.speedSource === 'tachograph'
  return measuredAtWheel ? sample.speedKmh > 0 : sample.speedKmh >= noiseKmh
}
