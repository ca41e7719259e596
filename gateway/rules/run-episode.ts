import { makeFinding } from '../../proto/finding.ts'
import type { Evidence, Finding, Place, Sample, Severity } from '../../proto/model.ts'
import { roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { isoUtc } from '../../proto/time.ts'
import {
  advance,
  ceasedMs,
  isMoving,
  type LastSeen,
  type Run,
  seenUntil,
  shiftRun,
  shiftSeen,
  told,
  untold,
} from './moving-run.ts'

/**
 * Episodes of "moving where and when it is forbidden", shared by banned hours and charter plates. Decided by the
 * same 30 s as the curfew. An episode ends when it is no longer forbidden, after 30 s elsewhere (a position that
 * jitters on a border makes no second episode), or after a rest of `fatigue.restS` (a red light is no end);
 * `at` of the end is always the last offending Sample plus its interval.
 */
export type RunEpisode = {
  readonly atMs: number
  readonly severity: Severity
  readonly evidence: Evidence
  readonly driver: string | null
  readonly trip: string | null
  readonly place: Place | null
  readonly last: LastSeen
  /** When it stops being forbidden, where that is known beforehand. */
  readonly closesMs: number | null
}

export type RunWatch = {
  readonly run: Run | null
  readonly episode: RunEpisode | null
  /** Elsewhere since; null while there or unknown. */
  readonly elsewhereMs: number | null
}

export const noWatch: RunWatch = { run: null, episode: null, elsewhereMs: null }

export type Forbidden = {
  readonly kind: string
  readonly subject: string
  readonly severity: Severity
  /** In the place that it is about; null where the position does not tell. */
  readonly there: boolean | null
  /** Forbidden at this moment, were it there and moving. */
  readonly now: boolean
  readonly opensMs: number | null
  readonly closesMs: number | null
  readonly evidence: () => Evidence
}

export function watch(
  state: RunWatch,
  rule: Forbidden,
  sample: Sample,
  settings: Settings,
): { state: RunWatch; findings: readonly Finding[] } {
  const closed = end(state, rule, sample, settings)
  const moving = isMoving(sample, settings)
  const counts = moving === false || rule.there === false ? false : moving === null ? null : rule.there
  const input = { atMs: sample.atMs, counts, offends: rule.now, opensMs: rule.opensMs }
  const run = advance(closed.state.run, input, settings)
  const offends = counts === true && rule.now
  const next: RunWatch = {
    ...closed.state,
    run,
    episode: offends ? extend(closed.state.episode, sample) : closed.state.episode,
  }
  const offence = next.episode === null ? untold(run, settings) : null
  if (offence === null) return { state: next, findings: closed.findings }
  const episode = begin(offence.atMs, rule, sample, settings)
  const started = finding(episode, 'started', rule, sample, settings)
  return { state: { ...next, run: told(run), episode }, findings: [...closed.findings, started] }
}

function begin(atMs: number, rule: Forbidden, sample: Sample, settings: Settings): RunEpisode {
  return {
    atMs,
    severity: rule.severity,
    evidence: rule.evidence(),
    driver: sample.driver,
    trip: settings.trip?.id ?? null,
    place: sample.fix === null ? null : { lat: sample.fix.lat, lon: sample.fix.lon },
    last: { atMs: sample.atMs, untilMs: null },
    closesMs: rule.closesMs,
  }
}

function extend(episode: RunEpisode | null, sample: Sample): RunEpisode | null {
  if (episode === null) return null
  const place = sample.fix === null ? episode.place : { lat: sample.fix.lat, lon: sample.fix.lon }
  const last = { atMs: sample.atMs, untilMs: null }
  return { ...episode, last, place, driver: sample.driver ?? episode.driver }
}

function end(
  state: RunWatch,
  rule: Pick<Forbidden, 'kind' | 'subject' | 'there' | 'now'>,
  sample: Sample,
  settings: Settings,
): { state: RunWatch; findings: readonly Finding[] } {
  const elsewhereMs =
    rule.there === false ? (state.elsewhereMs ?? sample.atMs) : rule.there ? null : state.elsewhereMs
  if (state.episode === null) return { state: { ...state, elsewhereMs }, findings: [] }
  const episode = { ...state.episode, last: seenUntil(state.episode.last, sample.atMs, settings) }
  if (!isOver(episode, elsewhereMs, rule.now, sample, settings))
    return { state: { ...state, episode, elsewhereMs }, findings: [] }
  const ended = finding(episode, 'ended', rule, sample, settings)
  return { state: { run: null, episode: null, elsewhereMs }, findings: [ended] }
}

function isOver(
  episode: RunEpisode,
  elsewhereMs: number | null,
  now: boolean,
  sample: Sample,
  { policy }: Settings,
): boolean {
  if (!now || (episode.closesMs !== null && sample.atMs >= episode.closesMs)) return true
  if (elsewhereMs !== null && sample.atMs - elsewhereMs >= policy.curfew.movingS * 1000) return true
  return sample.atMs - episode.last.atMs >= policy.fatigue.restS * 1000
}

function finding(
  episode: RunEpisode,
  phase: 'started' | 'ended',
  { kind, subject }: Pick<Forbidden, 'kind' | 'subject'>,
  sample: Sample,
  settings: Settings,
): Finding {
  const endMs = ceasedMs(episode.last, episode.closesMs)
  const { atMs, severity, driver, place } = episode
  const evidence = {
    ...episode.evidence,
    since: isoUtc(atMs),
    ...(phase === 'ended' ? { durationS: roundS((endMs - atMs) / 1000) } : {}),
  }
  const parts = { kind, subject, phase, severity, driver, place, evidence }
  const made = makeFinding({ ...parts, atMs: phase === 'ended' ? endMs : atMs }, sample, settings)
  return { ...made, trip: episode.trip }
}

/** Ends what a rule that is no longer there had begun. */
export function abandon(
  state: RunWatch,
  rule: { readonly kind: string; readonly subject: string },
  sample: Sample,
  settings: Settings,
): readonly Finding[] {
  return end(state, { ...rule, there: null, now: false }, sample, settings).findings
}

export function shiftWatch(state: RunWatch, byMs: number): RunWatch {
  if (byMs === 0) return state
  const { run, episode, elsewhereMs } = state
  return {
    run: shiftRun(run, byMs),
    episode: episode === null ? null : { ...episode, last: shiftSeen(episode.last, byMs) },
    elsewhereMs: elsewhereMs === null ? null : elsewhereMs + byMs,
  }
}
