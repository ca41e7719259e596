import { type CorridorPosition, halfWidthAt } from '../../proto/geo/corridor.ts'
import { distanceM } from '../../proto/geo/earth.ts'
import type { Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import { decides } from './areas-leg.ts'
import { type Measured, measuredOf } from './sections-measured.ts'

/**
 * Passing stretches of the route, by the distance along it. Between two fixes up to `straightS` apart, or farther
 * apart with an odometer that agrees with the way along the line, the way is known; over any other pause only the
 * straight line between the fixes was driven at least, and the instants are bounds.
 */
export type PassageState = {
  readonly routeId: string | null
  readonly hint: CorridorPosition | null
  /** The last fix on the line; null beside it. */
  readonly mark: Mark | null
  /** Instants and odometer readings since. */
  readonly readings: readonly (readonly [number, number])[]
  readonly open: readonly Open[]
}

type Mark = {
  readonly line: number
  readonly alongM: number
  readonly atMs: number
  readonly lat: number
  readonly lon: number
  readonly odometerM: number | null
}

/** A stretch that was entered. */
type Open = {
  readonly fromM: number
  readonly toM: number
  readonly speed: boolean
  /** At the earliest and at the latest. */
  readonly entered: Bounds
  readonly provenM: number
  readonly believed: boolean
  readonly peakKmh: number | null
}
type Bounds = { readonly earliestMs: number; readonly latestMs: number }

export type Passage = {
  readonly measured: Measured
  readonly line: number
  readonly entered: Bounds
  readonly left: Bounds
  /** Driven at least. */
  readonly provenM: number
  /** No pause of which nothing is known. */
  readonly believed: boolean
  readonly peakKmh: number | null
}

export const nowhere: PassageState = { routeId: null, hint: null, mark: null, readings: [], open: [] }
export type Passed = { readonly state: PassageState; readonly passages: readonly Passage[] }

const none: readonly Passage[] = []
/** Readings kept through a silence; more of them are thinned to every other one. */
const readingsMax = 240

export function follow(before: PassageState, sample: Sample, settings: Settings): Passed {
  const { route } = settings
  if (route === null) return { state: nowhere, passages: none }
  const state = before.routeId === route.id ? before : { ...nowhere, routeId: route.id }
  if (!decides(sample, settings)) return { state: heard(state, sample), passages: none }
  const fix = sample.fix!
  const near = route.nearest(fix, state.hint)
  const beside = near.distanceM > halfWidthAt(route, near)
  const mark = markOf(near, sample)
  const { mark: last } = state
  const known = !beside && last !== null && last.line === near.line && !sample.reseeded
  if (!known || !possible(last, mark, settings))
    return {
      state: { ...state, hint: near, mark: beside ? null : mark, readings: [], open: [] },
      passages: none,
    }
  return pass({ ...state, hint: near }, stretchOf(last, mark, state.readings, settings), sample, settings)
}

function markOf({ line, alongM }: CorridorPosition, { fix, atMs, odometerM }: Sample): Mark {
  return { line, alongM, atMs, lat: fix!.lat, lon: fix!.lon, odometerM }
}

function heard(state: PassageState, { atMs, odometerM }: Sample): PassageState {
  if (odometerM === null || state.mark === null || state.mark.odometerM === null) return state
  const readings = [...state.readings, [atMs, odometerM] as const]
  return {
    ...state,
    readings: readings.length <= readingsMax ? readings : readings.filter((_, i) => i % 2 === 1),
  }
}

/** Not turned back, and not on another leg of a line that passes here twice. */
function possible(last: Mark, now: Mark, { policy }: Settings): boolean {
  const onM = now.alongM - last.alongM
  const reachM = (policy.signals.jumpMps * (now.atMs - last.atMs)) / 1000
  return onM >= -policy.areas.leaveM && onM <= reachM + policy.areas.leaveM
}

/** The way from one fix on the line to the next. */
type Stretch = {
  readonly last: Mark
  readonly now: Mark
  readonly believed: boolean
  /** Driven at least. */
  readonly leastM: number
  readonly timeAt: (alongM: number) => number
}

function stretchOf(
  last: Mark,
  seen: Mark,
  readings: PassageState['readings'],
  { policy }: Settings,
): Stretch {
  // A fix that jitters back a little has not driven back: the line goes on from where it was.
  const now = { ...seen, alongM: Math.max(last.alongM, seen.alongM) }
  const onM = now.alongM - last.alongM
  const short = now.atMs - last.atMs <= policy.areas.straightS * 1000
  const drivenM = last.odometerM === null || now.odometerM === null ? null : now.odometerM - last.odometerM
  const agrees = drivenM !== null && Math.abs(drivenM - onM) <= policy.areas.odometerAgreement * onM
  const knots = short || !agrees ? [last, now] : knotsOf(last, now, readings)
  return {
    last,
    now,
    believed: short || agrees,
    leastM: Math.min(onM, distanceM(last, now)),
    timeAt: (alongM) => timeAt(knots, alongM),
  }
}

type Knot = Pick<Mark, 'atMs' | 'alongM'>

function knotsOf(last: Mark, now: Mark, readings: PassageState['readings']): readonly Knot[] {
  const drivenM = now.odometerM! - last.odometerM!
  const knots: Knot[] = [last]
  // Where nothing was driven no reading counts: nothing is a share of it.
  for (const [atMs, odometerM] of readings) {
    const share = (odometerM - last.odometerM!) / drivenM
    const alongM = last.alongM + share * (now.alongM - last.alongM)
    const before = knots.at(-1)!
    if (atMs > before.atMs && atMs < now.atMs && alongM >= before.alongM && share <= 1)
      knots.push({ atMs, alongM })
  }
  return [...knots, now]
}

/** When it first was so far along: a place from the first knot to the last. */
function timeAt(knots: readonly Knot[], alongM: number): number {
  const next = knots.findIndex((knot) => knot.alongM >= alongM)
  const to = knots[next]!
  const from = knots[next - 1]
  if (from === undefined) return to.atMs
  return from.atMs + ((alongM - from.alongM) / (to.alongM - from.alongM)) * (to.atMs - from.atMs)
}

function pass(state: PassageState, stretch: Stretch, sample: Sample, settings: Settings): Passed {
  const { now } = stretch
  const measured = measuredOf(settings.route!.lines[now.line]!, settings.policy.speeding.sectionMinM)
  const open: Open[] = []
  const passages: Passage[] = []
  for (const one of measured) {
    if (one.fromM >= now.alongM) continue
    const before = state.open.find((other) => isSame(other, one)) ?? entering(one, stretch)
    if (before === null) continue
    const grown = grow(before, one, stretch, sample)
    if (now.alongM < one.toM) open.push(grown)
    else passages.push({ ...grown, measured: one, line: now.line, left: boundsAt(one.toM, stretch) })
  }
  return { state: { ...state, mark: now, readings: [], open }, passages }
}

const isSame = (open: Open, one: Measured): boolean =>
  open.fromM === one.fromM && open.toM === one.toM && open.speed === one.speed

/** Only who is seen before its beginning enters it: a stretch that was joined half-way is not passed. */
function entering(one: Measured, stretch: Stretch): Open | null {
  if (stretch.last.alongM > one.fromM) return null
  const entered = boundsAt(one.fromM, stretch)
  return {
    fromM: one.fromM,
    toM: one.toM,
    speed: one.speed,
    entered,
    provenM: 0,
    believed: true,
    peakKmh: null,
  }
}

function boundsAt(alongM: number, { last, now, believed, timeAt: at }: Stretch): Bounds {
  if (!believed) return { earliestMs: last.atMs, latestMs: now.atMs }
  const atMs = at(alongM)
  return { earliestMs: atMs, latestMs: atMs }
}

function grow(open: Open, one: Measured, stretch: Stretch, sample: Sample): Open {
  const { last, now, believed, leastM } = stretch
  const outsideM = Math.max(0, one.fromM - last.alongM) + Math.max(0, now.alongM - one.toM)
  const onM = now.alongM - last.alongM
  return {
    ...open,
    provenM: open.provenM + Math.max(0, (believed ? onM : leastM) - outsideM),
    believed: open.believed && believed,
    peakKmh: sample.speedKmh === null ? open.peakKmh : Math.max(open.peakKmh ?? 0, sample.speedKmh),
  }
}

export function shiftPassages(state: PassageState, byMs: number): PassageState {
  if (byMs === 0) return state
  const { mark, readings, open } = state
  return {
    ...state,
    mark: mark === null ? null : { ...mark, atMs: mark.atMs + byMs },
    readings: readings.map(([atMs, odometerM]) => [atMs + byMs, odometerM] as const),
    open: open.map((one) => ({
      ...one,
      entered: { earliestMs: one.entered.earliestMs + byMs, latestMs: one.entered.latestMs + byMs },
    })),
  }
}
