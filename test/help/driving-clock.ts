import { type Clock, idleClock, type Ledger, newLedger } from '../../device/detectors/driving-time/state.ts'
import { instant } from './driving-day.ts'

/**
 * A clock as one writes a driver's day: `07:00-08:00 | 10:00-11:00, 11:05-` is a stint that began at 10:00, after a
 * rest, and whose last driving is under way.
 */
export function clockOf(day: string): Clock {
  if (day === '') return idleClock
  const [stint = '', before = ''] = day.split(' | ').toReversed()
  const rest = stint === 'rested'
  const spans = [...spansOf(before), ...(rest ? [] : spansOf(stint))]
  const under = spans.at(-1)?.[1] === ''
  const runs = (under ? spans.slice(0, -1) : spans).flatMap(([from, to]) => [instant(from), instant(to)])
  return {
    stintMs: rest ? null : instant(spansOf(stint)[0]![0]),
    runMs: under ? instant(spans.at(-1)![0]) : null,
    endMs: runs.at(-1) ?? null,
    runs,
  }
}

const spansOf = (text: string): [string, string][] =>
  text === '' ? [] : text.split(', ').map((span) => span.split('-') as [string, string])

/** A ledger whose two clocks say the same, unless told otherwise. */
export function ledgerWith(day: string, more: Partial<Ledger> = {}): Ledger {
  const clock = clockOf(day)
  return { ...newLedger('A'), proven: clock, cautious: clock, ...more }
}
