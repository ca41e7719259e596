import { describe, expect, it } from 'vitest'
import { crash } from '../../../device/detectors/crash.ts'
import type { Sample } from '../../../proto/model.ts'
import { sampleAt } from '../../help/drive.ts'
import { settingsFor } from '../../help/road.ts'
import { brief, fixAt, healthy, startMs, told, wheel } from '../../help/seconds.ts'

type Row = readonly [s: number, kmh: number | null]
/** Ten epochs a second: 80 km/h, at 2 s the speeds of the blow, then what comes after. */
function blow(speeds: readonly number[], after: readonly Row[], everyMs = 100): Sample[] {
  const before = Array.from({ length: 2000 / everyMs }, () => 80)
  const fast = [...before, ...speeds]
  const rows: Row[] = fast.map((kmh, i) => [(i * everyMs) / 1000, kmh])
  const endS = (fast.length * everyMs) / 1000
  return [...rows, ...after.map(([s, kmh]): Row => [endS + s, kmh])].map(([s, kmh]) =>
    sampleAt(startMs + s * 1000, {
      fix: fixAt(s),
      speedKmh: kmh,
      sources: wheel(null, kmh),
      lines: healthy,
    }),
  )
}
const still = (untilS: number, kmh: number | null = 0): Row[] =>
  Array.from({ length: untilS * 2 + 1 }, (_, i) => [i / 2, kmh])
const found = (samples: Sample[]) => told(crash, samples).map(brief)

