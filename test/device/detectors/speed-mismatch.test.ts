import { describe, expect, it } from 'vitest'
import { speedMismatch } from '../../../device/detectors/speed-mismatch.ts'
import { settingsFor } from '../../help/road.ts'
import { brief, seconds, told, wheel } from '../../help/seconds.ts'

describe('speed-mismatch', () => {
  const pair = (count: number, at: (s: number) => [number, number]): unknown[] =>
    told(
      speedMismatch,
      seconds(count, (s) => ({ sources: wheel(...at(s)) })),
    ).map(brief)

  it.each([
    [300, 89, []],
    [301, 89, [['started', 'minor', 0, 300]]],
    [600, 89.1, []],
    [600, 111, [['started', 'minor', 0, 300]]],
  ])('%d s of %d against 100 km/h: %j', (count, wheelKmh, expected) => {
    expect(pair(count, () => [wheelKmh, 100])).toEqual(expected)
  })

  it('is not judged at 40 km/h, and any good second begins the window anew', () => {
    expect(pair(600, () => [20, 40])).toEqual([])
    expect(pair(600, () => [20, 40.1])).toEqual([['started', 'minor', 0, 300]])
    expect(pair(600, (s) => [s === 299 ? 100 : 80, 100])).toEqual([])
  })

  it('is off at exactly eleven percent, or only above, as the policy reads the standard', () => {
    const above = settingsFor('coach', { integrity: { mismatchInclusive: false } })
    const at = (kmh: number, settings?: typeof above): number =>
      told(
        speedMismatch,
        seconds(400, () => ({ sources: wheel(kmh, 100) })),
        settings,
      ).length
    expect([at(89), at(89, above), at(88.9, above)]).toEqual([1, 0, 1])
  })

  it('ends after five good minutes', () => {
    expect(pair(1000, (s) => [s < 400 ? 80 : 100, 100])).toEqual([
      ['started', 'minor', 0, 300],
      ['ended', 'minor', 400, 700],
    ])
  })

  it('says how far apart they were at the worst, and what each of them said', () => {
    const [started] = told(
      speedMismatch,
      seconds(320, (s) => ({ sources: wheel(s === 100 ? 60 : 80, 100) })),
    )
    expect(started?.evidence).toEqual({ percent: 40, gnssKmh: 100, wheelKmh: 80, tachographKmh: null })
  })
})
