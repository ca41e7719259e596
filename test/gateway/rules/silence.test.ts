import { describe, expect, it } from 'vitest'
import { logIn, noDrivers, shiftDrivers } from '../../../gateway/rules/relay-drivers.ts'
import {
  accurate,
  leastDrivenS,
  listen,
  noSilence,
  type Silence,
  shiftSilence,
} from '../../../gateway/rules/silence.ts'
import type { Sample } from '../../../proto/model.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { deepFreeze, roadPoint, settingsFor } from '../../help/road.ts'

/** A gap is a pause of more than 300 s; what was driven in it is measured by odometer, else by the straight line. */
const settings = deepFreeze(settingsFor('coach'))
const startMs = beijing('2026-11-23 10:00:00')
const at = (s: number, known: Partial<Sample> & { m?: number; accuracyM?: number } = {}): Sample => {
  const { m, accuracyM, ...more } = known
  const fix = m === undefined ? null : { ...roadPoint(m), accuracyM: accuracyM ?? null, satellites: 9 }
  return deepFreeze(sampleAt(startMs + s * 1000, { fix, ...more }))
}

function heard(...samples: readonly Sample[]): Silence[] {
  let state = noSilence
  return samples.flatMap((sample) => {
    const step = listen(state, sample, settings)
    state = step.state
    return step.silence === null ? [] : [step.silence]
  })
}
const brief = ({ fromMs, toMs, measuredFromMs, measuredToMs, distanceM, by }: Silence): unknown => [
  ...[fromMs, toMs, measuredFromMs, measuredToMs].map((ms) => (ms - startMs) / 1000),
  Math.round(distanceM),
  by,
]

