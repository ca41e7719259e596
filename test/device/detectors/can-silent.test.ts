import { describe, expect, it } from 'vitest'
import { canSilent } from '../../../device/detectors/can-silent.ts'
import type { Sample } from '../../../proto/model.ts'
import { brief, healthy, seconds, told } from '../../help/seconds.ts'

describe('can-silent', () => {
  const silent = (count: number, backS: number, more: Partial<Sample> = {}): Sample[] =>
    seconds(count, (s) => ({
      speedKmh: 60,
      ...more,
      lines: { ...healthy, canAgeMs: s > 5 && s < backS ? (s - 5) * 1000 : 0 },
    }))

  it.each([
    [14, []],
    [15, []],
    [
      16,
      [
        ['started', 'minor', 5, 15],
        ['ended', 'minor', 16, 16],
      ],
    ],
    [
      40,
      [
        ['started', 'minor', 5, 15],
        ['ended', 'minor', 40, 40],
      ],
    ],
  ])('last frame at 5 s, the next at %d s', (backS, expected) => {
    expect(told(canSilent, silent(60, backS)).map(brief)).toEqual(expected)
  })

  it.each([
    [{ ignition: true, speedKmh: 0 }, 1],
    [{ ignition: false, speedKmh: 60 }, 0],
    [{ ignition: null, speedKmh: 60 }, 1],
    [{ ignition: null, speedKmh: 0 }, 0],
    [{ ignition: null, speedKmh: null }, 1],
  ])('a bus may sleep in a parked vehicle: %j gives %d', (more, count) => {
    expect(told(canSilent, silent(60, 999, more))).toHaveLength(count)
  })

  it('says nothing of a line that is not there', () => {
    const lines = { ...healthy, canAgeMs: null, expects: { gnss: true, can: false } }
    expect(
      told(
        canSilent,
        seconds(60, () => ({ lines })),
      ),
    ).toEqual([])
    expect(
      told(
        canSilent,
        seconds(60, () => ({ lines: { ...lines, expects: { gnss: true, can: true } } })),
      ).map(brief),
    ).toEqual([['started', 'minor', 0, 10]])
  })

  it('tells the speed by satellites, else the one that is known', () => {
    const speedOf = (more: Partial<Sample>) => told(canSilent, silent(60, 999, more))[0]!.evidence['gnssKmh']
    const sources = { wheelKmh: 58, tachographKmh: null, gnssKmh: 61, positionKmh: null }
    expect(speedOf({ sources })).toBe(61)
    expect(speedOf({ sources: { ...sources, gnssKmh: null } })).toBe(60)
    expect(speedOf({ sources: null })).toBe(60)
    expect(speedOf({ sources: null, speedKmh: null })).toBeNull()
  })

  it('counts an hour of silence to the second', () => {
    const [, ended] = told(canSilent, silent(4000, 3605))
    expect(ended?.evidence['silentS']).toBe(3600)
  })

  it.each([
    [10, [['started', 'minor', 0, 10]]],
    [11, [['started', 'minor', 16, 26]]],
  ])('a pause of %d s in the Samples themselves is a sleep or is not', (pauseS, expected) => {
    const lines = { ...healthy, canAgeMs: null }
    const samples = seconds(40, (s) => (s > 5 && s < 5 + pauseS ? null : { lines, speedKmh: 60 }))
    expect(told(canSilent, samples).map(brief).slice(0, 1)).toEqual(
      pauseS === 10 ? [['started', 'minor', 0, 15]] : expected,
    )
  })

  it('at 3 km/h a vehicle is not parked', () => {
    const at = (speedKmh: number) => told(canSilent, silent(60, 999, { ignition: null, speedKmh })).length
    expect([at(2.9), at(3)]).toEqual([0, 1])
  })

  it('tells at the beginning how long it is silent by then', () => {
    expect(told(canSilent, silent(60, 999))[0]?.evidence).toEqual({ silentS: 10, gnssKmh: 60 })
  })

  it('a pause of 10 s and 5 ms is a sleep', () => {
    const lines = { ...healthy, canAgeMs: null }
    const samples = seconds(40, (s) => (s > 5 && s < 15 ? null : { lines, speedKmh: 60 })).map((sample, i) =>
      i > 5 ? { ...sample, atMs: sample.atMs + 5 } : sample,
    )
    expect(told(canSilent, samples).map(brief)).toEqual([['started', 'minor', 15.005, 25.005]])
  })
})
