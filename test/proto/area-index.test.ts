import { describe, expect, test } from 'vitest'
import { distanceM, type LatLon, metresPerDegree } from '../../proto/geo/earth.ts'
import { parseAreas } from '../../proto/shapes/areas.ts'

/** Areas so simple that anybody can say where a place is: boxes of degrees, and circles. East may exceed 180. */

type Box = { readonly id: string; readonly box: readonly [number, number, number, number] }
type Circle = { readonly id: string; readonly at: LatLon; readonly radiusM: number }

const boxes: readonly Box[] = [
  { id: 'town', box: [110, 30, 110.1, 30.1] },
  { id: 'yard', box: [110.02, 30.02, 110.03, 30.025] },
  { id: 'gate', box: [110.05, 30.05, 110.0501, 30.0501] },
  { id: 'land', box: [100, 20, 120, 40] },
  { id: 'seam', box: [179.5, -10, 180.5, 10] },
  { id: 'east', box: [170, 5, 180, 8] },
  { id: 'west', box: [-180, 5, -170, 8] },
  { id: 'zero', box: [-0.5, -0.5, 0.5, 0.5] },
  { id: 'south', box: [-70, -40, -69, -39] },
  { id: 'wide', box: [-85, -60, 85, -59] },
  ...Array.from({ length: 40 }, (_, n): Box => {
    const west = 112 + n * 0.03
    return { id: `row-${String(n).padStart(2, '0')}`, box: [west, 31, west + 0.02, 31.02] }
  }),
]
const circles: readonly Circle[] = [
  { id: 'disc', at: { lat: 30.2, lon: 110.2 }, radiusM: 3000 },
  { id: 'isle', at: { lat: 0.5, lon: 179.99 }, radiusM: 5000 },
  { id: 'rock', at: { lat: -45, lon: -179.999 }, radiusM: 2000 },
]

const index = parseAreas(
  {
    type: 'FeatureCollection',
    features: [
      ...boxes.map(({ id, box: [west, south, east, north] }) => ({
        type: 'Feature',
        properties: { id },
        geometry: {
          type: 'Polygon',
          coordinates: [
            [
              [west, south],
              [east, south],
              [east, north],
              [west, north],
              [west, south],
            ],
          ],
        },
      })),
      ...circles.map(({ id, at, radiusM }) => ({
        type: 'Feature',
        properties: { id, radiusM },
        geometry: { type: 'Point', coordinates: [at.lon, at.lat] },
      })),
    ],
  },
  'areas',
)

const turns = [-360, 0, 360]
const named = (areas: readonly { readonly id: string }[]): string[] => areas.map(({ id }) => id)
const isIn = ([west, south, east, north]: Box['box'], { lat, lon }: LatLon): boolean =>
  lat >= south && lat <= north && turns.some((turn) => lon + turn >= west && lon + turn <= east)

/** Corners, edges, middles, and a little beside each; every longitude in [-180, 180]. */
const places: readonly LatLon[] = boxes
  .filter(({ id }) => !id.startsWith('row-') || /0$/.test(id))
  .flatMap(({ box: [west, south, east, north] }) =>
    [-1, 0, 0.3, 1, 2].flatMap((fx) =>
      [-1, 0, 0.3, 1, 2].map((fy) => {
        const part = (from: number, to: number, f: number): number =>
          f === -1 ? from - 1e-7 : f === 2 ? to + 1e-7 : from + (to - from) * f
        const lon = part(west, east, fx)
        return { lat: part(south, north, fy), lon: lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon }
      }),
    ),
  )

describe('areas at a place', () => {
  test('are those that hold it, by name', () => {
    for (const place of places) {
      const expected = [
        ...boxes.filter(({ box }) => isIn(box, place)),
        ...circles.filter(({ at, radiusM }) => distanceM(at, place) <= radiusM),
      ]
      expect(named(index.at(place)), `${place.lat}, ${place.lon}`).toEqual(named(expected).toSorted())
      const holding = index.all.filter((area) => area.contains(place))
      expect(named(holding).toSorted()).toEqual(named(expected).toSorted())
    }
  })

  test.each([
    [30.2, 110.231, true],
    [30.2, 110.2313, false],
    [30.227, 110.2, true],
    [30.2272, 110.2, false],
    [0.5, -179.97, true],
    [0.5, -179.96, false],
    [-45, 179.976, true],
    [-45, 179.975, false],
  ])('in a circle, and a little beside it (%s, %s): %s', (lat, lon, inside) => {
    expect(index.at({ lat, lon }).some(({ id }) => ['disc', 'isle', 'rock'].includes(id))).toBe(inside)
  })

  test('by its id', () => {
    expect(index.byId.get('yard')?.id).toBe('yard')
    expect(named(index.all)).toEqual(expect.arrayContaining(named([...boxes, ...circles])))
  })
})

/** Metres east and north of a box, negative inside. */
function beside([west, south, east, north]: Box['box'], { lat, lon }: LatLon): [number, number] {
  const scale = metresPerDegree(lat)
  const dx = Math.min(...turns.map((turn) => Math.max(west - lon - turn, lon + turn - east)))
  return [dx * scale.lon, Math.max(south - lat, lat - north) * scale.lat]
}

