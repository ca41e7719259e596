import { distanceM, type LatLon } from '../../proto/geo/earth.ts'
import type { Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'

/**
 * What a gap proves (design 5). A gap is a pause longer than `fatigue.gapS` between Samples that say anything
 * about motion; its displacement comes from the odometer, else from the straight line between the last position
 * before it and the first after it.
 */
export type Silence = {
  /** The gap: the last Sample before it and the first after it. */
  readonly fromMs: number
  readonly toMs: number
  /** What the displacement was measured between; the same instants, unless a position was missing at one of them. */
  readonly measuredFromMs: number
  readonly measuredToMs: number
  readonly distanceM: number
  readonly by: 'odometer' | 'straightLine'
}

type Mark<T> = { readonly value: T; readonly atMs: number }
type Marks = { readonly odometer: Mark<number> | null; readonly place: Mark<LatLon> | null }
type Gap = { readonly fromMs: number; readonly toMs: number }

export type SilenceState = {
  readonly lastMs: number | null
  readonly marks: Marks
  /** A gap whose displacement is not measurable yet: speed came back before the position did. */
  readonly open: (Gap & { readonly before: Marks }) | null
}

export const noSilence: SilenceState = { lastMs: null, marks: { odometer: null, place: null }, open: null }

export function listen(
  state: SilenceState,
  sample: Sample,
  settings: Settings,
): { state: SilenceState; silence: Silence | null } {
  if (!informs(sample)) return { state, silence: null }
  const gapMs = settings.policy.fatigue.gapS * 1000
  const open = stillOpen(opened(state, sample, gapMs), sample, gapMs)
  const silence = open === null ? null : measure(open, sample, settings)
  return {
    state: {
      lastMs: sample.atMs,
      marks: remember(state.marks, sample, settings),
      open: silence === null ? open : null,
    },
    silence,
  }
}

/** Speed, position or odometer: anything less is a line that is open and says nothing. */
function informs(sample: Sample): boolean {
  return sample.speedKmh !== null || sample.fix !== null || sample.odometerM !== null
}

function opened(state: SilenceState, sample: Sample, gapMs: number): SilenceState['open'] {
  if (state.lastMs === null || sample.atMs - state.lastMs <= gapMs) return state.open
  const { odometer, place } = state.marks
  const fromMs = state.lastMs
  const fresh = <T>(mark: Mark<T> | null): Mark<T> | null =>
    mark !== null && fromMs - mark.atMs <= gapMs ? mark : null
  return { fromMs, toMs: sample.atMs, before: { odometer: fresh(odometer), place: fresh(place) } }
}

/** A gap that stays unmeasured for another gap's length is given up; no line leads across a re-seeded position. */
function stillOpen(open: SilenceState['open'], sample: Sample, gapMs: number): SilenceState['open'] {
  if (open === null || sample.atMs - open.toMs > gapMs) return null
  return sample.reseeded ? { ...open, before: { ...open.before, place: null } } : open
}

function measure(open: Gap & { before: Marks }, sample: Sample, settings: Settings): Silence | null {
  const { odometer, place } = open.before
  const between = (mark: Mark<unknown>, metres: number, by: Silence['by']): Silence => ({
    fromMs: open.fromMs,
    toMs: open.toMs,
    measuredFromMs: mark.atMs,
    measuredToMs: sample.atMs,
    distanceM: metres,
    by,
  })
  if (odometer !== null && sample.odometerM !== null) {
    const metres = sample.odometerM - odometer.value
    const possible = ((sample.atMs - odometer.atMs) / 1000) * settings.policy.signals.jumpMps
    // An odometer that ran backwards or faster than any vehicle was exchanged or reset: it says nothing.
    if (metres >= 0 && metres <= possible) return between(odometer, metres, 'odometer')
  }
  if (place === null || sample.fix === null || !accurate(sample.fix, settings)) return null
  return between(place, distanceM(place.value, sample.fix), 'straightLine')
}

function remember(marks: Marks, sample: Sample, settings: Settings): Marks {
  const { atMs, odometerM, fix } = sample
  const known = fix !== null && accurate(fix, settings)
  return {
    odometer: odometerM === null ? marks.odometer : { value: odometerM, atMs },
    place: known ? { value: { lat: fix.lat, lon: fix.lon }, atMs } : marks.place,
  }
}

/** A fix that claims a worse accuracy decides nothing (semantics, "Areas"). */
export function accurate(fix: { readonly accuracyM: number | null }, settings: Settings): boolean {
  return fix.accuracyM === null || fix.accuracyM <= settings.policy.areas.accuracyM
}

/** The least time that was driven to get so far. */
export function leastDrivenS(metres: number, settings: Settings): number {
  return (metres * 3.6) / settings.policy.fatigue.gapKmh
}

export function shiftSilence(state: SilenceState, byMs: number): SilenceState {
  if (byMs === 0) return state
  const { lastMs, marks, open } = state
  return {
    lastMs: lastMs === null ? null : lastMs + byMs,
    marks: shiftMarks(marks, byMs),
    open:
      open === null
        ? null
        : { fromMs: open.fromMs + byMs, toMs: open.toMs + byMs, before: shiftMarks(open.before, byMs) },
  }
}

function shiftMarks({ odometer, place }: Marks, byMs: number): Marks {
  return {
    odometer: odometer === null ? null : { ...odometer, atMs: odometer.atMs + byMs },
    place: place === null ? null : { ...place, atMs: place.atMs + byMs },
  }
}
