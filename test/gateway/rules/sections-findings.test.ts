import { describe, expect, it } from 'vitest'
import { sections } from '../../../gateway/rules/sections.ts'
import { drive } from '../../../proto/detector.ts'
import type { Corridor, SegmentLimit } from '../../../proto/geo/corridor.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import type { PolicyFile } from '../../../proto/policy.ts'
import { parseRoute } from '../../../proto/shapes/route.ts'
import type { VehicleClass } from '../../../proto/shapes/vehicle.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { roadPoint, settingsFor } from '../../help/road.ts'

/** What is said of a mean speed, and of a segment that took too little or too long: every word of it. */
const tenMs = beijing('2026-11-23 10:00:00')
type Properties = {
  readonly limits?: readonly Partial<SegmentLimit>[]
  readonly sections?: readonly object[]
}

function roadOf(properties: Properties): Corridor {
  const coordinates = [0, 15_000, 30_000].map((x) => [roadPoint(x).lon, roadPoint(x).lat])
  const feature = {
    ...{ type: 'Feature', properties: { id: 'R', name: '长沙—武汉', halfWidthM: 200, ...properties } },
    geometry: { type: 'LineString', coordinates },
  }
  return parseRoute(feature, 'road')[0]!
}

/** Metres along the road at seconds. */
type Seen = readonly [s: number, m: number, kmh?: number]
type Words = {
  readonly startMs?: number
  readonly policy?: PolicyFile | null
  readonly vehicleClass?: VehicleClass
}

const samplesOf = (seen: readonly Seen[], startMs: number): Sample[] =>
  seen.map(([s, m, speedKmh = null]) =>
    sampleAt(startMs + s * 1000, { fix: { ...roadPoint(m), accuracyM: null, satellites: 9 }, speedKmh }),
  )

function told(properties: Properties, seen: readonly Seen[], words: Words = {}): readonly Finding[] {
  const { startMs = tenMs, policy = null, vehicleClass = 'coach' } = words
  const settings = settingsFor(vehicleClass, policy, { route: roadOf(properties) })
  return drive(sections, samplesOf(seen, startMs), settings).findings
}

/** At so many km/h, a fix every 10 s. */
const even = (kmh: number, toM = 30_000): Seen[] => {
  const stepM = kmh / 0.36
  return Array.from({ length: Math.floor(toM / stepM) + 1 }, (_, i) => [i * 10, i * stepM] as const)
}
const limit = (fromM: number, toM: number, dayKmh: number, known: Partial<SegmentLimit> = {}) => ({
  ...{ fromM, toM, dayKmh, ...known },
})
const section = (fromM: number, toM: number) => ({ fromM, toM })

