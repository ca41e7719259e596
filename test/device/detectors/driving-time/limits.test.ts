import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { marksOf } from '../../../../device/detectors/driving-time/limits.ts'
import { type Rules, rulesOf } from '../../../../device/detectors/driving-time/rules.ts'
import type { Episode, Ledger, Mark, Reason } from '../../../../device/detectors/driving-time/state.ts'
import type { PolicyFile } from '../../../../proto/policy.ts'
import { clockOf, ledgerWith } from '../../../help/driving-clock.ts'
import { instant } from '../../../help/driving-day.ts'
import { coachSettings } from '../../../help/driving-settings.ts'

/** What will have to be said if the driving under way goes on: `limit 12:00`. */

const rulesFor = (reason: Reason, fatigue: PolicyFile['fatigue'] = {}): Rules => {
  const rules = rulesOf(coachSettings({ fatigue }))
  return { ...rules, limits: rules.limits.filter((limit) => limit.reason === reason) }
}

const written = (reason: Reason, marks: readonly string[]): Mark[] =>
  marks.map((text) => {
    const [, is, at] = /^(\w+) (.+)$/.exec(text)!
    return { is: is as Mark['is'], reason, atMs: instant(at!) }
  })

const open = (kind: Episode['kind'], reason: Reason): Episode => ({
  kind,
  reason,
  atMs: 0,
  severity: 'major',
  grade: 'sufficient',
})

test('standing, nothing lies ahead', () => {
  const rules = rulesOf(coachSettings())
  expect(marksOf(ledgerWith('08:00-11:00'), rules)).toEqual([])
  expect(marksOf(ledgerWith(''), rules)).toEqual([])
})

test('all that lies ahead of a coach driver, in the order in which it comes', () => {
  const marks = marksOf(ledgerWith('20:30-'), rulesOf(coachSettings()))
  const at = (is: Mark['is'], reason: Reason, text: string): Mark => ({ is, reason, atMs: instant(text) })
  expect(marks).toEqual([
    at('warn', 'continuousNight', '23:30'),
    at('warn', 'continuousDay', 'd2 00:00'),
    at('limit', 'continuousNight', 'd2 00:00'),
    at('limit', 'continuousDay', 'd2 00:30'),
    at('worse', 'continuousDay', 'd2 01:30'),
    at('limit', 'rolling24h', 'd2 04:30'),
    at('worse', 'rolling24h', 'd2 04:59:59.999'),
    at('limit', 'rolling7d', 'd3 16:30'),
  ])
})

