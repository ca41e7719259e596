import type { Detector } from '../../proto/detector.ts'
import { type FindingParts, makeFinding } from '../../proto/finding.ts'
import type { CameraEvent, Finding, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import {
  type CameraEpisodes,
  type CameraNews,
  cameraEvidence,
  type Levels,
  noEpisodes,
  speedOf,
  stepEpisodes,
} from './camera-episodes.ts'

/**
 * Somebody in the blind spot 盲区 (T/JSATL 12, 0x67). Its two speeds are those of the cameras ahead and of the driver, not of
 * this one: a coach that turns right at walking pace is what it is for. Only while moving: everybody passes a parked vehicle.
 */
const reasons: { readonly [what: string]: string } = {
  'rear-approach': 'rear',
  'left-rear-approach': 'leftRear',
  'right-rear-approach': 'rightRear',
}

/** To be overtaken is no offence: it is told to the driver and counted. */
const levels: Levels = ['info', 'info']

const wanted = {
  counts: (event: CameraEvent, sample: Sample, { policy }: Settings): boolean => {
    const kmh = speedOf(event, sample)
    return kmh !== null && kmh >= policy.fatigue.noiseKmh
  },
  levels: (what: string) => (reasons[what] === undefined ? null : levels),
}

export const blindSpot: Detector<CameraEpisodes> = {
  name: 'blind-spot',
  initial: noEpisodes,
  step: (before, sample, settings) => {
    const { open, news } = stepEpisodes(before, sample, settings, wanted)
    return { state: open, findings: news.map((one) => told(one, sample, settings)) }
  },
}

function told({ what, phase, episode }: CameraNews, sample: Sample, settings: Settings): Finding {
  const parts: FindingParts = {
    kind: 'blind-spot',
    reason: reasons[what]!,
    phase,
    severity: episode.severity,
    grade: 'to-verify',
    atMs: phase === 'ended' ? episode.lastMs : episode.sinceMs,
    evidence: { ...cameraEvidence(episode), gradeReason: 'seen by a camera alone' },
  }
  return makeFinding(parts, sample, settings)
}
