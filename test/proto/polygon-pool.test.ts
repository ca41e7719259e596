import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { metresPerDegree } from '../../proto/geo/earth.ts'
import {
  edgeDistanceM,
  meetings,
  type Polygons,
  packPolygons,
  polygonVerticesMax,
  sideOf,
} from '../../proto/geo/polygon.ts'

/** Several polygons in one pool, each asked by a plain loop over its corners as well. */

type Corner = readonly [number, number]
type Corners = readonly Corner[]

const flat = (corners: Corners): number[] => corners.flat()
const closed = (corners: Corners): Corners => [...corners, corners[0]!]
const square = (x: number, y: number, side: number): Corners =>
  closed([
    [x, y],
    [x + side, y],
    [x + side, y + side],
    [x, y + side],
  ])
/** Round a place, with so many corners, in and out by turns. */
const star = (x: number, y: number, corners: number, radius: number): Corners =>
  closed(
    Array.from({ length: corners }, (_, n) => {
      const angle = (2 * Math.PI * n) / corners
      const reach = n % 2 === 0 ? radius : radius / 2
      return [
        Math.round((x + reach * Math.cos(angle)) * 4) / 4,
        Math.round((y + reach * Math.sin(angle)) * 4) / 4,
      ] as const
    }),
  )

const shapes: readonly (readonly Corners[])[] = [
  [square(0, 0, 4), square(1, 1, 2)],
  [star(20, 10, 64, 8)],
  [square(-10, -20, 3)],
  [star(40, -10, 24, 6), square(39.5, -10.5, 1)],
]
const pool = packPolygons(shapes.map((rings) => rings.map(flat)))
const edgesOf = (p: number): (readonly [number, number, number, number])[] =>
  shapes[p]!.flatMap((ring) =>
    ring.slice(1).map(([x2, y2], n) => [ring[n]![0], ring[n]![1], x2, y2] as const),
  )

describe('a pool', () => {
  test('lays the polygons down one after the other', () => {
    expect(pool.count).toBe(4)
    expect([...pool.firstVertex]).toEqual([0, 10, 75, 80, 110])
    expect([...pool.coords.slice(20, 24)]).toEqual(flat(shapes[1]![0]!).slice(0, 4))
    expect([...pool.boxes.slice(0, 4)]).toEqual([0, 0, 4, 4])
    expect([...pool.boxes.slice(8, 12)]).toEqual([-10, -20, -7, -17])
    // A slab for each four vertices.
    expect([...pool.firstSlab]).toEqual([0, 2, 18, 19, 26])
    expect(pool.slabEdges).toHaveLength(27)
  })

  test('names in each slab the edges that meet it', () => {
    const { slabEdges, edges, firstSlab, boxes } = pool
    shapes.forEach((_, p) => {
      const [south, north] = [boxes[p * 4 + 1]!, boxes[p * 4 + 3]!]
      const slabs = firstSlab[p + 1]! - firstSlab[p]!
      for (let slab = 0; slab < slabs; slab++) {
        const low = south + ((north - south) * slab) / slabs
        const high = south + ((north - south) * (slab + 1)) / slabs
        const named = [...edges.slice(slabEdges[firstSlab[p]! + slab], slabEdges[firstSlab[p]! + slab + 1])]
        const vertices = shapes[p]!.flatMap((ring) => [...ring.slice(1).map((_c, n) => n), -1])
        let at = 0
        const expected: number[] = []
        const all = shapes[p]!.flat()
        vertices.forEach((_v, vertex) => {
          if (vertices[vertex] === -1) return
          const [y1, y2] = [all[vertex]![1], all[vertex + 1]![1]]
          const last = slab === slabs - 1
          if (Math.max(y1, y2) >= low && (Math.min(y1, y2) < high || last)) expected.push(vertex)
          at++
        })
        expect(at).toBe(all.length - shapes[p]!.length)
        expect(named).toEqual(expected)
      }
    })
  })

  test('has slabs enough for the largest polygon, and no more', () => {
    const slabsOf = (corners: number): number => packPolygons([[flat(star(0, 0, corners, 80))]]).firstSlab[1]!
    expect(slabsOf(3)).toBe(1)
    expect(slabsOf(7)).toBe(2)
    expect(slabsOf(8190)).toBe(2047)
    expect(slabsOf(8191)).toBe(2048)
    expect(slabsOf(polygonVerticesMax)).toBe(2048)
    expect(polygonVerticesMax).toBe(10_000)
  })

  test('takes no polygon whose vertices have no number of 16 bits', () => {
    const ring = (vertices: number): number[] => Array.from({ length: vertices * 2 }, () => 1)
    expect(() => packPolygons([[ring(65_535)]])).not.toThrow()
    expect(() => packPolygons([[ring(65_536)]])).toThrow('a polygon of 65536 vertices')
    expect(() => packPolygons([[ring(65_000), ring(536)]])).toThrow(RangeError)
  })
})

