import type { Detector, Step } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import { type EffectiveLimit, effectiveLimit, severer } from '../../proto/limits.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { begin, type Episode, evidenceOf, extend, gradeOf, pass } from './speeding-episode.ts'
import { follow, nowhere, type Whereabouts } from './whereabouts.ts'

/** Speeding 超速行驶 (semantics, "Speeding"). Silence, and a Sample without speed, is neither over nor lawful. */

export type SpeedingState = {
  readonly where: Whereabouts
  /** The limit at the Sample before; null before the first. */
  readonly limitKmh: number | null
  /** The last Sample that had a speed; null before the first. */
  readonly last: { readonly atMs: number; readonly speedKmh: number; readonly over: boolean } | null
  readonly run: Run
  /** Driven where the limit was known, and where nobody knew it, on this trip. */
  readonly driven?: Driven
}

export type Driven = { readonly trip: string | null; readonly knownM: number; readonly unknownM: number }

type Run =
  | { readonly is: 'lawful' }
  /** The limit fell under a lawful vehicle, which has time to slow down. */
  | { readonly is: 'grace'; readonly falls: readonly Fall[] }
  | { readonly is: 'holding'; readonly episode: Episode }
  | {
      readonly is: 'speeding'
      readonly episode: Episode
      readonly reason: string | null
      /** Since when the speed is low enough to be released; null while it is not. */
      readonly slowSinceMs: number | null
    }

/** A fall of the limit from `fromKmh`; void once the limit is back there. */
type Fall = { readonly fromKmh: number; readonly untilMs: number }

const lawful: Run = { is: 'lawful' }

export const speeding: Detector<SpeedingState> = {
  name: 'speeding',
  initial: { where: nowhere, limitKmh: null, last: null, run: lawful },
  step: (before, sample, settings) => {
    const state = sample.clockStepMs === 0 ? before : moved(before, sample.clockStepMs)
    const where = follow(state.where, sample, settings)
    const limit = effectiveLimit(sample.atMs, where, settings)
    const moment: Moment = { sample, settings, limit }
    const paused = onPause(inTime(state.run, sample.atMs), state.last, moment)
    const last = isPaused(state.last, moment) ? null : state.last
    const changed = onLimit(paused.state, state.limitKmh, last, moment)
    const judged = onSpeed(changed.state, last, moment)
    const findings = [...paused.findings, ...changed.findings, ...judged.findings]
    return {
      state: {
        where,
        limitKmh: limit.limitKmh,
        last: lastOf(state, moment),
        run: judged.state,
        driven: drivenOf(state.driven, last, moment),
      },
      findings,
    }
  },
}

type Moment = { readonly sample: Sample; readonly settings: Settings; readonly limit: EffectiveLimit }

const still = (run: Run): Step<Run> => ({ state: run, findings: [] })

export function isOver(speedKmh: number, limitKmh: number, { policy }: Settings): boolean {
  return speedKmh > limitKmh + policy.speeding.toleranceKmh
}

function lastOf({ last }: SpeedingState, { sample, settings, limit }: Moment): SpeedingState['last'] {
  const { speedKmh, atMs } = sample
  return speedKmh === null ? last : { atMs, speedKmh, over: isOver(speedKmh, limit.limitKmh, settings) }
}

/** A class cap on a road of unknown class is nobody's limit: there it may have been lower. */
function drivenOf(
  before: Driven | undefined,
  last: SpeedingState['last'],
  { sample, settings, limit }: Moment,
): Driven {
  const trip = settings.trip?.id ?? null
  const driven = before?.trip === trip ? before : { trip, knownM: 0, unknownM: 0 }
  if (last === null || sample.speedKmh === null) return driven
  const metres = (((last.speedKmh + sample.speedKmh) / 2 / 3.6) * (sample.atMs - last.atMs)) / 1000 || 0
  if (metres === 0) return driven
  return limit.source === 'class' && limit.roadClass === 'unknown'
    ? { ...driven, unknownM: driven.unknownM + metres }
    : { ...driven, knownM: driven.knownM + metres }
}

/** Share of the metres driven on this trip whose limit nobody knew, 0..1; null before any was driven. */
export function unknownLimitShare({ driven }: SpeedingState): number | null {
  if (driven === undefined) return null
  const metres = driven.knownM + driven.unknownM
  return metres === 0 ? null : roundS(driven.unknownM / metres)
}

/** A limit that rises releases at once; one that falls gives a vehicle that was lawful time to slow down. */
function onLimit(run: Run, limitKmh: number | null, last: SpeedingState['last'], moment: Moment): Step<Run> {
  const now = moment.limit.limitKmh
  if (limitKmh === null || now === limitKmh) return still(run)
  if (now > limitKmh) {
    if (run.is === 'speeding') return ended(run, moment)
    return still(run.is === 'grace' ? graceOf(run.falls.filter(({ fromKmh }) => now < fromKmh)) : run)
  }
  if (last?.over === true) return still(run)
  const { limitChangeS } = moment.settings.policy.speeding
  if (limitChangeS === 0) return still(run)
  const untilMs = moment.sample.atMs + limitChangeS * 1000
  const grace = graceOf([...(run.is === 'grace' ? run.falls : []), { fromKmh: limitKmh, untilMs }])
  return run.is === 'speeding' ? { ...ended(run, moment), state: grace } : still(grace)
}

