import type { Detector } from '../../proto/detector.ts'
import { type DrivingTime, initial } from './driving-time/state.ts'
import { step } from './driving-time/step.ts'

/**
 * Driving time: continuous by day and by night, 24 h and 7 days, per driver (design 4-6; 实施条例 62(7), 动态监管办法,
 * GB/T 19056 clause 3). Raises fatigue, fatigue-warning, no-driver and driver-change-doubtful.
 */
export const fatigue: Detector<DrivingTime> = { name: 'fatigue', initial, step }

export { closedIntervals, type Left, type Remaining, remaining } from './driving-time/remaining.ts'
export type { DrivingTime } from './driving-time/state.ts'
