import type { Detector } from '../../proto/detector.ts'
import type { Finding } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import { calibrationEvidence, type SpeedMismatchState, speedMismatch } from './speed-mismatch.ts'

/**
 * Speed findings of a vehicle whose speed sources disagree: the speed is evidence only after a calibration, so they
 * carry the mark `calibrateFirst`, the certificate, and the grade to-verify, until the sources agree again.
 */
export type Calibrated<State> = State & { readonly calibration?: SpeedMismatchState }

export function calibrated<State extends object>(inner: Detector<State>): Detector<Calibrated<State>> {
  return {
    name: inner.name,
    initial: inner.initial,
    step: (state, sample, settings) => {
      const before = state.calibration ?? speedMismatch.initial
      const { state: calibration } = speedMismatch.step(before, sample, settings)
      const step = inner.step(state, sample, settings)
      const findings = calibration.open
        ? step.findings.map((finding) => marked(finding, settings))
        : step.findings
      return { state: { ...step.state, calibration }, findings }
    },
  }
}

function marked(finding: Finding, { vehicle, policy }: Settings): Finding {
  const certificate = calibrationEvidence(vehicle.calibration, finding.decidedAtMs, policy.zone)
  const gradeReason = 'the speed sources disagree; calibrate first'
  return {
    ...finding,
    grade: 'to-verify',
    evidence: { ...finding.evidence, ...certificate, calibrateFirst: true, gradeReason },
  }
}