describe('four hours', () => {
  test.each([
    ['driven through', '08:00-', ['warn 11:30', 'limit 12:00', 'worse 13:00']],
    [
      'full in a short stop: when driving goes on',
      '08:00-11:45, 12:04:59-',
      ['warn 11:30', 'limit 12:04:59', 'worse 13:00'],
    ],
    [
      'full at the very end of driving: when it goes on',
      '08:00-12:00, 12:05-',
      ['warn 11:30', 'limit 12:05', 'worse 13:00'],
    ],
    [
      'passed in the last second of driving: there',
      '08:00-12:00:01, 12:05-',
      ['warn 11:30', 'limit 12:00', 'worse 13:00'],
    ],
    [
      'passed in the run before last: there',
      '08:00-11:00, 11:05-12:10, 12:15-12:20, 12:25-',
      ['warn 11:30', 'limit 12:00', 'worse 13:00'],
    ],
    [
      'full in a short stop two runs ago: when it went on',
      '08:00-11:00, 11:10-11:50, 12:05-12:10, 12:15-',
      ['warn 11:30', 'limit 12:05', 'worse 13:00'],
    ],
    [
      'warned in a short stop: when driving goes on',
      '08:00-11:25, 11:32-',
      ['warn 11:32', 'limit 12:00', 'worse 13:00'],
    ],
    ['counted from the rest on', '05:00-09:00 | 10:00-', ['warn 13:30', 'limit 14:00', 'worse 15:00']],
  ])('%s', (_, day, marks) => {
    expect(marksOf(ledgerWith(day), rulesFor('continuousDay'))).toEqual(written('continuousDay', marks))
  })

  test.each([
    ['08:00-11:00, 11:00-', '11:00', ['warn 11:30', 'limit 12:00', 'worse 13:00']],
    ['08:00-11:40, 11:40-', '11:40', ['warn 11:40', 'limit 12:00', 'worse 13:00']],
    ['08:00-12:20, 12:20-', '12:20', ['warn 12:20', 'limit 12:20', 'worse 13:00']],
    // He stopped again for a moment since.
    ['08:00-12:20, 12:20-12:25, 12:30-', '12:20', ['warn 12:20', 'limit 12:20', 'worse 13:00']],
    ['08:00-12:20, 12:25-', '12:22', ['warn 12:25', 'limit 12:25', 'worse 13:00']],
  ])('inherited (%s), nothing of it is dated before %s', (day, heldAt, marks) => {
    const ledger = ledgerWith(day, { heldMs: instant(heldAt) })
    expect(marksOf(ledger, rulesFor('continuousDay')).toSorted(byName)).toEqual(
      written('continuousDay', marks).toSorted(byName),
    )
  })

  test('a warning is not given twice, nor a limit told twice, nor its suspicion', () => {
    const marks = (episodes: readonly Episode[]): Mark[] =>
      marksOf(
        ledgerWith('11:00-', { cautious: clockOf('08:00-'), open: episodes }),
        rulesFor('continuousDay'),
      ).map((mark) => mark)
    const all = ['warn 11:30', 'suspect 12:00', 'limit 15:00', 'worse 16:00']
    expect(marks([])).toEqual(written('continuousDay', all))
    expect(marks([open('fatigue', 'continuousNight'), open('fatigue-warning', 'continuousNight')])).toEqual(
      written('continuousDay', all),
    )
    expect(marks([open('fatigue-warning', 'continuousDay')])).toEqual(
      written('continuousDay', ['suspect 12:00', 'limit 15:00', 'worse 16:00']),
    )
    expect(marks([open('fatigue', 'continuousDay')])).toEqual(
      written('continuousDay', ['warn 11:30', 'worse 16:00']),
    )
  })

  test('no warning is wished: none, and no suspicion', () => {
    const ledger = ledgerWith('11:00-', { cautious: clockOf('08:00-') })
    expect(marksOf(ledger, rulesFor('continuousDay', { warnBeforeS: 0 }))).toEqual(
      written('continuousDay', ['limit 15:00', 'worse 16:00']),
    )
  })

  test('a warning as long before as the limit is long, or longer, comes when driving begins', () => {
    for (const continuousS of [1799, 1800])
      expect(marksOf(ledgerWith('08:00-'), rulesFor('continuousDay', { continuousS }))[0]).toEqual({
        is: 'warn',
        reason: 'continuousDay',
        atMs: instant('08:00'),
      })
  })
})

const byName = (a: Mark, b: Mark): number => (a.is < b.is ? -1 : 1)

