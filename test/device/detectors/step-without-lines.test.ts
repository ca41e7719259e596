import { describe, expect, it } from 'vitest'
import { canSilent } from '../../../device/detectors/can-silent.ts'
import { crash } from '../../../device/detectors/crash.ts'
import { gnssLost } from '../../../device/detectors/gnss-lost.ts'
import { harshBraking } from '../../../device/detectors/harsh.ts'
import type { AnyDetector, Detector } from '../../../proto/detector.ts'
import type { Sample } from '../../../proto/model.ts'
import { sampleAt } from '../../help/drive.ts'
import { brief, fixAt, healthy, seconds, startMs, told, wheel } from '../../help/seconds.ts'

/**
 * Four detectors look at no Sample that says nothing of the lines. When it is that very Sample on which the clock is corrected, what
 * they tell afterwards must be what a clock that was right from the beginning would have told.
 */
type Drive = {
  readonly detector: AnyDetector
  /** The Sample without lines. */
  readonly at: number
  readonly samples: readonly Sample[]
  /** What is told after it, on a clock that was right. */
  readonly expected: readonly unknown[]
}

const bus = seconds(60, (s) => ({
  speedKmh: 60,
  lines: { ...healthy, canAgeMs: s > 5 && s < 40 ? (s - 5) * 1000 : 0 },
}))
const sky = seconds(120, (s) => ({
  fix: s > 10 && s < 100 ? null : fixAt(s * 20),
  speedKmh: 72,
  sources: wheel(72, null),
  lines: { ...healthy, gnssFixAgeMs: s > 10 && s < 100 ? (s - 10) * 1000 : 0 },
}))
/** Two steps of 4 m/s2, a second without a word, and two more of them. */
const brake = seconds(12, (s) => {
  const kmh = [80, 80, 65.6, 51.2, 51.2, 28, 12, 12][s] ?? 12
  return { speedKmh: kmh, sources: wheel(kmh), lines: healthy }
})
/** Ten epochs a second up to the blow at 2 s, two afterwards: a receiver of 1 Hz never raises it. */
const blow = Array.from({ length: 22 + 60 }, (_, i) => {
  const s = i < 22 ? i / 10 : 2.2 + (i - 22) / 2
  const kmh = [80, 50, 12, 0][Math.min(3, Math.max(0, i - 19))]!
  const known = { fix: fixAt(s), speedKmh: kmh, sources: wheel(null, kmh), lines: healthy }
  return sampleAt(startMs + s * 1000, known)
})

const drives: { readonly [name: string]: Drive } = {
  'a silent bus': { detector: canSilent, at: 20, samples: bus, expected: [['ended', 'minor', 40, 40]] },
  'a lost position': { detector: gnssLost, at: 60, samples: sky, expected: [['ended', 'minor', 100, 100]] },
  'a hard brake': { detector: harshBraking, at: 4, samples: brake, expected: [['ended', 'info', 6, 7]] },
  'a blow and its stillness': {
    ...{ detector: crash, at: 40, samples: blow },
    expected: [['started', 'critical', 1.9, 22.7]],
  },
}

const mute = (samples: readonly Sample[], at: number): Sample[] =>
  samples.map((sample, i) => (i === at ? { ...sample, lines: null } : sample))

/** All of it by a clock that is ahead by so much, from a Sample on; the correction is on that one. */
function from(samples: readonly Sample[], at: number, byMs: number): Sample[] {
  return samples.map((sample, i) => ({
    ...sample,
    atMs: sample.atMs + (i >= at ? byMs : 0),
    clockStepMs: i === at ? byMs : 0,
  }))
}

/** What is told after a Sample, each with what was measured; a record of an accident is named after its instant. */
function toldAfter(detector: AnyDetector, samples: readonly Sample[], at: number) {
  const one = detector as unknown as Detector<unknown>
  const before = told(one, samples.slice(0, at)).length
  return told(one, [...samples])
    .slice(before)
    .map(({ evidence: { record: _name, ...evidence }, ...finding }) => ({ ...finding, evidence }))
}

describe('a clock corrected on a Sample that says nothing of the lines', () => {
  it.each(Object.entries(drives))('%s', (_, { detector, at, samples, expected }) => {
    const muted = mute(samples, at)
    const right = toldAfter(detector, muted, at)
    expect(right.map((finding) => brief(finding))).toEqual(expected)
    for (const byMs of [7000, -7000]) {
      const moved = right.map((finding) => ({
        ...finding,
        atMs: finding.atMs + byMs,
        decidedAtMs: finding.decidedAtMs + byMs,
      }))
      expect(toldAfter(detector, from(muted, at, byMs), at)).toEqual(moved)
    }
  })
})
