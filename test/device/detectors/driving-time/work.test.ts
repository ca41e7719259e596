import { describe, expect, test } from 'vitest'
import type { Episode, Ledger } from '../../../../device/detectors/driving-time/state.ts'
import {
  answering,
  beginAll,
  collect,
  endAll,
  restSince,
  settleAll,
  vehicleEnd,
  type Work,
  withRoom,
} from '../../../../device/detectors/driving-time/work.ts'
import { clockOf, ledgerWith } from '../../../help/driving-clock.ts'
import { instant } from '../../../help/driving-day.ts'
import { contextAt, workAt } from '../../../help/driving-work.ts'

const names = ({ ledgers }: Work): string[] => ledgers.map(({ driver }) => driver)
const of = (driver: string, day: string, more: Partial<Ledger> = {}): Ledger =>
  ledgerWith(day, { driver, ...more })
const doubt = { driver: 'A', to: 'B', atMs: 0, speedKmh: 80 }
const tired: Episode = {
  kind: 'fatigue',
  reason: 'continuousDay',
  atMs: instant('12:00'),
  severity: 'major',
  grade: 'sufficient',
}

test('who answers for driving', () => {
  expect(answering(workAt('08:00', { driver: 'A', lastKnown: 'A' }))).toEqual(['A'])
  expect(answering(workAt('08:00', { driver: null, lastKnown: 'A' }))).toEqual(['', 'A'])
  expect(answering(workAt('08:00', { driver: null, lastKnown: null }))).toEqual([''])
  expect(answering(workAt('08:00', { driver: 'B', lastKnown: 'B', doubt }))).toEqual(['B', 'A'])
  expect(answering(workAt('08:00', { driver: null, lastKnown: 'A', doubt }))).toEqual(['', 'A'])
})

describe('eight ledgers at most', () => {
  const cx = contextAt('20:00')
  const crew = (...more: Ledger[]): Ledger[] => [
    of('', '01:00-02:00'),
    of('D4', '08:00-09:00'),
    of('D1', '05:00-06:00'),
    of('D2', '06:00-07:00'),
    of('D3', '07:00-08:00'),
    of('D5', '09:00-10:00'),
    ...more,
  ]

  test('there is room for an eighth', () => {
    const ledgers = crew(of('D6', '10:00-11:00'))
    expect(names(withRoom(workAt('20:00', { ledgers }), ['A'], cx))).toEqual([
      ...ledgers.map(({ driver }) => driver),
      'A',
    ])
  })

  test('for a ninth the one goes who has rested longest, and never the unidentified part', () => {
    const ledgers = crew(of('D6', '10:00-11:00'), of('D7', '11:00-12:00'))
    const roomy = withRoom(workAt('20:00', { ledgers }), ['A'], cx)
    expect(names(roomy)).toEqual(['', 'D4', 'D2', 'D3', 'D5', 'D6', 'D7', 'A'])
  })

  test('who has not driven goes before him', () => {
    const ledgers = crew(of('D6', '10:00-11:00'), of('D7', ''))
    const roomy = withRoom(workAt('20:00', { ledgers }), ['A'], cx)
    expect(names(roomy)).toEqual(['', 'D4', 'D1', 'D2', 'D3', 'D5', 'D6', 'A'])
  })

  test('nobody goes who answers', () => {
    const ledgers = crew(of('D6', '10:00-11:00'), of('D7', '11:00-12:00'))
    const roomy = withRoom(workAt('20:00', { ledgers }), ['D1', 'A', 'D5'], cx)
    expect(names(roomy)).toEqual(['', 'D4', 'D1', 'D3', 'D5', 'D6', 'D7', 'A'])
  })

  test('what is open of him who goes is ended and told, however short he has rested', () => {
    const ledgers = crew(of('D6', '10:00-11:00'), of('D7', '11:00-12:00')).map((one, n) => ({
      ...one,
      ...of(one.driver, n === 2 ? '04:00-20:00' : '08:00-20:30', n === 2 ? { open: [tired] } : {}),
    }))
    const roomy = withRoom(workAt('20:00', { ledgers }), ['A'], cx)
    expect(names(roomy)).not.toContain('D1')
    expect(roomy.findings).toMatchObject([
      { kind: 'fatigue', phase: 'ended', subject: 'D1', atMs: instant('20:00') },
    ])
  })
})

