import type { AnyDetector } from '../../proto/detector.ts'
import { antenna } from './antenna.ts'
import { approach } from './approach.ts'
import { blindSpot } from './blind-spot.ts'
import { calibrated } from './calibrated.ts'
import { camera, cameraWarning } from './camera.ts'
import { cameraFault } from './camera-fault.ts'
import { canSilent } from './can-silent.ts'
import { clockConflict } from './clock-conflict.ts'
import { coasting } from './coasting.ts'
import { crash } from './crash.ts'
import { doorOpen } from './door-open.ts'
import { emergency } from './emergency.ts'
import { fatigue } from './fatigue.ts'
import { gnssFrozen } from './gnss-frozen.ts'
import { gnssLost } from './gnss-lost.ts'
import { harshAcceleration, harshBraking } from './harsh.ts'
import { offRoute } from './off-route.ts'
import { offSchedule } from './off-schedule.ts'
import { overload } from './overload.ts'
import { powerCut } from './power-cut.ts'
import { seatBelt } from './seat-belt.ts'
import { speedMismatch } from './speed-mismatch.ts'
import { speeding } from './speeding.ts'
import { speedingWarning } from './speeding-warning.ts'
import { tyrePressure } from './tyre-pressure.ts'

/**
 * The terminal's detectors, in the order in which one Sample's findings are sealed: first what says how far the rest
 * can be believed (clock, position, bus, speed), then the offences. No detector sees another's state, so the order
 * changes no finding.
 */
export const detectors: readonly AnyDetector[] = [
  clockConflict,
  powerCut,
  antenna,
  gnssLost,
  gnssFrozen,
  canSilent,
  cameraFault,
  speedMismatch,
  emergency,
  crash,
  fatigue,
  calibrated(speeding),
  offRoute,
  offSchedule,
  doorOpen,
  camera,
  blindSpot,
  tyrePressure,
  coasting,
  overload,
  harshBraking,
  harshAcceleration,
]

/** What is only said in the cab (`driverOnly` in the catalogue): run beside the others, never sealed or printed. */
export const driverDetectors: readonly AnyDetector[] = [speedingWarning, seatBelt, cameraWarning, approach]
