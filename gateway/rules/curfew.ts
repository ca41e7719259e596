import type { Detector, Step } from '../../proto/detector.ts'
import type { Evidence, Finding, Sample } from '../../proto/model.ts'
import { safeStopsEvidence } from '../../proto/safe-stops.ts'
import type { Settings } from '../../proto/settings.ts'
import { type Interval, isoUtc, windowAt } from '../../proto/time.ts'
import { type CurfewEpisode, curfewEvidence, curfewFinding } from './curfew-episode.ts'
import { inferEpisode } from './curfew-inferred.ts'
import { asTail, goneFromSafeStop, parkedSafely } from './curfew-tail.ts'
import { judge, type Verdict } from './curfew-verdict.ts'
import { noWarning, shiftWarning, type WarningState, warn } from './curfew-warning.ts'
import {
  advance,
  isMoving,
  type Offence,
  type Run,
  seenUntil,
  shiftRun,
  shiftSeen,
  told,
  untold,
} from './moving-run.ts'
import { noRelay, type RelayState, shiftRelay, trackRelay } from './relay.ts'
import { listen, noSilence, type Silence, type SilenceState, shiftSilence } from './silence.ts'

/**
 * Coaches stop from 02:00 to 05:00 unless exempt or relayed (Norm art. 38(5)). Thirty seconds without a break at or
 * above `movingKmh` inside the window decide; one episode per window; it ends at 05:00:00.000 at the latest.
 */
export type CurfewState = {
  readonly silence: SilenceState
  readonly relay: RelayState
  readonly warning: WarningState
  readonly run: Run | null
  readonly episode: CurfewEpisode | null
  /** Beginning of the window of the last episode: there is never a second one. */
  readonly nightMs: number | null
}

type Work = { readonly state: CurfewState; readonly findings: readonly Finding[] }

export const curfew: Detector<CurfewState> = {
  name: 'curfew',
  initial: {
    silence: noSilence,
    relay: noRelay,
    warning: noWarning,
    run: null,
    episode: null,
    nightMs: null,
  },
  step(state, sample, settings): Step<CurfewState> {
    const shifted = shift(state, sample.clockStepMs)
    // Only coaches have the curfew, and only a disciplined clock knows that it is 02:00.
    if (settings.vehicle.class !== 'coach' || !sample.trusted) return { state: shifted, findings: [] }
    const heard = listen(shifted.silence, sample, settings)
    let work: Work = { state: { ...shifted, silence: heard.state }, findings: [] }
    work = close(work, sample, settings)
    if (heard.silence !== null) work = infer(work, heard.silence, sample, settings)
    const relay = trackRelay(work.state.relay, sample, heard.silence, settings)
    work = { ...work, state: { ...work.state, relay } }
    return run(notify(work, sample, settings), sample, settings)
  },
}

/** The last moving Sample stands until this one; the first at or after 05:00 ends the episode. */
function close({ state, findings }: Work, sample: Sample, settings: Settings): Work {
  if (state.episode === null) return { state, findings }
  const lastMoving = seenUntil(state.episode.lastMoving, sample.atMs, settings)
  const episode = { ...state.episode, lastMoving }
  if (sample.atMs < episode.toMs) return { state: { ...state, episode }, findings }
  const ended = curfewFinding(episode, 'ended', sample, settings)
  return { state: { ...state, episode: null }, findings: [...findings, ended] }
}

function infer(work: Work, silence: Silence, sample: Sample, settings: Settings): Work {
  const { state, findings } = work
  const inferred = inferEpisode(silence, state.relay, sample, settings)
  if (inferred === null || inferred.nightMs === state.nightMs || state.episode !== null) return work
  const { episode, nightMs } = inferred
  const started = curfewFinding(episode, 'started', sample, settings)
  return close({ state: { ...state, episode, nightMs }, findings: [...findings, started] }, sample, settings)
}

function notify({ state, findings }: Work, sample: Sample, settings: Settings): Work {
  const { state: warning, finding } = warn(state.warning, state.relay, sample, settings)
  return { state: { ...state, warning }, findings: finding === null ? findings : [...findings, finding] }
}

function run({ state, findings }: Work, sample: Sample, settings: Settings): Work {
  const { policy } = settings
  const moving = isMoving(sample, settings)
  const window = windowAt(sample.atMs, { from: policy.curfew.from, to: policy.curfew.to }, policy.zone)
  const verdict = moving === true && window !== null ? verdictAt(state, window, sample, settings) : null
  const offends = verdict !== null && verdict.exempt === null
  const input = { atMs: sample.atMs, counts: moving, offends, opensMs: window?.fromMs ?? null }
  const ran: CurfewState = { ...state, run: advance(state.run, input, settings) }
  if (offends && window !== null) return decide({ state: ran, findings }, verdict, window, sample, settings)
  const parked = moving === false && ran.episode !== null ? parkedSafely(ran.episode, sample, settings) : null
  if (parked !== null) return update({ state: ran, findings }, parked, sample, settings)
  return { state: ran, findings }
}