/** Places on a grid of quarters round a polygon, often on its corners and edges. */
const placeOf = (p: number): fc.Arbitrary<Corner> => {
  const [west, south, east, north] = [...pool.boxes.slice(p * 4, p * 4 + 4)] as [
    number,
    number,
    number,
    number,
  ]
  const quarter = (from: number, to: number): fc.Arbitrary<number> =>
    fc.integer({ min: Math.floor(from * 4) - 3, max: Math.ceil(to * 4) + 3 }).map((n) => n / 4)
  const free = fc.tuple(quarter(west, east), quarter(south, north))
  return fc.oneof(free, fc.constantFrom(...shapes[p]!.flat()))
}
const placed = fc.integer({ min: 0, max: shapes.length - 1 }).chain((p) =>
  fc.record({
    p: fc.constant(p),
    a: fc.array(placeOf(p), { minLength: 30, maxLength: 30 }),
    b: placeOf(p),
  }),
)

const cross = (ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number =>
  (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)

/** Exact on a grid of quarters. */
function naiveSide(p: number, x: number, y: number): number {
  let inside = false
  for (const [x1, y1, x2, y2] of edgesOf(p)) {
    const between = (v: number, a: number, b: number): boolean => v >= Math.min(a, b) && v <= Math.max(a, b)
    const side = cross(x1, y1, x2, y2, x, y)
    if (side === 0 && between(x, x1, x2) && between(y, y1, y2)) return 0
    if (y1 > y !== y2 > y && side > 0 === y2 > y1) inside = !inside
  }
  return inside ? 1 : -1
}

function naiveDistanceM(p: number, x: number, y: number): number {
  const scale = metresPerDegree(y)
  const distances = edgesOf(p).map(([x1, y1, x2, y2]) => {
    const [dx, dy] = [(x2 - x1) * scale.lon, (y2 - y1) * scale.lat]
    const [ax, ay] = [(x - x1) * scale.lon, (y - y1) * scale.lat]
    const length2 = dx * dx + dy * dy
    const f = length2 === 0 ? 0 : Math.max(0, Math.min(1, (ax * dx + ay * dy) / length2))
    return Math.hypot(ax - f * dx, ay - f * dy)
  })
  return Math.min(...distances)
}

function naiveMeetings(p: number, [ax, ay]: Corner, [bx, by]: Corner): number[] {
  const length2 = (bx - ax) ** 2 + (by - ay) ** 2
  if (length2 === 0) return []
  const along = (x: number, y: number): number => ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2
  const clamp = (f: number): number => Math.max(0, Math.min(1, f))
  return edgesOf(p).flatMap(([x1, y1, x2, y2]) => {
    const [start, end] = [cross(ax, ay, bx, by, x1, y1), cross(ax, ay, bx, by, x2, y2)]
    if (start === 0 && end === 0) {
      const [f, g] = [along(x1, y1), along(x2, y2)]
      return Math.max(f, g) < 0 || Math.min(f, g) > 1 ? [] : [clamp(f), clamp(g)]
    }
    const [a, b] = [cross(x1, y1, x2, y2, ax, ay), cross(x1, y1, x2, y2, bx, by)]
    if (start * end > 0 || a * b > 0) return []
    return [a / (a - b)]
  })
}

/** An edge of several slabs is met several times. */
const once = (found: readonly number[]): number[] =>
  [...new Set(found.map((f) => Math.round(f * 1e9) / 1e9))].toSorted((f, g) => f - g)

describe('a polygon of a pool, as a plain loop has it', () => {
  test('inside, outside, on its edge', () => {
    fc.assert(
      fc.property(placed, ({ p, a }) => {
        for (const [x, y] of a) expect(sideOf(pool, p, x, y), `${p}: ${x}, ${y}`).toBe(naiveSide(p, x, y))
      }),
      { numRuns: 25 },
    )
  })

  test('how far its nearest edge is', () => {
    fc.assert(
      fc.property(placed, fc.boolean(), ({ p, a }, skipSeam) => {
        for (const [x, y] of a)
          expect(edgeDistanceM(pool, p, x, y, skipSeam)).toBeCloseTo(naiveDistanceM(p, x, y), 6)
      }),
      { numRuns: 25 },
    )
    // From far away the order in which its parts are looked at is another.
    for (let p = 0; p < shapes.length; p++)
      for (const [x, y] of [
        [60, 40],
        [-60, 40],
        [20, -60],
        [20, 60],
        [0, 2.01],
      ] as const)
        expect(edgeDistanceM(pool, p, x, y, false)).toBeCloseTo(naiveDistanceM(p, x, y), 5)
  })

  test('where a line meets its edges', () => {
    fc.assert(
      fc.property(placed, ({ p, a, b }) => {
        for (const from of a) {
          const found: number[] = []
          meetings(pool, p, from[0], from[1], b[0], b[1], found)
          expect(once(found), `${p}: ${from.join()} to ${b.join()}`).toEqual(once(naiveMeetings(p, from, b)))
        }
      }),
      { numRuns: 25 },
    )
  })

  test.each<[string, Corner, Corner, number[]]>([
    ['along an edge, from before it to beyond', [-4, 0], [12, 0], [0.25, 0.5]],
    ['along a part of an edge', [1, 0], [2, 0], [0, 1]],
    ['up along an edge', [0, -4], [0, 12], [0.25, 0.5]],
    ['up to an edge', [2, -1], [2, 0], [1]],
    ['from an edge on', [2, 0], [2, -1], [0]],
    ['to a corner', [-1, -1], [0, 0], [1]],
    ['past a corner', [-1, 1], [1, -1], [0.5]],
    ['short of an edge', [2, -2], [2, -1], []],
    ['in line with an edge, short of it', [-3, 0], [-1, 0], []],
    ['from east to west and north to south', [6, 5], [-2, 1], [0.25, 0.5, 0.625, 0.75]],
    ['in the west of it', [-2, -1], [-2, 5], []],
    ['in the hole', [1.5, 2], [2.5, 2], []],
  ])('a line %s', (_, a, b, expected) => {
    const found: number[] = []
    meetings(pool, 0, ...a, ...b, found)
    expect(once(found)).toEqual(expected)
  })
})

describe('the seam of the antimeridian', () => {
  const halves: Polygons = packPolygons([
    [flat(square(170, 0, 10))],
    [flat(square(-180, 0, 10))],
    [flat(square(170, 0, 9))],
    [
      flat(
        closed([
          [180, 0],
          [178, 5],
          [180, 10],
          [179, 5],
        ]),
      ),
    ],
  ])
  const scale = metresPerDegree(5)

  test('is no edge where it is to be left out', () => {
    expect(edgeDistanceM(halves, 0, 179, 5, false)).toBeCloseTo(scale.lon, 6)
    expect(edgeDistanceM(halves, 0, 179, 5, true)).toBeCloseTo(5 * scale.lat, 6)
    expect(edgeDistanceM(halves, 1, -179, 5, false)).toBeCloseTo(scale.lon, 6)
    expect(edgeDistanceM(halves, 1, -179, 5, true)).toBeCloseTo(5 * scale.lat, 6)
  })

  test('is only what runs along it', () => {
    expect(edgeDistanceM(halves, 2, 178, 5, true)).toBeCloseTo(scale.lon, 6)
    expect(edgeDistanceM(halves, 0, 171, 5, true)).toBeCloseTo(scale.lon, 6)
    expect(edgeDistanceM(halves, 3, 178.5, 5, true)).toBeCloseTo(edgeDistanceM(halves, 3, 178.5, 5, false), 9)
  })
})
