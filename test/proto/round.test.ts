import { expect, test } from 'vitest'
import {
  roundDeg,
  roundKm,
  roundKmh,
  roundM,
  roundMs,
  roundPct,
  roundPlace,
  roundS,
} from '../../proto/round.ts'

test.each([
  [roundKmh, 79.949, 79.9],
  [roundKmh, 79.95, 80],
  [roundKmh, -0.25, -0.3],
  [roundM, 12.5, 13],
  [roundM, -12.5, -13],
  [roundM, 12.4, 12],
  [roundDeg, 30.123_456_4, 30.123_456],
  [roundDeg, 30.123_456_6, 30.123_457],
  [roundMs, 1000.4, 1000],
  [roundMs, 1000.5, 1001],
  [roundS, 12.3454, 12.345],
  [roundS, 12.3456, 12.346],
  [roundPct, 12.34, 12.3],
  [roundPct, 12.36, 12.4],
  [roundKm, 1.2344, 1.234],
  [roundKm, 1.2346, 1.235],
])('%o of %s is %s: half away from zero', (round, value, rounded) => {
  expect(round(value)).toBe(rounded)
})

test('nothing is minus nothing', () => {
  expect(Object.is(roundM(-0.2), 0)).toBe(true)
  expect(Object.is(roundM(-0), 0)).toBe(true)
})

test('a place is rounded, an unknown one stays unknown', () => {
  expect(roundPlace({ lat: 30.000_000_4, lon: 114.000_000_6 })).toEqual({ lat: 30, lon: 114.000_001 })
  expect(roundPlace(null)).toBeNull()
})
