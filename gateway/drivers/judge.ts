import { sumCrossingMs } from '../../device/detectors/driving-time/clock.ts'
import {
  continuousWorseMs,
  type Rules,
  rollingWorseMs,
  windowMs,
} from '../../device/detectors/driving-time/rules.ts'
import type { Reason } from '../../device/detectors/driving-time/state.ts'
import type { Severity } from '../../proto/model.ts'
import { nextWindow, windowAt } from '../../proto/time.ts'
import { common, firstAfter, lastEnd, type Runs, type Stint, stintsOf, union, within } from './runs.ts'

/**
 * One driver on several vehicles (design 7). Each terminal knows the hours on its own vehicle and speaks of them; here
 * only that is found which hours on another vehicle decide. Sums and stints are those of the set of all driving, so the
 * order in which records come makes no difference. Pure.
 */
export type Episode = {
  readonly vehicle: string
  readonly kind: 'fatigue' | 'driver-overlap'
  readonly reason: Reason | null
  readonly atMs: number
  /** The last of it so far. */
  readonly endMs: number
  /** Nothing that is still to come belongs to it, as far as is known. */
  readonly over: boolean
  readonly severity: Severity
  /** The stint, or the first instant of an overlap. */
  readonly fromMs: number
  readonly limitMs: number
  /** The other vehicle of an overlap. */
  readonly other: string | null
}

export type Driving = {
  /** What one driver drove, by vehicle. */
  readonly byVehicle: ReadonlyMap<string, Runs>
  /** Of that, what his card proves: the terminal of each vehicle knows and speaks of this itself. Absent: all of it. */
  readonly proven?: ReadonlyMap<string, Runs>
  /** Up to when each vehicle has told; absent: nobody knows. */
  readonly heardMs: (vehicle: string) => number
  /** What binds the driver of a vehicle at an instant; null: not a vehicle of ours. */
  readonly rules: (vehicle: string, atMs: number) => Rules | null
}

/** Two cards in two vehicles for less than this are two clocks, not two drives. */
export const overlapMinMs = 60_000

/** Every episode that lies at least in part after an instant. */
export function judge(driving: Driving, sinceMs: number): readonly Episode[] {
  const { byVehicle } = driving
  const isKnown = ([vehicle, runs]: readonly [string, Runs]): boolean => provenOn(driving, vehicle) === runs
  if (byVehicle.size < 2 && [...byVehicle].every(isKnown)) return []
  const all = union([...byVehicle.values()])
  const found = [...byVehicle.keys()].flatMap((vehicle) => hoursOn(driving, vehicle, all, sinceMs))
  return [...found, ...overlaps(driving, all, sinceMs)]
}

const provenOn = ({ proven, byVehicle }: Driving, vehicle: string): Runs =>
  (proven ?? byVehicle).get(vehicle) ?? []

function hoursOn(driving: Driving, vehicle: string, all: Runs, sinceMs: number): readonly Episode[] {
  const own = driving.byVehicle.get(vehicle) ?? []
  const lastMs = own.at(-1)
  const rules = lastMs === undefined ? null : driving.rules(vehicle, lastMs)
  if (rules === null) return []
  const known = provenOn(driving, vehicle)
  const ownStints = stintsOf(known, rules.restMs)
  return stintsOf(all, rules.restMs)
    .filter((stint) => stint.toMs >= sinceMs && lastEnd(own, stint) !== null)
    .flatMap((stint) => {
      const inside = ownStints.filter(({ fromMs, toMs }) => fromMs < stint.toMs && toMs > stint.fromMs)
      const over = isOver(driving, all, stint, rules)
      return rules.limits.flatMap(({ reason, limitMs }) => {
        const found = inStint(all, { own, known }, stint, inside, reason, limitMs, rules)
        return found === null
          ? []
          : [{ ...found, vehicle, over: over || found.endMs < (lastEnd(own, stint) ?? 0) }]
      })
    })
}

/** What all hours decide on a vehicle, less what those decide that its own terminal knows. */
function inStint(
  all: Runs,
  { own, known }: { readonly own: Runs; readonly known: Runs },
  stint: Stint,
  ownStints: readonly Stint[],
  reason: Reason,
  limitMs: number,
  rules: Rules,
): Omit<Episode, 'vehicle' | 'over'> | null {
  const passedMs = passes(all, stint, reason, limitMs, rules)
  if (passedMs === null) return null
  const told = ownStints.flatMap((one) => {
    const fromMs = passes(known, one, reason, limitMs, rules)
    return fromMs === null ? [] : [{ fromMs, toMs: one.toMs }]
  })
  let atMs = firstAfter(own, passedMs, stint.toMs)
  for (const { fromMs, toMs } of told)
    if (atMs !== null && fromMs <= atMs && atMs < toMs) atMs = firstAfter(own, toMs, stint.toMs)
  if (atMs === null) return null
  const from = atMs
  const ends = told.filter(({ fromMs }) => fromMs > from).map(({ fromMs }) => fromMs)
  const endMs = Math.min(lastEnd(own, stint)!, ...ends)
  const severity = severityOf(all, stint, endMs, reason, limitMs, rules)
  return { kind: 'fatigue', reason, atMs, endMs, severity, fromMs: stint.fromMs, limitMs, other: null }
}

