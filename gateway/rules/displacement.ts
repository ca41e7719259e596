import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { roundM, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { isoUtc } from '../../proto/time.ts'
import { leastDrivenS, listen, noSilence, type Silence, type SilenceState, shiftSilence } from './silence.ts'

/**
 * 离线位移: the vehicle moved while nobody heard it. One finding per gap, made when the displacement is known;
 * `at` is the first Sample after the gap, because that is the first proof.
 */
export const displacement: Detector<SilenceState> = {
  name: 'displacement',
  initial: noSilence,
  step(state, sample, settings) {
    const moved = shiftSilence(state, sample.clockStepMs)
    // Without a disciplined clock the length of the gap is unknown, so nothing can be said of it.
    if (!sample.trusted) return { state: moved, findings: [] }
    const heard = listen(moved, sample, settings)
    const far = heard.silence !== null && heard.silence.distanceM > settings.policy.fatigue.gapMovedM
    return { state: heard.state, findings: far ? [finding(heard.silence!, sample, settings)] : [] }
  },
}

function finding(silence: Silence, sample: Sample, settings: Settings): Finding {
  return makeFinding(
    {
      kind: 'displacement',
      phase: 'started',
      severity: settings.vehicle.class === 'hazmat' ? 'major' : 'minor',
      atMs: silence.toMs,
      evidence: {
        from: isoUtc(silence.fromMs),
        to: isoUtc(silence.toMs),
        gapS: roundS((silence.toMs - silence.fromMs) / 1000),
        distanceM: roundM(silence.distanceM),
        by: silence.by,
        atLeastDrivenS: roundS(leastDrivenS(silence.distanceM, settings)),
      },
    },
    sample,
    settings,
  )
}
