import { describe, expect, it } from 'vitest'
import { coasting } from '../../../device/detectors/coasting.ts'
import type { Conduct, Sample } from '../../../proto/model.ts'
import { conduct } from '../../help/conduct.ts'
import { boxAreas, deepFreeze, settingsFor } from '../../help/road.ts'
import { brief, fixAt, seconds, told } from '../../help/seconds.ts'

const areas = boxAreas([
  { id: 'slope', fromM: 0, toM: 410, role: 'riskSection' },
  { id: 'next', fromM: 410.5, toM: 810, role: 'riskSection' },
  { id: 'zone', fromM: 1000, toM: 2000, role: 'speedZone' },
])
const inForce = deepFreeze(settingsFor('coach', null, { areas }))
const neutral = conduct({ gear: 0 })

/** 20 m/s from the beginning of the slope on. */
const ride = (at: (s: number) => Partial<Sample>, count = 60): unknown[] =>
  told(
    coasting,
    seconds(count, (s) => ({ fix: fixAt(s * 20), speedKmh: 72, conduct: conduct(), ...at(s) })),
    inForce,
  ).map(brief)
const during =
  (from: number, to: number, known: Conduct = neutral) =>
  (s: number) => ({
    conduct: s >= from && s < to ? known : conduct(),
  })

describe('coasting', () => {
  it.each([
    ['4 s of neutral', 2, 7, []],
    [
      '5 s of neutral',
      2,
      8,
      [
        ['started', 'major', 2, 7],
        ['ended', 'major', 7, 8],
      ],
    ],
  ])('%s', (_name, from, to, expected) => {
    expect(ride(during(from, to), 20)).toEqual(expected)
  })

  it('is none with the clutch pressed, in gear, slow, or on a road that is no risk section', () => {
    expect(ride(during(0, 20, conduct({ gear: 0, clutch: true })), 20)).toEqual([])
    expect(ride(during(0, 20, conduct({ gear: -1 })), 20)).toEqual([])
    expect(ride((s) => ({ ...during(0, 20)(s), speedKmh: 19.9 }), 20)).toEqual([])
    expect(ride((s) => ({ ...during(0, 99)(s), fix: fixAt(1000 + s) }), 20)).toEqual([])
    expect(ride((s) => ({ ...during(0, 99)(s), fix: fixAt(900) }), 20)).toEqual([])
  })

  it('begins at 20 km/h', () => {
    expect(ride((s) => ({ ...during(0, 6)(s), speedKmh: 20 }), 7)).toHaveLength(2)
  })

  it('ends where the risk section ends, and another one is another finding', () => {
    const findings = told(
      coasting,
      seconds(45, (s) => ({ fix: fixAt(s * 20), speedKmh: 72, conduct: neutral })),
      inForce,
    )
    expect(findings.map((one) => [...brief(one), one.evidence['areaId']])).toEqual([
      ['started', 'major', 0, 5, 'slope'],
      ['ended', 'major', 20, 21, 'slope'],
      ['started', 'major', 22, 27, 'next'],
      ['ended', 'major', 40, 41, 'next'],
    ])
  })

  it('does not know what nobody tells: a Sample without gear, place or speed is neither', () => {
    for (const hole of [
      { conduct: null },
      { fix: null },
      { speedKmh: null },
      { conduct: conduct({ gear: null }) },
    ])
      expect(ride((s) => ({ ...during(2, 9)(s), ...(s === 5 ? hole : {}) }), 20)).toEqual([
        ['started', 'major', 2, 7],
        ['ended', 'major', 8, 9],
      ])
    const vague = { ...fixAt(100)!, accuracyM: 101 }
    expect(ride((s) => ({ ...during(0, 20)(s), fix: vague }), 20)).toEqual([])
  })

  it('a pause of more than 10 s ends it', () => {
    const quiet = (pauseS: number) =>
      told(
        coasting,
        seconds(40, (s) =>
          s >= 6 && s < 6 + pauseS - 1 ? null : { fix: fixAt(s * 2), speedKmh: 72, conduct: neutral },
        ),
        inForce,
      ).map(brief)
    expect(quiet(10)).toEqual([['started', 'major', 0, 5]])
    expect(quiet(11)).toEqual([
      ['started', 'major', 0, 5],
      ['ended', 'major', 5, 16],
      ['started', 'major', 17, 22],
    ])
  })

  it('is to be verified where nobody tells of the clutch', () => {
    const [sure, unsure] = [neutral, conduct({ gear: 0, clutch: null })].map(
      (known) =>
        told(
          coasting,
          seconds(8, (s) => ({ fix: fixAt(s * 20), speedKmh: 72, conduct: known })),
          inForce,
        )[0],
    )
    expect([sure?.grade, unsure?.grade]).toEqual(['sufficient', 'to-verify'])
    expect(unsure?.evidence['gradeReason']).toMatch(/clutch/)
    expect(sure?.evidence).toEqual({ areaId: 'slope', durationS: 5, peakKmh: 72, gear: 0 })
  })

  it('is to be verified where nobody told of the clutch for a moment only', () => {
    const grades = (unknownAt: number) =>
      told(
        coasting,
        seconds(20, (s) => ({
          fix: fixAt(s * 20),
          speedKmh: 72,
          conduct: s >= 12 ? conduct() : conduct({ gear: 0, clutch: s === unknownAt ? null : false }),
        })),
        inForce,
      ).map(({ phase, grade }) => `${phase} ${grade}`)
    expect(grades(0)).toEqual(['started to-verify', 'ended to-verify'])
    expect(grades(5)).toEqual(['started to-verify', 'ended to-verify'])
    expect(grades(8)).toEqual(['started sufficient', 'ended to-verify'])
    expect(grades(99)).toEqual(['started sufficient', 'ended sufficient'])
  })

  it('a corrected clock moves no duration', () => {
    const samples = seconds(20, (s) => ({ fix: fixAt(s * 20), speedKmh: 72, conduct: neutral })).map(
      (sample, s) => ({
        ...sample,
        atMs: sample.atMs + (s >= 3 ? 7000 : 0),
        clockStepMs: s === 3 ? 7000 : 0,
      }),
    )
    expect(told(coasting, samples, inForce).map(brief)[0]).toEqual(['started', 'major', 7, 12])
  })

  it('a pause of 10 s and 5 ms ends it', () => {
    const late = (moreMs: number) =>
      told(
        coasting,
        seconds(20, (s) =>
          s > 6 && s < 16 ? null : { fix: fixAt(s * 20), speedKmh: 72, conduct: neutral },
        ).map((sample, i) => (i > 6 ? { ...sample, atMs: sample.atMs + moreMs } : sample)),
        inForce,
      ).map(({ phase }) => phase)
    expect(late(0)).toEqual(['started'])
    expect(late(5)).toEqual(['started', 'ended'])
  })
})