function verdictAt(state: CurfewState, window: Interval, sample: Sample, settings: Settings): Verdict {
  const question = { nightMs: window.fromMs, atMs: sample.atMs, nowMs: sample.atMs }
  return judge(state.relay, question, settings)
}

/** An offending Sample: starts the episode, adds to it, or takes it out of the safe stop again. */
function decide(work: Work, verdict: Verdict, window: Interval, sample: Sample, settings: Settings): Work {
  const state = extended(work.state, sample)
  const offence = untold(state.run, settings)
  if (offence === null) return goneOn({ ...work, state }, sample, settings)
  const made = episodeOf(state.episode, offence, verdict, window, sample, settings)
  // For the desk: where it can be sent to.
  const lastFix = state.warning.fixBefore ?? null
  const ahead = state.episode === null ? safeStopsEvidence(sample, lastFix, settings) : {}
  const episode = { ...made, evidence: { ...made.evidence, ...ahead } }
  const phase = state.episode === null ? 'started' : 'updated'
  const finding = curfewFinding(episode, phase, sample, settings)
  return {
    state: { ...state, run: told(state.run), episode, nightMs: window.fromMs },
    findings: [...work.findings, finding],
  }
}

/** A run that was told of as a tail goes on after all. */
function goneOn(work: Work, sample: Sample, settings: Settings): Work {
  const { episode, run } = work.state
  if (episode === null || run?.offence?.told !== true) return work
  const gone = goneFromSafeStop(episode, sample, settings)
  return gone === null ? work : update(work, gone, sample, settings)
}

function extended(state: CurfewState, sample: Sample): CurfewState {
  const { episode } = state
  if (episode === null) return state
  const lastMoving = { atMs: sample.atMs, untilMs: null }
  const place = sample.fix === null ? episode.place : { lat: sample.fix.lat, lon: sample.fix.lon }
  return { ...state, episode: { ...episode, lastMoving, place, driver: sample.driver ?? episode.driver } }
}

function episodeOf(
  open: CurfewEpisode | null,
  offence: Offence,
  verdict: Verdict,
  window: Interval,
  sample: Sample,
  settings: Settings,
): CurfewEpisode {
  const main = verdict.reasons[0] ?? 'noCertificate'
  const atMs = open?.atMs ?? Math.max(offence.atMs, window.fromMs)
  const episode: CurfewEpisode = {
    atMs,
    toMs: window.toMs,
    severity: 'critical',
    grade: 'sufficient',
    inferred: false,
    reason: main,
    main,
    evidence: { ...earlier(open, offence), ...curfewEvidence(verdict, window, sample, settings) },
    lastMoving: { atMs: sample.atMs, untilMs: null },
    driver: sample.driver,
    trip: settings.trip?.id ?? null,
    place: sample.fix,
  }
  return asTail(episode, sample, settings)
}

/** What was inferred stays readable when movement proves it; the grade's reason and the safe stop do not. */
function earlier(open: CurfewEpisode | null, offence: Offence): Evidence {
  if (open === null) return {}
  const { gradeReason: _grade, safeStop: _stop, safeStopName: _name, ...evidence } = open.evidence
  return { ...evidence, runFrom: isoUtc(offence.atMs) }
}

function update(work: Work, episode: CurfewEpisode, sample: Sample, settings: Settings): Work {
  const updated = curfewFinding(episode, 'updated', sample, settings)
  return { state: { ...work.state, episode }, findings: [...work.findings, updated] }
}

function shift(state: CurfewState, byMs: number): CurfewState {
  if (byMs === 0) return state
  const { episode } = state
  return {
    silence: shiftSilence(state.silence, byMs),
    relay: shiftRelay(state.relay, byMs),
    warning: shiftWarning(state.warning, byMs),
    run: shiftRun(state.run, byMs),
    episode: episode === null ? null : { ...episode, lastMoving: shiftSeen(episode.lastMoving, byMs) },
    nightMs: state.nightMs,
  }
}

/** What the rule has seen of a relay, out of its state as a fold keeps it. */
export function relaySeen(state: unknown): RelayState {
  return (state as CurfewState | null)?.relay ?? noRelay
}
