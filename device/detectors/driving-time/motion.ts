import type { Sample } from '../../../proto/model.ts'
import type { Rules } from './rules.ts'
import type { Motion } from './state.ts'

/** Whether the wheels turn, and what of it is driving (GB/T 19056 3.3, 3.4). */

/** A parked receiver drifts: only wheel and tachograph are believed below `noiseKmh`. Null: nobody knows. */
export function isMoving(sample: Sample, noiseKmh: number): boolean | null {
  const { speedKmh, speedSource } = sample
  if (speedKmh === null) return null
  const exact = speedSource === 'wheel' || speedSource === 'tachograph'
  return exact ? speedKmh > 0 : speedKmh > 0 && speedKmh >= noiseKmh
}

/** The motion after a Sample; `began` and `ended` are back-dated instants at which driving began or ended. */
export type Turn = {
  readonly motion: Motion
  readonly beganMs: number | null
  readonly endedMs: number | null
}

/** What was before the Sample lasted until it; it begins what the Sample shows. */
export function turn(motion: Motion, moving: boolean, atMs: number, rules: Rules): Turn {
  switch (motion.is) {
    case 'standing':
      return quiet(moving ? { is: 'starting', movedMs: atMs } : motion)
    case 'driving':
      return quiet(moving ? motion : { is: 'stopping', stoodMs: atMs })
    case 'starting': {
      if (atMs - motion.movedMs <= rules.startMs) return quiet(moving ? motion : { is: 'standing' })
      const next: Motion = moving ? { is: 'driving' } : { is: 'stopping', stoodMs: atMs }
      return { motion: next, beganMs: motion.movedMs, endedMs: null }
    }
    case 'stopping': {
      if (atMs - motion.stoodMs <= rules.stopMs) return quiet(moving ? { is: 'driving' } : motion)
      const next: Motion = moving ? { is: 'starting', movedMs: atMs } : { is: 'standing' }
      return { motion: next, beganMs: null, endedMs: motion.stoodMs }
    }
  }
}

const quiet = (motion: Motion): Turn => ({ motion, beganMs: null, endedMs: null })
