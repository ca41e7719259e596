import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  clockMs,
  dayMs,
  dayStartMs,
  fromLocalMs,
  localText,
  nextWindow,
  offsetMs,
  overlapMs,
  validUntilMs,
  weekday,
  windowAt,
} from '../../proto/time.ts'
import { beijing } from '../help/drive.ts'

const shanghai = 'Asia/Shanghai'
const curfew = { from: '02:00', to: '05:00' }
const night = { from: '22:00', to: '06:00' }

describe('named zones', () => {
  it('do not depend on where the machine stands', () => {
    expect(offsetMs(beijing('2026-11-22 12:00:00'), shanghai)).toBe(8 * 3_600_000)
    // Shanghai had summer time in 1988.
    expect(offsetMs(Date.UTC(1988, 6, 1), shanghai)).toBe(9 * 3_600_000)
  })

  it('agree with Intl at any instant, also beside changes of the clock', () => {
    for (const zone of [
      'Asia/Shanghai',
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
    ]) {
      const format = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        dateStyle: 'short',
        timeStyle: 'medium',
      })
      fc.assert(
        fc.property(fc.integer({ min: 315_532_800, max: 2_208_988_800 }), (s) => {
          expect(localText(s * 1000, zone)).toBe(format.format(s * 1000))
        }),
        { numRuns: 300 },
      )
    }
  })

  it('whose clocks are settled begin to be so where Intl agrees, to the second', () => {
    const bySystem = (atMs: number): string =>
      new Intl.DateTimeFormat('sv-SE', {
        timeZone: shanghai,
        dateStyle: 'short',
        timeStyle: 'medium',
      }).format(atMs)
    for (const atMs of [-1000, 0, 1000].map((by) => Date.UTC(1992, 0, 1) + by))
      expect(localText(atMs, shanghai)).toBe(bySystem(atMs))
    for (let year = 1992; year < 2100; year++)
      for (let month = 0; month < 12; month++) {
        const atMs = Date.UTC(year, month, 15, 3)
        expect(localText(atMs, shanghai)).toBe(bySystem(atMs))
      }
  })

  it('come back from local time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 315_532_800, max: 2_208_988_800 }), (s) => {
        expect(fromLocalMs(s * 1000 + offsetMs(s * 1000, shanghai), shanghai)).toBeLessThanOrEqual(s * 1000)
        const back = fromLocalMs(s * 1000 + offsetMs(s * 1000, 'UTC'), 'UTC')
        expect(back).toBe(s * 1000)
      }),
    )
  })

  it('begin the day at local midnight', () => {
    expect(dayStartMs(beijing('2026-11-23 00:00:00'), shanghai)).toBe(beijing('2026-11-23 00:00:00'))
    expect(dayStartMs(beijing('2026-11-22 23:59:59.999'), shanghai)).toBe(beijing('2026-11-22 00:00:00'))
    expect(weekday(beijing('2026-11-22 23:59:59'), shanghai)).toBe(7)
    expect(weekday(beijing('2026-11-23 00:00:00'), shanghai)).toBe(1)
  })
})

describe('daily windows', () => {
  it.each([
    ['01:59:59.999', false],
    ['02:00:00', true],
    ['04:59:59.999', true],
    ['05:00:00', false],
  ])('[02:00, 05:00) at %s: %s', (clock, inside) => {
    expect(windowAt(beijing(`2026-11-23 ${clock}`), curfew, shanghai) !== null).toBe(inside)
  })

  it('over midnight belong to the evening on which they began', () => {
    const friday = { ...night, days: [5] }
    expect(windowAt(beijing('2026-11-28 03:00:00'), friday, shanghai)).toEqual({
      fromMs: beijing('2026-11-27 22:00:00'),
      toMs: beijing('2026-11-28 06:00:00'),
    })
    expect(windowAt(beijing('2026-11-27 03:00:00'), friday, shanghai)).toBeNull()
  })

  it('come next when they begin after the instant, today, tomorrow or on their day', () => {
    expect(nextWindow(beijing('2026-11-23 01:00:00'), curfew, shanghai)?.fromMs).toBe(
      beijing('2026-11-23 02:00:00'),
    )
    expect(nextWindow(beijing('2026-11-23 02:00:00'), curfew, shanghai)?.fromMs).toBe(
      beijing('2026-11-24 02:00:00'),
    )
    expect(nextWindow(beijing('2026-11-23 02:00:00'), { ...curfew, days: [7] }, shanghai)?.fromMs).toBe(
      beijing('2026-11-29 02:00:00'),
    )
  })

  it('overlap with an interval by what lies inside, however many nights it spans', () => {
    expect(overlapMs(beijing('2026-11-22 21:00:00'), beijing('2026-11-22 23:30:00'), night, shanghai)).toBe(
      5_400_000,
    )
    expect(overlapMs(beijing('2026-11-22 12:00:00'), beijing('2026-11-25 12:00:00'), night, shanghai)).toBe(
      3 * 8 * 3_600_000,
    )
    expect(overlapMs(5, 5, night, shanghai)).toBe(0)
  })

  it('overlap like a count of seconds does', () => {
    const from = beijing('2026-11-22 00:00:00')
    fc.assert(
      fc.property(fc.nat(3 * 86_400), fc.nat(86_400), (begin, length) => {
        let counted = 0
        for (let s = begin; s < begin + length; s += 60)
          if (windowAt(from + s * 1000, night, shanghai) !== null) counted += Math.min(60, begin + length - s)
        expect(
          Math.abs(
            overlapMs(from + begin * 1000, from + (begin + length) * 1000, night, shanghai) / 1000 - counted,
          ),
        ).toBeLessThanOrEqual(120)
      }),
      { numRuns: 50 },
    )
  })
})

describe('texts of time', () => {
  it('reads times of day up to 24:00', () => {
    expect(['00:00', '23:59:59', '24:00', '24:01', '7:00', '12:60'].map(clockMs)).toEqual([
      0,
      dayMs - 1000,
      dayMs,
      null,
      null,
      null,
    ])
  })

  it('takes a date of validity to the end of that local day, and an instant as it is', () => {
    expect(validUntilMs('2026-11-22', shanghai)).toBe(beijing('2026-11-23 00:00:00'))
    expect(validUntilMs('2026-11-22T12:00:00+08:00', shanghai)).toBe(beijing('2026-11-22 12:00:00'))
    expect(validUntilMs('soon', shanghai)).toBeNull()
  })
})
