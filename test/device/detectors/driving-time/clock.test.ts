import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  beginRun,
  countedSince,
  crossingMs,
  drivenIn,
  endRun,
  nextDayMs,
  sumCrossingMs,
  withRun,
} from '../../../../device/detectors/driving-time/clock.ts'
import { oldRunsMax, windowMs } from '../../../../device/detectors/driving-time/rules.ts'
import { type Clock, idleClock } from '../../../../device/detectors/driving-time/state.ts'
import { clockOf } from '../../../help/driving-clock.ts'
import { instant } from '../../../help/driving-day.ts'

const { rolling24h: dayMs, rolling7d: weekMs } = windowMs

describe('a run of driving', () => {
  test('begins a stint only where none is under way, and ends once', () => {
    const driving = beginRun(idleClock, 1000)
    expect(driving).toEqual({ ...idleClock, stintMs: 1000, runMs: 1000 })
    const stopped = endRun(driving, 4000, 'proven')
    expect(stopped).toEqual({ stintMs: 1000, runMs: null, endMs: 4000, runs: [1000, 4000] })
    expect(endRun(stopped, 9000, 'proven')).toBe(stopped)
    expect(beginRun(stopped, 5000)).toEqual({ ...stopped, runMs: 5000 })
  })

  test('that touches the one before is one with it; an empty one is none', () => {
    expect(withRun([0, 10], 10, 20, 'proven')).toEqual([0, 20])
    expect(withRun([0, 10], 11, 20, 'proven')).toEqual([0, 10, 11, 20])
    expect(withRun([0, 10], 15, 15, 'proven')).toEqual([0, 10])
    expect(withRun([], 3, 4, 'proven')).toEqual([3, 4])
  })

  test('is forgotten when no window can reach it any more, and not a moment before', () => {
    const now = weekMs + 10
    expect(withRun([0, 10, 20, 30], now - 5, now, 'proven')).toEqual([20, 30, now - 5, now])
    expect(withRun([0, 11, 20, 30], now - 5, now, 'proven')).toEqual([0, 11, 20, 30, now - 5, now])
    expect(withRun([0, 9, 9, 10], now - 5, now, 'proven')).toEqual([now - 5, now])
  })
})

describe('more runs than are kept one by one', () => {
  /** Runs of three seconds, every ten, the last one ending `beforeMs` before the instant of the step. */
  const jam = (count: number): number[] =>
    Array.from({ length: count }, (_, n) => [n * 10_000, n * 10_000 + 3000]).flat()
  const nowMs = (count: number, beforeMs: number): number => (count - 1) * 10_000 + 3000 + beforeMs
  const sum = (runs: readonly number[]): number =>
    runs.reduce((all, atMs, n) => all + (n % 2 ? atMs : -atMs), 0)

  test.each(['proven', 'cautious'] as const)('stay as they are up to the limit (%s)', (bound) => {
    const runs = jam(oldRunsMax)
    const to = nowMs(oldRunsMax, dayMs + 1)
    expect(withRun(runs, to - 1000, to, bound)).toEqual([...runs, to - 1000, to])
  })

  test('count as old only before the 24 h window', () => {
    const runs = jam(oldRunsMax + 1)
    const to = nowMs(oldRunsMax + 1, dayMs)
    expect(withRun(runs, to - 1000, to, 'proven')).toEqual([...runs, to - 1000, to])
    expect(withRun(runs, to - 1000, to + 1, 'proven').length).toBeLessThan(runs.length)
  })

  test('are joined two by two, early for the proven bound, late for the cautious one', () => {
    const count = oldRunsMax + 1
    const runs = jam(count)
    const to = nowMs(count, dayMs + 1)
    const proven = withRun(runs, to - 1000, to, 'proven')
    const cautious = withRun(runs, to - 1000, to, 'cautious')
    expect(proven.slice(0, 4)).toEqual([0, 6000, 20_000, 26_000])
    expect(cautious.slice(0, 4)).toEqual([7000, 13_000, 27_000, 33_000])
    // An odd one stays by itself.
    const last = (count - 1) * 10_000
    expect(proven.slice(-4)).toEqual([last, last + 3000, to - 1000, to])
    expect(cautious.slice(-4)).toEqual([last, last + 3000, to - 1000, to])
    for (const joined of [proven, cautious]) {
      expect(joined).toHaveLength(2 * (oldRunsMax / 2 + 2))
      expect(sum(joined)).toBe(sum(runs) + 1000)
      expect(joined).toEqual(joined.toSorted((a, b) => a - b))
    }
  })

  test('an even number leaves none by itself', () => {
    const count = oldRunsMax + 2
    const to = nowMs(count, dayMs + 1)
    for (const bound of ['proven', 'cautious'] as const) {
      const joined = withRun(jam(count), to - 1000, to, bound)
      expect(joined).toHaveLength(2 * (count / 2 + 1))
      expect(sum(joined)).toBe(sum(jam(count)) + 1000)
      const last = (count - 2) * 10_000
      expect(joined.slice(-4, -2)).toEqual(
        bound === 'proven' ? [last, last + 6000] : [last + 7000, last + 13_000],
      )
    }
  })
})

/** Runs as lengths of pauses and of driving, so that they ascend and never touch. */
const someRuns = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 })), { maxLength: 6 })
  .map((all) => {
    let atMs = 0
    return all.flatMap(([pauseMs, drivenMs]) => {
      const fromMs = atMs + pauseMs
      atMs = fromMs + drivenMs
      return [fromMs, atMs]
    })
  })

