import { describe, expect, test } from 'vitest'
import {
  driverChange,
  findingsOf,
  intervalsOf,
  noDriver,
} from '../../../../device/detectors/driving-time/findings.ts'
import { type Episode, type Figures, newLedger } from '../../../../device/detectors/driving-time/state.ts'
import type { Finding, Phase } from '../../../../proto/model.ts'
import type { PolicyFile } from '../../../../proto/policy.ts'
import type { Settings } from '../../../../proto/settings.ts'
import { sampleAt } from '../../../help/drive.ts'
import { instant } from '../../../help/driving-day.ts'
import { coachSettings } from '../../../help/driving-settings.ts'
import { boxAreas, roadPoint, roadRoute } from '../../../help/road.ts'

const settings = coachSettings()
const now = instant('12:05:10')

type What = Partial<Episode> & {
  phase?: Phase
  driver?: string
  now?: string | null
  figures?: Partial<Figures>
}

function finding(what: What, inForce: Settings = settings): Finding {
  const { phase = 'started', driver = 'A', now: driverNow = 'A', figures = {}, ...more } = what
  const episode: Episode = {
    kind: 'fatigue',
    reason: 'continuousDay',
    atMs: instant('12:00'),
    severity: 'major',
    grade: 'sufficient',
    ...more,
  }
  const ledger = {
    ...newLedger(driver),
    news: [
      {
        do: 'tell' as const,
        phase,
        episode,
        atMs: episode.atMs,
        figures: {
          limitS: 14_400,
          drivenS: 14_710,
          drivenAtS: 14_399.9995,
          fromMs: instant('08:00'),
          calendarDayS: 14_700.25,
          unsure: false,
          suspected: false,
          ...figures,
        },
      },
    ],
  }
  const place = { ...roadPoint(1000), accuracyM: null, satellites: 9 }
  const sample = sampleAt(now, { driver: 'Z', speedKmh: 72, fix: place, courseDeg: 90 })
  const [only, ...rest] = findingsOf(ledger, driverNow, sample, inForce)
  expect(rest).toEqual([])
  return only!
}

const evidence = (what: What, fatigue: PolicyFile['fatigue'] = {}): unknown =>
  finding(what, coachSettings({ fatigue })).evidence

const base = {
  driver: 'A',
  limitS: 14_400,
  drivenS: 14_710,
  drivenAtS: 14_400,
  from: '2026-11-21T00:00:00.000Z',
  restS: 1200,
}

