import { dayStartMs } from '../../../proto/time.ts'
import { isByDay, oldRunsMax, type Rules, windowMs } from './rules.ts'
import type { Bound, Clock } from './state.ts'

/** One bound of one driver's driving time. */

/** Driving begins. Whether the pause before it was a rest has been settled already. */
export function beginRun(clock: Clock, atMs: number): Clock {
  return { ...clock, stintMs: clock.stintMs ?? atMs, runMs: atMs }
}

/** Driving ends. */
export function endRun(clock: Clock, atMs: number, bound: Bound): Clock {
  if (clock.runMs === null) return clock
  return { ...clock, runMs: null, endMs: atMs, runs: withRun(clock.runs, clock.runMs, atMs, bound) }
}

/** The runs with one more, without those that no window can reach any more. */
export function withRun(runs: readonly number[], fromMs: number, toMs: number, bound: Bound): number[] {
  const oldest = toMs - windowMs.rolling7d
  let first = 0
  while (runs[first + 1]! <= oldest) first += 2
  const kept = runs.slice(first)
  if (toMs <= fromMs) return kept
  if (kept.at(-1)! >= fromMs) kept[kept.length - 1] = toMs
  else kept.push(fromMs, toMs)
  return joinOld(kept, toMs - windowMs.rolling24h, bound)
}

/**
 * Keeps memory bounded: when too many runs lie before the 24 h window, neighbours become one run of their common
 * length, as early as they could be for the proven bound, as late for the cautious one. 24 h stay exact.
 */
function joinOld(runs: number[], dayMs: number, bound: Bound): number[] {
  let old = 0
  while (runs[old + 1]! < dayMs) old += 2
  if (old <= 2 * oldRunsMax) return runs
  const joined: number[] = []
  for (let i = 0; i < old; i += 4) {
    const end = Math.min(i + 4, old)
    const [fromMs, toMs] = [runs[i]!, runs[end - 1]!]
    let drivenMs = 0
    for (let n = i; n < end; n += 2) drivenMs += runs[n + 1]! - runs[n]!
    if (bound === 'proven') joined.push(fromMs, fromMs + drivenMs)
    else joined.push(toMs - drivenMs, toMs)
  }
  return [...joined, ...runs.slice(old)]
}

/** Driving inside [fromMs, toMs], the run under way included. */
export function drivenIn(clock: Clock, fromMs: number, toMs: number): number {
  let sum = 0
  for (let i = 0; i < clock.runs.length; i += 2)
    sum += Math.max(0, Math.min(toMs, clock.runs[i + 1]!) - Math.max(fromMs, clock.runs[i]!))
  if (clock.runMs !== null) sum += Math.max(0, toMs - Math.max(fromMs, clock.runMs))
  return sum
}

/**
 * When a run that begins at runMs and goes on makes the sum of the last `spanMs` pass the limit: exact, because
 * while driving the sum grows, or stays as long as hours leave as fast as they come. Null when it never does.
 */
export function crossingMs(
  runs: readonly number[],
  runMs: number,
  spanMs: number,
  limitMs: number,
): number | null {
  const edge = runMs - spanMs
  let sum = 0
  for (let i = 0; i < runs.length; i += 2)
    sum += Math.max(0, Math.min(runMs, runs[i + 1]!) - Math.max(edge, runs[i]!))
  if (sum > limitMs) return runMs
  let atMs = runMs
  for (let i = 0; i <= runs.length; i += 2) {
    const own = i === runs.length
    const leavesMs = Math.max((own ? runMs : runs[i]!) + spanMs, runMs)
    if (sum + leavesMs - atMs > limitMs) return atMs + limitMs - sum
    if (own) return null
    sum += leavesMs - atMs
    atMs = Math.max(runMs, runs[i + 1]! + spanMs)
  }
  return null
}

type Sum = 'rolling24h' | 'rolling7d'

/** From when on hours count at an instant: the window before it, or its own local day. */
export function countedSince(reason: Sum, atMs: number, rules: Pick<Rules, 'dayRule' | 'zone'>): number {
  return isByDay(reason, rules) ? dayStartMs(atMs, rules.zone) : atMs - windowMs[reason]
}

/** When a run that goes on makes the sum of a reason pass its limit; null when it never does. */
export function sumCrossingMs(
  runs: readonly number[],
  runMs: number,
  reason: Sum,
  limitMs: number,
  rules: Pick<Rules, 'dayRule' | 'zone'>,
): number | null {
  if (!isByDay(reason, rules)) return crossingMs(runs, runMs, windowMs[reason], limitMs)
  let dayMs = dayStartMs(runMs, rules.zone)
  let sum = 0
  for (let i = 0; i < runs.length; i += 2) sum += Math.max(0, runs[i + 1]! - Math.max(dayMs, runs[i]!))
  // Each midnight begins anew; a limit above a whole day is never passed.
  for (let fromMs = runMs; limitMs < windowMs.rolling24h; sum = 0) {
    const nextMs = nextDayMs(dayMs, rules.zone)
    const atMs = Math.max(fromMs, fromMs + limitMs - sum)
    if (atMs < nextMs) return atMs
    dayMs = fromMs = nextMs
  }
  return null
}

/** The midnight after one: a day may have 23 or 25 hours. */
export function nextDayMs(dayMs: number, zone: string): number {
  return dayStartMs(dayMs + 1.5 * windowMs.rolling24h, zone)
}
