import { describe, expect, test } from 'vitest'
import { changeDriver, endNoDriver, resolve } from '../../../../device/detectors/driving-time/drivers.ts'
import type { Clock, Ledger, NoDriver } from '../../../../device/detectors/driving-time/state.ts'
import type { Work } from '../../../../device/detectors/driving-time/work.ts'
import type { Finding } from '../../../../proto/model.ts'
import { clockOf, ledgerWith } from '../../../help/driving-clock.ts'
import { instant } from '../../../help/driving-day.ts'
import { contextAt, workAt } from '../../../help/driving-work.ts'

const of = (driver: string, day: string, more: Partial<Ledger> = {}): Ledger =>
  ledgerWith(day, { driver, ...more })
const driving: Partial<Work> = { motion: { is: 'driving' }, moving: true }
const changed = (work: Work, driver: string | null, onTheMove: boolean): Work =>
  changeDriver(work, driver, onTheMove, contextAt(at(work), { speedKmh: 80, driver }))
const at = ({ atMs }: Work): string => new Date(atMs! + 8 * 3_600_000).toISOString().slice(11, 23)
const clocks = ({ ledgers }: Work): { [driver: string]: Clock } =>
  Object.fromEntries(ledgers.map(({ driver, proven }) => [driver, proven]))
const said = (findings: readonly Finding[]): unknown[] =>
  findings.map(({ kind, phase, atMs, evidence }) => [
    kind,
    phase,
    atMs,
    ...(kind === 'no-driver'
      ? [evidence['lastDriver'], evidence['durationS']]
      : [evidence['from'], evidence['to'], evidence['speedKmh']]),
  ])

describe('a card is taken out', () => {
  const aboard = { driver: 'A', lastKnown: 'A', ledgers: [of('A', '08:00-')] }

  test('on the move: driving goes on for the last known driver, and for nobody', () => {
    const work = changed(workAt('09:00', { ...driving, ...aboard }), null, true)
    expect(work).toMatchObject({
      driver: null,
      lastKnown: 'A',
      cardOutMs: instant('09:00'),
      noDriver: { fromMs: instant('09:00'), told: null },
      findings: [],
    })
    expect(clocks(work)).toEqual({ A: clockOf('08:00-09:00, 09:00-'), '': clockOf('09:00-') })
  })

  test('at a halt: nothing begins', () => {
    const work = changed(workAt('09:00', { ...aboard, ledgers: [of('A', '08:00-08:55')] }), null, false)
    expect(work).toMatchObject({ driver: null, lastKnown: 'A', cardOutMs: null, noDriver: null })
    expect(clocks(work)).toEqual({ A: clockOf('08:00-08:55') })
  })
})

