import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { roundKmh, roundPct } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import type { Vehicle } from '../../proto/shapes/vehicle.ts'
import { validUntilMs } from '../../proto/time.ts'

/**
 * Speed sources disagree 速度状态异常, judged as a recorder does (GB/T 19056): only above `mismatchKmh`, off for
 * `mismatchS` without a break to begin, within for as long to end; any change of side restarts the window.
 */
export type SpeedMismatchState = {
  /** The side it is on without a break. */
  readonly side: { readonly off: boolean; readonly sinceMs: number; readonly peakShare: number } | null
  readonly open: boolean
}

export const speedMismatch: Detector<SpeedMismatchState> = {
  name: 'speed-mismatch',
  initial: { side: null, open: false },
  step: (before, sample, settings) => {
    const share = shareOf(sample, settings)
    if (share === null) return { state: { side: null, open: before.open }, findings: [] }
    const side = sideOf(before, share, sample, settings)
    const { mismatchS } = settings.policy.integrity
    const held = sample.atMs - side.sinceMs >= mismatchS * 1000
    const open = held ? side.off : before.open
    if (open === before.open) return { state: { side, open }, findings: [] }
    return { state: { side, open }, findings: [told(open ? 'started' : 'ended', side, sample, settings)] }
  },
}

type Side = NonNullable<SpeedMismatchState['side']>

/** How far apart the sources are, as a share of the GNSS speed; null where they cannot be compared. */
function shareOf({ sources }: Sample, { policy }: Settings): number | null {
  if (sources === null) return null
  const recorderKmh = sources.tachographKmh ?? sources.wheelKmh
  const { gnssKmh } = sources
  if (recorderKmh === null || gnssKmh === null || gnssKmh <= policy.integrity.mismatchKmh) return null
  return Math.abs(gnssKmh - recorderKmh) / gnssKmh
}

function sideOf({ side }: SpeedMismatchState, share: number, sample: Sample, { policy }: Settings): Side {
  const { mismatchShare, mismatchInclusive } = policy.integrity
  const off = share > mismatchShare || (mismatchInclusive && share === mismatchShare)
  if (side === null || side.off !== off) return { off, sinceMs: sample.atMs, peakShare: share }
  return { off, sinceMs: side.sinceMs + sample.clockStepMs, peakShare: Math.max(side.peakShare, share) }
}

/** Number and expiry of the last calibration; nothing where the vehicle file names none. */
export function calibrationEvidence(
  calibration: Vehicle['calibration'],
  atMs: number,
  zone: string,
): { calibrationCertificate?: string; calibrationValidTo?: string; calibrationExpired?: boolean } {
  if (calibration === undefined) return {}
  const untilMs = validUntilMs(calibration.validTo, zone)
  return {
    calibrationCertificate: calibration.certificate,
    calibrationValidTo: calibration.validTo,
    ...(untilMs === null ? {} : { calibrationExpired: atMs >= untilMs }),
  }
}

function told(phase: Finding['phase'], side: Side, sample: Sample, settings: Settings): Finding {
  const { sources } = sample
  const kmh = (value: number | null | undefined): number | null =>
    value === null || value === undefined ? null : roundKmh(value)
  const { calibration } = settings.vehicle
  const evidence = {
    percent: roundPct(side.peakShare * 100),
    gnssKmh: kmh(sources?.gnssKmh),
    wheelKmh: kmh(sources?.wheelKmh),
    tachographKmh: kmh(sources?.tachographKmh),
    ...calibrationEvidence(calibration, sample.atMs, settings.policy.zone),
  }
  return makeFinding(
    { kind: 'speed-mismatch', phase, severity: 'minor', atMs: side.sinceMs, evidence },
    sample,
    settings,
  )
}
