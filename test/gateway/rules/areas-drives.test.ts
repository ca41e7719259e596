import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areas } from '../../../gateway/rules/areas.ts'
import { drive } from '../../../proto/detector.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import { placeAt, roadAreas, settingsWith } from '../../help/area-road.ts'
import { sampleAt } from '../../help/drive.ts'
import { type Episode, episodesOf, type PlanePoint } from '../../reference/areas.ts'

/** Random drives against the rule told from the whole history, and what must hold of every drive. */
const startMs = Date.parse('2026-11-20T02:00:00Z')
const area = { x1: 1000, x2: 1300, y1: -150, y2: 150 }
const index = roadAreas([
  { id: 'A', from: area.x1, to: area.x2, low: area.y1, high: area.y2 },
  { id: 'far', from: 50_000, to: 51_000 },
])
const settings = settingsWith(index)

const drives = (accuracy: fc.Arbitrary<number | null>): fc.Arbitrary<PlanePoint[]> =>
  fc
    .array(
      fc.record({
        afterS: fc.oneof(
          { weight: 9, arbitrary: fc.integer({ min: 1, max: 60 }) },
          { weight: 1, arbitrary: fc.integer({ min: 61, max: 900 }) },
        ),
        // Near the border half of the time: there the rules differ.
        x: fc.oneof(fc.integer({ min: 900, max: 1400 }), fc.integer({ min: 985, max: 1015 })),
        y: fc.oneof(fc.integer({ min: -250, max: 250 }), fc.constant(0)),
        accuracyM: accuracy,
      }),
      { minLength: 2, maxLength: 40 },
    )
    .map((steps) => {
      let atMs = startMs
      return steps.map(({ afterS, x, y, accuracyM }) => {
        atMs += afterS * 1000
        // A third of a metre off: nobody stops exactly on the border, where two roundings could disagree.
        return { atMs, x: x + 1 / 3, y: y + 1 / 3, accuracyM }
      })
    })

const samplesOf = (points: readonly PlanePoint[]): Sample[] =>
  points.map(({ atMs, x, y, accuracyM }) =>
    sampleAt(atMs, {
      fix: { ...placeAt(x, y), accuracyM, satellites: null },
      speedKmh: 50,
      speedSource: 'gnss',
    }),
  )

const told = (findings: readonly Finding[]): Episode[] => {
  const episodes: { fromMs: number; toMs: number | null }[] = []
  for (const { phase, atMs } of findings) {
    if (phase === 'started') episodes.push({ fromMs: atMs, toMs: null })
    else episodes.at(-1)!.toMs = atMs
  }
  return episodes
}
const close = (a: number | null, b: number | null): boolean =>
  a === null || b === null ? a === b : Math.abs(a - b) <= 5

describe('random drives', () => {
  const agree = (points: readonly PlanePoint[]): void => {
    const got = told(drive(areas, samplesOf(points), settings).findings)
    const expected = episodesOf(area, points)
    const same =
      got.length === expected.length &&
      got.every(({ fromMs, toMs }, i) => close(fromMs, expected[i]!.fromMs) && close(toMs, expected[i]!.toMs))
    if (!same) expect(got).toEqual(expected)
  }

  const parts = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

  it.each(parts)(
    'agrees with the whole-history reference on 400 drives without a claimed accuracy (%i)',
    (part) => {
      fc.assert(fc.property(drives(fc.constant(null)), agree), { numRuns: 400, seed: 20_261_122 + 10 * part })
    },
  )

  it.each(parts)('agrees with it on 400 drives with accuracies (%i)', (part) => {
    const accuracy = fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 100 }))
    fc.assert(fc.property(drives(accuracy), agree), { numRuns: 400, seed: 20_261_123 + 10 * part })
  })

  it('never mutates, never remembers outside its state, and keeps it plain JSON', () => {
    fc.assert(
      fc.property(drives(fc.constantFrom(null, 5)), (points) => {
        let state = areas.initial
        let stored = areas.initial
        for (const sample of samplesOf(points)) {
          const live = areas.step(deepFreeze(state), deepFreeze(sample), settings)
          const again = areas.step(stored, sample, settings)
          expect(again).toEqual(live)
          state = live.state
          stored = JSON.parse(JSON.stringify(again.state)) as typeof stored
          expect(stored).toEqual(state)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('alternates started and ended, in time order of decision, and forgets areas it left', () => {
    fc.assert(
      fc.property(drives(fc.constant(null)), (points) => {
        const last = points.at(-1)!
        const away = { ...last, atMs: last.atMs + 1000, x: 3000, y: 1000 }
        const { state, findings } = drive(areas, samplesOf([...points, away]), settings)
        expect(findings.map(({ phase }) => phase)).toEqual(
          findings.map((_, i) => (i % 2 === 0 ? 'started' : 'ended')),
        )
        expect(findings.length % 2).toBe(0)
        for (const { atMs, decidedAtMs } of findings) expect(atMs).toBeLessThanOrEqual(decidedAtMs)
        expect(state.tracks).toEqual({})
      }),
    )
  })

  it('moves with a corrected clock: durations stay', () => {
    const steps = [900, 1100, 1200, 1290, 1400]
    const at = (i: number, shift: number): number => startMs + i * 10_000 + shift
    const plain = samplesOf(steps.map((x, i) => ({ atMs: at(i, 0), x, y: 0, accuracyM: null })))
    const corrected = plain.map((sample, i) => ({
      ...sample,
      atMs: at(i, i >= 2 ? 7_200_000 : 0),
      clockStepMs: i === 2 ? 7_200_000 : 0,
    }))
    const durations = (samples: Sample[]) =>
      drive(areas, samples, settings).findings.map(({ evidence }) => evidence['durationS'])
    expect(durations(corrected)).toEqual(durations(plain))
  })

  it('keeps its state small through a day without positions', () => {
    const start = samplesOf([{ atMs: startMs, x: 1100, y: 0, accuracyM: null }])[0]!
    let state = areas.step(areas.initial, { ...start, odometerM: 0 }, settings).state
    for (let s = 1; s < 20_000; s++)
      state = areas.step(state, sampleAt(startMs + s * 1000, { odometerM: s * 10 }), settings).state
    expect(JSON.stringify(state).length).toBeLessThan(20_000)
  })
})

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) deepFreeze(inner)
  return Object.freeze(value)
}
