import { expect, test } from 'vitest'
import { shifted } from '../../../../device/detectors/driving-time/shift.ts'
import { type DrivingTime, initial, type Ledger } from '../../../../device/detectors/driving-time/state.ts'

/** A state in which every instant is told by what stands in front of it, moved by so much. */
function stateMoved(byMs: number): DrivingTime {
  const ledger: Ledger = {
    driver: 'A',
    proven: {
      stintMs: 1000 + byMs,
      runMs: 5000 + byMs,
      endMs: 2000 + byMs,
      runs: [1000 + byMs, 2000 + byMs],
    },
    cautious: { stintMs: 900 + byMs, runMs: null, endMs: null, runs: [] },
    unsureMs: 1500 + byMs,
    heldMs: 1600 + byMs,
    marks: [{ is: 'limit', reason: 'continuousDay', atMs: 9000 + byMs }],
    open: [
      {
        kind: 'fatigue',
        reason: 'rolling24h',
        atMs: 8000 + byMs,
        severity: 'minor',
        grade: 'sufficient',
      },
    ],
    news: [],
  }
  return {
    ...initial,
    atMs: 7000 + byMs,
    synced: true,
    moving: true,
    odometerM: 4200,
    driver: 'B',
    lastKnown: 'A',
    cardOutMs: 6100 + byMs,
    ledgers: [ledger, { ...ledger, driver: 'B', unsureMs: null, heldMs: null, marks: [], open: [] }],
    noDriver: { fromMs: 6500 + byMs, told: 'info' },
    doubt: { driver: 'A', to: 'B', atMs: 6600 + byMs, speedKmh: 80 },
    dueMs: 9000,
    policyDigest: 'abc',
  }
}

test('every instant moves with the clock, and what depends on the time of day is to be made anew', () => {
  for (const byMs of [7000, -3500])
    for (const before of [0, 100_000])
      expect(shifted(stateMoved(before), byMs)).toEqual({
        ...stateMoved(before + byMs),
        dueMs: 0,
        policyDigest: '',
      })
})

test('a movement or a halt that has just begun moves as well', () => {
  const motion = (state: DrivingTime['motion']): unknown =>
    shifted({ ...initial, motion: state }, -700).motion
  expect(motion({ is: 'starting', movedMs: 1000 })).toEqual({ is: 'starting', movedMs: 300 })
  expect(motion({ is: 'stopping', stoodMs: 1000 })).toEqual({ is: 'stopping', stoodMs: 300 })
  expect(motion({ is: 'standing' })).toEqual({ is: 'standing' })
  expect(motion({ is: 'driving' })).toEqual({ is: 'driving' })
})

test('what never was does not move', () => {
  expect(shifted(initial, 7000)).toEqual(initial)
})