function inTime(run: Run, atMs: number): Run {
  return run.is === 'grace' ? graceOf(run.falls.filter(({ untilMs }) => atMs < untilMs)) : run
}

function graceOf(falls: readonly Fall[]): Run {
  return falls.length === 0 ? lawful : { is: 'grace', falls }
}

/** A pause longer than `gapS` between Samples with a speed ends what was going on: nobody knows what was driven. */
function onPause(run: Run, last: SpeedingState['last'], moment: Moment): Step<Run> {
  if (!isPaused(last, moment)) return still(run)
  if (run.is === 'speeding') return ended(run, moment)
  return still(run.is === 'holding' ? lawful : run)
}

function isPaused(last: SpeedingState['last'], { sample, settings }: Moment): boolean {
  return last !== null && sample.atMs - last.atMs > settings.policy.speeding.gapS * 1000
}

function onSpeed(run: Run, last: SpeedingState['last'], moment: Moment): Step<Run> {
  const { sample, settings, limit } = moment
  if (sample.speedKmh === null) return still(run)
  const point = { atMs: sample.atMs, speedKmh: sample.speedKmh }
  if (isOver(point.speedKmh, limit.limitKmh, settings)) return onOver(run, last, moment, point)
  if (run.is === 'holding') return still(lawful)
  if (run.is === 'speeding')
    return onSlow({ ...run, episode: pass(run.episode, last!, point) }, moment, point)
  return still(run)
}

type Point = { readonly atMs: number; readonly speedKmh: number }

/** An episode goes on from a Sample before it: a pause would have ended it. */
function onOver(run: Run, last: SpeedingState['last'], moment: Moment, point: Point): Step<Run> {
  const { sample, settings, limit } = moment
  if (run.is === 'grace') return still(run)
  if (run.is === 'speeding') {
    const episode = extend(run.episode, last!, point, sample, limit)
    const next: Run = { ...run, episode, slowSinceMs: null }
    const worse = severer(episode.severity, run.episode.severity)
    return { state: next, findings: worse ? [told('updated', next, moment)] : [] }
  }
  const episode =
    run.is === 'holding' ? extend(run.episode, last!, point, sample, limit) : begin(point, sample, limit)
  if (point.atMs - episode.firstMs < settings.policy.speeding.holdS * 1000)
    return still({ is: 'holding', episode })
  const reason = episode.worst.limit.factorOfKmh === null ? null : 'night'
  const next: Run = { is: 'speeding', episode, reason, slowSinceMs: null }
  return { state: next, findings: [told('started', next, moment)] }
}

/** Not over: released when slow enough for long enough; in the band below the limit the episode goes on. */
function onSlow(run: Speeding, moment: Moment, { atMs, speedKmh }: Point): Step<Run> {
  const { speeding: policy } = moment.settings.policy
  if (speedKmh > moment.limit.limitKmh - policy.releaseKmh) return still({ ...run, slowSinceMs: null })
  const slowSinceMs = run.slowSinceMs ?? atMs
  if (atMs - slowSinceMs >= policy.releaseHoldS * 1000) return ended(run, moment)
  return still({ ...run, slowSinceMs })
}

type Speeding = Extract<Run, { is: 'speeding' }>

function ended(run: Speeding, moment: Moment): Step<Run> {
  return { state: lawful, findings: [told('ended', run, moment)] }
}

function told(phase: Finding['phase'], { episode, reason }: Speeding, { sample, settings }: Moment): Finding {
  const { grade, gradeReason } = gradeOf(episode)
  return makeFinding(
    {
      kind: 'speeding',
      reason,
      phase,
      severity: episode.severity,
      grade,
      atMs: phase === 'ended' ? episode.lastMs : episode.firstMs,
      driver: episode.driver,
      place: phase === 'ended' ? episode.lastPlace : episode.firstPlace,
      evidence: { ...evidenceOf(episode), gradeReason },
    },
    sample,
    settings,
  )
}

/** Every stored instant moves with the wall clock, so that a correction never changes a duration. */
function moved(state: SpeedingState, byMs: number): SpeedingState {
  const { run, last } = state
  return {
    ...state,
    last: last === null ? null : { ...last, atMs: last.atMs + byMs },
    run: movedRun(run, byMs),
  }
}

function movedRun(run: Run, byMs: number): Run {
  if (run.is === 'lawful') return run
  if (run.is === 'grace')
    return { ...run, falls: run.falls.map((fall) => ({ ...fall, untilMs: fall.untilMs + byMs })) }
  const { firstMs, lastMs } = run.episode
  const episode = { ...run.episode, firstMs: firstMs + byMs, lastMs: lastMs + byMs }
  if (run.is === 'holding') return { ...run, episode }
  return { ...run, episode, slowSinceMs: run.slowSinceMs === null ? null : run.slowSinceMs + byMs }
}
