import type { Detector } from '../../proto/detector.ts'
import { type CameraEpisodes, noEpisodes } from './camera-episodes.ts'
import { stepCameraFatigue } from './camera-fatigue.ts'
import { type DrivingTime, initial } from './driving-time/state.ts'
import { step } from './driving-time/step.ts'

/**
 * Driving time: continuous by day and by night, 24 h and 7 days, per driver (design 4-6; 实施条例 62(7), 动态监管办法,
 * GB/T 19056 clause 3). Raises fatigue, fatigue-warning, no-driver and driver-change-doubtful; what a camera saw of tiredness is
 * fused with it here, because only here the ledger is known.
 */
export const fatigue: Detector<FatigueState> = {
  name: 'fatigue',
  initial,
  step: (before, sample, settings) => {
    const driving = step(before, sample, settings)
    const open = before.camera ?? noEpisodes
    if (open === noEpisodes && (sample.camera?.events.length ?? 0) === 0) return driving
    const camera = stepCameraFatigue(open, driving.state, sample, settings)
    const state = { ...driving.state, camera: isEmpty(camera.open) ? noEpisodes : camera.open }
    return { state, findings: [...driving.findings, ...camera.findings] }
  },
}

/** Absent until a camera spoke. */
export type FatigueState = DrivingTime & { readonly camera?: CameraEpisodes }

const isEmpty = (open: CameraEpisodes): boolean => Object.keys(open).length === 0

export { closedIntervals, drivingNow, type Remaining, remaining } from './driving-time/remaining.ts'
export type { DrivingTime } from './driving-time/state.ts'
