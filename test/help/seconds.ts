import { type Detector, drive } from '../../proto/detector.ts'
import type { Finding, LineHealth, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import { beijing, sampleAt } from './drive.ts'
import { deepFreeze, roadPoint, settingsFor } from './road.ts'

/** Drives told second by second, for detectors that watch lines and switches. */

export const startMs = beijing('2026-11-23 10:00:00')
export const settings = deepFreeze(settingsFor('coach'))
export const fixAt = (alongM: number): Sample['fix'] => ({
  ...roadPoint(alongM),
  accuracyM: null,
  satellites: 9,
})
export const wheel = (wheelKmh: number | null, gnssKmh: number | null = wheelKmh): Sample['sources'] => ({
  wheelKmh,
  tachographKmh: null,
  gnssKmh,
  positionKmh: null,
})
export const healthy: LineHealth = {
  gnssLineAgeMs: 0,
  gnssFixAgeMs: 0,
  canAgeMs: 0,
  antenna: 'ok',
  expects: { gnss: true, can: true },
}

/** One Sample a second; `at` tells what is known at second s, null for none. */
export function seconds(count: number, at: (s: number) => Partial<Sample> | null): Sample[] {
  return Array.from({ length: count }, (_, s) => {
    const known = at(s)
    return known === null ? [] : [sampleAt(startMs + s * 1000, known)]
  }).flat()
}

export function told<State>(
  detector: Detector<State>,
  samples: Sample[],
  inForce: Settings = settings,
): Finding[] {
  return drive(detector, deepFreeze(samples), inForce).findings
}

export const brief = ({ phase, severity, atMs, decidedAtMs }: Finding): unknown[] => [
  phase,
  severity,
  (atMs - startMs) / 1000,
  (decidedAtMs - startMs) / 1000,
]
