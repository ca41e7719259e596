import { describe, expect, test } from 'vitest'
import {
  begin,
  end,
  endBound,
  figuresOf,
  fire,
  limitOf,
  settle,
} from '../../../../device/detectors/driving-time/ledger.ts'
import { type Rules, rulesOf } from '../../../../device/detectors/driving-time/rules.ts'
import type {
  Bound,
  Episode,
  Figures,
  Ledger,
  Mark,
  News,
  Reason,
} from '../../../../device/detectors/driving-time/state.ts'
import type { PolicyFile } from '../../../../proto/policy.ts'
import { clockOf, ledgerWith } from '../../../help/driving-clock.ts'
import { instant } from '../../../help/driving-day.ts'
import { coachSettings } from '../../../help/driving-settings.ts'

const rulesWith = (fatigue: PolicyFile['fatigue'] = {}): Rules => rulesOf(coachSettings({ fatigue }))
/** A truck has four hours and nothing else. */
const truck = rulesOf(coachSettings(null, 'truck'))
const coach = rulesWith()

const episode = (
  kind: Episode['kind'],
  reason: Reason,
  at: string,
  more: Partial<Episode> = {},
): Episode => ({
  kind,
  reason,
  atMs: instant(at),
  severity: 'major',
  grade: 'sufficient',
  ...more,
})

/** `started fatigue continuousDay major sufficient 12:00`. */
const said = (news: readonly News[]): unknown[] =>
  news.map((one) =>
    one.do === 'tell'
      ? [one.phase, one.episode.kind, one.episode.reason, one.episode.severity, one.episode.grade, one.atMs]
      : one.interval,
  )
const line = (text: string, at: string): unknown[] => [...text.split(' '), instant(at)]

describe('driving begins and ends', () => {
  test('on both clocks', () => {
    const begun = begin(ledgerWith('06:00-07:00'), instant('07:10'), truck)
    expect(begun).toMatchObject({
      proven: clockOf('06:00-07:00, 07:10-'),
      cautious: clockOf('06:00-07:00, 07:10-'),
    })
    expect(begun.marks.map(({ is, atMs }) => [is, atMs])).toEqual([
      ['warn', instant('09:30')],
      ['limit', instant('10:00')],
      ['worse', instant('11:00')],
    ])
    const ended = end(begun, instant('08:00'), true)
    expect(ended).toMatchObject({ proven: clockOf('06:00-07:00, 07:10-08:00'), marks: [] })
    expect(ended.cautious).toEqual(ended.proven)
  })

  const interval = (from: string, to: string, proven: boolean, driver: string | null = 'A'): object => ({
    driver,
    fromMs: instant(from),
    toMs: instant(to),
    proven,
  })

  test('its interval is told once, as proven where his card was in', () => {
    expect(said(end(ledgerWith('08:00-'), instant('09:00'), true).news)).toEqual([
      interval('08:00', '09:00', true),
    ])
    expect(said(end(ledgerWith('08:00-'), instant('09:00'), false).news)).toEqual([
      interval('08:00', '09:00', false),
    ])
    expect(said(end(ledgerWith('08:00-', { driver: '' }), instant('09:00'), false).news)).toEqual([
      interval('08:00', '09:00', false, null),
    ])
  })

  test('the cautious one is told beside it only where it says more', () => {
    const told = (proven: string, cautious: string, to = '09:00'): unknown[] => {
      const ledger = ledgerWith(proven, { cautious: clockOf(cautious) })
      return said(endBound(ledger, 'cautious', instant(to), true).news)
    }
    // Driving that goes on at once is one run on the clock, and an interval for each part.
    expect(told('07:00-09:00', '07:00-08:00, 08:00-')).toEqual([])
    expect(told('08:00-09:00', '08:00-')).toEqual([])
    expect(told('08:00-09:00', '07:59:59-')).toEqual([interval('07:59:59', '09:00', false)])
    expect(told('08:00-08:59:59', '08:00-')).toEqual([interval('08:00', '09:00', false)])
    expect(told('05:00-06:00, 08:00-09:00', '08:00-')).toEqual([])
    expect(told('', '08:00-')).toEqual([interval('08:00', '09:00', false)])
  })

  test('driving for no time at all is none', () => {
    const ended = endBound(ledgerWith('06:00-07:00, 08:00-'), 'proven', instant('08:00'), true)
    expect(ended.news).toEqual([])
    expect(ended.proven).toEqual({ ...clockOf('06:00-07:00'), endMs: instant('08:00') })
  })

  test('what has ended does not end again', () => {
    const ledger = ledgerWith('06:00-07:00')
    expect(endBound(ledger, 'proven', instant('09:00'), true)).toBe(ledger)
  })
})

