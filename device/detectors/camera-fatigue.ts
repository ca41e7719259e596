import { makeFinding } from '../../proto/finding.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import {
  type CameraEpisode,
  type CameraEpisodes,
  type CameraNews,
  cameraEvidence,
  isIn,
  type Levels,
  stepEpisodes,
} from './camera-episodes.ts'
import { continuousS } from './driving-time/remaining.ts'
import type { DrivingTime } from './driving-time/state.ts'

/**
 * Drowsiness seen by a camera 疲劳状态报警, fused with the driving-time ledger: the finding carries how long the driver has
 * driven without a rest. A camera alone proves nothing (it takes a squint for sleep): only when the ledger proves, by itself,
 * that the continuous limit is passed do the two together suffice.
 */
const levels: Levels = ['critical', 'critical']
const wanted = { counts: isIn('alarm'), levels: (what: string) => (what === 'fatigue' ? levels : null) }

export function stepCameraFatigue(
  before: CameraEpisodes,
  driving: DrivingTime,
  sample: Sample,
  settings: Settings,
): { readonly open: CameraEpisodes; readonly findings: readonly Finding[] } {
  const { open, news } = stepEpisodes(before, sample, settings, wanted)
  return { open, findings: news.map((one) => told(one, driving, sample, settings)) }
}

function told(
  { phase, episode }: CameraNews,
  driving: DrivingTime,
  sample: Sample,
  settings: Settings,
): Finding {
  const driven = continuousS(driving, sample.atMs, settings)
  const { continuousS: limitS } = settings.policy.fatigue
  const proven = driven.provenS > limitS
  const evidence = {
    ...cameraEvidence(episode),
    drivenS: roundS(driven.provenS),
    drivenAtMostS: roundS(driven.cautiousS),
    limitS,
    ...(proven ? {} : { gradeReason: 'seen by a camera alone; driving time is within its limit' }),
  }
  const atMs = at(phase, episode)
  const grade = proven ? 'sufficient' : 'to-verify'
  return makeFinding(
    { kind: 'fatigue', reason: 'camera', phase, severity: episode.severity, grade, atMs, evidence },
    sample,
    settings,
  )
}

function at(phase: Finding['phase'], { sinceMs, lastMs }: CameraEpisode): number {
  return phase === 'started' ? sinceMs : lastMs
}