describe('crash suspected', () => {
  it('is a blow and 20 s of stillness: begun at the blow, to be verified, its record named', () => {
    const [finding, ...more] = told(crash, blow([50, 12], still(25)))
    expect(more).toEqual([])
    expect(brief(finding!)).toEqual(['started', 'critical', 1.9, 22.7])
    expect(finding).toMatchObject({
      kind: 'crash-suspected',
      grade: 'to-verify',
      place: { lat: expect.any(Number) as number },
      evidence: { fromKmh: 80, toKmh: 0, peakMps2: 105.6, stillS: 20, record: '20261123T020001900Z-crash' },
    })
  })

  it.each([
    ['8.9 m/s2 is a brake', Array.from({ length: 12 }, (_, i) => 80 - (i + 1) * 3.2), 0],
    ['9.1 m/s2 is not', Array.from({ length: 12 }, (_, i) => 80 - (i + 1) * 3.28), 1],
    ['19 km/h lost is too little', [61], 0],
    ['20 km/h lost', [60], 1],
  ])('%s', (_name, speeds, count) => {
    const last = speeds.at(-1)!
    const rolling: Row[] = Array.from({ length: 20 }, (_, i) => [i / 2, Math.max(0, last - i * 6)])
    expect(found(blow(speeds, [...rolling, ...still(30).map(([s, k]): Row => [s + 10, k])]))).toHaveLength(
      count,
    )
  })

  it('needs the stillness: 19.5 s and off again is none', () => {
    expect(found(blow([20, 0], [...still(19), [19.9, 30]]))).toEqual([])
    expect(found(blow([20, 0], [...still(20), [20.4, 0]]))).toHaveLength(1)
  })

  it('may roll on for exactly as long as the stillness must last, not longer', () => {
    // The blow begins at 1.9 s; from 2.1 s on it rolls.
    const rolls = (untilS: number): number =>
      found(
        blow(
          [20],
          [
            ...Array.from({ length: Math.round((untilS - 2.1) * 10) + 1 }, (_, i): Row => [i / 10, 19]),
            ...still(30).map(([s]): Row => [untilS - 2 + s, 0]),
          ],
        ),
      ).length
    expect(rolls(21.9)).toBe(1)
    expect(rolls(22.1)).toBe(0)
  })

  it('whoever drives on was not stopped by it', () => {
    expect(found(blow([40], still(60, 45)))).toEqual([])
    expect(found(blow([40], [...still(21, 45), ...still(40).map(([s]): Row => [s + 22, 0])]))).toEqual([])
  })

  it('epochs a second apart cannot tell; half a second can', () => {
    expect(found(blow([20, 0], still(30), 1000))).toEqual([])
    expect(found(blow([20, 0], still(30), 500))).toHaveLength(1)
  })

  it('a vehicle that says nothing any more may have lost what says it', () => {
    expect(found(blow([30], still(25, null)))).toHaveLength(1)
  })

  it('ends when it moves again', () => {
    const findings = found(blow([20, 0], [...still(30), [31, 2.9], [32, 3]]))
    expect(findings.map(([phase]) => phase)).toEqual(['started', 'ended'])
    expect(findings[1]?.[3]).toBeCloseTo(34.2)
  })

  it('a file has no epochs of its own, and wheels that lock are no blow', () => {
    expect(found(blow([20, 0], still(30)).map((sample) => ({ ...sample, lines: null })))).toEqual([])
    const locked = blow([79, 78], still(30)).map((sample) => ({ ...sample, sources: wheel(0, 80) }))
    expect(found(locked)).toEqual([])
  })

  it('a clock corrected in between moves nothing', () => {
    const samples = blow([20, 0], still(25)).map((sample, i) => ({
      ...sample,
      atMs: sample.atMs + (i >= 40 ? 60_000 : 0),
      clockStepMs: i === 40 ? 60_000 : 0,
    }))
    expect(found(samples)[0]).toEqual(['started', 'critical', 61.9, 82.2])
  })

  it('ends with all that is known of it', () => {
    const [, ended] = told(crash, blow([20, 0], [...still(30), [31, 2.9], [32, 3]]))
    expect(ended).toMatchObject({
      place: { lat: 30, lon: expect.closeTo(fixAt(2)!.lon, 6) as number },
      evidence: {
        fromKmh: 80,
        toKmh: 0,
        peakMps2: 166.7,
        stillS: 32.3,
        record: '20261123T020001900Z-crash',
        gradeReason: 'deceleration and stillness; nobody has looked',
      },
    })
  })

  it('a receiver that falls silent for one epoch proves no blow', () => {
    const slower = Array.from({ length: 50 }, (_, i) => 50 - i)
    const heard = blow([70, ...slower], still(30))
    expect(found(heard)).toHaveLength(1)
    const samples = heard.map((sample, i) => (i === 20 ? { ...sample, sources: null } : sample))
    expect(found(samples)).toEqual([])
  })

  it('at 3 km/h it is not still', () => {
    expect(found(blow([20, 0], still(60, 2.9)))).toHaveLength(1)
    expect(found(blow([20, 0], still(60, 3)))).toEqual([])
  })

  it('exactly as hard as the policy says is a blow', () => {
    const crashMps2 = (80 - 50) / 3.6 / 0.1
    const inForce = (by: number) => settingsFor('coach', { conduct: { crashMps2: crashMps2 + by } })
    // Epochs of 0.6 s afterwards: no pair of them can tell a blow.
    const after: Row[] = [[0.5, 30], [1.1, 10], ...still(25).map(([t]): Row => [t + 1.7, 0])]
    expect(told(crash, blow([50], after), inForce(0))).toHaveLength(1)
    expect(told(crash, blow([50], after), inForce(0.1))).toEqual([])
  })

  it('two epochs 500 ms apart are a pair, 500.3 ms apart are none', () => {
    const apart = (ms: number) =>
      found(
        blow([19], still(30)).map((sample, i) =>
          i < 20 ? sample : { ...sample, atMs: sample.atMs + ms - 100 },
        ),
      )
    expect(apart(500)).toHaveLength(1)
    expect(apart(500.3)).toEqual([])
  })

  it('that rolls on for 20.01 s is none', () => {
    const rolling = Array.from({ length: 198 }, (_, i): Row => [i / 10, 19])
    const stops = (s: number) =>
      found(blow([20], [...rolling, [s, 19], ...still(30).map(([t]): Row => [t + 21, 0])]))
    // Begun at 1.9 s; its rolling is counted from 2.1 s.
    expect(stops(19.8)).toHaveLength(1)
    expect(stops(19.81)).toEqual([])
  })
})