describe('a stop becomes a rest', () => {
  const open = [
    episode('fatigue', 'continuousDay', '12:00'),
    episode('fatigue-warning', 'continuousDay', '11:30', { severity: 'info' }),
  ]
  const ledger = ledgerWith('08:00-12:10', { open })
  const settled = (bound: Bound, since: string | null, until: string, of: Ledger = ledger): Ledger =>
    settle(of, bound, since === null ? null : instant(since), instant(until), truck)

  test('of exactly twenty minutes', () => {
    expect(settled('proven', '12:10', '12:29:59')).toBe(ledger)
    expect(settled('proven', '12:10', '12:30').proven).toEqual(clockOf('08:00-12:10 | rested'))
    expect(settled('proven', '12:05', '12:25').proven.stintMs).toBeNull()
  })

  test('not while driving, nor where there is no stint, nor where nobody can say since when', () => {
    const driving = ledgerWith('08:00-12:10, 12:15-')
    expect(settled('proven', '12:10', '14:00', driving)).toBe(driving)
    const rested = ledgerWith('08:00-12:10 | rested', { open })
    expect(settled('proven', '12:10', '14:00', rested)).toBe(rested)
    expect(settled('proven', null, '14:00')).toBe(ledger)
  })

  test('findings end with the proven clock, warnings with the cautious one, at the last driving', () => {
    const proven = settled('proven', '12:10', '12:30')
    expect(proven.open).toEqual([open[1]])
    expect(proven.cautious).toEqual(ledger.cautious)
    expect(said(proven.news)).toEqual([line('ended fatigue continuousDay major sufficient', '12:10')])
    const cautious = settled('cautious', '12:10', '12:30')
    expect(cautious.open).toEqual([open[0]])
    expect(cautious.proven).toEqual(ledger.proven)
    expect(said(cautious.news)).toEqual([
      line('ended fatigue-warning continuousDay info sufficient', '12:10'),
    ])
  })

  test('but not before they began', () => {
    const late = ledgerWith('08:00-12:10', { open: [episode('fatigue', 'continuousDay', '12:11')] })
    expect(said(settled('proven', '12:10', '12:40', late).news)).toEqual([
      line('ended fatigue continuousDay major sufficient', '12:11'),
    ])
  })

  test.each<[Episode['kind'], Reason, string, string, string]>([
    ['fatigue', 'continuousDay', '08:00-12:59:59', '12:00', 'ended fatigue continuousDay minor sufficient'],
    ['fatigue', 'continuousDay', '08:00-13:00', '12:00', 'ended fatigue continuousDay critical sufficient'],
    ['fatigue', 'rolling24h', '08:00-16:29:59', '16:00', 'ended fatigue rolling24h minor sufficient'],
    ['fatigue', 'rolling24h', '08:00-16:30', '16:00', 'ended fatigue rolling24h major sufficient'],
    ['fatigue', 'rolling7d', '08:00-20:00', '16:00', 'ended fatigue rolling7d minor sufficient'],
    [
      'fatigue-warning',
      'continuousDay',
      '08:00-13:30',
      '11:30',
      'ended fatigue-warning continuousDay minor sufficient',
    ],
  ])(
    'what the last seconds made worse is said at the end: %s %s, driven %s',
    (kind, reason, day, at, told) => {
      const of = ledgerWith(day, { open: [episode(kind, reason, at, { severity: 'minor' })] })
      const bound = kind === 'fatigue' ? 'proven' : 'cautious'
      const endMs = of.proven.endMs!
      const { news } = settle(of, bound, endMs, endMs + 1_200_000, rulesWith({ rolling7dS: 28_800 }))
      expect(said(news)).toEqual([[...told.split(' '), endMs]])
    },
  )

  test('what was in doubt stays to be verified', () => {
    const unsure = ledgerWith('08:00-12:10', { open, unsureMs: instant('08:00:01') })
    expect(said(settled('proven', '12:10', '12:30', unsure).news)).toEqual([
      line('ended fatigue continuousDay major to-verify', '12:10'),
    ])
    const suspected = ledgerWith('11:00-12:10', { cautious: clockOf('08:00-12:10'), open })
    expect(said(settled('cautious', '12:10', '12:30', suspected).news)).toEqual([
      line('ended fatigue-warning continuousDay info to-verify', '12:10'),
    ])
    expect(said(settled('proven', '12:10', '12:30', suspected).news)).toEqual([
      line('ended fatigue continuousDay major sufficient', '12:10'),
    ])
  })
})

