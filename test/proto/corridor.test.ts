import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Corridor, CorridorPosition } from '../../proto/geo/corridor.ts'
import { asOneCorridor, buildCorridor } from '../../proto/geo/corridor-build.ts'
import { distanceM, type LatLon, metresPerDegree } from '../../proto/geo/earth.ts'
import { fromGcj02 } from '../../proto/geo/gcj02.ts'
import { BadInput } from '../../proto/problem.ts'
import { foreignRouteProperties, parseRoute } from '../../proto/shapes/route.ts'

type LonLat = [number, number]

function feature(coordinates: unknown, properties: object | null = {}, more: object = {}): object {
  return { type: 'Feature', properties, geometry: { type: 'LineString', coordinates }, ...more }
}

function collection(...features: object[]): object {
  return { type: 'FeatureCollection', features }
}

function corridorOf(lines: readonly (readonly LatLon[])[], halfWidthM = 100): Corridor {
  return buildCorridor({
    id: 'r',
    name: 'r',
    stops: [],
    lines: lines.map((points) => ({ points, halfWidthM, limits: [] })),
  })
}

/** Every segment, planar around the point; longitudes brought to the point's side of the globe. */
function naiveDistanceM(point: LatLon, line: readonly LatLon[]): number {
  const scale = metresPerDegree(point.lat)
  const x = (lon: number): number => ((((lon - point.lon + 180) % 360) + 360) % 360) - 180
  let least = Number.POSITIVE_INFINITY
  for (let i = 1; i < line.length; i++) {
    const [a, b] = [line[i - 1]!, line[i]!]
    const ax = x(a.lon) * scale.lon
    const ay = (a.lat - point.lat) * scale.lat
    let bx = x(b.lon) * scale.lon
    if (bx - ax > 180 * scale.lon) bx -= 360 * scale.lon
    if (bx - ax < -180 * scale.lon) bx += 360 * scale.lon
    const by = (b.lat - point.lat) * scale.lat
    // The foot of the perpendicular by bisection of the slope of the distance: no shared formula.
    let [low, high] = [0, 1]
    for (let n = 0; n < 60; n++) {
      const middle = (low + high) / 2
      const [mx, my] = [ax + middle * (bx - ax), ay + middle * (by - ay)]
      if (mx * (bx - ax) + my * (by - ay) > 0) high = middle
      else low = middle
    }
    least = Math.min(least, Math.hypot(ax + low * (bx - ax), ay + low * (by - ay)))
  }
  return least
}

const wander = (lat: number, lon: number): fc.Arbitrary<LatLon[]> =>
  fc
    .array(fc.tuple(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -20, max: 20 })), {
      minLength: 2,
      size: 'max',
      maxLength: 200,
    })
    .map((steps) => {
      let at = { lat, lon }
      return steps.map(([north, east]) => {
        const turned = at.lon + east * 1e-3
        at = {
          lat: at.lat + north * 1e-3,
          lon: turned > 180 ? turned - 360 : turned < -180 ? turned + 360 : turned,
        }
        return at
      })
    })