describe('what a ledger has to tell', () => {
  const interval = { driver: null, fromMs: 1, toMs: 2, proven: false }
  const figures = {
    limitS: 14_400,
    drivenS: 14_500,
    drivenAtS: 14_400,
    fromMs: 0,
    calendarDayS: 0,
    unsure: false,
    suspected: false,
  }
  const told = (driver: string, lastKnown: string | null): Work =>
    collect(
      workAt('13:00', { lastKnown, closed: [{ ...interval, driver: 'Z' }] }),
      of(driver, '', {
        news: [
          { do: 'interval', interval },
          { do: 'tell', phase: 'started', episode: tired, atMs: tired.atMs, figures },
        ],
      }),
      contextAt('13:00'),
    )

  test('joins what was told before; of unidentified driving it is told for the last known driver, once', () => {
    for (const [driver, lastKnown, findings] of [
      ['A', 'A', 1],
      ['A', null, 1],
      ['', null, 1],
      ['', 'A', 0],
    ] as const) {
      const work = told(driver, lastKnown)
      expect(work.findings, `${driver} after ${lastKnown}`).toHaveLength(findings)
      expect(work.closed).toEqual([{ ...interval, driver: 'Z' }, interval])
    }
  })
})

describe('driving begins', () => {
  const begun = (more: Partial<Work>): Work =>
    beginAll(workAt('08:00:11', more), instant('08:00'), contextAt('08:00:11'))

  test('for everybody who answers, with a ledger each', () => {
    const work = begun({ driver: null, lastKnown: 'A', ledgers: [of('B', '05:00-06:00')] })
    expect(
      work.ledgers.map(({ driver, proven, cautious }) => [driver, proven.runMs, cautious.runMs]),
    ).toEqual([
      ['B', null, null],
      ['', instant('08:00'), instant('08:00')],
      ['A', instant('08:00'), instant('08:00')],
    ])
    expect(work.ledgers.map(({ marks }) => marks.length > 0)).toEqual([false, true, true])
  })

  test('unidentified since then, once somebody had been identified', () => {
    const noDriver = { fromMs: instant('08:00'), told: null }
    expect(begun({ driver: null, lastKnown: 'A' }).noDriver).toEqual(noDriver)
    expect(begun({ driver: null, lastKnown: null }).noDriver).toBeNull()
    expect(begun({ driver: 'A', lastKnown: 'A' }).noDriver).toBeNull()
    const longer = { fromMs: instant('07:00'), told: 'info' } as const
    expect(begun({ driver: null, lastKnown: 'A', noDriver: longer }).noDriver).toEqual(longer)
  })

  test('and the stop before it was a rest, or not', () => {
    const stint = (day: string): unknown =>
      begun({ driver: 'A', lastKnown: 'A', ledgers: [of('A', day)] }).ledgers[0]?.proven
    expect(stint('06:00-07:40')).toEqual({ ...clockOf('06:00-07:40 | 08:00-'), endMs: instant('07:40') })
    expect(stint('06:00-07:40:01')).toEqual({
      ...clockOf('06:00-07:40:01, 08:00-'),
      endMs: instant('07:40:01'),
    })
  })
})