describe('another card is put in', () => {
  const aboard = { driver: 'A', lastKnown: 'A', ledgers: [of('A', '08:00-')] }
  const out = (at: string): Partial<Work> => ({
    ...driving,
    driver: null,
    lastKnown: 'A',
    cardOutMs: instant(at),
    ledgers: [of('A', '08:00-09:00, 09:00-'), of('', '09:00-')],
  })

  test('at a halt: he drives, and nobody doubts it', () => {
    const work = changed(workAt('09:00', { ...aboard, ledgers: [of('A', '08:00-08:55')] }), 'B', false)
    expect(work).toMatchObject({ driver: 'B', lastKnown: 'B', doubt: null, findings: [], cardOutMs: null })
  })

  test('at speed: the driver before answers as well', () => {
    const work = changed(workAt('09:00', { ...driving, ...aboard }), 'B', true)
    expect(work.doubt).toEqual({ driver: 'A', to: 'B', atMs: instant('09:00'), speedKmh: 80 })
    expect(said(work.findings)).toEqual([
      ['driver-change-doubtful', 'started', instant('09:00'), 'A', 'B', 80],
    ])
    expect(clocks(work)).toEqual({ A: clockOf('08:00-09:00, 09:00-'), B: clockOf('09:00-') })
    expect(work.cardOutMs).toBeNull()
  })

  test.each([
    ['09:00:40', true],
    ['09:01:00', true],
    ['09:01:00.001', false],
  ])(
    'at speed, a minute after the first one went out or sooner (09:00:00 to %s): as good as at once',
    (time, doubted) => {
      const work = changed(workAt(time, out('09:00')), 'B', true)
      expect(work.doubt?.driver ?? null).toBe(doubted ? 'A' : null)
      expect(said(work.findings)).toEqual(
        doubted ? [['driver-change-doubtful', 'started', instant(time), 'A', 'B', 80]] : [],
      )
    },
  )

  test('at speed where the card before went out at a halt: nobody doubts it', () => {
    const work = changed(workAt('00:00:30', { ...out('00:00'), cardOutMs: null, ledgers: [] }), 'B', true)
    expect(work).toMatchObject({ driver: 'B', doubt: null, findings: [] })
  })

  test('his own card back within the minute is no change', () => {
    const work = changed(workAt('09:00:40', out('09:00')), 'A', true)
    expect(work).toMatchObject({ driver: 'A', doubt: null, findings: [] })
    expect(clocks(work)).toEqual({ A: clockOf('08:00-09:00:40, 09:00:40-') })
  })
})

describe('cards that are changed at speed again', () => {
  const doubt = { driver: 'A', to: 'B', atMs: instant('08:30'), speedKmh: 70 }
  const doubtful = {
    ...driving,
    driver: 'B',
    lastKnown: 'B',
    doubt,
    ledgers: [of('A', '08:00-'), of('B', '08:30-')],
  }

  test('to a third: the first still answers', () => {
    const work = changed(workAt('09:00', doubtful), 'C', true)
    expect(work.doubt).toEqual({ driver: 'A', to: 'C', atMs: instant('09:00'), speedKmh: 80 })
    expect(said(work.findings)).toEqual([
      ['driver-change-doubtful', 'updated', instant('09:00'), 'A', 'C', 80],
    ])
  })

  test('back to the first: he alone drives', () => {
    const work = changed(workAt('09:00', doubtful), 'A', true)
    expect(work.doubt).toBeNull()
    expect(said(work.findings)).toEqual([['driver-change-doubtful', 'ended', instant('09:00'), 'A', 'B', 70]])
    expect(clocks(work)['B']).toEqual(clockOf('08:30-09:00'))
  })

  test('to none: the doubt stays', () => {
    const work = changed(workAt('09:00', doubtful), null, true)
    expect(work).toMatchObject({ doubt, findings: [] })
  })

  test('the vehicle stopped: resolved, once', () => {
    const stopped = resolve(workAt('09:00', doubtful), instant('08:59:50'), contextAt('09:00'))
    expect(said(stopped.findings)).toEqual([
      ['driver-change-doubtful', 'ended', instant('08:59:50'), 'A', 'B', 70],
    ])
    expect(stopped.doubt).toBeNull()
    expect(resolve(stopped, instant('09:00'), contextAt('09:00'))).toBe(stopped)
  })
})

