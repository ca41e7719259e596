import type { Evidence, Sample } from '../../proto/model.ts'
import { roundM, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { type Interval, isoUtc, nextWindow, overlapMs, windowAt } from '../../proto/time.ts'
import { type CurfewEpisode, curfewEvidence } from './curfew-episode.ts'
import { judge } from './curfew-verdict.ts'
import type { RelayState } from './relay.ts'
import { leastDrivenS, type Silence } from './silence.ts'

/**
 * A silent night is judged by bounds: when the displacement cannot have happened outside the window at 100 km/h,
 * some of it happened inside. Less proves a displacement only.
 */
export function inferEpisode(
  silence: Silence,
  relay: RelayState,
  sample: Sample,
  settings: Settings,
): { episode: CurfewEpisode; nightMs: number } | null {
  const window = firstWindow(silence, settings)
  if (window === null) return null
  const insideS = leastInsideS(silence, settings)
  const fromMs = Math.max(silence.fromMs, window.fromMs)
  const toMs = Math.min(silence.toMs, window.toMs)
  if (insideS <= 0 || toMs <= fromMs) return null
  const verdict = judge(relay, { nightMs: window.fromMs, atMs: fromMs, nowMs: sample.atMs }, settings)
  const main = verdict.reasons[0]
  if (main === undefined) return null
  const episode: CurfewEpisode = {
    atMs: fromMs,
    toMs: window.toMs,
    severity: 'critical',
    grade: 'to-verify',
    inferred: true,
    reason: main,
    main,
    evidence: {
      ...curfewEvidence(verdict, window, sample, settings),
      ...inferredEvidence(silence, fromMs, toMs, Math.min(insideS, (toMs - fromMs) / 1000)),
    },
    lastMoving: { atMs: toMs, untilMs: toMs },
    driver: sample.driver,
    trip: settings.trip?.id ?? null,
    place: sample.fix,
  }
  return { episode, nightMs: window.fromMs }
}

/** The first curfew window that the gap may touch: a gap of several nights cannot say which one it was. */
function firstWindow({ measuredFromMs }: Silence, { policy }: Settings): Interval | null {
  const window = { from: policy.curfew.from, to: policy.curfew.to }
  return windowAt(measuredFromMs, window, policy.zone) ?? nextWindow(measuredFromMs, window, policy.zone)
}

/** The least driving that must have been inside: what was driven minus all the time there was outside. */
function leastInsideS(silence: Silence, settings: Settings): number {
  const { measuredFromMs, measuredToMs, distanceM } = silence
  const window = { from: settings.policy.curfew.from, to: settings.policy.curfew.to }
  const overlap = overlapMs(measuredFromMs, measuredToMs, window, settings.policy.zone)
  const outsideS = (measuredToMs - measuredFromMs - overlap) / 1000
  return roundS(leastDrivenS(distanceM, settings) - outsideS)
}

/** `from` and `to` are the range in which it happened; the silence itself is beside them. */
function inferredEvidence(silence: Silence, fromMs: number, toMs: number, atLeastS: number): Evidence {
  return {
    inferred: true,
    from: isoUtc(fromMs),
    to: isoUtc(toMs),
    atLeastS: roundS(atLeastS),
    silentFrom: isoUtc(silence.fromMs),
    silentTo: isoUtc(silence.toMs),
    distanceM: roundM(silence.distanceM),
    by: silence.by,
    gradeReason: 'inferred from the displacement while silent',
  }
}
