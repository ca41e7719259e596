import { describe, expect, it } from 'vitest'
import { gnssLost } from '../../../device/detectors/gnss-lost.ts'
import { explain } from '../../../proto/catalog.ts'
import type { LineHealth, Sample } from '../../../proto/model.ts'
import { boxAreas, settingsFor } from '../../help/road.ts'
import { brief, fixAt, healthy, seconds, startMs, told, wheel } from '../../help/seconds.ts'

describe('gnss-lost', () => {
  /** Fixes up to second `lastS`, none until `againS`; 20 m/s. */
  const outage = (
    lastS: number,
    againS: number,
    count: number,
    more: (s: number) => Partial<Sample> = () => ({}),
  ) =>
    seconds(count, (s) => {
      const lost = s > lastS && s < againS
      return {
        fix: lost ? null : fixAt(s * 20),
        sources: wheel(72, null),
        speedKmh: 72,
        lines: { ...healthy, gnssFixAgeMs: lost ? (s - lastS) * 1000 : 0 },
        ...more(s),
      }
    })

  it.each([
    [39, []],
    [40, []],
    [
      41,
      [
        ['started', 'minor', 10, 40],
        ['ended', 'minor', 41, 41],
      ],
    ],
    [
      100,
      [
        ['started', 'minor', 10, 40],
        ['ended', 'minor', 100, 100],
      ],
    ],
  ])('last fix at 10 s, the next at %d s', (againS, expected) => {
    expect(told(gnssLost, outage(10, againS, 120)).map(brief)).toEqual(expected)
  })

  it('tells how far the wheels went, by wheel speed and by odometer', () => {
    const [, byWheel] = told(gnssLost, outage(10, 100, 120))
    expect(byWheel?.evidence).toMatchObject({ silentS: 90, wheelKm: 1.8, straightKm: 1.8, cause: 'noFix' })
    const [, byOdometer] = told(
      gnssLost,
      outage(10, 100, 120, (s) => ({ odometerM: s * 25, sources: null })),
    )
    expect(byOdometer?.evidence).toMatchObject({ wheelKm: 2.25 })
  })

  it.each([
    ['tunnelPortal', 'tunnel', 'info'],
    ['station', 'station', 'info'],
    ['hub', 'station', 'info'],
    ['serviceArea', 'noFix', 'minor'],
  ] as const)('last seen at a %s: %s, %s', (role, cause, severity) => {
    const near = settingsFor('hazmat', null, {
      areas: boxAreas([{ id: 'portal', role, fromM: 280, toM: 300 }]),
    })
    const [started] = told(gnssLost, outage(10, 100, 60), near)
    expect(started).toMatchObject({ severity, evidence: { cause } })
  })

  it.each([
    [299, 'tunnel'],
    [301, 'noFix'],
  ])('a portal %d m on explains up to 100 m', (fromM, cause) => {
    const near = settingsFor('coach', null, {
      areas: boxAreas([{ id: 'portal', role: 'tunnelPortal', fromM, toM: 900 }]),
    })
    expect(told(gnssLost, outage(10, 100, 60), near)[0]?.evidence['cause']).toBe(cause)
  })

  it('tells a silent receiver from one without a fix and from a faulty antenna', () => {
    const cause = (lines: Partial<LineHealth>): unknown =>
      told(
        gnssLost,
        outage(10, 100, 60, (s) =>
          s > 10 ? { lines: { ...healthy, gnssFixAgeMs: (s - 10) * 1000, ...lines } } : {},
        ),
      )[0]?.evidence['cause']
    expect(cause({ gnssLineAgeMs: 29_999 })).toBe('noFix')
    expect(cause({ gnssLineAgeMs: 30_000 })).toBe('line')
    expect(cause({ gnssLineAgeMs: null })).toBe('line')
    expect(cause({ antenna: 'open' })).toBe('antenna')
  })

  it('is major after half an hour of moving, not of standing', () => {
    const long = (kmh: number): unknown[] =>
      told(
        gnssLost,
        outage(10, 9000, 2000, () => ({ sources: wheel(kmh, null) })),
      ).map(brief)
    expect(long(72)).toEqual([
      ['started', 'minor', 10, 40],
      ['updated', 'major', 10, 1810],
    ])
    expect(long(0)).toEqual([['started', 'minor', 10, 40]])
  })

  it('knows of no fix since the start, and not of a parked vehicle that is off', () => {
    const never = { ...healthy, gnssFixAgeMs: null, gnssLineAgeMs: null }
    expect(
      told(
        gnssLost,
        seconds(60, () => ({ lines: never })),
      ).map(brief),
    ).toEqual([['started', 'minor', 0, 30]])
    expect(
      told(
        gnssLost,
        seconds(60, () => ({ lines: never, ignition: false })),
      ),
    ).toEqual([])
  })

  it('does not take a night with the power off for a silence', () => {
    const never = { ...healthy, gnssFixAgeMs: null }
    const samples = [
      ...outage(99, 100, 5),
      ...seconds(60, () => ({ lines: never })).map((sample) => ({
        ...sample,
        atMs: sample.atMs + 36_000_000,
      })),
    ]
    expect(told(gnssLost, samples).map(({ decidedAtMs }) => decidedAtMs - startMs)).toEqual([36_030_000])
  })

  it('says it in one sentence', () => {
    const [started, ended] = told(gnssLost, outage(10, 100, 120))
    const words = { plate: '湘A1', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: null }
    expect(explain(started!, words)).toEqual({
      zh: '湘A1自10:00:10起无定位30秒，期间车轮行驶0.6公里；定位模块在线但未定位。【疑似，证据充分】',
      en: '湘A1 has had no position for 30 s since 10:00:10, wheels turned 0.6 km; the receiver talks but has no fix. [suspected, evidence sufficient]',
    })
    expect(explain(ended!, words).zh).toContain('自10:00:10起无定位1分30秒')
  })

  it('bridges an odometer that is silent now and then, and counts none that runs backwards', () => {
    const km = (odometerOf: (s: number) => number | null): unknown =>
      told(
        gnssLost,
        outage(10, 100, 120, (s) => ({ odometerM: odometerOf(s), sources: null })),
      )[1]?.evidence['wheelKm']
    expect(km((s) => (s % 10 === 0 ? s * 25 : null))).toBe(2.25)
    expect(km((s) => 9000 - s * 25)).toBe(0)
  })

  it('counts the time of moving by the wheels, from 3 km/h on, and not over a pause', () => {
    const moving = (wheelKmh: number | null, lost: (s: number) => boolean = () => false): unknown =>
      told(
        gnssLost,
        outage(10, 100, 120, () => ({ sources: wheel(wheelKmh, null) })).filter((_, s) => !lost(s)),
      )[1]?.evidence
    expect(moving(3)).toMatchObject({ movingS: 90, wheelKm: 0.075 })
    expect(moving(2.9)).toMatchObject({ movingS: 0 })
    expect(moving(null)).toMatchObject({ movingS: 0, wheelKm: 0 })
    expect(moving(36, (s) => s > 50 && s < 60)).toMatchObject({ movingS: 90, wheelKm: 0.9 })
    expect(moving(36, (s) => s > 50 && s < 61)).toMatchObject({ movingS: 79, wheelKm: 0.79 })
  })

  it('begins where the last fix was and ends where the next one is', () => {
    const [started, ended] = told(gnssLost, outage(10, 100, 120))
    expect(started?.place?.lon).toBeCloseTo(fixAt(200)!.lon, 6)
    expect(started?.evidence['straightKm']).toBeNull()
    expect(ended?.place?.lon).toBeCloseTo(fixAt(2000)!.lon, 6)
  })

  it('knows that nobody watches a line that is not there', () => {
    expect(
      told(
        gnssLost,
        outage(10, 100, 120, () => ({ lines: null })),
      ),
    ).toEqual([])
    const none = { ...healthy, gnssFixAgeMs: null, expects: { gnss: false, can: true } }
    expect(
      told(
        gnssLost,
        outage(10, 100, 120, () => ({ lines: none })),
      ),
    ).toEqual([])
  })

  it('ends when the next fix was heard, not when the next Sample came', () => {
    const [, ended] = told(
      gnssLost,
      outage(10, 100, 120, (s) => (s < 100 ? {} : { lines: { ...healthy, gnssFixAgeMs: 300 } })),
    )
    expect(brief(ended!)).toEqual(['ended', 'minor', 99.7, 100])
    expect(ended?.evidence['silentS']).toBe(89.7)
  })

  it('that was never there ends without a line, and one that comes back refused ends where it was lost', () => {
    const never = (s: number): Partial<Sample> =>
      s < 60 ? { fix: null, lines: { ...healthy, gnssFixAgeMs: null } } : {}
    const [started, ended] = told(gnssLost, outage(-1, 60, 70, never))
    expect(started).toMatchObject({
      place: null,
      evidence: { silentS: 30, wheelKm: 0.6, movingS: 30, cause: 'noFix', areaId: null, straightKm: null },
    })
    expect(ended?.place).toEqual({ lat: 30, lon: expect.closeTo(fixAt(1200)!.lon, 6) as number })
    expect(ended?.evidence).toMatchObject({ silentS: 60, straightKm: null })
    const refused = outage(10, 100, 120, (s) => (s === 100 ? { fix: null, positionRefused: true } : {}))
    expect(told(gnssLost, refused)[1]).toMatchObject({
      place: { lat: 30, lon: expect.closeTo(fixAt(200)!.lon, 6) as number },
      evidence: { straightKm: null },
    })
  })

  it('counts by the tachograph where the wheels are silent', () => {
    const tachograph = { wheelKmh: null, tachographKmh: 36, gnssKmh: null, positionKmh: null }
    const [, ended] = told(
      gnssLost,
      outage(10, 100, 120, () => ({ sources: tachograph })),
    )
    expect(ended?.evidence).toMatchObject({ wheelKm: 0.9, movingS: 90 })
  })

  it('does not count twice what the wheels told while the odometer was silent', () => {
    const [, ended] = told(
      gnssLost,
      outage(10, 100, 120, (s) => ({ odometerM: s % 10 === 0 ? s * 25 : null })),
    )
    // 25 m/s by the odometer, 20 m/s by the wheels.
    expect(ended?.evidence['wheelKm']).toBe(2.25)
  })

  it('is explained by a portal exactly as far away as the policy allows', () => {
    const areas = boxAreas([{ id: 'portal', role: 'tunnelPortal', fromM: 290, toM: 900 }])
    const explainM = areas.all[0]!.signedDistanceM(fixAt(200)!)
    const [started] = told(
      gnssLost,
      outage(10, 100, 60),
      settingsFor('coach', { integrity: { explainM } }, { areas }),
    )
    expect(started?.evidence).toMatchObject({ cause: 'tunnel', areaId: 'portal' })
  })

  it.each([
    [0, 90, 0.9],
    [5, 80, 0.8],
  ])('a pause of 10 s and %d ms in the Samples', (moreMs, movingS, wheelKm) => {
    const samples = outage(10, 100, 120, () => ({ sources: wheel(36, null) })).filter(
      (_, s) => s <= 50 || s >= 60,
    )
    const late = samples.map((sample, i) => (i <= 50 ? sample : { ...sample, atMs: sample.atMs + moreMs }))
    expect(told(gnssLost, late)[1]?.evidence).toMatchObject({ movingS, wheelKm })
  })
})
