import type { Detector } from '../../proto/detector.ts'
import type { LatLon } from '../../proto/geo/earth.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import type { Trip } from '../../proto/shapes/trip.ts'
import { crossingBetween, isStraight, type LastFix } from './crossing.ts'
import { type Doubt, type Late, lateFinding, pointFinding } from './off-schedule-told.ts'
import { decides } from './whereabouts.ts'

/**
 * Off schedule 不按规定时间运行, at the stops of a trip in their order. Late is an episode: from the end of the tolerance
 * to the arrival or departure. Leaving early is a moment. Coming early and waiting harms nobody and is no finding;
 * nor is what was due before anybody watched.
 */
export type OffScheduleState = {
  readonly trip: string | null
  /** First Sample of the trip. */
  readonly sinceMs: number
  readonly last: LastFix | null
  /** The stop it stands at; null between stops. */
  readonly inside: Inside | null
  /** Index of the next stop to be reached. */
  readonly next: number
  readonly late: Late | null
  /** A silence since the last stop: it may have called unseen. */
  readonly doubt: Doubt
}
type Inside = {
  readonly index: number
  readonly onTime: boolean
  /** When its border was passed, while it is not yet `leaveM` outside. */
  readonly outMs: number | null
}

type Stops = NonNullable<Trip['stops']>
type Work = { readonly state: OffScheduleState; readonly findings: readonly Finding[] }
type Context = {
  readonly stops: Stops
  readonly fix: LatLon
  readonly sample: Sample
  readonly settings: Settings
}

/** Stops that may be left out before the next one is looked for no longer. */
const lookAhead = 3

const initial: OffScheduleState = {
  trip: null,
  sinceMs: 0,
  last: null,
  inside: null,
  next: 0,
  late: null,
  doubt: false,
}

export const offSchedule: Detector<OffScheduleState> = {
  name: 'off-schedule',
  initial,
  step(before, sample, settings) {
    const moved = sample.clockStepMs === 0 ? before : movedBy(before, sample.clockStepMs)
    const stops = settings.trip?.stops
    const trip = stops === undefined ? null : settings.trip!.id
    const work =
      moved.trip === trip ? { state: moved, findings: none } : renewed(moved, trip, sample, settings)
    const { fix } = sample
    if (stops === undefined || !sample.trusted || fix === null || !decides(fix, settings)) return work
    return onFix(work, { stops, fix: { lat: fix.lat, lon: fix.lon }, sample, settings })
  },
}

const none: readonly Finding[] = []

/** Another trip: what was late stays unfinished, and ends where the trip was last seen. */
function renewed(state: OffScheduleState, trip: string | null, sample: Sample, settings: Settings): Work {
  const findings =
    state.late === null ? none : [lateFinding(state.late, 'ended', state.last!.atMs, null, sample, settings)]
  return { state: { ...initial, trip, sinceMs: sample.atMs }, findings }
}

function onFix(before: Work, cx: Context): Work {
  const { sample, settings, fix } = cx
  const gapMs = sample.atMs - (before.state.last?.atMs ?? sample.atMs)
  const doubt = before.state.doubt || gapMs > settings.policy.fatigue.gapS * 1000
  let work: Work = { ...before, state: { ...before.state, doubt } }
  work = work.state.inside === null ? work : leave(work, work.state.inside, cx)
  work = work.state.inside === null ? arrive(work, cx) : work
  work = overdue(work, sample.atMs, cx)
  const last: LastFix = { atMs: sample.atMs, ...fix, odometerM: sample.odometerM }
  return { ...work, state: { ...work.state, last } }
}

/** When a border was passed: on the straight line from the fix before, else at the first proof. */
function crossedMs(state: OffScheduleState, holds: (point: LatLon) => boolean, cx: Context): number {
  const { last } = state
  if (last === null || !isStraight(last, cx.sample, cx.fix, cx.settings) || holds(last) === holds(cx.fix))
    return cx.sample.atMs
  return crossingBetween(last, { atMs: cx.sample.atMs, fix: cx.fix }, holds).atMs
}

const placeOf = (index: number, { stops, settings }: Context) =>
  settings.areas.byId.get(stops[index]?.areaId ?? '')

