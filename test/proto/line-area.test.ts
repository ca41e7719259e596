import { describe, expect, test } from 'vitest'
import { type LatLon, metresPerDegree } from '../../proto/geo/earth.ts'
import { type Capsule, capsuleBox, capsuleDistanceM, capsuleMeetings } from '../../proto/geo/line-area.ts'

/** At the equator, where a short way east is as good as flat. */

const scale = metresPerDegree(0)
const at = (x: number, y: number, lon = 0): LatLon => ({ lat: y / scale.lat, lon: lon + x / scale.lon })
const circle: Capsule = { a: at(0, 0), b: at(0, 0), radiusM: 1000 }
const corridor: Capsule = { a: at(0, 0), b: at(4000, 0), radiusM: 500 }

describe('how far the border of an area round a line is', () => {
  test.each<[string, Capsule, LatLon, number]>([
    ['in the middle of a circle', circle, at(0, 0), -1000],
    ['inside a circle', circle, at(300, 400), -500],
    ['on its border', circle, at(600, 800), 0],
    ['outside it', circle, at(3000, 4000), 4000],
    ['beside a line', corridor, at(1000, 700), 200],
    ['on the line', corridor, at(1000, 0), -500],
    ['before the line', corridor, at(-300, -400), 0],
    ['beyond it', corridor, at(4600, 800), 500],
  ])('%s', (_, capsule, point, metres) => {
    expect(Math.abs(capsuleDistanceM(capsule, point) - metres)).toBeLessThan(0.001)
  })

  test('is measured at the latitude in the middle of both', () => {
    const far: Capsule = { a: { lat: 40, lon: 100 }, b: { lat: 40, lon: 100 }, radiusM: 0 }
    const middle = metresPerDegree(40.5)
    expect(capsuleDistanceM(far, { lat: 41, lon: 101 })).toBeCloseTo(Math.hypot(middle.lat, middle.lon), 3)
    const seam: Capsule = { a: { lat: 0, lon: 179.99 }, b: { lat: 0, lon: -179.99 }, radiusM: 0 }
    expect(capsuleDistanceM(seam, { lat: 0, lon: -179.98 })).toBeCloseTo(0.01 * scale.lon, 3)
  })
})

describe('where a line passes the border', () => {
  test.each<[string, Capsule, LatLon, LatLon, number[]]>([
    ['through the middle: in and out', circle, at(-3000, 0), at(5000, 0), [0.25, 0.5]],
    ['the other way', circle, at(5000, 0), at(-3000, 0), [0.5, 0.75]],
    ['beside the middle', circle, at(-3000, 600), at(5000, 600), [0.275, 0.475]],
    ['from inside', circle, at(0, 0), at(4000, 0), [0.25]],
    ['from inside, away from the middle', circle, at(500, 0), at(2500, 0), [0.25]],
    ['to the inside', circle, at(-4000, 0), at(0, 0), [0.75]],
    ['to the inside, before the middle', circle, at(-2500, 0), at(-500, 0), [0.75]],
    ['within', circle, at(-500, 0), at(500, 100), []],
    ['past it', circle, at(-3000, 1001), at(5000, 1001), []],
    ['past it, just not', circle, at(-4000, 999.5), at(4000, 999.5), [0.496_047, 0.503_953]],
    ['short of it', circle, at(-3000, 0), at(-1001, 0), []],
    ['away from it', circle, at(1001, 0), at(3000, 0), []],
    ['across a road', corridor, at(2000, -2000), at(2000, 2000), [0.375, 0.625]],
    ['along a road', corridor, at(-1000, 0), at(6000, 0), [500 / 7000, 5500 / 7000]],
    ['into a road', corridor, at(2000, 2000), at(2000, 0), [0.75]],
  ])('%s', (_, capsule, a, b, expected) => {
    const found = [0.125]
    capsuleMeetings(capsule, a, b, found)
    const [before, ...meetings] = found
    expect(before).toBe(0.125)
    expect(meetings).toHaveLength(expected.length)
    for (const [n, f] of meetings.toSorted((p, q) => p - q).entries())
      expect(Math.abs(f - expected[n]!)).toBeLessThan(0.000_002)
  })

  test('to the last of sixty halvings', () => {
    const found: number[] = []
    capsuleMeetings(circle, at(-3000, 0), at(5000, 0), found)
    for (const f of found) {
      const point = { lat: 0, lon: at(-3000, 0).lon + f * (at(5000, 0).lon - at(-3000, 0).lon) }
      expect(Math.abs(capsuleDistanceM(circle, point))).toBeLessThan(1e-6)
      expect(capsuleDistanceM(circle, point)).toBeLessThanOrEqual(1e-9)
    }
  })
})

describe('the box of an area round a line', () => {
  test('is a hundredth and a metre larger than the area', () => {
    const [west, south, east, north] = capsuleBox(corridor)
    const reachM = 500 * 1.01 + 1
    expect(south).toBeCloseTo(-reachM / scale.lat, 12)
    expect(north).toBeCloseTo(reachM / scale.lat, 12)
    const lonReach = reachM / metresPerDegree(reachM / scale.lat).lon
    expect(west).toBeCloseTo(-lonReach, 12)
    expect(east).toBeCloseTo(4000 / scale.lon + lonReach, 12)
  })

  test.each([
    [52, 50],
    [-52, -50],
    [50, 52],
  ])('reaches as far as a degree is short where it is nearest to a pole (%s to %s)', (from, to) => {
    const capsule = { a: { lat: from, lon: 20 }, b: { lat: to, lon: 10 }, radiusM: 10_000 }
    const [west, south, east, north] = capsuleBox(capsule)
    const reach = (10_000 * 1.01 + 1) / scale.lat
    const lonReach = (10_000 * 1.01 + 1) / metresPerDegree(52 + reach).lon
    expect([west, east]).toEqual([expect.closeTo(10 - lonReach, 9), expect.closeTo(20 + lonReach, 9)])
    expect([south, north]).toEqual([
      expect.closeTo(Math.min(from, to) - reach, 9),
      expect.closeTo(Math.max(from, to) + reach, 9),
    ])
  })

  test('goes on beyond 180 degrees, and is never wider than the earth', () => {
    const seam = capsuleBox({ a: { lat: 0, lon: 179.99 }, b: { lat: 0, lon: -179.99 }, radiusM: 100 })
    expect(seam[0]).toBeCloseTo(179.989, 3)
    expect(seam[2]).toBeCloseTo(180.011, 3)
    const pole = { lat: 89.95, lon: 0 }
    const arctic = capsuleBox({ a: pole, b: pole, radiusM: 100 })
    const reach = (100 * 1.01 + 1) / metresPerDegree(89.9).lon
    expect(arctic[0]).toBeCloseTo(-reach, 9)
    const whole = capsuleBox({ a: pole, b: pole, radiusM: 50_000_000 })
    expect([whole[0], whole[2]]).toEqual([-180, 180])
  })
})
