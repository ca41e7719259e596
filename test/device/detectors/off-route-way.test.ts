import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { offRoute, routeProgress } from '../../../device/detectors/off-route.ts'
import { drive } from '../../../proto/detector.ts'
import { distanceM, type LatLon } from '../../../proto/geo/earth.ts'
import { settingsAt } from '../../../proto/in-force.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import { parseRoute } from '../../../proto/shapes/route.ts'
import type { Trip } from '../../../proto/shapes/trip.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { deepFreeze, roadPoint, ruledRoute, settingsFor } from '../../help/road.ts'
import { documentsOf, samplesOf } from '../../help/road-cases.ts'

const start = '2026-11-23 10:00:00'
const startMs = beijing(start)
const oneWay = { start, route: { direction: 'forward', lengthM: 40_000 } }
const settings = settingsAt(documentsOf(oneWay), startMs)

describe('the direction of a line', () => {
  it('driving on, however slowly and however the fixes jitter, is never the wrong way', () => {
    const second = fc.record({
      kmh: fc.integer({ min: 0, max: 100 }),
      jitterM: fc.integer({ min: -8, max: 8 }),
    })
    fc.assert(
      fc.property(fc.array(second, { minLength: 60, maxLength: 300 }), (list) => {
        let alongM = 1000
        const samples = list.map(({ kmh, jitterM }, s) => {
          alongM += kmh / 3.6
          const fix = { ...roadPoint(alongM + jitterM), accuracyM: null, satellites: null }
          return sampleAt(startMs + s * 1000, { fix, speedKmh: kmh })
        })
        expect(drive(offRoute, samples, settings).findings).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('is wrong exactly when so far was driven back for so long', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 120 }), fc.integer({ min: 5, max: 90 }), (forS, kmh) => {
        const backM = (forS * kmh) / 3.6
        fc.pre(Math.abs(backM - 200) > 30)
        const samples = samplesOf({
          ...oneWay,
          title: '',
          expect: [],
          atM: 10_000,
          drive: [{ for: 20, kmh: 72 }, { for: forS, kmh, back: true }, { for: 1 }],
        })
        // 200 m are reached after so many seconds; the hold is 30 s from the turn.
        const told = forS >= Math.max(30, Math.ceil(720 / kmh))
        expect(drive(offRoute, samples, settings).findings.map(({ reason }) => reason)).toEqual(
          told ? ['wrongWay'] : [],
        )
      }),
      { numRuns: 200 },
    )
  })

  it('a line that passes here twice is no way back: the other leg begins anew', () => {
    // East 5 km, back west beside it at 60 m, as a slip road may be drawn.
    const corners = [roadPoint(0), roadPoint(5000), roadPoint(5000, 60), roadPoint(0, 60)]
    const loop = parseRoute(
      {
        type: 'Feature',
        properties: { id: 'L', halfWidthM: 150, direction: 'forward' },
        geometry: { type: 'LineString', coordinates: corners.map(({ lon, lat }) => [lon, lat]) },
      },
      'l',
    )[0]!
    const places = [
      ...Array.from({ length: 250 }, (_, s) => roadPoint(s * 20)),
      ...Array.from({ length: 250 }, (_, s) => roadPoint(5000 - s * 20, 60)),
    ]
    const samples = places.map((place, s) =>
      sampleAt(startMs + s * 1000, { fix: { ...place, accuracyM: null, satellites: null }, speedKmh: 72 }),
    )
    expect(drive(offRoute, samples, settingsFor('coach', null, { route: loop })).findings).toEqual([])
  })
})

describe('progress', () => {
  it('is known once the line was reached, and of this route only', () => {
    const samples = samplesOf({ ...oneWay, title: '', expect: [], drive: [{ for: 101, kmh: 72 }] })
    const { state } = drive(offRoute, samples, settings)
    expect(routeProgress(offRoute.initial, settings)).toBeNull()
    expect(routeProgress(state, { ...settings, route: null })).toBeNull()
    const progress = routeProgress(state, settings)
    expect(progress?.alongM).toBeCloseTo(2000, 0)
    expect(progress?.remainingM).toBeCloseTo(38_000, -2)
  })
})