function leave(work: Work, inside: Inside, cx: Context): Work {
  const area = placeOf(inside.index, cx)
  const { leaveM } = cx.settings.policy.areas
  const awayM = area === undefined ? Infinity : area.signedDistanceM(cx.fix)
  const outMs =
    awayM <= 0 || area === undefined
      ? null
      : (inside.outMs ?? crossedMs(work.state, (point) => area.contains(point), cx))
  if (awayM <= leaveM) return { ...work, state: { ...work.state, inside: { ...inside, outMs } } }
  const leftMs = outMs ?? cx.sample.atMs
  const due = overdue(work, leftMs, cx)
  const { state } = due
  const gone: OffScheduleState = { ...state, inside: null, late: null, doubt: false }
  const stop = cx.stops[inside.index]!
  const isLast = inside.index === cx.stops.length - 1
  if (state.late !== null)
    return {
      state: gone,
      findings: [...due.findings, lateFinding(state.late, 'ended', leftMs, leftMs, cx.sample, cx.settings)],
    }
  const earlyMs = Date.parse(stop.depart) - leftMs
  if (isLast || earlyMs <= cx.settings.policy.schedule.earlyS * 1000) return { ...due, state: gone }
  const early = pointFinding(stop, inside.index, leftMs, cx.sample, cx.settings)
  return { state: gone, findings: [...due.findings, early] }
}

function arrive(work: Work, cx: Context): Work {
  const { next } = work.state
  for (let index = next; index < Math.min(cx.stops.length, next + lookAhead); index++) {
    const area = placeOf(index, cx)
    if (area?.contains(cx.fix) === true)
      return arriveAt(
        work,
        index,
        crossedMs(work.state, (point) => area.contains(point), cx),
        cx,
      )
  }
  return work
}

function arriveAt(work: Work, index: number, atMs: number, cx: Context): Work {
  // A stop that was passed by is over: what was late there ends without an arrival.
  const due = index === work.state.next ? overdue(work, atMs, cx) : work
  const { late, last } = due.state
  const actualMs = late?.index === index ? atMs : null
  const ended = late === null ? [] : [lateFinding(late, 'ended', atMs, actualMs, cx.sample, cx.settings)]
  // Already there at the first fix: nobody saw when it came.
  const { lateS } = cx.settings.policy.schedule
  const onTime = last === null || atMs <= Date.parse(cx.stops[index]!.arrive) + lateS * 1000
  return {
    state: {
      ...due.state,
      inside: { index, onTime, outMs: null },
      next: index + 1,
      late: null,
      doubt: false,
    },
    findings: [...due.findings, ...ended],
  }
}

/** The tolerance is used up: at the stop, or on the way to it. */
function overdue(work: Work, atMs: number, cx: Context): Work {
  const { state } = work
  if (state.late !== null) return graver(work, state.late, atMs, cx)
  const index = state.inside?.index ?? state.next
  const stop = cx.stops[index]
  // Who came late leaves late: that was told. Nobody has to leave the last stop.
  if (
    stop === undefined ||
    (state.inside !== null && (!state.inside.onTime || index === cx.stops.length - 1))
  )
    return work
  const planned = state.inside === null ? stop.arrive : stop.depart
  const dueMs = Date.parse(planned) + cx.settings.policy.schedule.lateS * 1000
  if (atMs <= dueMs || dueMs < state.sinceMs) return work
  const reason = state.inside === null ? 'lateArrival' : 'lateDeparture'
  const { areaId } = stop
  const late: Late = { index, areaId, planned, reason, atMs: dueMs, severity: 'info', doubt: state.doubt }
  const started = lateFinding(late, 'started', atMs, null, cx.sample, cx.settings)
  return graver({ state: { ...state, late }, findings: [...work.findings, started] }, late, atMs, cx)
}

function graver(work: Work, late: Late, atMs: number, cx: Context): Work {
  const { minorS } = cx.settings.policy.schedule
  if (late.severity === 'minor' || atMs - Date.parse(late.planned) <= minorS * 1000) return work
  const minor: Late = { ...late, severity: 'minor' }
  const updated = lateFinding(minor, 'updated', atMs, null, cx.sample, cx.settings)
  return { state: { ...work.state, late: minor }, findings: [...work.findings, updated] }
}

function movedBy(state: OffScheduleState, byMs: number): OffScheduleState {
  const last = state.last === null ? null : { ...state.last, atMs: state.last.atMs + byMs }
  const { inside } = state
  const outMs = inside === null || inside.outMs === null ? null : inside.outMs + byMs
  return {
    ...state,
    sinceMs: state.sinceMs + byMs,
    last,
    inside: inside === null ? null : { ...inside, outMs },
  }
}