describe('a moving Sample has come', () => {
  const driving = begin(ledgerWith(''), instant('08:00'), truck)
  const fired = (ledger: Ledger, at: string, unsure = false): Ledger =>
    fire({ ...ledger, news: [] }, instant(at), unsure, truck)
  const is = ({ marks }: Ledger): string[] => marks.map((mark) => mark.is)

  test('at a limit nothing is told, after it everything; what grows worse does so when it is reached', () => {
    expect(fired(driving, '11:30')).toMatchObject({ news: [], marks: driving.marks })
    const warned = fired(driving, '11:30:00.001')
    expect(said(warned.news)).toEqual([
      line('started fatigue-warning continuousDay info sufficient', '11:30'),
    ])
    expect(is(warned)).toEqual(['limit', 'worse'])
    expect(said(fired(warned, '12:00').news)).toEqual([])
    const over = fired(warned, '12:00:00.001')
    expect(said(over.news)).toEqual([line('started fatigue continuousDay major sufficient', '12:00')])
    expect(over.open.map(({ kind }) => kind)).toEqual(['fatigue-warning', 'fatigue'])
    expect(is(over)).toEqual(['worse'])
    expect(said(fired(over, '12:59:59.999').news)).toEqual([])
    const worse = fired(over, '13:00')
    expect(said(worse.news)).toEqual([line('updated fatigue continuousDay critical sufficient', '12:00')])
    expect(worse.open.map(({ kind, severity }) => [kind, severity])).toEqual([
      ['fatigue-warning', 'info'],
      ['fatigue', 'critical'],
    ])
    expect(is(worse)).toEqual([])
  })

  test('a ledger with nothing due is the same one', () => {
    expect(fire(driving, instant('11:30'), false, truck)).toBe(driving)
  })

  test('all at once after a silence: the finding begins as bad as it has become', () => {
    const all = fired(driving, '13:05')
    expect(said(all.news)).toEqual([
      line('started fatigue-warning continuousDay info sufficient', '11:30'),
      line('started fatigue continuousDay critical sufficient', '12:00'),
    ])
    expect(is(all)).toEqual([])
  })

  test('what makes a finding worse waits for the finding', () => {
    const marks: Mark[] = [
      { is: 'worse', reason: 'continuousDay', atMs: instant('13:00') },
      { is: 'limit', reason: 'continuousDay', atMs: instant('13:05') },
    ]
    const waiting = fired(ledgerWith('08:00-11:50, 13:05-', { marks }), '13:05')
    expect([said(waiting.news), is(waiting)]).toEqual([[], ['worse', 'limit']])
    const told = fired(waiting, '13:05:10')
    expect(said(told.news)).toEqual([line('started fatigue continuousDay critical sufficient', '13:05')])
    // It stays a mark of this driving, of a finding that cannot get worse any more.
    expect(said(fired(told, '13:06').news)).toEqual([])
  })

  test('each reason has its severity, and becomes worse by itself', () => {
    const severities = (reason: Reason, worse: Reason): unknown[] => {
      const marks: Mark[] = [
        { is: 'limit', reason, atMs: instant('12:00') },
        { is: 'worse', reason: worse, atMs: instant('12:30') },
      ]
      const ledger = ledgerWith('08:00-', { marks })
      const at = (text: string): unknown[] =>
        fire(ledger, instant(text), false, coach).open.map(({ severity }) => severity)
      return [...at('12:10'), ...at('12:30')]
    }
    expect(severities('continuousDay', 'continuousDay')).toEqual(['major', 'critical'])
    expect(severities('continuousDay', 'rolling24h')).toEqual(['major', 'major'])
    expect(severities('continuousNight', 'continuousNight')).toEqual(['critical', 'critical'])
    expect(severities('rolling24h', 'rolling24h')).toEqual(['minor', 'major'])
    expect(severities('rolling24h', 'continuousDay')).toEqual(['minor', 'minor'])
    expect(severities('rolling7d', 'rolling7d')).toEqual(['minor', 'minor'])
  })

  describe('a rest that nobody saw', () => {
    const warning = episode('fatigue-warning', 'continuousDay', '11:30', { severity: 'info' })
    const marks: Mark[] = [{ is: 'suspect', reason: 'continuousDay', atMs: instant('12:00') }]
    const suspect = (open: readonly Episode[], at = '12:00:10'): unknown[] =>
      said(fired(ledgerWith('11:00-', { cautious: clockOf('08:00-'), marks, open }), at).news)

    test('makes a suspicion of an open warning, and of nothing else', () => {
      expect(suspect([warning])).toEqual([
        line('updated fatigue-warning continuousDay info to-verify', '11:30'),
      ])
      expect(suspect([warning], '12:00')).toEqual([])
      expect(suspect([])).toEqual([])
      expect(suspect([episode('fatigue-warning', 'continuousNight', '11:30')])).toEqual([])
      expect(suspect([warning, episode('fatigue', 'continuousDay', '11:50')])).toEqual([])
    })
  })

  test('a finding that is open is not told again', () => {
    const open = [episode('fatigue', 'continuousDay', '11:00')]
    const ledger = fired({ ...driving, open }, '12:10')
    expect(said(ledger.news)).toEqual([
      line('started fatigue-warning continuousDay info sufficient', '11:30'),
    ])
    expect(ledger.open[0]).toBe(open[0])
  })

  test('a driver who is not proven to drive: to be verified', () => {
    expect(said(fired(driving, '11:40', true).news)).toEqual([
      line('started fatigue-warning continuousDay info to-verify', '11:30'),
    ])
  })
})

