import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'

/**
 * A camera that is silent, or says itself that it does not see. With the ignition off it may sleep. One episode per camera
 * and reason; nobody is blamed: a loose plug looks like a pulled one.
 */
export type CameraFaultState = {
  /** Since when Samples come without a longer pause: a boot is not a silence. */
  readonly awakeMs: number | null
  readonly lastMs: number | null
  /** `device reason` to since when. */
  readonly open: { readonly [episode: string]: number }
}

type Reason = 'silent' | 'fault'
type Device = NonNullable<Sample['camera']>['devices'][number]

export const cameraFault: Detector<CameraFaultState> = {
  name: 'camera-fault',
  initial: { awakeMs: null, lastMs: null, open: {} },
  step: (before, sample, settings) => {
    const devices = sample.camera?.devices ?? []
    if (devices.length === 0) return { state: before, findings: [] }
    const awakeMs = awakeSince(before, sample, settings)
    const findings: Finding[] = []
    const open: { [episode: string]: number } = {}
    for (const device of devices) {
      for (const reason of ['silent', 'fault'] as const) {
        const key = `${device.name} ${reason}`
        const sinceMs = before.open[key] === undefined ? null : before.open[key] + sample.clockStepMs
        const now = sinceOf(reason, device, awakeMs, sample, settings)
        const next = now === 'as-before' ? sinceMs : now === null ? null : (sinceMs ?? now)
        if (next !== null) open[key] = next
        if (sinceMs === null && next !== null)
          findings.push(told('started', reason, device, next, sample, settings))
        if (sinceMs !== null && next === null)
          findings.push(told('ended', reason, device, sinceMs, sample, settings))
      }
    }
    return { state: { awakeMs, lastMs: sample.atMs, open }, findings }
  },
}

function awakeSince(
  { awakeMs, lastMs }: CameraFaultState,
  { atMs, clockStepMs }: Sample,
  { policy }: Settings,
): number {
  const paused = lastMs === null || atMs - lastMs - clockStepMs > policy.speeding.gapS * 1000
  return paused || awakeMs === null ? atMs : awakeMs + clockStepMs
}

/** Since when it lasts; null when it does not. */
function sinceOf(
  reason: Reason,
  { ageMs, faults }: Device,
  awakeMs: number,
  sample: Sample,
  { policy }: Settings,
): number | 'as-before' | null {
  if (reason === 'fault') return faults.length > 0 ? sample.atMs : null
  const sinceMs = ageMs === null ? awakeMs : sample.atMs - ageMs
  if (sample.atMs - sinceMs < policy.camera.silentS * 1000) return null
  return sample.ignition === false ? 'as-before' : sinceMs
}

function told(
  phase: Finding['phase'],
  reason: Reason,
  { name, faults }: Device,
  sinceMs: number,
  sample: Sample,
  settings: Settings,
): Finding {
  const evidence = {
    device: name,
    ...(reason === 'fault' ? { faults } : {}),
    lastedS: roundS((sample.atMs - sinceMs) / 1000),
  }
  const subject = `${settings.vehicle.id}/${name}`
  const atMs = phase === 'ended' ? sample.atMs : sinceMs
  return makeFinding(
    { kind: 'camera-fault', reason, phase, subject, severity: 'minor', atMs, evidence },
    sample,
    settings,
  )
}