describe('what a finding of driving time says', () => {
  test('four hours: how long, since when, how much over', () => {
    expect(finding({})).toMatchObject({
      kind: 'fatigue',
      reason: 'continuousDay',
      phase: 'started',
      subject: 'A',
      severity: 'major',
      grade: 'sufficient',
      atMs: instant('12:00'),
      decidedAtMs: now,
      driver: 'A',
    })
    expect(finding({}).evidence).toEqual({ ...base, overS: 310 })
  })

  test('a warning: how much is left', () => {
    expect(evidence({ kind: 'fatigue-warning', figures: { drivenS: 12_610 } })).toEqual({
      ...base,
      drivenS: 12_610,
      leftS: 1790,
    })
  })

  test('a warning that a rest was not seen', () => {
    const suspected = { suspected: true }
    expect(evidence({ kind: 'fatigue-warning', grade: 'to-verify', figures: suspected })).toEqual({
      ...base,
      leftS: -310,
      suspected: true,
      gradeReason: 'a gap leaves open whether there was a rest',
    })
    expect(evidence({ figures: suspected })).toEqual({ ...base, overS: 310 })
  })

  test('the night: which hours are night', () => {
    expect(evidence({ reason: 'continuousNight' })).toEqual({
      ...base,
      overS: 310,
      nightFrom: '22:00',
      nightTo: '06:00',
    })
  })

  test.each([
    ['rolling24h', 'rolling', { windowS: 86_400 }],
    ['rolling24h', 'calendarDay', { windowS: 86_400, byDay: true }],
    ['rolling7d', 'rolling', { windowS: 604_800 }],
    ['rolling7d', 'calendarDay', { windowS: 604_800 }],
  ] as const)('sums (%s, %s): in which window, and how much since midnight', (reason, dayRule, more) => {
    expect(evidence({ reason }, { dayRule })).toEqual({
      ...base,
      overS: 310,
      calendarDayS: 14_700.25,
      ...more,
    })
  })

  test.each<[string, What, string | null, object]>([
    ['his card is in', {}, 'A', {}],
    ['another card is in', { now: 'B' }, null, { driverConfirmed: false }],
    ['no card is in', { now: null }, null, { driverConfirmed: false }],
    ['ended, whoever’s card is in', { phase: 'ended', now: 'B' }, 'A', {}],
    [
      'ended, in doubt for a part of it',
      { phase: 'ended', grade: 'to-verify', figures: { unsure: true } },
      null,
      { driverConfirmed: false, gradeReason: 'driver not identified for part of it' },
    ],
    [
      'going on, in doubt for a part of it',
      { grade: 'to-verify', figures: { unsure: true } },
      'A',
      { gradeReason: 'driver not identified for part of it' },
    ],
  ])('whose it is: %s', (_, what, driver, more) => {
    const found = finding(what)
    expect([found.subject, found.driver]).toEqual(['A', driver])
    expect(found.evidence).toEqual({ ...base, overS: 310, ...more })
  })

  test('of nobody it is the vehicle’s', () => {
    const found = finding({ driver: '', now: null })
    expect([found.subject, found.driver]).toEqual(['vehicle', null])
    expect(found.evidence).toEqual({ ...base, driver: null, overS: 310, driverConfirmed: false })
    expect(finding({ driver: '', now: null, phase: 'ended' }).driver).toBeNull()
  })

  test('a warning that goes on names the next safe stop; nothing else does', () => {
    const road = {
      ...settings,
      route: roadRoute({ lengthM: 50_000 }),
      areas: boxAreas([{ id: 'service', fromM: 11_000, toM: 11_400, role: 'serviceArea' }]),
    }
    const stop = (kind: Episode['kind'], phase: Phase): unknown =>
      finding({ kind, phase }, road).evidence['safeStops']
    expect(stop('fatigue-warning', 'started')).toMatchObject([{ areaId: 'service' }])
    expect(stop('fatigue-warning', 'updated')).toMatchObject([{ areaId: 'service' }])
    expect(stop('fatigue-warning', 'ended')).toBeUndefined()
    expect(stop('fatigue', 'started')).toBeUndefined()
    expect(stop('fatigue', 'ended')).toBeUndefined()
  })
})

test('findings and intervals are told apart', () => {
  const interval = { driver: 'A', fromMs: 1, toMs: 2, proven: true }
  const ledger = { ...newLedger('A'), news: [{ do: 'interval' as const, interval }] }
  expect(findingsOf(ledger, 'A', sampleAt(now), settings)).toEqual([])
  expect(intervalsOf(ledger)).toEqual([interval])
})

describe('who drives', () => {
  const sample = sampleAt(now, { driver: 'B', speedKmh: 80 })

  test('nobody: since when while it goes on, and how long when it is over', () => {
    const told = { fromMs: instant('12:00'), told: 'info' } as const
    const said = (phase: Phase, severity: 'info' | 'minor'): Finding =>
      noDriver(phase, told, severity, instant('12:05'), 'A', sample, settings)
    expect(said('started', 'info')).toMatchObject({
      kind: 'no-driver',
      phase: 'started',
      severity: 'info',
      atMs: instant('12:00'),
      driver: null,
      evidence: { lastDriver: 'A', durationS: 300 },
    })
    expect(said('updated', 'minor').atMs).toBe(instant('12:00'))
    expect(said('ended', 'minor')).toMatchObject({ atMs: instant('12:05'), evidence: { durationS: 300 } })
  })

  test('a card that was changed at speed', () => {
    const doubt = { driver: 'A', to: 'B', atMs: instant('11:00'), speedKmh: 79.96 }
    expect(driverChange('updated', doubt, instant('12:05'), sample, settings)).toMatchObject({
      kind: 'driver-change-doubtful',
      phase: 'updated',
      severity: 'major',
      atMs: instant('12:05'),
      driver: null,
      evidence: { from: 'A', to: 'B', speedKmh: 80 },
    })
  })
})