describe('nearest', () => {
  it.each([
    ['Hunan', 28, 113],
    ['the antimeridian', -17, 179.99],
    ['the far north', 69, -180],
  ])('is what a naive loop over all segments finds, at %s', (_, lat, lon) => {
    const offset = fc.tuple(fc.integer({ min: -300, max: 300 }), fc.integer({ min: -300, max: 300 }))
    fc.assert(
      fc.property(wander(lat, lon), fc.array(offset, { minLength: 1, maxLength: 20 }), (line, offsets) => {
        if (line.every((point) => point.lat === line[0]!.lat && point.lon === line[0]!.lon)) return
        const corridor = corridorOf([line])
        let hint: CorridorPosition | null = null
        for (const [north, east] of offsets) {
          const turned = line[0]!.lon + east * 4e-4
          const point = { lat: line[0]!.lat + north * 4e-4, lon: turned > 180 ? turned - 360 : turned }
          const naive = naiveDistanceM(point, line)
          expect(corridor.nearest(point, null).distanceM).toBeCloseTo(naive, 4)
          const hinted = corridor.nearest(point, hint)
          if (hinted.distanceM > 50) expect(hinted.distanceM).toBeCloseTo(naive, 4)
          else expect(naive).toBeLessThanOrEqual(hinted.distanceM + 1e-4)
          hint = hinted
        }
      }),
      { numRuns: 150, seed: 180 },
    )
  })

  it('measures along the line from its beginning', () => {
    const line = [
      { lat: 30, lon: 114 },
      { lat: 30, lon: 114.1 },
      { lat: 30.1, lon: 114.1 },
    ]
    const corridor = corridorOf([line])
    const position = corridor.nearest({ lat: 30.05, lon: 114.1005 }, null)
    expect(position.segment).toBe(1)
    expect(position.alongM).toBeCloseTo(distanceM(line[0]!, line[1]!) + distanceM(line[1]!, line[2]!) / 2, -1)
    expect(corridor.lines[0]?.lengthM).toBeCloseTo(
      distanceM(line[0]!, line[1]!) + distanceM(line[1]!, line[2]!),
      6,
    )
  })

  it('stays on the leg that is driven where a route crosses itself, and looks everywhere when lost', () => {
    const line = [
      { lat: 30, lon: 114 },
      { lat: 30, lon: 114.02 },
      { lat: 30.01, lon: 114.02 },
      { lat: 30.01, lon: 114.01 },
      { lat: 29.99, lon: 114.01 },
    ]
    const corridor = corridorOf([line])
    const before = corridor.nearest({ lat: 30.0001, lon: 114.009 }, null)
    const crossing = { lat: 30.0003, lon: 114.01 }
    expect(corridor.nearest(crossing, before).segment).toBe(0)
    expect(corridor.nearest(crossing, null).segment).toBe(3)
    expect(corridor.nearest({ lat: 29.991, lon: 114.0101 }, before).segment).toBe(3)
  })

  it('takes a hint from another route for what it is', () => {
    const corridor = corridorOf([
      [
        { lat: 30, lon: 114 },
        { lat: 30, lon: 114.1 },
      ],
    ])
    const hint = { line: 7, segment: 900, distanceM: 0, alongM: 0 }
    expect(corridor.nearest({ lat: 30, lon: 114.05 }, hint)).toMatchObject({ line: 0, segment: 0 })
    expect(corridor.nearest({ lat: 30, lon: 114.05 }, { ...hint, line: 0 })).toMatchObject({
      line: 0,
      segment: 0,
    })
  })

  it('prefers the line within whose width the point lies to a nearer narrow one', () => {
    const narrow = [
      { lat: 30, lon: 114 },
      { lat: 30, lon: 114.1 },
    ]
    const wide = [
      { lat: 30.009, lon: 114 },
      { lat: 30.009, lon: 114.1 },
    ]
    const corridor = buildCorridor({
      id: 'r',
      name: 'r',
      stops: [],
      lines: [
        { points: narrow, halfWidthM: 100, limits: [] },
        { points: wide, halfWidthM: 900, limits: [] },
      ],
    })
    expect(corridor.nearest({ lat: 30.003, lon: 114.05 }, null).line).toBe(1)
    expect(corridor.nearest({ lat: 30.0005, lon: 114.05 }, null).line).toBe(0)
    expect(corridor.nearest({ lat: 29.99, lon: 114.05 }, null).line).toBe(0)
  })
})

describe('limitAt', () => {
  const stretch = (fromM: number, toM: number, dayKmh: number): object => ({ fromM, toM, dayKmh })
  const [corridor] = parseRoute(
    feature(
      [
        [114, 30],
        [114.1, 30],
      ],
      { limits: [stretch(0, 1000, 80), stretch(1000, 2000, 60), stretch(1500, 3000, 40)] },
    ),
    'r',
  )
  it.each([
    [0, 80],
    [999.9, 80],
    [1000, 60],
    [1499.9, 60],
    [1500, 40],
    [2500, 40],
    [3000, 40],
    [3000.1, null],
  ])('at %d m: %s', (alongM, dayKmh) => {
    const position = { line: 0, segment: 0, distanceM: 0, alongM }
    expect(corridor?.limitAt(position)?.dayKmh ?? null).toBe(dayKmh)
  })
})

