import { describe, expect, test } from 'vitest'
import {
  bearingDeg,
  between,
  deltaLon,
  distanceM,
  metresPerDegree,
  projectOnSegment,
} from '../../proto/geo/earth.ts'

const degree = Math.PI / 180

/** As the textbook has it: the radii of the ellipsoid's curvature along and across the meridian. */
function textbook(lat: number): { lat: number; lon: number } {
  const [a, b] = [6_378_137, 6_378_137 * (1 - 1 / 298.257_223_563)]
  const e2 = 1 - (b * b) / (a * a)
  const w = Math.sqrt(1 - e2 * Math.sin(lat * degree) ** 2)
  return { lat: ((a * (1 - e2)) / w ** 3) * degree, lon: (a / w) * Math.cos(lat * degree) * degree }
}

describe('metres per degree', () => {
  test.each([-89, -66.5, -30, 0, 0.001, 12, 22.5, 31.23, 39.9, 45, 53.5, 60, 75, 89.99])(
    'are those of the WGS-84 ellipsoid (%s)',
    (lat) => {
      const found = metresPerDegree(lat)
      expect(found.lat).toBeCloseTo(textbook(lat).lat, 6)
      expect(found.lon).toBeCloseTo(textbook(lat).lon, 6)
    },
  )
})

describe('longitudes', () => {
  test.each([
    [10, 30, 20],
    [30, 10, -20],
    [179, -179, 2],
    [-179, 179, -2],
    [0, 180, 180],
    [180, 0, 180],
    [0, -180, 180],
    [-90, 90, 180],
    [-90, 90.5, -179.5],
    [90, -90.5, 179.5],
    [5, 5, 0],
  ])('from %s to %s: %s, the short way', (from, to, delta) => {
    expect(deltaLon(from, to)).toBe(delta)
  })
})

describe('between two places', () => {
  const a = { lat: 30, lon: 114 }

  test('there is the same distance either way', () => {
    const b = { lat: 30.3, lon: 114.4 }
    const scale = textbook(30.15)
    expect(distanceM(a, b)).toBeCloseTo(Math.hypot(0.3 * scale.lat, 0.4 * scale.lon), 4)
    expect(distanceM(b, a)).toBe(distanceM(a, b))
    expect(distanceM({ lat: 10, lon: 179.9 }, { lat: 10, lon: -179.9 })).toBeCloseTo(
      0.2 * textbook(10).lon,
      4,
    )
    expect(distanceM(a, a)).toBe(0)
  })

  test.each([
    [0, 1, 0],
    [1, 0, 90],
    [0, -1, 180],
    [-1, 0, 270],
  ])('%s east, %s north: %s degrees', (east, north, bearing) => {
    expect(bearingDeg({ lat: 0, lon: 0 }, { lat: north, lon: east })).toBeCloseTo(bearing, 5)
  })

  test('a bearing is whole millionths from 0 to 360', () => {
    const scale = metresPerDegree(0)
    const slant = (east: number, north: number): number =>
      bearingDeg(
        { lat: -north / scale.lat / 2, lon: 20 },
        { lat: north / scale.lat / 2, lon: 20 + east / scale.lon },
      )
    expect(slant(1, 1)).toBe(45)
    expect(slant(-1, 1)).toBe(315)
    expect(slant(-1, -1)).toBe(225)
    expect(slant(1, 2)).toBe(26.565_051)
    expect(slant(-1e-9, 1)).toBe(0)
    expect(Object.is(slant(-1e-9, 1), 0)).toBe(true)
    expect(bearingDeg({ lat: 60, lon: 0 }, { lat: 60.2, lon: 0.2 })).toBeCloseTo(
      Math.atan2(textbook(60.1).lon, textbook(60.1).lat) / degree,
      5,
    )
  })

  test('a part of the way is that part of both differences, across the antimeridian too', () => {
    expect(between(a, { lat: 34, lon: 110 }, 0.25)).toEqual({ lat: 31, lon: 113 })
    expect(between(a, { lat: 34, lon: 110 }, 0)).toEqual(a)
    expect(between({ lat: 0, lon: 179 }, { lat: 0, lon: -177 }, 0.75)).toEqual({ lat: 0, lon: -178 })
    expect(between({ lat: 0, lon: -179 }, { lat: 0, lon: 177 }, 0.75)).toEqual({ lat: 0, lon: 178 })
    expect(between({ lat: 0, lon: 179 }, { lat: 0, lon: -177 }, 0.375)).toEqual({ lat: 0, lon: -179.5 })
    expect(between({ lat: 0, lon: -179 }, { lat: 0, lon: 177 }, 0.375)).toEqual({ lat: 0, lon: 179.5 })
    expect(between({ lat: 0, lon: 179 }, { lat: 0, lon: -177 }, 0.25)).toEqual({ lat: 0, lon: 180 })
    expect(between({ lat: 0, lon: -179 }, { lat: 0, lon: 177 }, 0.25)).toEqual({ lat: 0, lon: -180 })
  })
})

describe('a place beside a segment', () => {
  const scale = metresPerDegree(30)
  const at = (x: number, y: number) => ({ lat: 30 + y / scale.lat, lon: 100 + x / scale.lon })
  const projected = (
    point: readonly [number, number],
    a: readonly [number, number],
    b: readonly [number, number],
  ) => projectOnSegment(at(...point), at(...a), at(...b))

  test.each<[string, [number, number], [number, number], [number, number], number, number]>([
    ['beside it', [30, 40], [0, 0], [100, 0], 40, 0.3],
    ['beside a slanted one', [0, 50], [0, 0], [60, 80], 30, 0.4],
    ['on it', [30, 0], [0, 0], [100, 0], 0, 0.3],
    ['before it', [-30, 40], [0, 0], [100, 0], 50, 0],
    ['beyond it', [160, -80], [0, 0], [100, 0], 100, 1],
    ['beside a segment without length', [30, 40], [0, 0], [0, 0], 50, 0],
    ['beside one to the north', [-7, 25], [0, 0], [0, 100], 7, 0.25],
  ])('%s', (_, point, a, b, metres, fraction) => {
    const found = projected(point, a, b)
    expect(Math.abs(found.distanceM - metres)).toBeLessThan(0.002)
    expect(Math.abs(found.fraction - fraction)).toBeLessThan(0.00002)
  })
})
