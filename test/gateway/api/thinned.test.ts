import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { thinned } from '../../../gateway/api/thinned.ts'
import { distanceM, type LatLon } from '../../../proto/geo/earth.ts'

/** A line with fewer points, and still where it was. */

const at = (eastM: number, northM: number): LatLon => ({
  lat: 30 + northM / 110_850,
  lon: 120 + eastM / 96_490,
})
/** How far a point is from a line, by looking at every metre or so of it. */
function offM(point: LatLon, line: readonly LatLon[]): number {
  let least = Number.POSITIVE_INFINITY
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1]!, line[i]!]
    const steps = Math.max(1, Math.ceil(distanceM(a, b)))
    for (let step = 0; step <= steps; step++) {
      const share = step / steps
      const between = { lat: a.lat + (b.lat - a.lat) * share, lon: a.lon + (b.lon - a.lon) * share }
      least = Math.min(least, distanceM(point, between))
    }
  }
  return least
}
const line = fc.array(
  fc.record({ east: fc.integer({ min: 0, max: 900 }), north: fc.integer({ min: 0, max: 900 }) }),
  { minLength: 2, maxLength: 14 },
)

describe('a thinned line', () => {
  test('keeps what is off the straight way by more than is allowed, and nothing else', () => {
    const bend = [at(0, 0), at(500, 9), at(1000, 0), at(1500, 30), at(2000, 0)]
    expect(thinned(bend, 10)).toEqual([bend[0], bend[2], bend[3], bend[4]])
    expect(thinned(bend, 40)).toEqual([bend[0], bend[4]])
    expect(thinned(bend, 1)).toEqual(bend)
  })

  test('that ends where it began keeps its way round', () => {
    const ring = [at(0, 0), at(800, 0), at(800, 800), at(0, 0)]
    expect(thinned(ring, 100)).toEqual(ring)
  })

  test('has the ends and the order of the old one, and no point of that is farther off than allowed', () => {
    fc.assert(
      fc.property(line, fc.integer({ min: 5, max: 300 }), (given, withinM) => {
        const points = given.map(({ east, north }) => at(east, north))
        const thin = thinned(points, withinM)
        expect([thin[0], thin.at(-1)]).toEqual([points[0], points.at(-1)])
        expect(points.filter((point) => thin.includes(point))).toEqual(thin)
        for (const point of points) expect(offM(point, thin)).toBeLessThan(withinM + 1)
      }),
      { numRuns: 40 },
    )
  })
})