/** When the limit is passed inside a stint, driving on; null: it never is. */
function passes(runs: Runs, stint: Stint, reason: Reason, limitMs: number, rules: Rules): number | null {
  if (reason === 'rolling24h' || reason === 'rolling7d')
    return rollingPasses(runs, stint, reason, limitMs, rules)
  const atMs = reason === 'continuousDay' ? stint.fromMs + limitMs : nightPasses(runs, stint, limitMs, rules)
  return atMs === null || atMs >= stint.toMs ? null : firstAfter(runs, atMs, stint.toMs)
}

function rollingPasses(
  runs: Runs,
  stint: Stint,
  reason: 'rolling24h' | 'rolling7d',
  limitMs: number,
  rules: Rules,
): number | null {
  let first = 0
  for (let i = 0; i < runs.length; i += 2) {
    if (runs[i + 1]! <= stint.fromMs) continue
    if (runs[i]! >= stint.toMs) return null
    while (runs[first + 1]! <= runs[i]! - windowMs[reason]) first += 2
    const atMs = sumCrossingMs(runs.slice(first, i), runs[i]!, reason, limitMs, rules)
    if (atMs !== null && atMs < runs[i + 1]!) return atMs
  }
  return null
}

function nightPasses(
  runs: Runs,
  stint: Stint,
  limitMs: number,
  { night, zone, nightRule }: Rules,
): number | null {
  if (nightRule === 'stintAtNight') {
    // Every stretch of driving that lies in the night and after the limit.
    const fromMs = firstAfter(runs, stint.fromMs + limitMs, stint.toMs)
    for (let atMs = fromMs; atMs !== null; ) {
      if (windowAt(atMs, night, zone) !== null) return atMs
      const next = nextWindow(atMs, night, zone)
      atMs = next === null ? null : firstAfter(runs, next.fromMs, stint.toMs)
    }
    return null
  }
  let window = windowAt(stint.fromMs, night, zone) ?? nextWindow(stint.fromMs, night, zone)
  while (window !== null && window.fromMs < stint.toMs) {
    const atMs = Math.max(stint.fromMs, window.fromMs) + limitMs
    if (atMs < window.toMs) return atMs
    window = nextWindow(window.fromMs, night, zone)
  }
  return null
}

function severityOf(
  all: Runs,
  stint: Stint,
  endMs: number,
  reason: Reason,
  limitMs: number,
  rules: Rules,
): Severity {
  switch (reason) {
    case 'continuousDay':
      return endMs >= stint.fromMs + limitMs + continuousWorseMs ? 'critical' : 'major'
    case 'continuousNight':
      return 'critical'
    case 'rolling24h': {
      // 30 min over counts as 30 min over: the sum need only reach it.
      const worseMs = passes(all, stint, reason, limitMs + rollingWorseMs - 1, rules)
      return worseMs !== null && worseMs < endMs ? 'major' : 'minor'
    }
    case 'rolling7d':
      return 'minor'
  }
}

/** A stint is over when another began, or when a vehicle he drove in it has told of a rest. */
function isOver({ byVehicle, heardMs }: Driving, all: Runs, stint: Stint, { restMs }: Rules): boolean {
  if (all.at(-1)! > stint.toMs) return true
  return [...byVehicle].some(
    ([vehicle, runs]) => runs.at(-1) === stint.toMs && heardMs(vehicle) - stint.toMs >= restMs,
  )
}

/** The same card drives two vehicles at once: it belongs to the one that began later. */
function overlaps(driving: Driving, all: Runs, sinceMs: number): readonly Episode[] {
  const names = [...driving.byVehicle.keys()].toSorted()
  return names.flatMap((a, i) => names.slice(i + 1).flatMap((b) => overlapsOf(driving, all, a, b, sinceMs)))
}

function overlapsOf(driving: Driving, all: Runs, a: string, b: string, sinceMs: number): readonly Episode[] {
  const [ofA, ofB] = [driving.byVehicle.get(a) ?? [], driving.byVehicle.get(b) ?? []]
  const both = common(ofA, ofB)
  const lastMs = both.at(-1)
  if (lastMs === undefined || lastMs < sinceMs) return []
  const rules = driving.rules(b, lastMs) ?? driving.rules(a, lastMs)
  if (rules === null) return []
  return stintsOf(both, rules.restMs)
    .filter(({ fromMs, toMs }) => toMs >= sinceMs && within(both, fromMs, toMs) >= overlapMinMs)
    .map(({ fromMs, toMs }) => {
      const second = begunBy(ofA, fromMs) > begunBy(ofB, fromMs) ? a : b
      const stint = stintsOf(all, rules.restMs).find((one) => one.fromMs <= fromMs && fromMs < one.toMs)!
      return {
        vehicle: second,
        kind: 'driver-overlap',
        reason: null,
        atMs: fromMs,
        endMs: toMs,
        over: isOver(driving, all, stint, rules),
        severity: 'major',
        fromMs,
        limitMs: 0,
        other: second === a ? b : a,
      }
    })
}

/** When the stretch that holds an instant began. */
function begunBy(runs: Runs, atMs: number): number {
  for (let i = runs.length - 2; i >= 0; i -= 2) if (runs[i]! <= atMs) return runs[i]!
  return atMs
}
