import { expect, test } from 'vitest'
import {
  cardSwapMs,
  continuousWorseMs,
  isByDay,
  ledgersMax,
  noDriverWorseMs,
  oldRunsMax,
  rollingWorseMs,
  rulesOf,
  untoldRunsMax,
  windowMs,
} from '../../../../device/detectors/driving-time/rules.ts'
import { coachSettings } from '../../../help/driving-settings.ts'

const fatigue = {
  continuousS: 14_401,
  nightContinuousS: 7202,
  rolling24hS: 28_803,
  rolling7dS: 158_404,
  startS: 11,
  stopS: 12,
  restS: 1213,
  warnBeforeS: 1814,
  gapKmh: 108,
  gapMovedM: 1500,
  nightRule: 'stintAtNight',
  dayRule: 'calendarDay',
  ridingIsRest: false,
} as const

test('a policy in milliseconds and metres a second', () => {
  const file = { fatigue, speeding: { night: { from: '23:00', to: '05:00' } }, zone: 'Asia/Urumqi' }
  const day = { reason: 'continuousDay', limitMs: 14_401_000 }
  const rules = {
    startMs: 11_000,
    stopMs: 12_000,
    restMs: 1_213_000,
    warnMs: 1_814_000,
    gapMps: 30,
    sameplaceM: 1500,
    night: { from: '23:00', to: '05:00' },
    zone: 'Asia/Urumqi',
    nightRule: 'stintAtNight',
    dayRule: 'calendarDay',
    ridingIsRest: false,
    limits: [
      day,
      { reason: 'continuousNight', limitMs: 7_202_000 },
      { reason: 'rolling24h', limitMs: 28_803_000 },
      { reason: 'rolling7d', limitMs: 158_404_000 },
    ],
  }
  expect(rulesOf(coachSettings(file))).toEqual(rules)
  // Only coaches are bound by more than the four hours.
  expect(rulesOf(coachSettings(file, 'truck'))).toEqual({ ...rules, limits: [day] })
})

test('what no policy changes', () => {
  expect({
    continuousWorseMs,
    rollingWorseMs,
    noDriverWorseMs,
    cardSwapMs,
    ledgersMax,
    oldRunsMax,
    untoldRunsMax,
    windowMs,
  }).toEqual({
    continuousWorseMs: 3_600_000,
    rollingWorseMs: 1_800_000,
    noDriverWorseMs: 300_000,
    cardSwapMs: 60_000,
    ledgersMax: 8,
    oldRunsMax: 1024,
    untoldRunsMax: 16,
    windowMs: { rolling24h: 86_400_000, rolling7d: 604_800_000 },
  })
})

test('only the hours of a day may be counted by the calendar', () => {
  expect(isByDay('rolling24h', { dayRule: 'calendarDay' })).toBe(true)
  expect(isByDay('rolling24h', { dayRule: 'rolling' })).toBe(false)
  expect(isByDay('rolling7d', { dayRule: 'calendarDay' })).toBe(false)
})
