import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sections } from '../../../gateway/rules/sections.ts'
import { drive } from '../../../proto/detector.ts'
import type { Sample } from '../../../proto/model.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { roadPoint, roadRoute, settingsFor } from '../../help/road.ts'

/** Mean speed over [2000, 12000] m, 80 km/h by day, against what the whole drive really was. */
const route = roadRoute({ limits: [{ fromM: 2000, toM: 12_000, dayKmh: 80, roadClass: 'motorway' }] })
const settings = settingsFor('coach', null, { route })
const startMs = beijing('2026-11-23 10:00:00')

type Leg = { forS: number; kmh: number; heard: boolean }
const legs = fc.array(
  fc.record({
    forS: fc.integer({ min: 5, max: 150 }),
    kmh: fc.integer({ min: 0, max: 110 }),
    heard: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
  }),
  { minLength: 3, maxLength: 14 },
)

/** Places second by second. */
function trackOf(list: readonly Leg[]): { alongM: number; heard: boolean }[] {
  let alongM = 0
  return list.flatMap(({ forS, kmh, heard }) =>
    Array.from({ length: forS }, () => {
      const here = { alongM, heard }
      alongM += kmh / 3.6
      return here
    }),
  )
}

/** The instant at which a place was first reached, read off the whole track. */
function reachedS(track: readonly { alongM: number }[], alongM: number): number | null {
  const i = track.findIndex((one) => one.alongM >= alongM)
  if (i === -1) return null
  if (i === 0) return 0
  const [a, b] = [track[i - 1]!.alongM, track[i]!.alongM]
  return i - 1 + (alongM - a) / (b - a)
}

function trueMeanKmh(track: readonly { alongM: number }[]): number | null {
  const [from, to] = [reachedS(track, 2000), reachedS(track, 12_000)]
  return from === null || to === null ? null : (10_000 / (to - from)) * 3.6
}

const samplesOf = (track: ReturnType<typeof trackOf>, odometer: boolean): Sample[] =>
  track.flatMap(({ alongM, heard }, s) =>
    heard
      ? sampleAt(startMs + s * 1000, {
          fix: { ...roadPoint(alongM), accuracyM: null, satellites: null },
          odometerM: odometer ? Math.round(alongM / 5) * 5 : null,
        })
      : [],
  )

describe('sections', () => {
  it('with every second heard it tells exactly the means above the limit', () => {
    fc.assert(
      fc.property(legs, (list) => {
        const track = trackOf(list.map((leg) => ({ ...leg, heard: true })))
        const mean = trueMeanKmh(track)
        const { findings } = drive(sections, samplesOf(track, false), settings)
        fc.pre(mean === null || Math.abs(mean - 80) > 0.05)
        expect(findings).toHaveLength(mean !== null && mean > 80 ? 1 : 0)
        if (mean !== null && findings[0] !== undefined) {
          expect(findings[0].evidence['meanKmh']).toBeCloseTo(mean, 0)
          expect((findings[0].atMs - startMs) / 1000).toBeCloseTo(reachedS(track, 12_000)!, 1)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('whatever was not heard, it never tells more than was driven', () => {
    fc.assert(
      fc.property(legs, fc.boolean(), (list, odometer) => {
        const track = trackOf(list)
        const mean = trueMeanKmh(track)
        const { findings } = drive(sections, samplesOf(track, odometer), settings)
        // Up to 60 s a silence is taken for a straight, even drive: only longer ones are judged by bounds.
        const longest = longestSilenceS(track)
        fc.pre(longest <= 1 || longest > 61)
        for (const { evidence } of findings) {
          expect(mean).not.toBeNull()
          if (evidence['bounds'] === true) expect(evidence['meanKmh']).toBeLessThanOrEqual(mean! + 0.1)
        }
      }),
      { numRuns: 400 },
    )
  })

  it('a clock correction under way changes no mean', () => {
    const track = trackOf([{ forS: 520, kmh: 90, heard: true }])
    const samples = samplesOf(track, false).map((sample, s) => ({
      ...sample,
      atMs: sample.atMs + (s >= 200 ? 60_000 : 0),
      clockStepMs: s === 200 ? 60_000 : 0,
    }))
    const { findings } = drive(sections, samples, settings)
    expect(findings.map(({ evidence }) => evidence['meanKmh'])).toEqual([90])
  })
})

function longestSilenceS(track: readonly { heard: boolean }[]): number {
  let [run, longest] = [0, 0]
  for (const { heard } of track) {
    run = heard ? 0 : run + 1
    longest = Math.max(longest, run)
  }
  return longest
}