describe('driven back along a line of one direction, to the metre', () => {
  const ruled = (offRouteOf: object = {}, trip: Trip | null = null) =>
    settingsFor('coach', { offRoute: offRouteOf }, { route: ruledRoute({ oneWay: true }), trip })
  type Seen = readonly [s: number, alongM: number, known?: Partial<Sample>]
  const at = (rows: readonly Seen[]): Sample[] =>
    rows.map(([s, alongM, known]) =>
      sampleAt(startMs + s * 1000, {
        fix: { ...roadPoint(alongM), accuracyM: null, satellites: null },
        ...known,
      }),
    )
  const run = (rows: readonly Seen[], inForce = ruled()): Finding[] =>
    drive(offRoute, deepFreeze(at(rows)), inForce).findings
  const brief = ({ phase, severity, atMs, decidedAtMs }: Finding) => [
    phase,
    severity,
    (atMs - startMs) / 1000,
    (decidedAtMs - startMs) / 1000,
  ]
  /** On to 10 km, back in steps of so many metres a second, on again. */
  const turn = (stepM: number, backS: number, onS = 0, known: Partial<Sample> = {}): Seen[] => [
    ...Array.from({ length: 11 }, (_, s): Seen => [s, 9800 + s * 20, known]),
    ...Array.from({ length: backS }, (_, s): Seen => [11 + s, 10_000 - (s + 1) * stepM, known]),
    ...Array.from(
      { length: onS },
      (_, s): Seen => [11 + backS + s, 10_000 - backS * stepM + (s + 1) * stepM, known],
    ),
  ]

  it('says from where, how far and how long, and ends where it was farthest back', () => {
    const trip: Trip = {
      ...{
        id: 'trip-1',
        vehicle: 'bus-1',
        from: '2026-11-01T00:00:00+08:00',
        to: '2026-12-01T00:00:00+08:00',
      },
      ...{ drivers: [], serviceClass: null, oneWayKm: null },
    }
    const [started, ended, ...more] = run(turn(10, 40, 20, { driver: '张三' }), ruled({}, trip))
    expect(more).toEqual([])
    const known = {
      routeId: 'ruled',
      routeName: '量尺线',
      line: 0,
      alongKm: 10,
      gradeReason: 'fixes on the line, one after the other',
    }
    const place = (alongM: number) => ({ lat: 30, lon: expect.closeTo(roadPoint(alongM).lon, 6) as number })
    expect(started).toMatchObject({
      ...{ kind: 'off-route', reason: 'wrongWay', phase: 'started', subject: 'ruled', severity: 'minor' },
      // A step back of ten metres may be jitter: the last moment at about the farthest point counts.
      ...{
        grade: 'sufficient',
        driver: '张三',
        trip: 'trip-1',
        atMs: startMs + 11_000,
        decidedAtMs: startMs + 41_000,
      },
      place: place(9990),
    })
    expect(started?.evidence).toEqual({ ...known, distanceM: 310, durationS: 30 })
    expect(ended).toMatchObject({
      phase: 'ended',
      atMs: startMs + 51_000,
      decidedAtMs: startMs + 60_000,
      driver: '张三',
      trip: 'trip-1',
      place: place(9610),
    })
    expect(ended?.evidence).toEqual({ ...known, distanceM: 400, durationS: 40 })
  })

  it('belongs to no trip where there is none', () => {
    expect(run(turn(20, 40)).map(({ trip }) => trip)).toEqual([null])
  })

  it('needs all of 200 m and all of 30 s since the turn', () => {
    const told = (stepM: number, backS: number) => run(turn(stepM, backS)).map(brief)
    expect(told(20, 29)).toEqual([])
    expect(told(20, 30)).toEqual([['started', 'minor', 10, 40]])
    // The last moment at about 10 km is at 12 s: 5 m a second are 200 m after 40 s.
    expect(told(5, 39)).toEqual([])
    expect(told(5, 40)).toEqual([['started', 'minor', 12, 50]])
    const row = (s: number, alongM: number): Seen => [s, alongM]
    const lasting = (lastS: number) => run([row(0, 10_000), row(15, 9850), row(lastS, 9800)]).length
    expect([lasting(29.99), lasting(30)]).toEqual([0, 1])
  })

  it('is major from 5 km on, exactly', () => {
    const findings = run(turn(20, 251))
    expect(findings.map(brief)).toEqual([
      ['started', 'minor', 10, 40],
      ['updated', 'major', 10, 260],
    ])
    expect(findings[1]?.evidence).toMatchObject({ distanceM: 5000, durationS: 250 })
    expect(run(turn(20, 249)).map(brief)).toHaveLength(1)
  })

  it('is over when it was driven on again by all of 100 m', () => {
    const phases = (onS: number) => run(turn(20, 40, onS)).map(brief)
    expect(phases(4)).toEqual([['started', 'minor', 10, 40]])
    expect(phases(5)).toEqual([
      ['started', 'minor', 10, 40],
      ['ended', 'minor', 50, 55],
    ])
  })

  it('standing at the farthest point it jitters by ten metres, not by eleven', () => {
    const stands = (byM: number): Seen[] => [
      [0, 9990],
      [1, 10_000],
      [20, 10_000 - byM],
      ...Array.from({ length: 60 }, (_, s): Seen => [21 + s, 10_000 - byM - (s + 1) * 10]),
    ]
    expect(run(stands(10)).map(brief)[0]).toEqual(['started', 'minor', 20, 50])
    expect(run(stands(11)).map(brief)[0]).toEqual(['started', 'minor', 1, 39])
  })

  it('standing farthest back it jitters by ten metres as well: it ended at the last moment there', () => {
    const stands = (byM: number): Seen[] => [
      ...turn(20, 40),
      [60, 9200 + byM],
      ...Array.from({ length: 10 }, (_, s): Seen => [61 + s, 9200 + byM + (s + 1) * 20]),
    ]
    const ended = (byM: number) => run(stands(byM))[1]!
    expect(brief(ended(10))).toEqual(['ended', 'minor', 60, 65])
    expect(brief(ended(11))).toEqual(['ended', 'minor', 50, 65])
    expect(ended(10).evidence).toMatchObject({ distanceM: 800, durationS: 50 })
  })

  it('200 m beside the line it is on it, at 201 m it is not', () => {
    const beside = (besideM: number) =>
      drive(
        offRoute,
        at(turn(20, 40)).map((sample) => ({
          ...sample,
          fix: { ...sample.fix!, lat: roadPoint(0, besideM).lat },
        })),
        ruled(),
      ).findings.map(({ reason }) => reason)
    expect(beside(200)).toEqual(['wrongWay'])
    expect(beside(201)).toEqual([])
  })

  it('a place that jumps along the line farther than 1.3 of the way and 50 m begins anew', () => {
    // Over the ground 100 m, as the receiver saw it; along the line as the ruler says.
    const jump = (alongM: number) => {
      const ruler = ruledRoute({ oneWay: true })
      const [from, to] = [roadPoint(10_000), roadPoint(9900)]
      const lineM = distanceM(from, to)
      const places = new Map([
        [from.lon, 10_000],
        [to.lon, 10_000 - (alongM + 1.3 * (lineM - 100))],
      ])
      const route = {
        ...ruler,
        nearest: (point: LatLon) => ({
          line: 0,
          distanceM: 0,
          alongM: places.get(point.lon) ?? 9000,
          segment: 0,
        }),
      }
      const samples = [from, to].map((place, i) =>
        sampleAt(startMs + i * 31_000, { fix: { ...place, accuracyM: null, satellites: null } }),
      )
      const inForce = settingsFor('coach', { offRoute: { wrongWayM: 100 } }, { route })
      return drive(offRoute, samples, inForce).findings.length
    }
    expect([jump(179.9), jump(180.1), jump(200)]).toEqual([1, 0, 0])
  })
})
