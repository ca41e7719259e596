import { describe, expect, test } from 'vitest'
import { type Gap, gapOf, overGap } from '../../../../device/detectors/driving-time/gap.ts'
import type { Ledger } from '../../../../device/detectors/driving-time/state.ts'
import type { Work } from '../../../../device/detectors/driving-time/work.ts'
import type { PolicyFile } from '../../../../proto/policy.ts'
import { sampleAt } from '../../../help/drive.ts'
import { clockOf, ledgerWith } from '../../../help/driving-clock.ts'
import { instant } from '../../../help/driving-day.ts'
import { contextAt, workAt } from '../../../help/driving-work.ts'
import { fixAt } from '../../../help/seconds.ts'

/** Twenty-five metres a second at most, so that the least that was driven is easily seen. */
const quarterKm: PolicyFile['fatigue'] = { gapKmh: 90 }

describe('a silence is judged by where the vehicle is found', () => {
  const judged = (
    [before, after]: readonly [boolean, boolean],
    metres: number | null,
    lengthS: number,
    fatigue = quarterKm,
  ): unknown[] => {
    const work = workAt('10:00', { moving: before, odometerM: 5000 })
    const { rules } = contextAt('10:00', {}, fatigue)
    const toMs = instant('10:00') + lengthS * 1000
    const odometerM = metres === null ? null : 5000 + metres
    const { fromMs, drivenMs, goesOn, ...gap } = gapOf(work, sampleAt(toMs, { odometerM }), after, rules)
    expect([fromMs, gap.toMs]).toEqual([instant('10:00'), toMs])
    return [drivenMs.proven / 1000, drivenMs.cautious / 1000, goesOn]
  }
  const [drove, stood] = [
    [true, true],
    [false, false],
  ] as const

  test.each<[string, readonly [boolean, boolean], number | null, number, unknown[]]>([
    ['45 km: half an hour at least, all of it at most', drove, 45_000, 2400, [1800, 2400, true]],
    ['... and after it the vehicle stands', [true, false], 45_000, 2400, [1800, 2400, false]],
    ['farther than anybody drives: all of it', drove, 100_000, 600, [600, 600, true]],
    ['250 m are ten seconds: standing', drove, 250, 2400, [0, 0, false]],
    ['251 m are more', drove, 251, 2400, [10.04, 10.04, false]],
    ['1 km is the same place', [false, true], 1000, 2400, [40, 40, false]],
    ['a metre more is another', [false, true], 1001, 2400, [40.04, 2400, true]],
    ['back where it was after twenty minutes', drove, 0, 1200, [0, 0, false]],
    ['a millisecond less is no rest', drove, 0, 1199.999, [0, 0, true]],
    ['... for one that stood before it may be', [false, true], 0, 1199.999, [0, 0, false]],
    ['... and standing after it nothing goes on', [true, false], 0, 1199.999, [0, 0, false]],
    ['1 km, and twenty minutes besides', drove, 1000, 1240, [40, 40, false]],
    ['1 km, and a millisecond less besides', drove, 1000, 1239.999, [40, 40, true]],
    ['nobody knows where: parked, if it stood before and after', stood, null, 2400, [0, 0, false]],
    ['nobody knows where, it drives after', [false, true], null, 2400, [0, 2400, false]],
    ['nobody knows where, it drove before', [true, false], null, 2400, [0, 2400, false]],
    ['nobody knows where, it drove before and after', drove, null, 2400, [0, 2400, true]],
  ])('%s', (_, moving, metres, lengthS, expected) => {
    expect(judged(moving, metres, lengthS)).toEqual(expected)
  })

  test('where every movement is driving, a metre is, and none is none', () => {
    expect(judged(stood, 1, 600, { ...quarterKm, startS: 0 })).toEqual([0.04, 0.04, false])
    expect(judged(stood, null, 600, { ...quarterKm, startS: 0 })).toEqual([0, 0, false])
  })
})

describe('how far it came', () => {
  const { rules } = contextAt('10:00', {}, quarterKm)
  const provenS = (before: Partial<Work>, after: Parameters<typeof sampleAt>[1]): number =>
    gapOf(workAt('10:00', before), sampleAt(instant('12:00'), after), false, rules).drivenMs.proven / 1000

  test('is what the odometer says', () => {
    expect(provenS({ odometerM: 7000 }, { odometerM: 9500 })).toBe(100)
    expect(provenS({ odometerM: 7000, fix: fixAt(0) }, { odometerM: 7000, fix: fixAt(50_000) })).toBe(0)
  })

  test.each([
    ['has gone backwards', 7000, 6999],
    ['was unknown', null, 9500],
    ['is unknown', 7000, null],
  ])('is the straight line where the odometer %s', (_, before, after) => {
    const found = provenS({ odometerM: before, fix: fixAt(0) }, { odometerM: after, fix: fixAt(50_000) })
    expect(found).toBeCloseTo(2000, -1)
  })

  test('is unknown where one of the two places is', () => {
    expect(provenS({ fix: fixAt(0) }, {})).toBe(0)
    expect(provenS({}, { fix: fixAt(50_000) })).toBe(0)
  })
})