describe('parseRoute', () => {
  const line: LonLat[] = [
    [114, 30],
    [114.1, 30],
  ]

  it('joins LineStrings of one id as alternatives and keeps ids apart', () => {
    const routes = parseRoute(
      collection(
        feature(line, { id: 'a', name: 'A', halfWidthM: 50 }),
        feature(line, { id: 'b' }),
        feature(line, { id: 'a', stops: ['s1', { areaId: 's2' }, 's1'] }),
      ),
      'r',
    )
    expect(
      routes.map(({ id, name, lines }) => [id, name, lines.map(({ halfWidthM }) => halfWidthM)]),
    ).toEqual([
      ['a', 'A', [50, 200]],
      ['b', 'b', [200]],
    ])
    expect(routes[0]?.stops).toEqual([{ areaId: 's1' }, { areaId: 's2' }])
    expect(asOneCorridor(routes)).toMatchObject({ id: 'a', lines: [{}, {}, {}] })
    expect(asOneCorridor([])).toBeNull()
  })

  it('takes the id from the properties, else the feature, else the name, and none as one route', () => {
    const ids = (...features: object[]): string[] =>
      parseRoute(collection(...features), 'r').map(({ id }) => id)
    expect(ids(feature(line, { id: 7, name: 'n' }, { id: 'f' }))).toEqual(['7'])
    expect(ids(feature(line, { name: 'n' }, { id: 'f' }))).toEqual(['f'])
    expect(ids(feature(line, { name: 'n' }))).toEqual(['n'])
    expect(ids(feature(line), feature(line, null))).toEqual(['route'])
  })

  it('reads a lone feature and a lone geometry', () => {
    expect(parseRoute(feature(line), 'r')).toHaveLength(1)
    expect(parseRoute({ type: 'LineString', coordinates: line }, 'r')).toHaveLength(1)
  })

  it('moves GCJ-02 vertices, and only where the line says so', () => {
    const [moved] = parseRoute(feature(line, { crs: 'gcj02' }), 'r')
    const [kept] = parseRoute(feature(line, { crs: 'wgs84' }), 'r')
    expect(moved?.lines[0]?.points[0]).toEqual(fromGcj02({ lat: 30, lon: 114 }))
    expect(kept?.lines[0]?.points[0]).toEqual({ lat: 30, lon: 114 })
  })

  it('lets foreign properties pass and can name them', () => {
    const value = collection(
      feature(line, { id: 'a', stroke: '#f00', ref: 'G4' }),
      feature(line, { stroke: '#0f0' }),
    )
    expect(parseRoute(value, 'r')).toHaveLength(2)
    expect(foreignRouteProperties(value)).toEqual(['ref', 'stroke'])
    expect(foreignRouteProperties(feature(line, { id: 1 }))).toEqual([])
  })

  it.each([
    [collection(), /^r: features: at least one LineString feature$/],
    [{ type: 'Polygon' }, /^r: type: /],
    [17, /^r: /],
    [
      collection(feature([[114, 30]])),
      /^r: features\[0\]\.geometry\.coordinates: a line has at least two positions$/,
    ],
    [
      collection(
        feature([
          [114, 30],
          [114, 30],
        ]),
      ),
      /^r: features\[0\]\.geometry\.coordinates: a line needs two different positions$/,
    ],
    [
      collection(
        feature([
          [30, 114],
          [30, 115],
        ]),
      ),
      /^r: features\[0\]\.geometry\.coordinates\[0\]: a latitude lies in \[-90, 90\]/,
    ],
    [
      collection(
        feature([
          [190, 30],
          [114, 30],
        ]),
      ),
      /^r: features\[0\]\.geometry\.coordinates\[0\]: a longitude lies in/,
    ],
    [
      collection(
        feature([
          [114, null],
          [114, 31],
        ]),
      ),
      /^r: features\[0\]\.geometry\.coordinates\[0\]\[1\]: /,
    ],
    [
      collection({ ...feature(line), geometry: { type: 'MultiLineString', coordinates: [line] } }),
      /^r: features\[0\]\.geometry\.type: a route is made of LineString features/,
    ],
    [collection(feature(line, { halfWidthM: 0 })), /^r: features\[0\]\.properties\.halfWidthM: /],
    [collection(feature(line, { crs: 'bd09' })), /^r: features\[0\]\.properties\.crs: /],
    [
      collection(feature(line, { limits: [{ fromM: 0, toM: 10, dayKmph: 80 }] })),
      /^r: features\[0\]\.properties\.limits\[0\]\.dayKmph: unknown key; remove it or correct its spelling \(known here: .*dayKmh/,
    ],
    [
      collection(feature(line, { limits: [{ fromM: 0 }] })),
      /^r: features\[0\]\.properties\.limits\[0\]\.toM: missing; /,
    ],
    [
      collection(feature(line, { limits: [{ fromM: 10, toM: 10 }] })),
      /^r: features\[0\]\.properties\.limits\[0\]\.fromM: fromM must be below toM$/,
    ],
  ])('refuses %# in one line that names the path', (value, remedy) => {
    let message = ''
    try {
      parseRoute(value, 'r')
    } catch (error) {
      expect(error).toBeInstanceOf(BadInput)
      message = (error as Error).message
    }
    expect(message).toMatch(remedy)
    expect(message).not.toContain('\n')
  })
})

const vectors = new URL('../../../shared/data/geo/turf/point-to-line-distance/', import.meta.url)
type Geo = {
  features: { geometry: { type: string; coordinates: never } }[]
  properties?: { mercator?: boolean }
}

describe.skipIf(!existsSync(vectors))('distances of another library (../shared/data/geo/turf)', () => {
  const names = existsSync(vectors) ? readdirSync(vectors).filter((name) => name.startsWith('out__city')) : []
  it.each(names)('%s', (name) => {
    const { features } = JSON.parse(readFileSync(new URL(name, vectors), 'utf8')) as Geo
    const coordinates = (type: string): unknown =>
      features.find(({ geometry }) => geometry.type === type)?.geometry.coordinates
    const [lon, lat] = coordinates('Point') as LonLat
    const line = (coordinates('LineString') as LonLat[]).map(([x, y]) => ({ lat: y, lon: x }))
    // Their answer is drawn as a circle about the point: its first vertex lies due north at the distance.
    const [[, north]] = (coordinates('Polygon') as LonLat[][])[0] as [LonLat]
    const theirsM = ((north - lat) * Math.PI * 6_371_008.8) / 180
    const oursM = corridorOf([line]).nearest({ lat, lon }, null).distanceM
    expect(Math.abs(oursM - theirsM) / theirsM).toBeLessThan(0.006)
  })
})
