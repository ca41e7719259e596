import { describe, expect, it } from 'vitest'
import { distanceM, projectOnSegment } from '../../proto/geo/earth.ts'
import { beside, curve, drivenPath, type Path, pathOf, placeAt, ringAround } from '../../sim/road.ts'

const bend = curve(
  [
    { lat: 28, lon: 113 },
    { lat: 28.2, lon: 113.1 },
    { lat: 28.4, lon: 113.0 },
  ],
  100,
)

/** Distance to a path by looking at every segment. */
function fromPathM(path: Path, point: { lat: number; lon: number }): number {
  let least = Number.POSITIVE_INFINITY
  for (let at = 1; at < path.points.length; at++)
    least = Math.min(least, projectOnSegment(point, path.points[at - 1]!, path.points[at]!).distanceM)
  return least
}

describe('a road', () => {
  it('passes through its waypoints', () => {
    for (const point of [
      { lat: 28, lon: 113 },
      { lat: 28.2, lon: 113.1 },
      { lat: 28.4, lon: 113.0 },
    ])
      expect(fromPathM(bend, point)).toBeLessThan(0.01)
  })

  it('bends gently: no vertex turns by more than three degrees', () => {
    for (let alongM = 150; alongM < bend.lengthM - 150; alongM += 100) {
      const turn = Math.abs(placeAt(bend, alongM + 100).courseDeg - placeAt(bend, alongM).courseDeg)
      expect(Math.min(turn, 360 - turn)).toBeLessThan(3)
    }
  })

  it('is walked at the pace of its metres', () => {
    for (let alongM = 0; alongM + 10 < bend.lengthM; alongM += 997) {
      const stepM = distanceM(placeAt(bend, alongM), placeAt(bend, alongM + 10))
      expect(Math.abs(stepM - 10)).toBeLessThan(0.01)
    }
  })

  it('has a right and a left', () => {
    const north = pathOf([
      { lat: 28, lon: 113 },
      { lat: 28.1, lon: 113 },
    ])
    expect(beside(north, 500, 100).lon).toBeGreaterThan(113)
    expect(beside(north, 500, -100).lon).toBeLessThan(113)
    expect(distanceM(beside(north, 500, 100), placeAt(north, 500))).toBeCloseTo(100, 1)
  })
})

describe('a detour', () => {
  const detour = { fromM: 5000, toM: 13_000, rightM: 1500, rampM: 1500 }
  const driven = drivenPath(bend, 0, 20_000, [detour])

  it('is as far from the road as it says in its middle, and on it outside', () => {
    const off = driven.points.map((point) => fromPathM(bend, point))
    expect(Math.max(...off)).toBeGreaterThan(1490)
    expect(Math.max(...off)).toBeLessThan(1505)
    expect(off[0]).toBeLessThan(0.01)
    expect(off.at(-1)).toBeLessThan(0.01)
  })

  it('is longer than the road it leaves', () => {
    expect(driven.lengthM).toBeGreaterThan(20_000)
    expect(drivenPath(bend, 0, 20_000, []).lengthM).toBeCloseTo(20_000, -1)
  })
})

describe('a ring around a stretch', () => {
  it('is closed, contains the stretch and nothing far beside it', () => {
    const ring = ringAround(bend, 3000, 6000, 400)
    expect(ring[0]).toEqual(ring.at(-1))
    const inside = (alongM: number, rightM: number): boolean => {
      const { lat, lon } = beside(bend, alongM, rightM)
      let odd = false
      for (let at = 1; at < ring.length; at++) {
        const [x1, y1] = ring[at - 1]!
        const [x2, y2] = ring[at]!
        if (y1 > lat !== y2 > lat && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) odd = !odd
      }
      return odd
    }
    expect([3050, 4500, 5950].map((alongM) => inside(alongM, 0))).toEqual([true, true, true])
    expect([inside(2950, 0), inside(6050, 0), inside(4500, 450), inside(4500, -450)]).toEqual(
      Array(4).fill(false),
    )
  })
})
