import type { Detector, Step } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import { type Progress, progressOf } from '../../proto/geo/along.ts'
import type { CorridorPosition } from '../../proto/geo/corridor.ts'
import { distanceM } from '../../proto/geo/earth.ts'
import type { Finding, Place, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import { crossingBetween, type LastFix } from './crossing.ts'
import { detoursOf, turnedBetween } from './off-route-detour.ts'
import {
  begin,
  type Crossing,
  crossingMovedBy,
  type Excursion,
  evidenceOf,
  extend,
  movedBy,
} from './off-route-episode.ts'
import { type Look, lookAt } from './off-route-look.ts'
import { endedWay, movedWay, stepWay, type Way } from './off-route-way.ts'
import { decides } from './whereabouts.ts'

/**
 * Off-route 偏离核定线路 (semantics, "Off-route"). Silence (no fix, a refused one, one too inaccurate) is neither out
 * nor back. The width of a corridor is meant to hold the receiver's error, so smaller errors are not added to it.
 */

export type OffRouteState = {
  /** The trip and the route it is about: with either of them everything begins anew. */
  readonly about: string
  /** No finding before the line was reached once. */
  readonly reached: boolean
  readonly near: CorridorPosition | null
  readonly last: LastFix | null
  readonly run: Run
  /** In which direction the line is driven. */
  readonly way?: Way | null
}

type Run =
  | { readonly is: 'on' }
  | { readonly is: 'leaving'; readonly excursion: Excursion }
  | { readonly is: 'off'; readonly excursion: Excursion; readonly back: Back | null }

/** Inside again: `heldMs` of it well inside without a break. */
type Back = { readonly crossing: Crossing; readonly well: boolean; readonly heldMs: number }

const on: Run = { is: 'on' }
const initial: OffRouteState = { about: '', reached: false, near: null, last: null, run: on }

export const offRoute: Detector<OffRouteState> = {
  name: 'off-route',
  initial,
  step: (before, sample, settings) => {
    const about = aboutOf(settings)
    const moved = sample.clockStepMs === 0 ? before : movedState(before, sample.clockStepMs)
    const { state, findings } = moved.about === about ? still(moved) : renewed(moved, about, sample, settings)
    const { route } = settings
    const { fix } = sample
    if (route === null || fix === null || !decides(fix, settings)) return { state, findings }
    const next = onFix(state, lookAt(state, route, fix, sample, settings))
    return { state: next.state, findings: [...findings, ...next.findings] }
  },
}

/** How far along the route the vehicle is and how far it has to go; null before it was seen on it. */
export function routeProgress({ about, near, reached }: OffRouteState, settings: Settings): Progress | null {
  // Reached is a route that there was, somewhere on it.
  return reached && about === aboutOf(settings) ? progressOf(settings.route!, near!) : null
}

const still = <State>(state: State): Step<State> => ({ state, findings: [] })

function aboutOf({ route, trip }: Settings): string {
  return route === null ? '' : JSON.stringify([trip?.id, route.id])
}

/** The trip ended or another route holds: what was open ends where it was last seen. */
function renewed(
  { run, way }: OffRouteState,
  about: string,
  sample: Sample,
  settings: Settings,
): Step<OffRouteState> {
  const state = { ...initial, about }
  const ways = endedWay(way ?? null, sample, settings)
  if (run.is !== 'off') return { state, findings: ways }
  const ceasedMs = run.back?.crossing.atMs ?? run.excursion.lastMs
  return { state, findings: [...ways, told('ended', run, ceasedMs, null, sample, settings)] }
}

function onFix(state: OffRouteState, look: Look): Step<OffRouteState> {
  const { sample, fix, near } = look
  const last = { atMs: sample.atMs, ...fix, odometerM: sample.odometerM }
  const reached = state.reached || look.withinLine
  const judged = reached ? judge(state, look) : still(state.run)
  const { way, findings } = stepWay(state.way ?? null, state.last, look)
  const next = { about: state.about, reached, near, last, run: judged.state, way }
  return { state: next, findings: [...judged.findings, ...findings] }
}

function judge(state: OffRouteState, look: Look): Step<Run> {
  const { run } = state
  if (run.is === 'off') return look.allowed ? onReturn(run, state, look) : onFarther(run, state, look)
  if (look.allowed) return still(on)
  if (run.is === 'leaving') return onHold(extended(run.excursion, state, look), look)
  const { sample, settings, route, near } = look
  const excursion = begin(crossingOf(state, look), route, near, sample.atMs, sample.driver, settings)
  return onHold(excursion, look)
}

/** Out for long enough, and not by standing beside the line. */
function onHold(excursion: Excursion, look: Look): Step<Run> {
  const { holdS, holdM } = look.settings.policy.offRoute
  if (excursion.outMs < holdS * 1000 || excursion.travelledM < holdM)
    return still({ is: 'leaving', excursion })
  const run: Off = { is: 'off', excursion, back: null }
  return { state: run, findings: [tell('started', run, look)] }
}

type Off = Extract<Run, { is: 'off' }>

function onFarther(run: Off, state: OffRouteState, look: Look): Step<Run> {
  const excursion = extended(run.excursion, state, look, run.back !== null)
  const next: Off = { is: 'off', excursion, back: null }
  const worse = excursion.severity !== run.excursion.severity
  return { state: next, findings: worse ? [tell('updated', next, look)] : [] }
}

function onReturn(run: Off, state: OffRouteState, look: Look): Step<Run> {
  const crossing = run.back?.crossing ?? crossingOf(state, look)
  const goesOn = look.wellInside && run.back?.well === true && look.straight
  const sinceLastMs = look.sample.atMs - state.last!.atMs
  const kept = look.wellInside ? (run.back?.heldMs ?? 0) : 0
  const heldMs = goesOn ? kept + sinceLastMs : kept
  const next: Off = { ...run, back: { crossing, well: look.wellInside, heldMs } }
  if (!look.wellInside || heldMs < look.settings.policy.offRoute.returnS * 1000) return still(next)
  return { state: on, findings: [tell('ended', next, look)] }
}

/** Whoever is beside the line or comes back to it was seen on it before. */
function crossingOf(state: OffRouteState, look: Look): Crossing {
  const last = state.last!
  const now = { atMs: look.sample.atMs, fix: look.fix }
  const turnedMs = turnedAt(last, look)
  if (turnedMs !== null) return { atMs: turnedMs, place: look.fix, afterMs: null }
  if (look.straight) return crossingBetween(last, now, look.mayBe)
  return { atMs: now.atMs, place: look.fix, afterMs: last.atMs }
}

/** No border was passed, but an approval began or ended: the instant; null where a border was. */
function turnedAt(last: LastFix, { route, settings, sample, fix, mayBe }: Look): number | null {
  const detours = detoursOf(route, settings)
  if (detours.length === 0 || mayBe(last) !== mayBe(fix)) return null
  return turnedBetween(detours, last.atMs, sample.atMs) ?? sample.atMs
}

/** Adds the stretch from the fix before, as far as it is proven to have been outside. */
function extended(excursion: Excursion, state: OffRouteState, look: Look, fromInside = false): Excursion {
  const { sample, near, settings } = look
  const last = state.last!
  const now = { atMs: sample.atMs, distanceM: near.distanceM }
  const ms = sample.atMs - last.atMs
  const beyondM = state.near!.distanceM + near.distanceM - 2 * excursion.route.halfWidthM
  // Too far out at both ends for any vehicle to have been back in between.
  const tooFar = !sample.reseeded && beyondM > (settings.policy.signals.jumpMps * ms) / 1000
  const proven = !fromInside && (look.straight || tooFar)
  return extend(excursion, now, { proven, ms, travelledM: travelledM(last, look) }, settings)
}

/** By odometer; else straight between fixes, unless the speed says that a standing receiver drifts. */
function travelledM(last: LastFix, { sample, fix, settings }: Look): number {
  if (last.odometerM !== null && sample.odometerM !== null && sample.odometerM >= last.odometerM)
    return sample.odometerM - last.odometerM
  const stands = sample.speedKmh !== null && sample.speedKmh < settings.policy.fatigue.noiseKmh
  return stands ? 0 : distanceM(last, fix)
}

function tell(phase: Finding['phase'], run: Off, { sample, settings, fix }: Look): Finding {
  const { excursion, back } = run
  if (back !== null) return told(phase, run, back.crossing.atMs, back.crossing.place, sample, settings)
  return told(phase, run, sample.atMs, phase === 'started' ? excursion.left.place : fix, sample, settings)
}

/** `untilMs`: how long the excursion lasted, or has lasted so far. */
function told(
  phase: Finding['phase'],
  { excursion, back }: Off,
  untilMs: number,
  place: Place | null,
  sample: Sample,
  settings: Settings,
): Finding {
  const finding = makeFinding(
    {
      kind: 'off-route',
      phase,
      subject: excursion.route.id,
      severity: excursion.severity,
      atMs: phase === 'ended' ? untilMs : excursion.left.atMs,
      driver: excursion.driver,
      place,
      evidence: evidenceOf(excursion, untilMs, phase === 'ended' ? (back?.crossing ?? null) : null),
    },
    sample,
    settings,
  )
  return { ...finding, trip: excursion.trip }
}

function movedState(state: OffRouteState, byMs: number): OffRouteState {
  const last = state.last === null ? null : { ...state.last, atMs: state.last.atMs + byMs }
  return { ...state, last, run: movedRun(state.run, byMs), way: movedWay(state.way ?? null, byMs) }
}

function movedRun(run: Run, byMs: number): Run {
  if (run.is === 'on') return run
  const excursion = movedBy(run.excursion, byMs)
  if (run.is === 'leaving') return { ...run, excursion }
  const back = run.back === null ? null : { ...run.back, crossing: crossingMovedBy(run.back.crossing, byMs) }
  return { ...run, excursion, back }
}
