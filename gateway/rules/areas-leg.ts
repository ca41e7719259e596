import { between, distanceM, type LatLon } from '../../proto/geo/earth.ts'
import type { Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'

/**
 * The way from one position to the next, as far as it may be believed (semantics, "Areas"): a straight line up to
 * `straightS`, or longer when the odometer agrees with its length; then places lie along it by odometer where
 * Samples give one, else by time. Otherwise only the two positions count.
 */

/** The last position that decided, and what the odometer said since. Plain JSON. */
export type Trace = {
  readonly lat: number
  readonly lon: number
  readonly atMs: number
  readonly accuracyM: number | null
  readonly odometerM: number | null
  /** Instants and odometer readings of Samples without a position since. */
  readonly readings: readonly (readonly [number, number])[]
}

export type Leg = {
  readonly a: LatLon
  readonly b: LatLon
  readonly fromMs: number
  readonly toMs: number
  /** False: nothing is known between the ends. */
  readonly believed: boolean
  /** The accuracies claimed at the ends; null: none. */
  readonly accuracyM: { readonly a: number | null; readonly b: number | null }
  /** Instant and fraction of the line, both growing. */
  readonly knots: readonly (readonly [number, number])[]
}

/** Readings kept through a silence; more of them are thinned to every other one. */
const readingsMax = 240

/** A Sample whose position may decide something. */
export function decides(sample: Sample, settings: Settings): boolean {
  const { fix } = sample
  return fix !== null && (fix.accuracyM === null || fix.accuracyM <= settings.policy.areas.accuracyM)
}

/** The trace after a Sample that decides. */
export function traceOf(sample: Sample): Trace {
  const fix = sample.fix!
  return {
    lat: fix.lat,
    lon: fix.lon,
    atMs: sample.atMs,
    accuracyM: fix.accuracyM,
    odometerM: sample.odometerM,
    readings: [],
  }
}

/** The trace after a Sample that does not decide: only its odometer is worth something. */
export function addReading(trace: Trace, sample: Sample): Trace {
  if (sample.odometerM === null || trace.odometerM === null) return trace
  const readings = [...trace.readings, [sample.atMs, sample.odometerM] as const]
  if (readings.length <= readingsMax) return { ...trace, readings }
  return { ...trace, readings: readings.filter((_, i) => i % 2 === 1) }
}

export function shiftTrace(trace: Trace, byMs: number): Trace {
  return {
    ...trace,
    atMs: trace.atMs + byMs,
    readings: trace.readings.map(([atMs, odometerM]) => [atMs + byMs, odometerM] as const),
  }
}

/** The leg from the trace to a Sample that decides. */
export function legTo(trace: Trace, sample: Sample, settings: Settings): Leg {
  const fix = sample.fix!
  const short = sample.atMs - trace.atMs <= settings.policy.areas.straightS * 1000
  const believed = !sample.reseeded && (short || odometerAgrees(trace, sample, settings))
  return {
    a: { lat: trace.lat, lon: trace.lon },
    b: { lat: fix.lat, lon: fix.lon },
    fromMs: trace.atMs,
    toMs: sample.atMs,
    believed,
    accuracyM: { a: trace.accuracyM, b: fix.accuracyM },
    knots: short || !believed ? ends(trace, sample) : knotsOf(trace, sample),
  }
}

function odometerAgrees(trace: Trace, sample: Sample, settings: Settings): boolean {
  if (trace.odometerM === null || sample.odometerM === null) return false
  const straightM = distanceM(trace, sample.fix!)
  const drivenM = sample.odometerM - trace.odometerM
  return Math.abs(drivenM - straightM) <= settings.policy.areas.odometerAgreement * straightM
}

const ends = (trace: Trace, sample: Sample): Leg['knots'] => [
  [trace.atMs, 0],
  [sample.atMs, 1],
]

/**
 * By the odometer, which agrees: a reading counts when neither its instant nor its distance goes back. Over no
 * distance none does, because nothing is a share of it.
 */
function knotsOf(trace: Trace, sample: Sample): Leg['knots'] {
  const drivenM = sample.odometerM! - trace.odometerM!
  const knots: (readonly [number, number])[] = [[trace.atMs, 0]]
  for (const [atMs, odometerM] of trace.readings) {
    const [lastMs, last] = knots.at(-1)!
    const fraction = (odometerM - trace.odometerM!) / drivenM
    if (atMs > lastMs && atMs < sample.atMs && fraction >= last && fraction <= 1) knots.push([atMs, fraction])
  }
  return [...knots, [sample.atMs, 1]]
}

/** When a fraction of the leg was first reached. */
export function timeAt({ knots }: Leg, fraction: number): number {
  for (let i = 1; i < knots.length; i++) {
    const [toMs, to] = knots[i]!
    if (fraction > to) continue
    const [fromMs, from] = knots[i - 1]!
    return to === from ? fromMs : fromMs + ((toMs - fromMs) * (fraction - from)) / (to - from)
  }
  return knots.at(-1)![0]
}

/** How far along the leg an instant lies. */
export function fractionAt({ knots }: Leg, atMs: number): number {
  for (let i = 1; i < knots.length; i++) {
    const [toMs, to] = knots[i]!
    if (atMs > toMs) continue
    const [fromMs, from] = knots[i - 1]!
    return toMs === fromMs ? to : from + ((to - from) * (atMs - fromMs)) / (toMs - fromMs)
  }
  return 1
}

/** The part of a believed leg from one instant to another. */
export function partOf(leg: Leg, fromMs: number, toMs: number): Leg {
  if (fromMs <= leg.fromMs && toMs >= leg.toMs) return leg
  const [from, to] = [fractionAt(leg, fromMs), fractionAt(leg, toMs)]
  const share = (fraction: number): number => (to === from ? 0 : (fraction - from) / (to - from))
  const inner = leg.knots.filter(([atMs]) => atMs > fromMs && atMs < toMs)
  return {
    a: between(leg.a, leg.b, from),
    b: between(leg.a, leg.b, to),
    fromMs,
    toMs,
    believed: leg.believed,
    accuracyM: leg.accuracyM,
    knots: [[fromMs, 0], ...inner.map(([atMs, fraction]) => [atMs, share(fraction)] as const), [toMs, 1]],
  }
}