describe('two hours of the night', () => {
  test.each([
    ['from 22:00 on', '21:00-', ['warn 23:30', 'limit d2 00:00']],
    ['from the start on, where that is later', '22:30-', ['warn d2 00:00', 'limit d2 00:30']],
    ['from the start on, after midnight as well', 'd2 00:10-', ['warn d2 01:40', 'limit d2 02:10']],
    ['full at 06:00: the next night', 'd2 04:00-', ['warn d2 05:30', 'limit d3 00:00']],
    ['full a second before', 'd2 03:59:59-', ['warn d2 05:29:59', 'limit d2 05:59:59']],
    ['full in a stop across 06:00', 'd2 03:55-d2 05:50, d2 06:05-', ['warn d2 05:25', 'limit d2 06:05']],
  ])('%s', (_, day, marks) => {
    expect(marksOf(ledgerWith(day), rulesFor('continuousNight'))).toEqual(written('continuousNight', marks))
  })

  test('are looked for in two nights', () => {
    // The night before 25 October 2026 has nine hours in Berlin; all others there are too short for this limit.
    const rules: Rules = {
      ...rulesFor('continuousNight', { warnBeforeS: 0 }),
      zone: 'Europe/Berlin',
      limits: [{ reason: 'continuousNight', limitMs: 8 * 3_600_000 }],
    }
    const told = (stint: string): number[] => {
      const stintMs = Date.parse(stint)
      const clock = { stintMs, runMs: stintMs, endMs: null, runs: [] }
      return marksOf(ledgerWith('', { proven: clock, cautious: clock }), rules).map(({ atMs }) => atMs)
    }
    const full = Date.parse('2026-10-25T05:00:00+01:00')
    expect(told('2026-10-24T20:00:00+02:00')).toEqual([full])
    expect(told('2026-10-23T20:00:00+02:00')).toEqual([full])
    expect(told('2026-10-22T20:00:00+02:00')).toEqual([])
    expect(told('2026-10-24T23:00:00+02:00')).toEqual([])
  })

  test('that only the cautious clock may ever pass are a suspicion', () => {
    const rules: Rules = {
      ...rulesFor('continuousNight'),
      zone: 'Europe/Berlin',
      limits: [{ reason: 'continuousNight', limitMs: 8 * 3_600_000 }],
    }
    const [early, late] = ['2026-10-24T22:00:00+02:00', '2026-10-24T23:30:00+02:00'].map(Date.parse)
    const clock = (stintMs: number) => ({ stintMs, runMs: late!, endMs: null, runs: [] })
    const ledger = ledgerWith('', { proven: clock(late!), cautious: clock(early!) })
    expect(marksOf(ledger, rules)).toEqual([
      { is: 'warn', reason: 'continuousNight', atMs: Date.parse('2026-10-25T04:30:00+01:00') },
      { is: 'suspect', reason: 'continuousNight', atMs: Date.parse('2026-10-25T05:00:00+01:00') },
    ])
  })
})

describe('two hours, too long as soon as they are driven at night', () => {
  test.each([
    ['full by day: nightfall', '19:00-', ['warn 21:30', 'limit 22:00']],
    ['full at nightfall', '20:00-', ['warn 21:30', 'limit 22:00']],
    ['full at night', '20:30-', ['warn 22:00', 'limit 22:30']],
    ['full at 06:00: the next nightfall', 'd2 04:00-', ['warn d2 21:30', 'limit d2 22:00']],
    ['full a second before', 'd2 03:59:59-', ['warn d2 05:29:59', 'limit d2 05:59:59']],
    [
      'full in a short stop at night: when driving goes on',
      'd2 03:45-d2 05:40, d2 05:50-',
      ['warn d2 05:20', 'limit d2 05:50'],
    ],
    [
      'full in a short stop that ends by day: the next nightfall',
      'd2 03:57-d2 05:55, d2 06:05-',
      ['warn d2 21:30', 'limit d2 22:00'],
    ],
    [
      'the same, and he stopped since',
      'd2 03:57-d2 05:55, d2 06:05-d2 07:00, d2 07:05-',
      ['warn d2 21:30', 'limit d2 22:00'],
    ],
    [
      'full at the very end of driving, and the next one is by day',
      'd2 03:57-d2 05:57, d2 06:05-',
      ['warn d2 21:30', 'limit d2 22:00'],
    ],
    [
      'passed in the last second of driving: there',
      'd2 03:57-d2 05:57:01, d2 06:05-',
      ['warn d2 05:27', 'limit d2 05:57'],
    ],
    ['nightfall in a short stop: when it goes on', '19:00-21:55, 22:07-', ['warn 21:37', 'limit 22:07']],
    [
      'nightfall at the end of driving: when it goes on',
      '19:00-22:00, 22:07-',
      ['warn 21:37', 'limit 22:07'],
    ],
    ['nightfall a second before it: there', '19:00-22:00:01, 22:07-', ['warn 21:30', 'limit 22:00']],
    [
      'nightfall two stops ago: there',
      '19:00-21:30, 21:40-21:50, 21:55-22:10, 22:15-',
      ['warn 21:40', 'limit 22:00'],
    ],
    ['too short for a warning before it began', '21:45-', ['warn 23:15', 'limit 23:45']],
  ])('%s', (_, day, marks) => {
    const rules = rulesFor('continuousNight', { nightRule: 'stintAtNight' })
    expect(marksOf(ledgerWith(day), rules)).toEqual(written('continuousNight', marks))
  })

  test('the warning is not before the driving', () => {
    const rules = rulesFor('continuousNight', { nightRule: 'stintAtNight', warnBeforeS: 9000 })
    expect(marksOf(ledgerWith('22:30-'), rules)).toEqual(
      written('continuousNight', ['warn 22:30', 'limit d2 00:30']),
    )
  })

  test('inherited by day, it is too long at nightfall; inherited at night, at once', () => {
    const rules = rulesFor('continuousNight', { nightRule: 'stintAtNight' })
    const marks = (day: string, heldAt: string): Mark[] =>
      marksOf(ledgerWith(day, { heldMs: instant(heldAt) }), rules).toSorted(byName)
    expect(marks('d2 03:00-d2 06:05, d2 06:05-', 'd2 06:05')).toEqual(
      written('continuousNight', ['limit d2 22:00', 'warn d2 21:30']),
    )
    expect(marks('20:00-22:20, 22:20-', '22:20')).toEqual(
      written('continuousNight', ['limit 22:20', 'warn 22:20']),
    )
  })
})