describe('a mean that is too high', () => {
  const motorway = { limits: [limit(2000, 12_000, 80, { roadClass: 'motorway' })] }
  const place = {
    ...{ routeId: 'R', routeName: '长沙—武汉', section: null, fromKm: 2, toKm: 12 },
    ...{ from: '2026-11-23T02:01:20.000Z', to: '2026-11-23T02:08:00.000Z' },
  }

  it('is told where it was measured, against which limit, with the peak', () => {
    const drove = even(90).map(([s, m]): Seen => [s, m, s === 300 ? 97.46 : 90])
    const [found, ...none] = told(motorway, drove)
    expect(none).toEqual([])
    expect(found).toMatchObject({
      ...{ kind: 'speeding', reason: 'section', phase: 'started', subject: 'R', severity: 'major' },
      ...{ atMs: tenMs + 480_000, grade: 'sufficient' },
    })
    expect(found?.evidence).toEqual({
      ...{ limitKmh: 80, limitSetBy: 'R', limitSource: 'segment', dayKmh: 80, night: false },
      ...{ roadClass: 'motorway', meanKmh: 90, percentOver: 12.5, peakKmh: 97.5 },
      ...{ distanceM: 10_000, durationS: expect.closeTo(400, 1), ...place },
      gradeReason: 'passed between fixes on the route',
    })
  })

  it('is told without a peak where no speed was said', () => {
    expect(told(motorway, even(90))[0]?.evidence['peakKmh']).toBeNull()
  })

  it('is told by bounds over a silence, with the name of a named section', () => {
    const named = { ...motorway, sections: [{ fromM: 2000, toM: 12_000, name: '汨罗' }] }
    const drove = even(108).filter(([s]) => s <= 60 || s >= 130)
    const [found] = told(named, drove)
    expect(found?.evidence).toMatchObject({
      ...{ section: '汨罗', bounds: true, from: '2026-11-23T02:01:00.000Z', to: '2026-11-23T02:06:40.000Z' },
      ...{ gradeReason: 'at least so much, whatever happened in the gap', durationS: 340, meanKmh: 105.9 },
    })
  })

  it('is above the limit and what is tolerated', () => {
    const means = (policy: PolicyFile | null, ...kmh: number[]): number[] =>
      kmh.map((each) => told(motorway, even(each), { policy }).length)
    expect(means(null, 79.9, 80.1)).toEqual([0, 1])
    expect(means({ speeding: { toleranceKmh: 5 } }, 80.1, 84.9, 85.1)).toEqual([0, 0, 1])
  })

  it('names the temporary limit that made it', () => {
    const temporary = {
      ...{ id: 'fog-1', cause: 'fog' as const, visibilityM: 150, limitKmh: 60 },
      ...{ from: '2026-11-23T00:00:00Z', to: '2026-11-23T12:00:00Z' },
    }
    const settings = {
      ...settingsFor('coach', null, { route: roadOf(motorway) }),
      temporaryLimits: [
        {
          ...{ id: 'fog-1', cause: 'fog' as const, visibilityM: 150, limitKmh: 60, areaId: null },
          ...{ fromMs: Date.parse(temporary.from), toMs: Date.parse(temporary.to) },
        },
      ],
    }
    const { findings } = drive(sections, samplesOf(even(70), tenMs), settings)
    expect(findings[0]?.evidence).toMatchObject({
      ...{ limitKmh: 60, limitSetBy: 'fog-1', limitSource: 'temporary', limitCause: 'fog', visibilityM: 150 },
    })
  })

  it('names what a night limit was made of', () => {
    const startMs = beijing('2026-11-23 23:00:00')
    expect(told(motorway, even(72), { startMs })[0]?.evidence).toMatchObject({
      ...{ limitKmh: 64, dayKmh: 80, night: true, factorOfKmh: 80 },
    })
  })

  it('of no limit at all has no percentage', () => {
    const none = (cap: number): unknown =>
      told({ limits: [limit(2000, 12_000, 80, { roadClass: 'motorway' })] }, even(72), {
        vehicleClass: 'hazmat',
        policy: { speeding: { capKmh: { motorway: cap } } },
      })[0]?.evidence['percentOver']
    expect([none(0), none(1), none(60)]).toEqual([null, 7100, 20])
  })

  it('over a section that is passed at once has no mean, over one of a second it has', () => {
    const short = { limits: [limit(0, 30_000, 40)], sections: [section(2000, 2020)] }
    const atOnce: Seen[] = [
      [0, 1990],
      [0, 2015],
      [0, 2025],
    ]
    expect(told(short, atOnce)).toEqual([])
    expect(
      told(short, [
        [0, 1990],
        [1, 2030],
      ]).map(({ evidence }) => evidence['durationS']),
    ).toEqual([expect.closeTo(0.5, 2)])
  })
})

describe('the limit of a section', () => {
  const over = (limits: readonly Partial<SegmentLimit>[], kmh: number, words: Words = {}): unknown[] =>
    told({ limits, sections: [section(2000, 12_000)] }, even(kmh), words).map(
      ({ evidence }) => evidence['limitKmh'],
    )

  it('is the highest that holds anywhere on it', () => {
    for (const [first, middle, last] of [
      [90, 50, 60],
      [50, 90, 60],
      [60, 50, 90],
    ] as const) {
      const limits = [limit(0, 5000, first), limit(5000, 8000, middle), limit(8000, 30_000, last)]
      expect([over(limits, 89), over(limits, 91)]).toEqual([[], [90]])
    }
  })

  it('is not that of the road before it or after it', () => {
    const limits = [limit(0, 2000, 90), limit(2000, 12_000, 60), limit(12_000, 30_000, 90)]
    expect(over(limits, 70)).toEqual([60])
    const beyond = [limit(0, 1000, 90), limit(1000, 13_000, 60), limit(13_000, 30_000, 90)]
    expect(over(beyond, 70)).toEqual([60])
  })

  it('is found in limits of any order that lie over each other', () => {
    // The strictest holds where several do: 90 only from 9 to 10 km.
    const limits = [
      limit(9000, 10_000, 90),
      limit(4000, 9000, 50),
      limit(0, 9000, 70),
      limit(10_000, 30_000, 60),
    ]
    expect([over(limits, 89), over(limits, 91)]).toEqual([[], [90]])
    expect([over(limits.toReversed(), 89), over(limits.toReversed(), 91)]).toEqual([[], [90]])
  })

  it('is the milder of entering and leaving, and the first of two alike', () => {
    // From 21:57:40 to 22:05:20 at 78 km/h: 80 by day, 64 by night.
    const startMs = beijing('2026-11-23 21:56:00')
    expect(over([limit(0, 30_000, 80)], 78, { startMs })).toEqual([])
    expect(over([limit(0, 30_000, 80)], 82, { startMs })).toEqual([80])
    expect(over([limit(0, 30_000, 80)], 70, { startMs: beijing('2026-11-23 22:00:00') })).toEqual([64])
    const alike = { limits: [limit(0, 30_000, 70, { nightKmh: 70 })], sections: [section(2000, 12_000)] }
    expect(told(alike, even(78), { startMs })[0]?.evidence['night']).toBe(false)
    const morning = beijing('2026-11-23 05:54:00')
    expect(told(alike, even(78), { startMs: morning })[0]?.evidence['night']).toBe(true)
  })
})