describe('driving ends', () => {
  const unsure = (at: string, more: Partial<Work>): unknown[] =>
    endAll(workAt(at, more), instant(at), contextAt(at)).ledgers.map(({ driver, unsureMs, proven }) => [
      driver,
      unsureMs === instant(at),
      proven.endMs === instant(at),
    ])

  test('for certain where his card is in', () => {
    const ledgers = [of('A', '08:00-'), of('B', '05:00-06:00')]
    expect(unsure('09:00', { driver: 'A', lastKnown: 'A', ledgers })).toEqual([
      ['A', false, true],
      ['B', false, false],
    ])
  })

  test('in doubt after more than ten seconds without a card', () => {
    const ledgers = [of('', '08:00-'), of('A', '06:00-08:00, 08:00-')]
    const more = { driver: null, lastKnown: 'A', ledgers }
    expect(unsure('08:00:10', more)).toEqual([
      ['', false, true],
      ['A', false, true],
    ])
    expect(unsure('08:00:10.001', more)).toEqual([
      ['', true, true],
      ['A', true, true],
    ])
    // An earlier unidentified part says nothing of this driving.
    expect(unsure('09:00', { ...more, ledgers: [of('', '05:00-06:00'), of('A', '08:00-')] })).toEqual([
      ['', false, false],
      ['A', false, true],
    ])
  })

  test('in doubt for the driver before, where a card was changed at speed', () => {
    const ledgers = [of('A', '08:00-'), of('B', '08:50-')]
    expect(unsure('09:00', { driver: 'B', lastKnown: 'B', doubt, ledgers })).toEqual([
      ['A', true, true],
      ['B', false, true],
    ])
  })

  test('the interval is proven where his card is in', () => {
    const closed = (driver: string | null): unknown[] =>
      endAll(
        workAt('09:00', { driver, lastKnown: 'A', ledgers: [of('A', '08:00-')] }),
        instant('09:00'),
        contextAt('09:00'),
      ).ledgers[0]!.news.map((news) => news.do === 'interval' && news.interval.proven)
    expect(closed('A')).toEqual([true])
    expect(closed(null)).toEqual([false])
  })
})

describe('stops that have become rests', () => {
  /** A drove until 10:00, and B until 10:00 as well. */
  const rested = (until: string): unknown[] =>
    settleAll(
      workAt(until, {
        driver: 'B',
        lastKnown: 'B',
        ledgers: [of('A', '08:00-10:00'), of('B', '05:00-10:00')],
      }),
      instant(until),
      contextAt(until),
    ).ledgers.map(({ proven, cautious }) => [proven.stintMs === null, cautious.stintMs === null])

  test('end the stints of the driver and of him who rides along', () => {
    expect(rested('10:19:59').flat()).toEqual([false, false, false, false])
    expect(rested('10:20:00').flat()).toEqual([true, true, true, true])
  })

  test('count from his own last driving, or, where riding along is no rest, from the vehicle’s', () => {
    const a = of('A', '05:00-06:00')
    const riding = contextAt('10:00', {}, { ridingIsRest: true }).rules
    const notRiding = contextAt('10:00', {}, { ridingIsRest: false }).rules
    const since = (rules: typeof riding, ...others: Ledger[]): number | null =>
      restSince(workAt('10:00', { ledgers: [...others, a] }), a, 'proven', rules)
    expect(since(riding, of('B', '06:00-07:00'))).toBe(instant('06:00'))
    expect(since(riding, of('B', '06:00-07:00, 07:10-'))).toBe(instant('06:00'))
    expect(since(notRiding, of('B', '06:00-07:00'))).toBe(instant('07:00'))
    expect(since(notRiding, of('B', '06:00-07:00, 07:10-'))).toBeNull()
  })

  test('the last driving of the vehicle is the latest of all, whoever’s it was', () => {
    const end = (...days: string[]): number | null =>
      vehicleEnd(workAt('10:00', { ledgers: days.map((day, n) => of(`D${n}`, day)) }), 'cautious')
    expect(end()).toBeNull()
    expect(end('')).toBeNull()
    expect(end('05:00-06:00')).toBe(instant('06:00'))
    expect(end('05:00-06:00', '08:00-09:00', '', '06:30-07:00')).toBe(instant('09:00'))
  })
})