describe('the figures', () => {
  const hours = (text: string): number => {
    const [h, min = '0'] = text.split(':')
    return Number(h) * 3600 + Number(min) * 60
  }
  type Row = {
    readonly of: string
    readonly ledger: Ledger
    readonly kind?: Episode['kind']
    readonly reason: Reason
    readonly since: string
    readonly at: string
    readonly policy?: PolicyFile['fatigue']
    readonly says: {
      readonly limit: string
      readonly driven: string
      readonly atSince: string
      readonly from: string
      readonly today: string
      readonly unsure?: true
      readonly suspected?: true
    }
  }

  const night = { reason: 'continuousNight', since: 'd2 00:00' } as const
  const day = { reason: 'continuousDay', since: '12:05' } as const
  const both = '08:00-12:00 | 20:00-'

  test.each<Row>([
    {
      of: 'a stint with a short stop',
      ledger: ledgerWith('05:00-06:00 | 08:00-11:45, 12:05-'),
      ...day,
      at: '12:30',
      says: { limit: '4', driven: '4:30', atSince: '4:05', from: '08:00', today: '5:10' },
    },
    {
      of: 'a stint that has just begun',
      ledger: ledgerWith('08:00-'),
      reason: 'continuousDay',
      since: '08:00',
      at: '08:00',
      says: { limit: '4', driven: '0', atSince: '0', from: '08:00', today: '0' },
    },
    {
      of: 'the night portion, which ends at 06:00',
      ledger: ledgerWith('21:00-'),
      ...night,
      at: 'd2 07:00',
      says: { limit: '2', driven: '8', atSince: '2', from: '22:00', today: '7' },
    },
    {
      of: 'the night portion while it is night',
      ledger: ledgerWith('21:00-'),
      ...night,
      at: 'd2 00:30',
      says: { limit: '2', driven: '2:30', atSince: '2', from: '22:00', today: '0:30' },
    },
    {
      of: 'a stint that began at night',
      ledger: ledgerWith('23:00-'),
      reason: 'continuousNight',
      since: 'd2 01:00',
      at: 'd2 02:00',
      says: { limit: '2', driven: '3', atSince: '2', from: '23:00', today: '2' },
    },
    {
      of: 'a night portion of none, by day',
      ledger: ledgerWith('08:00-'),
      reason: 'continuousNight',
      since: '12:00',
      at: '12:00',
      says: { limit: '2', driven: '0', atSince: '0', from: '08:00', today: '4' },
    },
    {
      of: 'the other reading, which counts the whole stint',
      ledger: ledgerWith('21:00-'),
      ...night,
      at: 'd2 07:00',
      policy: { nightRule: 'stintAtNight' },
      says: { limit: '2', driven: '10', atSince: '3', from: '21:00', today: '7' },
    },
    {
      of: '24 hours',
      ledger: ledgerWith(both),
      reason: 'rolling24h',
      since: 'd2 00:00',
      at: 'd2 09:00',
      says: { limit: '8', driven: '16', atSince: '8', from: '09:00', today: '9' },
    },
    {
      of: 'a calendar day, on that day',
      ledger: ledgerWith(both),
      reason: 'rolling24h',
      since: '22:00',
      at: '23:00',
      policy: { dayRule: 'calendarDay', rolling24hS: 21_600 },
      says: { limit: '6', driven: '7', atSince: '6', from: '00:00', today: '7' },
    },
    {
      of: 'a calendar day, told after midnight',
      ledger: ledgerWith(both),
      reason: 'rolling24h',
      since: '22:00',
      at: 'd2 01:00',
      policy: { dayRule: 'calendarDay', rolling24hS: 21_600 },
      says: { limit: '6', driven: '8', atSince: '6', from: '00:00', today: '8' },
    },
    {
      of: 'seven days',
      ledger: ledgerWith('08:00-12:00, d7 08:00-d7 12:00 | d8 08:00-'),
      reason: 'rolling7d',
      since: 'd8 09:00',
      at: 'd8 10:00',
      policy: { dayRule: 'calendarDay' },
      says: { limit: '44', driven: '8', atSince: '8', from: 'd1 10:00', today: '2' },
    },
    {
      of: 'a warning, which goes by the cautious clock',
      ledger: ledgerWith('10:00-', { cautious: clockOf('08:00-') }),
      kind: 'fatigue-warning',
      ...day,
      at: '12:30',
      says: { limit: '4', driven: '4:30', atSince: '4:05', from: '08:00', today: '4:30', suspected: true },
    },
    {
      of: 'a finding, which goes by the proven one',
      ledger: ledgerWith('08:00-', { cautious: clockOf('06:00-') }),
      ...day,
      at: '12:30',
      says: { limit: '4', driven: '4:30', atSince: '4:05', from: '08:00', today: '4:30' },
    },
    {
      of: 'a warning where both agree',
      ledger: ledgerWith('08:00-'),
      kind: 'fatigue-warning',
      ...day,
      at: '12:30',
      says: { limit: '4', driven: '4:30', atSince: '4:05', from: '08:00', today: '4:30' },
    },
    {
      of: 'driving that was in doubt within it',
      ledger: ledgerWith('08:00-', { unsureMs: instant('08:00:00.001') }),
      ...day,
      at: '12:30',
      says: { limit: '4', driven: '4:30', atSince: '4:05', from: '08:00', today: '4:30', unsure: true },
    },
    {
      of: 'driving that was in doubt before it',
      ledger: ledgerWith('08:00-', { unsureMs: instant('08:00') }),
      ...day,
      at: '12:30',
      says: { limit: '4', driven: '4:30', atSince: '4:05', from: '08:00', today: '4:30' },
    },
  ])('$of', ({ ledger, kind = 'fatigue', reason, since, at, policy, says }) => {
    const expected: Figures = {
      limitS: hours(says.limit),
      drivenS: hours(says.driven),
      drivenAtS: hours(says.atSince),
      fromMs: instant(says.from),
      calendarDayS: hours(says.today),
      unsure: says.unsure ?? false,
      suspected: says.suspected ?? false,
    }
    const rules = rulesWith(policy)
    expect(figuresOf(ledger, kind, reason, instant(since), instant(at), rules, false)).toEqual(expected)
    expect(figuresOf(ledger, kind, reason, instant(since), instant(at), rules, true).unsure).toBe(true)
  })

  test('a limit that does not bind this class of vehicle is none', () => {
    expect(limitOf('rolling24h', coach)).toBe(28_800_000)
    expect(limitOf('rolling24h', truck)).toBe(0)
  })
})
