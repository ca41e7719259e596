import { describe, expect, test } from 'vitest'
import { continuousS, drivingNow } from '../../../../device/detectors/driving-time/remaining.ts'
import {
  closedIntervals,
  type DrivingTime,
  fatigue,
  remaining,
} from '../../../../device/detectors/fatigue.ts'
import { drive } from '../../../../proto/detector.ts'
import { instant, samplesOf } from '../../../help/driving-day.ts'
import { coachSettings } from '../../../help/driving-settings.ts'

const settings = coachSettings()
const stateOf = (...lines: string[]): DrivingTime => drive(fatigue, samplesOf(lines, 60), settings).state
const both = (value: number): object => ({ provenS: value, cautiousS: value })

describe('what is left', () => {
  test('is never less than nothing, however long he went on', () => {
    const state = stateOf('06:00 drives, driver A', '10:30 end')
    const left = remaining(state, instant('10:30'), settings)
    expect(left.continuousDay).toEqual(both(0))
    expect(
      remaining(state, instant('10:30'), coachSettings({ fatigue: { continuousS: 16_200 } })).continuousDay,
    ).toEqual(both(0))
    expect(
      remaining(state, instant('10:30'), coachSettings({ fatigue: { continuousS: 16_201 } })).continuousDay,
    ).toEqual(both(1))
  })

  test('is everything before anybody drove, and is nobody’s', () => {
    expect(remaining(fatigue.initial, instant('08:00'), settings)).toEqual({
      driver: null,
      confirmed: false,
      continuousDay: both(14_400),
      continuousNight: both(7200),
      rolling24h: both(28_800),
      rolling7d: both(158_400),
    })
  })

  test('is whole again after exactly twenty minutes of standing, not a second before', () => {
    const state = stateOf('08:00 drives, driver A', '10:00 stands', '10:05 end')
    expect(remaining(state, instant('10:19:59'), settings).continuousDay).toEqual(both(14_400 - 8399))
    expect(remaining(state, instant('10:20:00'), settings).continuousDay).toEqual(both(14_400))
    expect(remaining(state, instant('10:20:00'), settings).rolling24h).toEqual(both(28_800 - 7200))
  })

  test('after a silence is less by the cautious clock than by the proven one', () => {
    const lines = ['08:00 drives, driver A', '09:00 silent', '09:40 back after 30 km', '09:50 end']
    const left = remaining(stateOf(...lines), instant('09:50'), settings)
    expect(left.continuousDay).toEqual({ provenS: 14_400 - 600, cautiousS: 14_400 - 6600 })
    expect(left.rolling24h).toEqual({ provenS: 28_800 - 5220, cautiousS: 28_800 - 6600 })
  })

  test('of a vehicle that nobody ever identified himself in is the vehicle’s', () => {
    expect(remaining(stateOf('08:00 drives', '09:00 end'), instant('09:00'), settings)).toMatchObject({
      driver: null,
      confirmed: false,
      continuousDay: both(14_400 - 3600),
      rolling24h: both(28_800 - 3600),
    })
  })

  test('counts the first seconds of a stop for the stint and not for the day', () => {
    const state = stateOf('08:00 drives, driver A', '10:00 stands', '10:00:05 end')
    const left = remaining(state, instant('10:00:05'), settings)
    expect(left.continuousDay).toEqual(both(14_400 - 7205))
    expect(left.rolling24h).toEqual(both(28_800 - 7200))
  })

  test('does not yet count ten seconds that may be driving', () => {
    const state = stateOf('08:00 drives, driver A', '10:00 stands', '10:30 drives', '10:30:05 end')
    expect(remaining(state, instant('10:30:05'), settings).rolling24h).toEqual(both(28_800 - 7200))
  })

  test('is the last known driver’s where nobody is identified, and says that it is not confirmed', () => {
    const state = stateOf('08:00 drives, driver A', '09:00 no driver', '09:30 end')
    expect(remaining(state, instant('09:30'), settings)).toMatchObject({
      driver: 'A',
      confirmed: false,
      continuousDay: both(14_400 - 5400),
    })
    expect(continuousS(state, instant('09:30'), settings)).toEqual(both(5400))
  })

  test('of the night is counted from 22:00, also when it is over', () => {
    const state = stateOf('20:00 drives, driver A', 'd2 07:00 end')
    const left = remaining(
      state,
      instant('d2 07:00'),
      coachSettings({ fatigue: { nightContinuousS: 32_400 } }),
    )
    expect(left.continuousNight).toEqual(both(3600))
  })

  test('is not confirmed after a card was changed at speed', () => {
    const doubtful = stateOf('08:00 drives, driver A', '09:00 driver B', '09:10 end')
    expect(remaining(doubtful, instant('09:10'), settings)).toMatchObject({ driver: 'B', confirmed: false })
    const sure = stateOf(
      '08:00 drives, driver A',
      '09:00 stands',
      '09:01 driver B',
      '09:02 drives',
      '09:10 end',
    )
    expect(remaining(sure, instant('09:10'), settings)).toMatchObject({ driver: 'B', confirmed: true })
  })
})

describe('driving without a rest', () => {
  test('is nothing before it began, and nothing after a rest', () => {
    expect(continuousS(fatigue.initial, instant('08:00'), settings)).toEqual(both(0))
    const state = stateOf('08:00 drives, driver A', '09:00 stands', '09:10 end')
    expect(continuousS(state, instant('09:10'), settings)).toEqual(both(4200))
    expect(continuousS(state, instant('09:20'), settings)).toEqual(both(0))
  })

  test('of somebody whom nobody ever identified is the vehicle’s', () => {
    expect(continuousS(stateOf('08:00 drives', '09:00 end'), instant('09:00'), settings)).toEqual(both(3600))
  })
})

describe('the driving under way', () => {
  const interval = (from: string, to: string): object[] => [
    { driver: 'A', fromMs: instant(from), toMs: instant(to), proven: true },
  ]

  test('lasts to the last moving Sample', () => {
    expect(drivingNow(stateOf('08:00 drives, driver A', '09:00 end'))).toEqual(interval('08:00', '09:00'))
    expect(drivingNow(stateOf('08:00 drives, driver A', '09:00 stands', '09:00:08 end'))).toEqual(
      interval('08:00', '09:00'),
    )
  })

  test('is none yet at the moment at which another card was put in', () => {
    expect(drivingNow(stateOf('08:00 drives, driver A', '09:00 driver B'))).toEqual([])
  })

  test('is none standing, unidentified, or before there is any', () => {
    expect(drivingNow(fatigue.initial)).toEqual([])
    expect(drivingNow(stateOf('08:00 drives, driver A', '09:00 stands', '09:01 end'))).toEqual([])
    expect(drivingNow(stateOf('08:00 drives, driver A', '09:00 no driver', '09:10 end'))).toEqual([])
    expect(drivingNow(stateOf('08:00 stands, driver A', '09:00 end'))).toEqual([])
  })
})

test('what one step closed is told by that step alone', () => {
  const [, ...rest] = samplesOf(['08:00 drives, driver A', '09:00 stands', '09:01 end'], 10)
  const told: number[] = []
  let state = fatigue.step(fatigue.initial, samplesOf(['08:00 drives, driver A'], 10)[0]!, settings).state
  for (const sample of rest) {
    const next = fatigue.step(state, sample, settings).state
    told.push(closedIntervals(state, next).length)
    expect(closedIntervals(next, next)).toEqual([])
    state = next
  }
  expect(told.reduce((sum, one) => sum + one, 0)).toBe(1)
})
