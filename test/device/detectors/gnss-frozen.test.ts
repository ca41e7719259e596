import { describe, expect, it } from 'vitest'
import { gnssFrozen } from '../../../device/detectors/gnss-frozen.ts'
import { distanceM } from '../../../proto/geo/earth.ts'
import type { Sample } from '../../../proto/model.ts'
import { settingsFor } from '../../help/road.ts'
import { brief, fixAt, seconds, told, wheel } from '../../help/seconds.ts'

describe('gnss-frozen', () => {
  const frozen = (fromS: number, toS: number, kmh: number): Sample[] =>
    seconds(60, (s) => ({
      fix: fixAt(s < fromS ? s * 20 : s < toS ? fromS * 20 : s * 20),
      sources: wheel(kmh),
    }))

  it.each([
    [20, 30, 60, []],
    [
      20,
      31,
      60,
      [
        ['started', 'major', 20, 30],
        ['ended', 'major', 30, 31],
      ],
    ],
    [
      20,
      50,
      60,
      [
        ['started', 'major', 20, 30],
        ['ended', 'major', 49, 50],
      ],
    ],
    [20, 50, 9.9, []],
    [
      20,
      50,
      10,
      [
        ['started', 'major', 20, 30],
        ['ended', 'major', 49, 50],
      ],
    ],
  ])('the same position from %d s to before %d s at %d km/h', (fromS, toS, kmh, expected) => {
    expect(told(gnssFrozen, frozen(fromS, toS, kmh)).map(brief)).toEqual(expected)
  })

  it('is never proven interference, and nothing without wheels or without a fix', () => {
    expect(told(gnssFrozen, frozen(20, 50, 60))[0]).toMatchObject({ grade: 'to-verify' })
    expect(
      told(
        gnssFrozen,
        seconds(60, () => ({ fix: fixAt(0) })),
      ),
    ).toEqual([])
    expect(
      told(
        gnssFrozen,
        seconds(60, () => ({ sources: wheel(60) })),
      ),
    ).toEqual([])
  })

  it('is judged by the tachograph where the wheels are silent, and says its speed', () => {
    const by = (sources: Sample['sources']) =>
      told(
        gnssFrozen,
        seconds(30, () => ({ fix: fixAt(0), sources })),
      )
    const tachograph = { wheelKmh: null, tachographKmh: 62, gnssKmh: null, positionKmh: null }
    expect(by(tachograph)[0]?.evidence).toMatchObject({ speedKmh: 62 })
    expect(by({ ...tachograph, wheelKmh: 64 })[0]?.evidence).toMatchObject({ speedKmh: 64 })
    expect(by({ ...tachograph, wheelKmh: 0 })).toEqual([])
    const [, ended] = told(
      gnssFrozen,
      seconds(40, (s) => ({ fix: fixAt(0), sources: s < 30 ? tachograph : null })),
    )
    expect(ended?.evidence['speedKmh']).toBeNull()
  })

  it('says for how long, and where', () => {
    const [started, ended] = told(
      gnssFrozen,
      seconds(60, (s) => ({ fix: fixAt(s < 40 ? 500 : s * 20), sources: wheel(60) })),
    )
    expect(started).toMatchObject({ evidence: { frozenS: 10, speedKmh: 60 } })
    expect(ended).toMatchObject({ evidence: { frozenS: 39 } })
    expect(ended?.place?.lon).toBeCloseTo(fixAt(500)!.lon, 6)
  })

  it('stays while it moves by exactly as little as the policy says', () => {
    const [a, b] = [fixAt(0)!, fixAt(3)!]
    const frozenM = distanceM(a, b)
    const jitter = seconds(30, (s) => ({ fix: s === 0 ? a : b, sources: wheel(60) }))
    const held = (by: number) =>
      told(gnssFrozen, jitter, settingsFor('coach', { integrity: { frozenM: frozenM + by } })).map(brief)
    expect(held(0)).toEqual([['started', 'major', 0, 10]])
    expect(held(-0.001)).toEqual([['started', 'major', 1, 11]])
  })
})
