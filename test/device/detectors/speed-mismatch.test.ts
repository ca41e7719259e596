import { describe, expect, it } from 'vitest'
import { calibrationEvidence, speedMismatch } from '../../../device/detectors/speed-mismatch.ts'
import { settingsFor } from '../../help/road.ts'
import { brief, seconds, startMs, told, wheel } from '../../help/seconds.ts'

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

  it('needs both: one that is silent differs from nobody', () => {
    const alone = (wheelKmh: number | null, gnssKmh: number | null) =>
      told(
        speedMismatch,
        seconds(400, () => ({ sources: wheel(wheelKmh, gnssKmh) })),
      )
    expect(alone(null, 100)).toEqual([])
    expect(alone(100, null)).toEqual([])
    expect(
      told(
        speedMismatch,
        seconds(400, () => ({ sources: null })),
      ),
    ).toEqual([])
  })

  it('goes on after a silence as it was, and asks the tachograph first', () => {
    const findings = told(
      speedMismatch,
      seconds(400, (s) => ({
        sources: s === 310 ? null : { ...wheel(100)!, tachographKmh: 80 },
      })),
    )
    expect(findings.map(brief)).toEqual([['started', 'minor', 0, 300]])
    expect(findings[0]?.evidence).toMatchObject({ percent: 20, wheelKmh: 100, tachographKmh: 80 })
  })

  it('says how the recorder was calibrated, expired from the day after on', () => {
    const until = (validTo: string) =>
      calibrationEvidence({ certificate: 'C7', validTo }, startMs, 'Asia/Shanghai')
    const said = { calibrationCertificate: 'C7', calibrationValidTo: '2026-11-22' }
    expect(until('2026-11-22')).toEqual({ ...said, calibrationExpired: true })
    expect(until('2026-11-23')).toMatchObject({ calibrationExpired: false })
    expect(until('2026-11-23T10:00:00+08:00')).toMatchObject({ calibrationExpired: true })
    expect(until('2026-11-23T10:00:01+08:00')).toMatchObject({ calibrationExpired: false })
    expect(until('some day')).toEqual({ calibrationCertificate: 'C7', calibrationValidTo: 'some day' })
    expect(calibrationEvidence(undefined, startMs, 'Asia/Shanghai')).toEqual({})
  })
})