describe('hours in a window', () => {
  test.each([
    ['driven through', '08:00-', ['limit 16:00', 'worse 16:29:59.999']],
    ['with what the last 24 hours hold', '08:00-14:00 | 15:00-', ['limit 17:00', 'worse 17:29:59.999']],
    [
      'exactly full at the end of driving: when it goes on',
      '08:00-16:00, 16:10-',
      ['limit 16:10', 'worse 16:39:59.999'],
    ],
    [
      'passed in the last seconds of driving, which nobody told: there',
      '08:00-16:00:05, 16:10-',
      ['limit 16:00', 'worse 16:39:54.999'],
    ],
    [
      'passed in the run before last',
      '08:00-15:59, 15:59:30-16:00:35, 16:10-16:10:05, 16:15-',
      ['limit 16:00:30', 'worse 16:44:49.999'],
    ],
    ['passed before the rest: when driving begins', '06:00-15:00 | 16:00-', ['limit 16:00', 'worse 16:00']],
    [
      'passed before the rest: when the first run of the stint began',
      '06:00-14:20 | 16:00-16:00:08, 16:05-',
      ['limit 16:00', 'worse 16:14:51.999'],
    ],
    [
      'level, leaving as fast as they come: when the first have left',
      '08:00-16:00 | d2 08:00-',
      ['limit d2 16:00', 'worse d2 16:29:59.999'],
    ],
  ])('%s', (_, day, marks) => {
    expect(marksOf(ledgerWith(day), rulesFor('rolling24h'))).toEqual(written('rolling24h', marks))
  })

  test('of seven days do not become worse', () => {
    expect(marksOf(ledgerWith('08:00-'), rulesFor('rolling7d', { rolling7dS: 7200 }))).toEqual(
      written('rolling7d', ['limit 10:00']),
    )
  })

  test.each([
    ['he logged in before it was passed', '15:00', '16:00'],
    ['he logged in after it was passed, before the stop', '16:00:03', '16:00:03'],
    ['he logged in when the stop began', '16:00:05', '16:10'],
    ['he logged in in the stop', '16:05', '16:10'],
    ['he logged in just after it went on', '16:10:05', '16:10:05'],
  ])('inherited: %s', (_, heldAt, limitAt) => {
    const ledger = ledgerWith('08:00-16:00:05, 16:10-', { heldMs: instant(heldAt) })
    expect(marksOf(ledger, rulesFor('rolling24h'))[0]).toEqual({
      is: 'limit',
      reason: 'rolling24h',
      atMs: instant(limitAt),
    })
  })

  test('inherited in the run before last', () => {
    const ledger = ledgerWith('08:00-16:00:05, 16:01-16:01:05, 16:10-', { heldMs: instant('16:01:02') })
    expect(marksOf(ledger, rulesFor('rolling24h'))[0]?.atMs).toBe(instant('16:01:02'))
  })

  test('are looked for no further back than sixteen runs', () => {
    const jam = (count: number): string =>
      [
        '08:00-16:00:05',
        ...Array.from({ length: count }, (_, n) => `16:${String(n + 10)}:00-16:${String(n + 10)}:05`),
        '17:00-',
      ].join(', ')
    const limit = (count: number): number | undefined =>
      marksOf(ledgerWith(jam(count)), rulesFor('rolling24h'))[0]?.atMs
    expect(limit(15)).toBe(instant('16:00'))
    expect(limit(16)).toBe(instant('16:10'))
    expect(limit(18)).toBe(instant('16:12'))
  })
})