/** One millisecond after the other. */
function countedOut(runs: readonly number[], runMs: number | null, fromMs: number, toMs: number): number {
  let sum = 0
  for (let atMs = fromMs; atMs < toMs; atMs++) {
    const inRuns = runs.some((from, n) => n % 2 === 0 && atMs >= from && atMs < runs[n + 1]!)
    if (inRuns || (runMs !== null && atMs >= runMs)) sum++
  }
  return sum
}

test('driving inside a span is what one counts out', () => {
  fc.assert(
    fc.property(someRuns, fc.nat(12), fc.boolean(), fc.nat(90), fc.nat(90), (runs, pause, on, a, b) => {
      const runMs = on ? (runs.at(-1) ?? 0) + pause : null
      const clock: Clock = { ...idleClock, runs, runMs }
      const [fromMs, toMs] = [Math.min(a, b), Math.max(a, b)]
      expect(drivenIn(clock, fromMs, toMs)).toBe(countedOut(runs, runMs, fromMs, toMs))
    }),
    { numRuns: 300 },
  )
})

test('the instant at which a rolling sum passes its limit is the one that is found by trying each', () => {
  const naive = (runs: readonly number[], runMs: number, spanMs: number, limitMs: number): number | null => {
    const sumAt = (atMs: number): number => countedOut(runs, runMs, atMs - spanMs, atMs)
    if (sumAt(runMs) > limitMs) return runMs
    for (let atMs = runMs; atMs <= runMs + spanMs; atMs++) if (sumAt(atMs + 1) > limitMs) return atMs
    return null
  }
  fc.assert(
    fc.property(
      someRuns,
      fc.nat(12),
      fc.integer({ min: 1, max: 60 }),
      fc.nat(60),
      (runs, pause, span, limit) => {
        const runMs = (runs.at(-1) ?? 0) + pause
        expect(crossingMs(runs, runMs, span, limit)).toBe(naive(runs, runMs, span, limit))
      },
    ),
    { numRuns: 300 },
  )
})

describe('hours of a local day', () => {
  const byDay = { dayRule: 'calendarDay', zone: 'Asia/Shanghai' } as const
  const rolling = { ...byDay, dayRule: 'rolling' } as const
  const hours = (count: number): number => count * 3_600_000

  test('are counted from midnight; of a window from its length before', () => {
    const atMs = instant('d2 03:00')
    expect(countedSince('rolling24h', atMs, byDay)).toBe(instant('d2 00:00'))
    expect(countedSince('rolling24h', atMs, rolling)).toBe(instant('03:00'))
    expect(countedSince('rolling7d', instant('d9 03:00'), byDay)).toBe(instant('d2 03:00'))
  })

  test('of 23 and of 25 hours end at midnight as well', () => {
    const day = (date: string, offset: string): number => Date.parse(`${date}T00:00:00${offset}`)
    const zone = 'Europe/Berlin'
    expect(nextDayMs(day('2026-03-28', '+01:00'), zone)).toBe(day('2026-03-29', '+01:00'))
    expect(nextDayMs(day('2026-03-29', '+01:00'), zone)).toBe(day('2026-03-30', '+02:00'))
    expect(nextDayMs(day('2026-10-25', '+02:00'), zone)).toBe(day('2026-10-26', '+01:00'))
    expect(nextDayMs(instant('00:00'), 'Asia/Shanghai')).toBe(instant('d2 00:00'))
  })

  test.each([
    ['driven through', '08:00-', 8, '16:00'],
    ['over two pauses', '06:00-07:00, 08:00-10:00, 12:00-', 8, '17:00'],
    ['full a millisecond before midnight', '08:00-12:00:00.001, 20:00-', 8, '23:59:59.999'],
    ['full at midnight: eight of the next day', '08:00-12:00, 20:00-', 8, 'd2 08:00'],
    ['not full at midnight: eight of the next day', '20:00-', 8, 'd2 08:00'],
    ['without those of yesterday', '18:00-23:00, d2 06:00-', 8, 'd2 14:00'],
    ['with what of a run lies after midnight', '20:00-d2 02:00, d2 06:00-', 8, 'd2 12:00'],
    ['exactly full before: at once', '06:00-14:00, 16:00-', 8, '16:00'],
    ['more than full before: at once', '04:00-14:00, 16:00-', 8, '16:00'],
    ['almost a day long: the next day', '08:00-', 24 - 1 / 3_600_000, 'd2 23:59:59.999'],
    ['a day long: never', '08:00-', 24, null],
  ])('that are full: %s', (_, day, limit, at) => {
    const { runs, runMs } = clockOf(day)
    expect(sumCrossingMs(runs, runMs!, 'rolling24h', hours(limit), byDay)).toBe(
      at === null ? null : instant(at),
    )
  })

  test('are no matter where 24 hours count, nor for seven days', () => {
    const { runs, runMs } = clockOf('18:00-23:00, d2 06:00-')
    const passes = (
      reason: 'rolling24h' | 'rolling7d',
      rules: typeof byDay | typeof rolling,
    ): number | null => sumCrossingMs(runs, runMs!, reason, hours(8), rules)
    expect(passes('rolling24h', rolling)).toBe(instant('d2 09:00'))
    expect(passes('rolling7d', byDay)).toBe(instant('d2 09:00'))
  })
})