describe('a segment of the timetable', () => {
  const segment = (known: Partial<SegmentLimit>) => ({ limits: [{ fromM: 2000, toM: 12_000, ...known }] })
  const brief = (findings: readonly Finding[]): unknown[] =>
    findings.map(({ reason, atMs, evidence }) => [reason, (atMs - tenMs) / 1000, evidence['durationS']])

  it('takes its least time at least and its longest at most', () => {
    // 10 km at 72 km/h are 500 s, from 100 s to 600 s.
    const took = (known: Partial<SegmentLimit>): unknown[] =>
      told(segment(known), even(72)).map(({ reason }) => reason)
    expect([took({ minS: 499.9 }), took({ minS: 500.1 })]).toEqual([[], ['segmentTooFast']])
    expect([took({ maxS: 500.1 }), took({ maxS: 499.9 })]).toEqual([[], ['segmentTooSlow']])
    expect(took({ minS: 400, maxS: 600 })).toEqual([])
  })

  it('is told with what was allowed and where', () => {
    const [fast] = told(segment({ minS: 600 }), even(72))
    const common = { kind: 'off-schedule', phase: 'started', subject: 'R', severity: 'info' }
    expect(fast).toMatchObject({ ...common, reason: 'segmentTooFast', atMs: tenMs + 600_000 })
    expect(fast?.evidence).toEqual({
      ...{ limitS: 600, durationS: expect.closeTo(500, 2), routeId: 'R', routeName: '长沙—武汉' },
      ...{ section: null, fromKm: 2, toKm: 12 },
      ...{ from: '2026-11-23T02:01:40.000Z', to: '2026-11-23T02:10:00.000Z' },
      gradeReason: 'passed between fixes on the route',
    })
    const [slow] = told(segment({ maxS: 300 }), even(72))
    expect(slow).toMatchObject({ ...common, reason: 'segmentTooSlow', atMs: tenMs + 600_000 })
    expect(slow?.evidence['limitS']).toBe(300)
  })

  it('over a silence is judged by what is sure', () => {
    // Silent over its end, from 560 s to 660 s: left at 560 s at the earliest, at 660 s at the latest.
    const drove = even(72).filter(([s]) => s <= 560 || s >= 660)
    const took = (known: Partial<SegmentLimit>): unknown[] => brief(told(segment(known), drove))
    expect(took({ maxS: 459.9 })).toEqual([['segmentTooSlow', 560, expect.closeTo(460, 1)]])
    expect(took({ maxS: 460.1 })).toEqual([])
    expect(took({ minS: 559.9 })).toEqual([])
    expect(took({ minS: 560.1 })).toEqual([['segmentTooFast', 660, expect.closeTo(560, 1)]])
    const [found] = told(segment({ minS: 600 }), drove)
    expect(found?.evidence).toMatchObject({ bounds: true })
  })

  it('that was entered and left in silences took so long at least and at most, to the second', () => {
    const drove = even(72).filter(([s]) => s <= 80 || (s >= 180 && s <= 560) || s >= 660)
    const took = (known: Partial<SegmentLimit>): unknown[] => brief(told(segment(known), drove))
    expect(took({ minS: 580, maxS: 380 })).toEqual([])
    expect(took({ minS: 580.1 })).toEqual([['segmentTooFast', 660, 580]])
    expect(took({ maxS: 379.9 })).toEqual([['segmentTooSlow', 560, 380]])
  })

  it('and a section that end in one silence are told in the order of their instants', () => {
    const drove = even(72).filter(([s]) => s <= 560 || s >= 660)
    const both = {
      limits: [limit(2000, 12_000, 30, { maxS: 300 })],
      sections: [section(2000, 11_500), section(2000, 11_600)],
    }
    expect(told(both, drove).map(({ kind, atMs }) => [kind, (atMs - tenMs) / 1000])).toEqual([
      ['off-schedule', 560],
      ['speeding', 660],
      ['speeding', 660],
    ])
  })
})