describe('over a silence from 10:00 to 10:40', () => {
  const gapWith = (provenS: number, cautiousS: number): Gap => ({
    fromMs: instant('10:00'),
    toMs: instant('10:40'),
    drivenMs: { proven: provenS * 1000, cautious: cautiousS * 1000 },
    goesOn: false,
  })
  const over = (ledger: Ledger, gap: Gap, more: Partial<Work> = {}, driver: string | null = 'A'): Work => {
    const work = workAt('10:00', { driver: 'A', lastKnown: 'A', ledgers: [ledger], ...more })
    return overGap(work, gap, contextAt('10:40', { driver }))
  }
  const clocks = ({ ledgers }: Work): unknown[] => [ledgers[0]?.proven, ledgers[0]?.cautious]
  const driving: Partial<Work> = { motion: { is: 'driving' }, moving: true }

  test('driving goes on as long as is proven, or as it may', () => {
    const passed = over(ledgerWith('08:00-'), gapWith(1800, 2400), driving)
    expect(clocks(passed)).toEqual([clockOf('08:00-10:30'), clockOf('08:00-10:40')])
    expect(passed.motion).toEqual({ is: 'standing' })
    expect(passed.ledgers[0]?.marks).toEqual([])
  })

  test.each<[string, string | null, string | null, boolean]>([
    ['the same card before and after', 'A', 'A', true],
    ['another card after', 'A', 'B', false],
    ['no card after', 'A', null, false],
    ['no card before', null, 'A', false],
    ['no card at all', null, null, false],
  ])('what was driven is proven to be his: %s', (_, before, after, proven) => {
    const passed = over(ledgerWith('08:00-'), gapWith(1800, 1800), { ...driving, driver: before }, after)
    expect(passed.ledgers[0]?.news).toEqual([
      {
        do: 'interval',
        interval: { driver: 'A', fromMs: instant('08:00'), toMs: instant('10:30'), proven },
      },
    ])
  })

  test.each([
    // The driver's best case: the longest rest that the silence leaves room for.
    ['first, where twenty minutes are left after it', '08:00-09:55', 1200, '08:00-09:55, 10:00-10:20'],
    ['last, where they are only left before it', '08:00-09:55', 1201, '08:00-09:55 | 10:19:59-10:40'],
    [
      'last, after exactly twenty minutes with the stop before',
      '08:00-09:50',
      1800,
      '08:00-09:50 | 10:10-10:40',
    ],
    ['first, where no twenty minutes are left', '08:00-09:50:01', 1800, '08:00-09:50:01, 10:00-10:30'],
    ['first, where nobody drove before', '', 1800, '10:00-10:30'],
    ['nowhere, if nothing was', '08:00-09:50', 0, '08:00-09:50'],
  ])('driving from a stop is placed %s', (_, day, drivenS, after) => {
    const passed = over(ledgerWith(day), gapWith(drivenS, drivenS))
    expect(clocks(passed)).toEqual([clockOf(after), clockOf(after)])
  })

  test('each clock by itself', () => {
    const passed = over(ledgerWith('08:00-09:50'), gapWith(0, 2400))
    expect(clocks(passed)).toEqual([clockOf('08:00-09:50'), clockOf('08:00-09:50, 10:00-10:40')])
  })

  test('a stop that had begun before it began then, and a doubt about cards ended with it', () => {
    const stoodMs = instant('09:59:55')
    const doubt = { driver: 'B', to: 'A', atMs: instant('09:00'), speedKmh: 80 }
    const passed = over(ledgerWith('08:00-'), gapWith(0, 0), { motion: { is: 'stopping', stoodMs }, doubt })
    expect(clocks(passed)).toEqual([clockOf('08:00-09:59:55'), clockOf('08:00-09:59:55')])
    expect(passed.doubt).toBeNull()
    expect(passed.findings).toMatchObject([{ kind: 'driver-change-doubtful', phase: 'ended', atMs: stoodMs }])
  })

  test.each([
    ['with ten seconds: not', '09:59:50', 0, '08:00-09:40'],
    ['with five, and then as good as none: not', '09:59:55', 5, '08:00-09:40 | 10:00-10:00:05'],
    ['with five, and then eleven: when it moved', '09:59:55', 11, '08:00-09:40, 09:59:55-10:00:11'],
  ])('a movement that had begun before it is driving %s', (_, movedAt, drivenS, after) => {
    const motion = { is: 'starting', movedMs: instant(movedAt) } as const
    const passed = over(ledgerWith('08:00-09:40'), gapWith(drivenS, drivenS), { motion })
    expect(clocks(passed)).toEqual([clockOf(after), clockOf(after)])
  })

  test('makes a ledger for whom it has none', () => {
    const passed = over(ledgerWith('08:00-09:00', { driver: 'B' }), gapWith(1800, 1800))
    expect(passed.ledgers.map(({ driver }) => driver)).toEqual(['B', 'A'])
    expect(passed.ledgers[0]?.proven).toEqual(clockOf('08:00-09:00'))
    expect(passed.ledgers[1]?.proven).toEqual(clockOf('10:10-10:40'))
  })
})
