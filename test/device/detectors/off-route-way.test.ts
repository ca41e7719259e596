import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { offRoute, routeProgress } from '../../../device/detectors/off-route.ts'
import { drive } from '../../../proto/detector.ts'
import { settingsAt } from '../../../proto/in-force.ts'
import { parseRoute } from '../../../proto/shapes/route.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { roadPoint, settingsFor } from '../../help/road.ts'
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
