import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { areasAhead, areasAlong } from '../../proto/geo/ahead.ts'
import { leadsOn, pointAt, positionAt, progressOf } from '../../proto/geo/along.ts'
import { halfWidthAt } from '../../proto/geo/corridor.ts'
import { distanceM } from '../../proto/geo/earth.ts'
import { parseAreas } from '../../proto/shapes/areas.ts'
import { parseRoute } from '../../proto/shapes/route.ts'

/** A road with bends: east, north, east again, 30 km in all. */
const corners = [
  [114, 30],
  [114.1, 30],
  [114.1, 30.1],
  [114.2, 30.1],
]
const route = parseRoute(
  {
    type: 'Feature',
    properties: {
      id: 'R',
      widths: [
        { fromM: 1000, toM: 2000, halfWidthM: 500 },
        { fromM: 1500, toM: 1600, halfWidthM: 50 },
      ],
    },
    geometry: { type: 'LineString', coordinates: corners },
  },
  'r',
)[0]!
const { lengthM } = route.lines[0]!

function circles(
  list: readonly { id: string; alongM: number; offM: number; radiusM: number; role?: string }[],
) {
  const features = list.map(({ id, alongM, offM, radiusM, role = 'serviceArea' }) => {
    const { lat, lon } = pointAt(route, { line: 0, alongM })
    const properties = { id, role, radiusM }
    return {
      type: 'Feature',
      properties,
      geometry: { type: 'Point', coordinates: [lon, lat + offM / 110_850] },
    }
  })
  return parseAreas({ type: 'FeatureCollection', features }, 'a')
}
const options = { roles: ['serviceArea'] as const, besideM: 500 }

describe('places along a line', () => {
  it('a place so far along is found there again', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
        const alongM = share * lengthM
        const near = route.nearest(pointAt(route, { line: 0, alongM }), null)
        expect(near.distanceM).toBeLessThan(0.5)
        expect(near.alongM).toBeCloseTo(alongM, 0)
        expect(positionAt(route, { line: 0, alongM }).segment).toBeLessThanOrEqual(2)
      }),
    )
  })

  it('beyond its ends there is only the end', () => {
    expect(pointAt(route, { line: 0, alongM: -50 })).toEqual({ lat: 30, lon: 114 })
    expect(distanceM(pointAt(route, { line: 0, alongM: 1e9 }), { lat: 30.1, lon: 114.2 })).toBeLessThan(0.01)
  })

  it.each([
    [90, true],
    [1, true],
    [180, true],
    [181, false],
    [359, false],
    [270, false],
  ])('a course of %s degrees on the eastward leg leads on: %s', (courseDeg, on) => {
    expect(leadsOn(route, positionAt(route, { line: 0, alongM: 500 }), courseDeg)).toBe(on)
  })

  it('progress: driven and to go', () => {
    expect(progressOf(route, { line: 0, alongM: 10_000 })).toEqual({
      line: 0,
      alongM: 10_000,
      remainingM: lengthM - 10_000,
    })
  })

  it.each([
    [500, 200],
    [1000, 500],
    [1550, 500],
    [2000, 500],
    [2001, 200],
  ])('at %s m it is %s m wide to each side', (alongM, halfWidthM) => {
    expect(halfWidthAt(route, positionAt(route, { line: 0, alongM }))).toBe(halfWidthM)
  })
})

describe('areas ahead', () => {
  it('agrees with looking every 5 metres', () => {
    const place = fc.record({
      alongM: fc.integer({ min: 500, max: 29_000 }),
      offM: fc.integer({ min: -1500, max: 1500 }),
      radiusM: fc.integer({ min: 50, max: 400 }),
    })
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 4 }), (places) => {
        const areas = circles(places.map((one, i) => ({ id: `s${i}`, ...one })))
        const found = areasAlong(route, 0, areas, options)
        for (const area of areas.all) {
          let leastM = Infinity
          let firstInM: number | null = null
          for (let alongM = 0; alongM <= lengthM; alongM += 5) {
            const awayM = area.signedDistanceM(pointAt(route, { line: 0, alongM }))
            leastM = Math.min(leastM, awayM)
            if (awayM <= 0 && firstInM === null) firstInM = alongM
          }
          const here = found.filter((one) => one.area === area)
          if (leastM <= 499) expect(here.length).toBeGreaterThan(0)
          if (leastM > 500) expect(here).toEqual([])
          if (firstInM !== null) expect(Math.abs(here[0]!.alongM - firstInM)).toBeLessThanOrEqual(6)
          else
            for (const one of here)
              expect(
                area.signedDistanceM(pointAt(route, { line: 0, alongM: one.alongM })),
              ).toBeLessThanOrEqual(500.001)
        }
      }),
      { numRuns: 25 },
    )
  })

  const areas = circles([
    { id: 'a', alongM: 5000, offM: 0, radiusM: 100 },
    { id: 'b', alongM: 15_000, offM: 0, radiusM: 100 },
    { id: 'c', alongM: 25_000, offM: 0, radiusM: 100 },
    { id: 'x', alongM: 8000, offM: 0, radiusM: 100, role: 'exit' },
  ])
  const ahead = (alongM: number, forward: boolean, withinM = 100_000) =>
    areasAhead(route, positionAt(route, { line: 0, alongM }), forward, areas, { ...options, withinM }).map(
      ({ area, distanceM: m }) => [area.id, Math.round(m / 10) * 10],
    )

  it('nearest first, in the direction of travel, of the roles that are asked for', () => {
    expect(ahead(0, true)).toEqual([
      ['a', 4900],
      ['b', 14_900],
      ['c', 24_900],
    ])
    expect(ahead(20_000, true)).toEqual([['c', 4900]])
    expect(ahead(20_000, false)).toEqual([
      ['b', 5100],
      ['a', 15_100],
    ])
    expect(ahead(0, true, 6000)).toEqual([['a', 4900]])
    expect(ahead(26_000, true)).toEqual([])
  })
})