describe('how far a border is', () => {
  test('of a box: negative inside, positive outside', () => {
    const near = places.filter(({ lat }) => Math.abs(lat) < 50)
    for (const { id, box } of boxes.slice(0, 9)) {
      const area = index.byId.get(id)!
      let worstM = 0
      for (const place of near) {
        const [dx, dy] = beside(box, place)
        if (Math.max(dx, dy) > 300_000) continue
        const expected = dx <= 0 && dy <= 0 ? Math.max(dx, dy) : Math.hypot(Math.max(0, dx), Math.max(0, dy))
        worstM = Math.max(worstM, Math.abs(area.signedDistanceM(place) - expected))
      }
      expect(worstM, id).toBeLessThan(0.01)
    }
  })
})

describe('areas near a place', () => {
  const asked = [
    ...places.filter((_, n) => n % 4 === 0),
    { lat: 30.5, lon: 110.5 },
    { lat: 31.01, lon: 112.6 },
  ]

  test.each([50, 4000, 150_000])('within %s m none is left out, and few come that are farther', (metres) => {
    for (const place of asked.filter(({ lat }) => Math.abs(lat) < 45)) {
      const found = named(index.near(place, metres))
      const within = boxes.filter(
        ({ box }) => Math.hypot(...beside(box, place).map((m) => Math.max(0, m))) <= metres,
      )
      expect(named(within).filter((id) => !found.includes(id))).toEqual([])
      const far = boxes.filter(({ box }) => Math.max(...beside(box, place)) > metres * 1.15 + 1)
      expect(named(far).filter((id) => found.includes(id))).toEqual([])
      expect(found).toEqual(found.toSorted())
      expect(new Set(found).size).toBe(found.length)
    }
  })
})

describe('along a line', () => {
  test('those whose box meets its box, and no others', () => {
    const lines: readonly (readonly [LatLon, LatLon])[] = [
      ...places.map((place, n) => [place, places[(n * 7 + 3) % places.length]!] as const),
      ...places.map(
        ({ lat, lon }) =>
          [
            { lat, lon },
            { lat: lat + 0.01, lon: lon > 179 ? lon - 359.99 : lon + 0.01 },
          ] as const,
      ),
      [
        { lat: 5.5, lon: 179.9 },
        { lat: 5.6, lon: -179.9 },
      ],
      [
        { lat: 5.5, lon: -179.9 },
        { lat: 5.6, lon: 179.9 },
      ],
    ]
    for (const [a, b] of lines) {
      let delta = b.lon - a.lon
      if (delta > 180) delta -= 360
      if (delta <= -180) delta += 360
      const [from, to] = [Math.min(a.lon, a.lon + delta), Math.max(a.lon, a.lon + delta)]
      const [low, high] = [Math.min(a.lat, b.lat), Math.max(a.lat, b.lat)]
      const expected = boxes.filter(
        ({ box: [west, south, east, north] }) =>
          high >= south && low <= north && turns.some((turn) => to + turn >= west && from + turn <= east),
      )
      const found = named(index.along(a, b))
      expect(
        found.filter((id) => boxes.some((one) => one.id === id)),
        `${a.lat}, ${a.lon} to ${b.lat}, ${b.lon}`,
      ).toEqual(named(expected).toSorted())
    }
  })

  test('a box is crossed where the line enters and where it leaves', () => {
    for (const {
      id,
      box: [west, south, east, north],
    } of boxes.slice(0, 9)) {
      const area = index.byId.get(id)!
      const width = east - west
      const around = (lon: number): number => (lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon)
      const at = (f: number, g: number): LatLon => ({
        lat: south + (north - south) * g,
        lon: around(west + width * f),
      })
      const near = (found: readonly number[], expected: readonly number[]): void => {
        expect(found, id).toHaveLength(expected.length)
        for (const [n, f] of found.entries()) expect(f, id).toBeCloseTo(expected[n]!, 6)
      }
      near(area.crossings(at(-0.5, 0.3), at(1.5, 0.3)), [0.25, 0.75])
      near(area.crossings(at(1.5, 0.3), at(-0.5, 0.3)), [0.25, 0.75])
      near(area.crossings(at(0.5, 0.5), at(1.5, 0.5)), [0.5])
      near(area.crossings(at(0.4, 0.5), at(0.4, 1.5)), [0.5])
      near(area.crossings(at(0.1, 0.5), at(0.9, 0.6)), [])
      near(area.crossings(at(0.1, 1.2), at(0.9, 1.3)), [])
    }
  })

  test('a circle as well', () => {
    const disc = index.byId.get('disc')!
    const scale = metresPerDegree(30.2)
    const found = disc.crossings(
      { lat: 30.2, lon: 110.2 - 6000 / scale.lon },
      { lat: 30.2, lon: 110.2 + 6000 / scale.lon },
    )
    expect(found).toHaveLength(2)
    expect(found[0]).toBeCloseTo(0.25, 6)
    expect(found[1]).toBeCloseTo(0.75, 6)
    expect(named(index.along({ lat: 30.15, lon: 110.2 }, { lat: 30.25, lon: 110.2 }))).toContain('disc')
    expect(named(index.along({ lat: 30.15, lon: 110.24 }, { lat: 30.25, lon: 110.24 }))).not.toContain('disc')
  })
})
