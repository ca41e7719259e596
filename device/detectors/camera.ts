import type { Detector } from '../../proto/detector.ts'
import { type FindingParts, makeFinding } from '../../proto/finding.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import {
  type CameraEpisodes,
  type CameraNews,
  cameraEvidence,
  isIn,
  type Levels,
  noEpisodes,
  stepEpisodes,
} from './camera-episodes.ts'

/**
 * What cameras see of the driver and of the road, fatigue excepted (that is fused with driving time). A camera errs, so each
 * of these is to be verified by the picture it took.
 */
const kinds: { readonly [what: string]: Levels } = {
  phone: ['minor', 'major'],
  smoking: ['info', 'minor'],
  distraction: ['minor', 'major'],
  'driver-absent': ['minor', 'major'],
  'forward-collision': ['minor', 'major'],
  'lane-departure': ['info', 'minor'],
  headway: ['info', 'minor'],
  pedestrian: ['minor', 'major'],
}

export const cameraKinds: readonly string[] = Object.keys(kinds)

export const camera: Detector<CameraEpisodes> = {
  name: 'camera',
  initial: noEpisodes,
  step: (before, sample, settings) => {
    const wanted = { counts: isIn('alarm'), levels: (what: string) => kinds[what] ?? null }
    const { open, news } = stepEpisodes(before, sample, settings, wanted)
    return { state: open, findings: news.map((one) => told(one, one.what, null, sample, settings)) }
  },
}

const noticed: Levels = ['info', 'info']

/** Between the two speeds the driver hears it and nobody else: 预警, not uploaded. */
export const cameraWarning: Detector<CameraEpisodes> = {
  name: 'camera-warning',
  initial: noEpisodes,
  step: (before, sample, settings) => {
    const levels = (what: string): Levels | null =>
      what === 'fatigue' || kinds[what] !== undefined ? noticed : null
    const { open, news } = stepEpisodes(before, sample, settings, { counts: isIn('warning'), levels })
    return {
      state: open,
      findings: news.map((one) => told(one, 'camera-warning', one.what, sample, settings)),
    }
  },
}

function told(
  { phase, episode }: CameraNews,
  kind: string,
  reason: string | null,
  sample: Sample,
  settings: Settings,
): Finding {
  const gradeReason = 'seen by a camera alone'
  const parts: FindingParts = {
    kind,
    reason,
    phase,
    severity: episode.severity,
    grade: 'to-verify',
    atMs: phase === 'ended' ? episode.lastMs : phase === 'updated' ? episode.last.atMs : episode.sinceMs,
    evidence: { ...cameraEvidence(episode), gradeReason },
  }
  return makeFinding(parts, sample, settings)
}