describe('a silence', () => {
  it('is longer than five minutes', () => {
    expect(heard(at(0, { odometerM: 0 }), at(300, { odometerM: 100 }))).toEqual([])
    expect(heard(at(0, { odometerM: 0 }), at(300.001, { odometerM: 100 }))).toHaveLength(1)
    expect(heard(at(0, { odometerM: 0 }), at(301, { odometerM: 100 })).map(brief)).toEqual([
      [0, 301, 0, 301, 100, 'odometer'],
    ])
  })

  it('is not broken by Samples that say nothing of motion', () => {
    const quiet = [100, 200, 290].map((s) => at(s, { driver: 'A' }))
    expect(heard(at(0, { odometerM: 0 }), ...quiet, at(400, { odometerM: 9 })).map(brief)).toEqual([
      [0, 400, 0, 400, 9, 'odometer'],
    ])
    for (const known of [{ speedKmh: 0 }, { m: 0 }, { odometerM: 0 }])
      expect(heard(at(0, { odometerM: 0 }), at(200, known), at(400, { odometerM: 9 }))).toEqual([])
  })

  it('is measured by the straight line without an odometer, and by the odometer first', () => {
    expect(heard(at(0, { m: 0 }), at(400, { m: 3000 })).map(brief)).toEqual([
      [0, 400, 0, 400, 3000, 'straightLine'],
    ])
    expect(heard(at(0, { m: 0, odometerM: 50 }), at(400, { m: 3000, odometerM: 4050 })).map(brief)).toEqual([
      [0, 400, 0, 400, 4000, 'odometer'],
    ])
    expect(heard(at(0, { m: 0, odometerM: 50 }), at(400, { m: 3000 })).map(brief)).toEqual([
      [0, 400, 0, 400, 3000, 'straightLine'],
    ])
  })

  it('is not measured by an odometer that ran backwards, or faster than any vehicle', () => {
    const { jumpMps } = settings.policy.signals
    const by = (odometerM: number): unknown =>
      heard(at(0, { m: 0, odometerM: 100 }), at(400, { m: 3000, odometerM }))[0]?.by
    expect([by(100), by(99), by(100 + 400 * jumpMps), by(101 + 400 * jumpMps)]).toEqual([
      'odometer',
      'straightLine',
      'odometer',
      'straightLine',
    ])
  })

  it('waits for what it can be measured by, but no longer than another silence', () => {
    const back = (s: number): unknown[] =>
      heard(at(0, { m: 0 }), at(400, { speedKmh: 10 }), at(550, { speedKmh: 10 }), at(s, { m: 3000 })).map(
        brief,
      )
    expect(back(700)).toEqual([[0, 400, 0, 700, 3000, 'straightLine']])
    expect(back(701)).toEqual([])
  })

  it('asks a mark of up to five minutes before it', () => {
    const old = (s: number): unknown[] =>
      heard(
        at(0, { m: 0 }),
        ...[100, 200, s].map((each) => at(each, { speedKmh: 10 })),
        at(s + 400, { m: 3000 }),
      ).map(brief)
    expect(old(300)).toEqual([[300, 700, 0, 700, 3000, 'straightLine']])
    expect(old(301)).toEqual([])
    const odometer = (s: number): unknown[] =>
      heard(
        at(0, { odometerM: 7 }),
        ...[100, 200, s].map((each) => at(each, { speedKmh: 10 })),
        at(s + 400, { odometerM: 3007 }),
      ).map(brief)
    expect(odometer(300)).toEqual([[300, 700, 0, 700, 3000, 'odometer']])
    expect(odometer(301)).toEqual([])
  })

  it('is not measured by a fix that may be anywhere, nor over a position that began anew', () => {
    expect(heard(at(0, { m: 0, accuracyM: 101 }), at(400, { m: 3000 }))).toEqual([])
    expect(heard(at(0, { m: 0 }), at(400, { m: 3000, accuracyM: 101 }))).toEqual([])
    expect(heard(at(0, { m: 0, accuracyM: 100 }), at(400, { m: 3000, accuracyM: 100 }))).toHaveLength(1)
    expect(heard(at(0, { m: 0 }), at(400, { m: 3000, reseeded: true }))).toEqual([])
    expect(heard(at(0, { odometerM: 0 }), at(400, { odometerM: 3000, reseeded: true }))).toHaveLength(1)
    expect([null, 100, 101].map((accuracyM) => accurate({ accuracyM }, settings))).toEqual([
      true,
      true,
      false,
    ])
  })

  it('was driven for at least as long as the fastest coach takes', () => {
    expect(leastDrivenS(100_000, settings)).toBe(3600)
    expect(leastDrivenS(0, settings)).toBe(0)
  })

  it('moves with a corrected clock, whole', () => {
    const states = [at(0, { m: 0, odometerM: 5 }), at(100, { speedKmh: 3 })].reduce(
      (state, sample) => listen(state, sample, settings).state,
      noSilence,
    )
    expect(shiftSilence(states, 0)).toBe(states)
    expect(shiftSilence(noSilence, 7000)).toEqual(noSilence)
    const open = [at(0, { m: 0 }), at(400, { speedKmh: 3 })].reduce(
      (state, sample) => listen(state, sample, settings).state,
      noSilence,
    )
    for (const state of [states, open]) {
      const moved = JSON.parse(
        JSON.stringify(state, (key, value: unknown) =>
          key.endsWith('Ms') && typeof value === 'number' ? value + 7000 : value,
        ),
      ) as unknown
      expect(shiftSilence(state, 7000)).toEqual(moved)
    }
    expect(open.open).not.toBeNull()
  })
})

it('the list of drivers moves with a corrected clock, whole', () => {
  const drive = [
    at(0, { driver: 'A', speedKmh: 0 }),
    at(60, { driver: 'A', coDriver: 'B', speedKmh: 50 }),
    at(120, { driver: 'C', speedKmh: 0 }),
  ]
  const listed = drive.reduce((state, sample) => logIn(state, sample, settings), noDrivers)
  const state = { ...listed, standingSinceMs: startMs + 120_000 }
  expect(state.entries.map(({ id }) => id)).toEqual(['A', 'B', 'C'])
  const moved = JSON.parse(
    JSON.stringify(state, (key, value: unknown) =>
      key.endsWith('Ms') && typeof value === 'number' ? value + 7000 : value,
    ),
  ) as unknown
  expect(shiftDrivers(state, 7000)).toEqual(moved)
  expect(shiftDrivers(state, 0)).toBe(state)
})
