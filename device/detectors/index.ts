import type { AnyDetector } from '../../proto/detector.ts'
import { antenna } from './antenna.ts'
import { canSilent } from './can-silent.ts'
import { clockConflict } from './clock-conflict.ts'
import { doorOpen } from './door-open.ts'
import { fatigue } from './fatigue.ts'
import { gnssFrozen } from './gnss-frozen.ts'
import { gnssLost } from './gnss-lost.ts'
import { offRoute } from './off-route.ts'
import { speedMismatch } from './speed-mismatch.ts'
import { speeding } from './speeding.ts'
import { speedingWarning } from './speeding-warning.ts'

/**
 * The terminal's detectors, in the order in which one Sample's findings are sealed: first what says how far the rest
 * can be believed (clock, position, bus, speed), then the offences. No detector sees another's state, so the order
 * changes no finding.
 */
export const detectors: readonly AnyDetector[] = [
  clockConflict,
  antenna,
  gnssLost,
  gnssFrozen,
  canSilent,
  speedMismatch,
  fatigue,
  speeding,
  offRoute,
  doorOpen,
]

/** What is only said in the cab (`driverOnly` in the catalogue): run beside the others, never sealed or printed. */
export const driverDetectors: readonly AnyDetector[] = [speedingWarning]
