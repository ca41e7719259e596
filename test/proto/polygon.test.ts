import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import pointInPolygonHao from 'point-in-polygon-hao'
import { describe, expect, it } from 'vitest'
import { edgeDistanceM, meetings, packPolygons, sideOf, turn } from '../../proto/geo/polygon.ts'

type Rings = number[][][]
const pack = (rings: Rings) => packPolygons([rings.map((ring) => ring.flatMap(([x, y]) => [x!, y!]))])
const side = (rings: Rings, x: number, y: number): number => sideOf(pack(rings), 0, x, y)
const hao = (rings: Rings, x: number, y: number): number => {
  const answer = pointInPolygonHao([x, y], rings as never)
  return answer === 0 ? 0 : answer ? 1 : -1
}

const square: Rings = [
  [
    [0, 0],
    [4, 0],
    [4, 4],
    [0, 4],
    [0, 0],
  ],
] // prettier-ignore
const ring: Rings = [
  ...square,
  [
    [1, 1],
    [1, 3],
    [3, 3],
    [3, 1],
    [1, 1],
  ],
]

/** Rings round the origin with so many corners, some at whole numbers so that points fall on edges. */
const rings = fc
  .array(fc.record({ r: fc.integer({ min: 1, max: 8 }), skip: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 3,
    maxLength: 40,
  })
  .map((corners) => {
    const total = corners.reduce((sum, { skip }) => sum + skip, 0)
    let turned = 0
    const made = corners.map(({ r, skip }) => {
      turned += skip
      const angle = (turned / total) * 2 * Math.PI
      return [Math.round(r * Math.cos(angle) * 2) / 2, Math.round(r * Math.sin(angle) * 2) / 2]
    })
    return [[...made, made[0]!]] as Rings
  })

describe('point in polygon', () => {
  it('says inside, outside and edge of a square with a hole', () => {
    expect(side(ring, 0.5, 0.5)).toBe(1)
    expect(side(ring, 2, 2)).toBe(-1)
    expect(side(ring, 5, 2)).toBe(-1)
    for (const [x, y] of [
      [0, 0],
      [4, 4],
      [2, 0],
      [0, 2],
      [4, 1],
      [1, 1],
      [1, 2],
      [2, 3],
      [3, 1.5],
    ] as const)
      expect(side(ring, x, y)).toBe(0)
  })

  it('gives the same answer whichever way each ring runs', () => {
    fc.assert(
      fc.property(
        rings,
        fc.integer({ min: -18, max: 18 }),
        fc.integer({ min: -18, max: 18 }),
        (polygon, i, j) => {
          const reversed = polygon.map((corners) => corners.toReversed())
          expect(side(reversed, i / 2, j / 2)).toBe(side(polygon, i / 2, j / 2))
        },
      ),
    )
  })

  it('agrees with another robust implementation, on edges and corners too', () => {
    fc.assert(
      fc.property(
        rings,
        fc.integer({ min: -36, max: 36 }),
        fc.integer({ min: -36, max: 36 }),
        (polygon, i, j) => {
          expect(side(polygon, i / 4, j / 4)).toBe(hao(polygon, i / 4, j / 4))
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('is exact a hair beside a slanted edge', () => {
    const slanted: Rings = [
      [
        [0, 0],
        [0.3, 0.1],
        [0, 0.1],
        [0, 0],
      ],
    ]
    // 0.15/0.3 = 0.05/0.1 in decimals, not in binary: the predicate says which side the doubles are on.
    const exact = turn(0, 0, 0.3, 0.1, 0.15, 0.05)
    expect(side(slanted, 0.15, 0.05)).toBe(exact === 0 ? 0 : exact > 0 ? 1 : -1)
    expect(side(slanted, 0.15, 0.05 + 1e-17 * 8)).toBe(1)
    expect(side(slanted, 0.15, 0.05 - 1e-17 * 8)).toBe(-1)
  })

  it('keeps polygons of one pool apart', () => {
    const both = packPolygons([[[0, 0, 1, 0, 1, 1, 0, 1, 0, 0]], [[5, 5, 6, 5, 6, 6, 5, 6, 5, 5]]])
    expect([sideOf(both, 0, 0.5, 0.5), sideOf(both, 1, 0.5, 0.5)]).toEqual([1, -1])
    expect([sideOf(both, 0, 5.5, 5.5), sideOf(both, 1, 5.5, 5.5)]).toEqual([-1, 1])
  })
})

describe('edges', () => {
  it('measures the distance to the nearest edge as a plain loop does', () => {
    fc.assert(
      fc.property(
        rings,
        fc.integer({ min: -40, max: 40 }),
        fc.integer({ min: -40, max: 40 }),
        (polygon, i, j) => {
          const [x, y] = [110 + i / 400, 30 + j / 400]
          const placed = polygon.map((corners) => corners.map(([a, b]) => [110 + a! / 100, 30 + b! / 100]))
          const packed = pack(placed)
          const single = placed[0]!
            .slice(1)
            .map((corner, k) => pack([[placed[0]![k]!, corner, placed[0]![k]!]]))
          const plain = Math.min(...single.map((edge) => edgeDistanceM(edge, 0, x, y, false)))
          expect(edgeDistanceM(packed, 0, x, y, false)).toBeCloseTo(plain, 9)
        },
      ),
    )
  })

  it('finds where a line meets them', () => {
    const found: number[] = []
    meetings(pack(ring), 0, -2, 2, 6, 2, found)
    expect(found.sort((a, b) => a - b)).toEqual([0.25, 0.375, 0.625, 0.75])
  })

  it('finds nothing where the line passes by or has no length', () => {
    const found: number[] = []
    meetings(pack(ring), 0, -2, 5, 6, 5, found)
    meetings(pack(ring), 0, 2, 0, 2, 0, found)
    expect(found).toEqual([])
  })
})

const vectors = new URL('../../../shared/data/geo/', import.meta.url)
const present = existsSync(vectors)

describe.skipIf(!present)('recorded cases (../shared/data/geo)', () => {
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, vectors), 'utf8'))

  it('answers each recorded point-in-polygon case', () => {
    type Recorded = {
      name: string
      point: [number, number]
      polygon?: Rings
      multipolygon?: Rings[]
      expect: string
    }
    const names: Record<number, string> = { 1: 'inside', 0: 'boundary', [-1]: 'outside' }
    let compared = 0
    for (const recorded of read('pip_cases.json') as Recorded[]) {
      const parts = recorded.multipolygon ?? (recorded.polygon === undefined ? [] : [recorded.polygon])
      const usable = parts.filter((part) => part.length > 0 && part[0]!.length > 0)
      const best = Math.max(-1, ...usable.map((part) => side(part, ...recorded.point)))
      // Those tests of a library that counts edges in or out by an option say what it answers, not where the point is.
      if (best === 0 && / Boundary (ignored )?test: /.test(recorded.name)) continue
      expect([recorded.name, names[best]]).toEqual([recorded.name, recorded.expect])
      compared++
    }
    expect(compared).toBeGreaterThan(60)
  })

  it('turns as the vectors of the exact predicate say', () => {
    const rows = readFileSync(new URL('robust_predicates/orient2d.txt', vectors), 'utf8').trim().split('\n')
    for (const row of rows) {
      const [, ax, ay, bx, by, cx, cy, sign] = row.split(/\s+/).map(Number)
      expect(Math.sign(turn(ax!, ay!, bx!, by!, cx!, cy!))).toBe(sign)
    }
    expect(rows.length).toBeGreaterThan(100)
  })

  it('places points in countries and 0.2 m beside their borders', () => {
    for (const country of ['CHN', 'RUS']) {
      type Answers = {
        random: [number, number, string[]][]
        near_boundary_0p2m: [number, number, string[]][]
      }
      const answers = read(`../expected/geo/pip_countries_${country}.json`) as Answers
      const file = read(`countries/${country}.geo.json`) as {
        features: { geometry: { type: string; coordinates: Rings[] | Rings } }[]
      }
      const { geometry } = file.features[0]!
      const parts = (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) as Rings[]
      for (const [lon, lat, names] of [...answers.random, ...answers.near_boundary_0p2m])
        expect(parts.some((part) => side(part, lon, lat) >= 0)).toBe(names.length > 0)
    }
  })
})