describe('somebody logs in after driving by nobody', () => {
  const part = (day: string, more: Partial<Ledger> = {}): Ledger => of('', day, more)
  const login = (ledgers: readonly Ledger[], more: Partial<Work> = {}): Work =>
    changed(workAt('10:00', { ledgers, ...more }), 'B', false)
  const heir = (work: Work): Ledger => work.ledgers.find(({ driver }) => driver === 'B')!

  test('and inherits it: its stint, its hours, in doubt to its end, and his from now on', () => {
    const work = login([part('08:00-08:30, 08:40-09:50')])
    expect(work.ledgers).toEqual([
      of('B', '08:00-08:30, 08:40-09:50', { unsureMs: instant('09:50'), heldMs: instant('10:00') }),
    ])
    expect(work).toMatchObject({ driver: 'B', lastKnown: 'B' })
  })

  test('on the move: up to this moment, and he drives on', () => {
    const work = changed(workAt('10:00', { ...driving, ledgers: [part('08:00-')] }), 'B', true)
    expect(clocks(work)).toEqual({ B: clockOf('08:00-10:00, 10:00-') })
    expect(heir(work)).toMatchObject({ unsureMs: instant('10:00'), heldMs: instant('10:00') })
  })

  test('but not what lies before its rest', () => {
    expect(clocks(login([part('05:00-06:00, 06:05-07:00 | 08:00-09:50')]))).toEqual({
      B: clockOf('08:00-09:50'),
    })
  })

  test('and nothing after a rest', () => {
    const work = login([part('05:00-06:00 | rested')])
    expect(work.ledgers).toEqual([of('B', '')])
  })

  test.each([
    ['a rest before it frees him of his own', '05:00-07:40', '05:00-07:40 | 08:00-09:50'],
    ['a short stop before it does not', '05:00-07:40:01', '05:00-07:40:01, 08:00-09:50'],
  ])('%s', (_, own, after) => {
    expect(clocks(login([of('B', own), part('08:00-09:50')]))).toEqual({ B: clockOf(after) })
  })

  test('what he might have driven is his on the cautious clock alone', () => {
    const ledger = part('05:00-06:00 | rested', { cautious: clockOf('05:00-09:50') })
    expect(heir(login([ledger]))).toEqual(
      of('B', '', { cautious: clockOf('05:00-09:50'), unsureMs: instant('09:50'), heldMs: instant('10:00') }),
    )
  })

  test('unless it has counted to him all along', () => {
    const work = changed(
      workAt('10:00', {
        driver: null,
        lastKnown: 'A',
        ledgers: [of('A', '08:00-09:50', { unsureMs: instant('09:50') }), part('09:00-09:50')],
      }),
      'A',
      false,
    )
    expect(work.ledgers).toEqual([of('A', '08:00-09:50', { unsureMs: instant('09:50') })])
  })

  test('somebody else with it: the last known driver keeps his copy', () => {
    const work = login([of('A', '08:00-09:50'), part('09:00-09:50')], { lastKnown: 'A' })
    expect(clocks(work)).toEqual({ A: clockOf('08:00-09:50'), B: clockOf('09:00-09:50') })
  })
})

describe('driving by nobody is over', () => {
  const ended = (noDriver: NoDriver | null, day = '09:00-09:50'): Work =>
    endNoDriver(
      workAt('10:00', { noDriver, lastKnown: 'A', ledgers: [of('', day)] }),
      contextAt('10:00', { speedKmh: 80 }),
    )

  test('told when it had been told: with its length, at its end', () => {
    const work = ended({ fromMs: instant('09:00'), told: 'minor' })
    expect(said(work.findings)).toEqual([['no-driver', 'ended', instant('09:50'), 'A', 3000]])
    expect(work.findings[0]?.severity).toBe('minor')
    expect(work.noDriver).toBeNull()
  })

  test('not before it began', () => {
    const work = ended({ fromMs: instant('09:55'), told: 'info' })
    expect(said(work.findings)).toEqual([['no-driver', 'ended', instant('09:55'), 'A', 0]])
  })

  test('silently when it had not', () => {
    expect(ended({ fromMs: instant('09:00'), told: null })).toMatchObject({ noDriver: null, findings: [] })
    const none = workAt('10:00')
    expect(endNoDriver(none, contextAt('10:00'))).toBe(none)
  })

  test('when somebody logs in', () => {
    const work = changed(
      workAt('10:00', {
        noDriver: { fromMs: instant('09:00'), told: 'info' },
        lastKnown: 'A',
        ledgers: [of('', '09:00-09:50')],
      }),
      'B',
      false,
    )
    expect(said(work.findings)).toEqual([['no-driver', 'ended', instant('09:50'), 'A', 3000]])
    expect(work.noDriver).toBeNull()
  })
})