/** Minutes of a stint: driving and short stops in turn, the last driving under way. */
const stints = fc.record({
  startMin: fc.integer({ min: 0, max: 1439 }),
  pieces: fc.array(fc.tuple(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 19 })), {
    maxLength: 5,
  }),
  limitMin: fc.integer({ min: 1, max: 400 }),
  held: fc.nat(3),
})

const minuteMs = 60_000
const isNight = (min: number): boolean => min % 1440 >= 1320 || min % 1440 < 360

/** Minute by minute. */
const firstMinute = (fromMin: number, found: (min: number) => boolean): number | null => {
  for (let min = fromMin; min < fromMin + 4320; min++) if (found(min)) return min
  return null
}

function naive(
  reading: string,
  stint: { startMin: number; runMin: number; stops: readonly (readonly [number, number])[] },
  limitMin: number,
  heldMin: number,
): number | null {
  const isDriven = (min: number): boolean => !stint.stops.some(([from, to]) => min >= from && min < to)
  const { startMin } = stint
  if (reading === 'day') return firstMinute(Math.max(startMin + limitMin, heldMin), isDriven)
  if (reading === 'stintAtNight')
    return firstMinute(Math.max(startMin + limitMin, heldMin), (min) => isDriven(min) && isNight(min))
  const inNight = (min: number): number => {
    let since = min
    while (since > startMin && isNight(since - 1)) since--
    return min - since
  }
  const full = firstMinute(startMin, (min) => isNight(min) && inNight(min) >= limitMin)
  return full === null ? null : firstMinute(Math.max(full, heldMin), isDriven)
}

test.each(['day', 'nightPortion', 'stintAtNight'])(
  'the first minute that is driven beyond the limit is the one that is found by trying each (%s)',
  (reading) => {
    const reason: Reason = reading === 'day' ? 'continuousDay' : 'continuousNight'
    const base = rulesFor(reason, reading === 'stintAtNight' ? { nightRule: 'stintAtNight' } : {})
    fc.assert(
      fc.property(stints, ({ startMin, pieces, limitMin, held }) => {
        const runs: number[] = []
        let min = startMin
        for (const [drivenMin, stopMin] of pieces) {
          runs.push(min, min + drivenMin)
          min += drivenMin + stopMin
        }
        const stops = pieces.map((_, n) => [runs[2 * n + 1]!, runs[2 * n + 2] ?? min] as const)
        const ms = (at: number): number => instant('00:00') + at * minuteMs
        const clock = {
          stintMs: ms(startMin),
          runMs: ms(min),
          endMs: runs.length === 0 ? null : ms(runs.at(-1)!),
          runs: runs.map(ms),
        }
        // Taken over at the start of one of the runs, or not at all.
        const heldMin = held === 0 ? startMin : (runs[2 * held] ?? min)
        const ledger: Ledger = ledgerWith('', {
          proven: clock,
          cautious: clock,
          heldMs: held === 0 ? null : ms(heldMin),
        })
        const rules: Rules = { ...base, limits: [{ reason, limitMs: limitMin * minuteMs }] }
        const limit = marksOf(ledger, rules).find(({ is }) => is === 'limit')?.atMs ?? null
        const expected = naive(reading, { startMin, runMin: min, stops }, limitMin, heldMin)
        expect(limit).toBe(expected === null ? null : ms(expected))
      }),
      { numRuns: 150 },
    )
  },
)
