import { describe, expect, it } from 'vitest'
import { doorOpen } from '../../../device/detectors/door-open.ts'
import { brief, seconds, told } from '../../help/seconds.ts'

describe('door-open', () => {
  const ride = (kmh: (s: number) => number | null, open: (s: number) => boolean | null): unknown[] =>
    told(
      doorOpen,
      seconds(40, (s) => ({ speedKmh: kmh(s), doorOpen: open(s) })),
    ).map(brief)
  const during = (from: number, to: number) => (s: number) => s >= from && s < to

  it.each([
    [10, 13, 20, []],
    [
      10,
      14,
      20,
      [
        ['started', 'minor', 10, 13],
        ['ended', 'minor', 13, 14],
      ],
    ],
    [10, 20, 9.9, []],
    [
      10,
      20,
      10,
      [
        ['started', 'minor', 10, 13],
        ['ended', 'minor', 19, 20],
      ],
    ],
    [
      10,
      20,
      29.9,
      [
        ['started', 'minor', 10, 13],
        ['ended', 'minor', 19, 20],
      ],
    ],
    [
      10,
      20,
      30,
      [
        ['started', 'major', 10, 13],
        ['ended', 'major', 19, 20],
      ],
    ],
  ])('open from %d s to before %d s at %d km/h', (from, to, kmh, expected) => {
    expect(ride(() => kmh, during(from, to))).toEqual(expected)
  })

  it('gets worse, and does not know what nobody tells', () => {
    expect(ride((s) => (s < 20 ? 20 : 40), during(10, 30))).toEqual([
      ['started', 'minor', 10, 13],
      ['updated', 'major', 10, 20],
      ['ended', 'major', 29, 30],
    ])
    expect(
      ride(
        () => 20,
        () => null,
      ),
    ).toEqual([])
    expect(ride((s) => (s % 2 === 0 ? 20 : null), during(10, 16))).toEqual([
      ['started', 'minor', 10, 14],
      ['ended', 'minor', 14, 16],
    ])
  })

  it('tells how long and how fast, when it begins, becomes worse and ends', () => {
    const findings = told(
      doorOpen,
      seconds(40, (s) => ({ speedKmh: s === 20 ? 45 : 15, doorOpen: s >= 10 && s < 30 })),
    )
    expect(findings.map(({ phase, severity, evidence }) => [phase, severity, evidence])).toEqual([
      ['started', 'minor', { peakKmh: 15, durationS: 3 }],
      ['updated', 'major', { peakKmh: 45, durationS: 10 }],
      ['ended', 'major', { peakKmh: 45, durationS: 19 }],
    ])
  })

  it.each([
    [10, ['started']],
    [11, ['started', 'ended', 'started']],
  ])('a pause of %d s in the Samples', (pauseS, phases) => {
    const samples = seconds(40, (s) => (s > 15 && s < 15 + pauseS ? null : { speedKmh: 20, doorOpen: true }))
    expect(told(doorOpen, samples).map(({ phase }) => phase)).toEqual(phases)
  })

  it('a pause of 10 s and 5 ms ends it', () => {
    const late = (moreMs: number) =>
      told(
        doorOpen,
        seconds(40, (s) => (s > 15 && s < 25 ? null : { speedKmh: 20, doorOpen: true })).map((sample, i) =>
          i > 15 ? { ...sample, atMs: sample.atMs + moreMs } : sample,
        ),
      ).map(({ phase }) => phase)
    expect(late(0)).toEqual(['started'])
    expect(late(5)).toEqual(['started', 'ended', 'started'])
  })
})
