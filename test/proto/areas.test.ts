import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distanceM, type LatLon } from '../../proto/geo/earth.ts'
import { fromGcj02, toGcj02 } from '../../proto/geo/gcj02.ts'
import { checkAreas, parseAreaFiles, parseAreas, readAreas } from '../../proto/shapes/areas.ts'

const box = (west: number, south: number, east: number, north: number): number[][] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
]
const polygon = (...rings: unknown[]) => ({ type: 'Polygon', coordinates: rings })
const feature = (geometry: unknown, properties: Record<string, unknown> = {}) => ({
  type: 'Feature',
  properties,
  geometry,
})
const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features })
const at = (lon: number, lat: number): LatLon => ({ lat, lon })
const idsAt = (value: unknown, lon: number, lat: number): string[] =>
  parseAreas(value, 'a.geojson')
    .at(at(lon, lat))
    .map(({ id }) => id)

describe('reading areas', () => {
  it('takes polygons with holes, multi-polygons, circles and corridors', () => {
    const value = collection(
      feature(polygon(box(0, 0, 4, 4), box(1, 1, 3, 3)), { id: 'ring', name: 'Ring road' }),
      feature(
        { type: 'MultiPolygon', coordinates: [[box(10, 0, 11, 1)], [box(12, 0, 13, 1)]] },
        { id: 'two' },
      ),
      feature({ type: 'Point', coordinates: [20, 0] }, { id: 'circle', radiusM: 1000 }),
      feature(
        {
          type: 'LineString',
          coordinates: [
            [30, 0],
            [31, 0],
            [31, 1],
          ],
        },
        { id: 'line', halfWidthM: 500 },
      ),
    )
    expect(idsAt(value, 0.5, 0.5)).toEqual(['ring'])
    expect(idsAt(value, 2, 2)).toEqual([])
    expect(idsAt(value, 1, 2)).toEqual(['ring'])
    expect(idsAt(value, 12.5, 0.5)).toEqual(['two'])
    expect(idsAt(value, 11.5, 0.5)).toEqual([])
    expect(idsAt(value, 20.008, 0)).toEqual(['circle'])
    expect(idsAt(value, 20.0095, 0)).toEqual([])
    expect(idsAt(value, 31.004, 0.5)).toEqual(['line'])
    expect(idsAt(value, 31.006, 0.5)).toEqual([])
    expect(parseAreas(value, 'f').byId.get('ring')).toMatchObject({
      name: 'Ring road',
      role: 'noEntry',
      windows: null,
    })
  })

  it('names an area by its property, else the feature id, else the name, else its place', () => {
    const geometry = polygon(box(0, 0, 1, 1))
    const value = collection(
      feature(geometry, { id: 'own', name: 'N' }),
      { ...feature(geometry, { name: 'N' }), id: 'of-feature' },
      feature(geometry, { name: '东站' }),
      feature(geometry),
      feature(geometry, { id: 7 }),
    )
    expect(idsAt(value, 0.5, 0.5)).toEqual(['3', '7', 'of-feature', 'own', '东站'])
  })

  it('keeps the properties that are ours and counts the others', () => {
    const properties = {
      role: 'speedZone',
      classes: ['coach'],
      windows: [{ from: '22:00', to: '06:00', days: [5, 6] }],
      limitKmh: 60,
      nightLimitKmh: 50,
      dwellS: 120,
      stroke: '#f00',
      'fill-opacity': 0.5,
      unused: null,
    }
    const read = readAreas(collection(feature(polygon(box(0, 0, 1, 1)), properties)))
    const { shape: _, ...spec } = read.specs[0]!
    expect(spec).toEqual({
      id: '0',
      name: '0',
      role: 'speedZone',
      classes: ['coach'],
      windows: [{ from: '22:00', to: '06:00', days: [5, 6] }],
      limitKmh: 60,
      nightLimitKmh: 50,
      dwellS: 120,
    })
    expect(read.foreign).toBe(2)
  })

  it('takes a single feature and a bare geometry', () => {
    expect(idsAt(feature(polygon(box(0, 0, 1, 1)), { id: 'one' }), 0.5, 0.5)).toEqual(['one'])
    expect(idsAt(polygon(box(0, 0, 1, 1)), 0.5, 0.5)).toEqual(['0'])
  })

  it('does not change what it is given', () => {
    const value = collection(feature(polygon(box(170, 0, 190, 1)), { crs: 'wgs84' }))
    const before = structuredClone(value)
    parseAreas(value, 'f')
    expect(value).toEqual(before)
  })

  it('refuses an id that occurs twice over several files', () => {
    const value = collection(feature(polygon(box(0, 0, 1, 1)), { id: 'A' }))
    expect(() =>
      parseAreaFiles([
        { value, file: 'a' },
        { value, file: 'b' },
      ]),
    ).toThrow(/^b: A: duplicate-id: a /)
  })
})

describe('checking areas', () => {
  const reasons = (value: unknown) => checkAreas(value).map(({ path, reason }) => `${path} ${reason}`)
  const ringPath = 'features[0].geometry.coordinates[0]'
  const bad = (geometry: unknown, properties: Record<string, unknown> = {}) =>
    reasons(collection(feature(geometry, properties)))

  it.each([
    [
      'a bow-tie',
      [
        [0, 0],
        [2, 2],
        [2, 0],
        [0, 2],
        [0, 0],
      ],
      'self-crossing',
    ],
    [
      'a spike',
      [
        [0, 0],
        [2, 0],
        [2, 3],
        [2, 1],
        [0, 1],
        [0, 0],
      ],
      'self-crossing',
    ],
    [
      'a ring touching itself in a corner',
      [
        [0, 0],
        [4, 0],
        [2, 2],
        [4, 4],
        [0, 4],
        [2, 2],
        [0, 0],
      ],
      'self-crossing',
    ],
    [
      'an open ring',
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ],
      'open-ring',
    ],
    [
      'a line there and back',
      [
        [0, 0],
        [1, 0],
        [1, 0],
        [0, 0],
      ],
      'too-few-vertices',
    ],
    [
      'three positions',
      [
        [0, 0],
        [1, 0],
        [0, 0],
      ],
      'too-few-vertices',
    ],
  ])('refuses %s', (_, ring, reason) => {
    expect(bad(polygon(ring))).toEqual([`${ringPath} ${reason}`])
  })

  it.each([
    ['null', [null, 0]],
    ['text', ['1', 0]],
    ['one number', [1]],
  ])('refuses a position that is %s', (_, position) => {
    expect(bad(polygon([position, [1, 0], [1, 1], position]))).toEqual([`${ringPath}[0] not-a-number`])
  })

  it('refuses latitudes and longitudes off the earth', () => {
    expect(
      bad(
        polygon([
          [0, 0],
          [1, 0],
          [1, 91],
          [0, 0],
        ]),
      ),
    ).toEqual([`${ringPath}[2] bad-value`])
    expect(bad({ type: 'Point', coordinates: [541, 0] }, { radiusM: 5 })).toEqual([
      'features[0].geometry.coordinates bad-value',
    ])
  })

  it.each([
    ['outside', box(5, 5, 6, 6)],
    ['across the ring', box(3, 1, 6, 2)],
    ['along the ring', box(0, 1, 1, 2)],
  ])('refuses a hole %s', (_, hole) => {
    expect(bad(polygon(box(0, 0, 4, 4), hole))).toEqual(['features[0].geometry.coordinates[1] hole-outside'])
  })

  it('refuses holes in holes and holes that cut the inside in two', () => {
    expect(bad(polygon(box(0, 0, 9, 9), box(1, 1, 8, 8), box(2, 2, 3, 3)))[0]).toContain('hole-outside')
    const across = [
      [0, 2],
      [2, 0],
      [4, 2],
      [2, 4],
      [0, 2],
    ]
    expect(bad(polygon(box(0, 0, 4, 4), across))[0]).toContain('cut-in-two')
  })

  it('accepts a hole touching its ring in one point', () => {
    expect(
      bad(
        polygon(box(0, 0, 4, 4), [
          [0, 2],
          [2, 1],
          [2, 3],
          [0, 2],
        ]),
      ),
    ).toEqual([])
  })

  it('refuses parts that overlap, accepts parts that touch in a point', () => {
    const parts = (second: number[][]) =>
      bad({ type: 'MultiPolygon', coordinates: [[box(0, 0, 2, 2)], [second]] })
    expect(parts(box(1, 1, 3, 3))[0]).toContain('parts-overlap')
    expect(parts(box(0.5, 0.5, 1, 1))[0]).toContain('parts-overlap')
    expect(parts(box(2, 2, 3, 3))).toEqual([])
  })

  it('accepts 10,000 vertices, refuses one more', () => {
    const circle = (n: number): number[][] => {
      const corners = Array.from({ length: n - 1 }, (_, i) => {
        const angle = (i / (n - 1)) * 2 * Math.PI
        return [Math.cos(angle), Math.sin(angle)]
      })
      return [...corners, corners[0]!]
    }
    expect(bad(polygon(circle(10_000)))).toEqual([])
    expect(bad(polygon(circle(10_001)))).toEqual(['features[0].geometry.coordinates too-many-vertices'])
  })

  it('tells the second of two areas with one id', () => {
    const geometry = polygon(box(0, 0, 1, 1))
    const problems = checkAreas(collection(feature(geometry, { id: 'A' }), feature(geometry, { id: 'A' })))
    expect(problems).toMatchObject([
      { id: 'A', index: 1, path: 'features[1].properties.id', reason: 'duplicate-id' },
    ])
  })

  it.each([
    [{ role: 'forbidden' }, 'role'],
    [{ windows: [{ from: '25:00', to: '06:00' }] }, 'windows[0].from'],
    [{ windows: [{ from: '22:00', to: '06:00', dayz: [1] }] }, 'windows[0].dayz'],
    [{ windows: [{ from: '22:00', to: '06:00', days: [0] }] }, 'windows[0].days[0]'],
    [{ classes: ['bus'] }, 'classes[0]'],
    [{ limitKmh: '60' }, 'limitKmh'],
    [{ dwellS: -1 }, 'dwellS'],
    [{ crs: 'bd09' }, 'crs'],
  ])('refuses %j', (properties, path) => {
    expect(bad(polygon(box(0, 0, 1, 1)), properties)).toEqual([`features[0].properties.${path} bad-value`])
  })

  it('asks for the size of a circle and of a corridor', () => {
    expect(bad({ type: 'Point', coordinates: [0, 0] })).toEqual(['features[0].properties.radiusM bad-value'])
    expect(
      bad({
        type: 'LineString',
        coordinates: [
          [0, 0],
          [1, 0],
        ],
      }),
    ).toEqual(['features[0].properties.halfWidthM bad-value'])
  })

  it.each([null, 7, [], {}, { type: 'Topology' }, { type: 'FeatureCollection' }])(
    'refuses %j as a file',
    (value) => {
      expect(checkAreas(value)).toMatchObject([{ id: null, index: null, reason: 'bad-value' }])
    },
  )

  it('throws the first problem as one line', () => {
    const value = collection(
      feature(
        polygon([
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
        ]),
      ),
    )
    expect(() => parseAreas(value, 'a.geojson')).toThrow(
      'a.geojson: features[0].geometry.coordinates[0]: open-ring: the last vertex is not the first one again; close the ring',
    )
  })
})

describe('whatever is in the file', () => {
  const coordinate = fc.oneof(
    fc.double({ min: -200, max: 200 }),
    fc.integer({ min: -4, max: 4 }),
    fc.constantFrom(null, 'x', [], {}, true),
  )
  const position = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 })) },
    { weight: 1, arbitrary: fc.array(coordinate, { maxLength: 3 }) },
  )
  const line = fc
    .array(position, { maxLength: 8 })
    .map((positions) => (positions.length > 2 ? [...positions, positions[0]] : positions))
  const corners = fc.array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 })), {
    minLength: 3,
    maxLength: 4,
  })
  const honest = corners.map((list) => ({ type: 'Polygon', coordinates: [[...list, list[0]]] }))
  const random = fc.record({
    type: fc.constantFrom('Polygon', 'MultiPolygon', 'Point', 'LineString', 'GeometryCollection', 7),
    coordinates: fc.oneof(
      position,
      line,
      fc.array(line, { maxLength: 3 }),
      fc.array(fc.array(line, { maxLength: 3 }), { maxLength: 3 }),
      fc.jsonValue(),
    ),
  })

  const geometry = fc.oneof(random, honest)

  it('is answered with areas and problems, never with an exception', () => {
    const own = fc.oneof(
      fc.constant({}),
      fc.record(
        {
          radiusM: fc.jsonValue(),
          halfWidthM: fc.constantFrom(10, -1, null),
          role: fc.constantFrom('station', 'x'),
          windows: fc.jsonValue(),
        },
        { requiredKeys: [] },
      ),
    )
    let valid = 0
    let refused = 0
    fc.assert(
      fc.property(fc.array(fc.tuple(geometry, own), { maxLength: 4 }), fc.jsonValue(), (parts, junk) => {
        const read = readAreas(
          collection(...parts.map(([shape, properties]) => feature(shape, properties)), junk),
        )
        valid += read.specs.length
        refused += read.problems.length
        expect(read.specs.length + new Set(read.problems.map(({ index }) => index)).size).toBe(
          parts.length + 1,
        )
        for (const problem of read.problems) {
          expect(problem.path).not.toBe('')
          expect(problem.remedy).not.toBe('')
        }
      }),
      { numRuns: 800 },
    )
    expect(Math.min(valid, refused)).toBeGreaterThan(50)
  })

  it('is valid only when no two sides of a ring cross, as comparing all of them says', () => {
    const cross = (ring: readonly (readonly [number, number])[]): boolean => {
      const n = ring.length - 1
      const side = (
        a: readonly [number, number],
        b: readonly [number, number],
        c: readonly [number, number],
      ): number => Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
      for (let i = 0; i < n; i++)
        for (let j = i + 2; j < n; j++) {
          if (i === 0 && j === n - 1) continue
          const [a, b, c, d] = [ring[i]!, ring[i + 1]!, ring[j]!, ring[j + 1]!]
          if (side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0) return true
        }
      return false
    }
    const corner = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }))
    let crossed = 0
    fc.assert(
      fc.property(fc.uniqueArray(corner, { minLength: 3, maxLength: 7, selector: String }), (corners) => {
        const ring = [...corners, corners[0]!]
        const valid = checkAreas(polygon(ring)).length === 0
        if (cross(ring)) {
          crossed++
          expect(valid).toBe(false)
        }
      }),
      { numRuns: 1000 },
    )
    expect(crossed).toBeGreaterThan(100)
  })
})

describe('the antimeridian', () => {
  const ways = [
    ['one ring beyond 180', polygon(box(170, -10, 190, 10))],
    ['one ring drawn the short way', polygon(box(170, -10, -170, 10))],
    ['one ring west of -180', polygon(box(-190, -10, -170, 10))],
    [
      'cut in two',
      { type: 'MultiPolygon', coordinates: [[box(170, -10, 180, 10)], [box(-180, -10, -170, 10)]] },
    ],
  ] as const
  it.each(ways)('knows an area that is %s', (_, geometry) => {
    const area = parseAreas(geometry, 'f').all[0]!
    for (const lon of [170, 175, 180, -180, -175, -170]) expect(area.contains(at(lon, 0))).toBe(true)
    for (const lon of [169.9, -169.9, 0]) expect(area.contains(at(lon, 0))).toBe(false)
    expect(idsAt(geometry, -180, 0)).toEqual(['0'])
    expect(idsAt(geometry, 180, 0)).toEqual(['0'])
    expect(area.signedDistanceM(at(179.99, 0))).toBeLessThan(-1_000_000)
    expect(area.crossings(at(179, 0), at(-179, 0))).toEqual([])
    expect(area.crossings(at(169, 0), at(171, 0))).toEqual([0.5])
    expect(area.crossings(at(165, 0), at(-165, 0))).toHaveLength(2)
  })

  it('knows a circle across it', () => {
    const area = parseAreas(feature({ type: 'Point', coordinates: [179.999, 0] }, { radiusM: 1000 }), 'f')
    expect(area.at(at(-179.995, 0))).toHaveLength(1)
    expect(area.at(at(-179.98, 0))).toHaveLength(0)
  })
})

describe('GCJ-02', () => {
  it('is undone to a millimetre anywhere in China, and changes nothing elsewhere', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 20, max: 50, noNaN: true }),
        fc.double({ min: 75, max: 134, noNaN: true }),
        (lat, lon) => {
          const there = toGcj02({ lat, lon })
          expect(distanceM(there, { lat, lon })).toBeGreaterThan(10)
          expect(distanceM(fromGcj02(there), { lat, lon })).toBeLessThan(0.001)
        },
      ),
    )
    expect(fromGcj02({ lat: 48.1, lon: 11.5 })).toEqual({ lat: 48.1, lon: 11.5 })
  })

  it('converts each vertex of an area that declares it', () => {
    const corners = box(116.39, 39.9, 116.4, 39.91)
    const shifted = corners.map(([lon, lat]) => {
      const point = toGcj02(at(lon!, lat!))
      return [point.lon, point.lat]
    })
    shifted[4] = shifted[0]!
    for (const value of [
      feature(polygon(shifted), { crs: 'gcj02' }),
      { ...collection(feature(polygon(shifted))), crs: 'gcj02' },
    ]) {
      const area = parseAreas(value, 'f').all[0]!
      expect(area.contains(at(116.39001, 39.90001))).toBe(true)
      expect(area.contains(at(116.38999, 39.90001))).toBe(false)
    }
  })
})

describe('the index', () => {
  const many = (seed: number) => {
    let state = seed
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return state / 2 ** 32
    }
    const features = Array.from({ length: 400 }, (_, i) => {
      const [lon, lat] = [110 + random() * 2, 30 + random() * 2]
      const size = 10 ** (-3 + random() * 3.2)
      const shape = i % 5
      if (shape === 0)
        return feature({ type: 'Point', coordinates: [lon, lat] }, { id: `c${i}`, radiusM: size * 50_000 })
      if (shape === 1)
        return feature(
          {
            type: 'LineString',
            coordinates: [
              [lon, lat],
              [lon + size, lat + size / 2],
              [lon, lat + size],
            ],
          },
          { id: `l${i}`, halfWidthM: 30 + random() * 300 },
        )
      return feature(polygon(box(lon, lat, lon + size, lat + size * (0.5 + random()))), { id: `p${i}` })
    })
    return { index: parseAreas(collection(...features), 'f'), random }
  }

  it('finds the areas at a point, sorted by id, as asking each of them does', () => {
    const { index, random } = many(7)
    for (let i = 0; i < 5000; i++) {
      const point = at(109.9 + random() * 2.5, 29.9 + random() * 2.5)
      const asked = index.all.filter((area) => area.contains(point)).map(({ id }) => id)
      expect(index.at(point).map(({ id }) => id)).toEqual(asked.toSorted())
    }
  })

  it('leaves out nobody near a point or along a line', () => {
    const { index, random } = many(8)
    for (let i = 0; i < 300; i++) {
      const a = at(110 + random() * 2, 30 + random() * 2)
      const b = at(a.lon + random() * 0.2 - 0.1, a.lat + random() * 0.2 - 0.1)
      const near = new Set(index.near(a, 3000))
      const along = new Set(index.along(a, b))
      for (const area of index.all) {
        if (area.signedDistanceM(a) <= 3000) expect(near.has(area)).toBe(true)
        if (area.contains(a) || area.crossings(a, b).length > 0) expect(along.has(area)).toBe(true)
      }
      const ids = index.along(a, b).map(({ id }) => id)
      expect(ids).toEqual([...new Set(ids)].toSorted())
    }
  })

  it('crosses a border an odd number of times exactly when the ends differ, and each time between the sides', () => {
    const { index, random } = many(9)
    let crossed = 0
    for (let i = 0; i < 2000; i++) {
      const area = index.all[Math.floor(random() * index.all.length)]!
      const a = at(110 + random() * 2, 30 + random() * 2)
      const b = at(110 + random() * 2, 30 + random() * 2)
      const fractions = area.crossings(a, b)
      expect(fractions.length % 2 === 1).toBe(area.contains(a) !== area.contains(b))
      expect(fractions.toSorted((p, q) => p - q)).toEqual([...fractions])
      for (const f of fractions) {
        const there = at(a.lon + (b.lon - a.lon) * f, a.lat + (b.lat - a.lat) * f)
        expect(Math.abs(area.signedDistanceM(there))).toBeLessThan(0.05)
        crossed++
      }
    }
    expect(crossed).toBeGreaterThan(100)
  })
})

const vectors = new URL('../../../shared/data/geo/', import.meta.url)

describe.skipIf(!existsSync(vectors))('recordings (../shared/data/geo)', () => {
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, vectors), 'utf8'))

  it('gives the same answers for a ring across the antimeridian and for its halves', () => {
    const names = readdirSync(new URL('antimeridian/', vectors))
    let state = 1
    const random = (): number => (state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647) / 2_147_483_647
    for (const name of [
      'almost-180',
      'complex-split',
      'extra-crossing',
      'great-circle',
      'issues-124',
      'issues-164',
      'issues-174',
      'multi-no-antimeridian',
      'north-pole',
      'one-hole',
      'south-pole',
      'split',
      'two-holes',
    ]) {
      if (!names.includes(`input_${name}.json`) || !names.includes(`flat_${name}.json`)) continue
      const whole = parseAreas(read(`antimeridian/input_${name}.json`), name)
      const halves = parseAreas(read(`antimeridian/flat_${name}.json`), name)
      for (let i = 0; i < 2000; i++) {
        const point = at(random() * 360 - 180, random() * 180 - 90)
        expect([name, point, whole.at(point).length]).toEqual([name, point, halves.at(point).length])
      }
    }
  })

  it('refuses kinked rings by name and accepts their honest twin', () => {
    for (const name of [
      'turf/kinks/in__switzerlandKinked.geojson',
      'turf/kinks/in__triple.geojson',
      'pip_hao/switzerlandKinked.geojson',
    ])
      expect([name, checkAreas(read(name)).map(({ reason }) => reason)]).toEqual([name, ['self-crossing']])
    expect(checkAreas(read('pip_hao/switzerland.geojson'))).toEqual([])
  })

  it('calls polygons valid and invalid as the JTS suite does', () => {
    const xml = readFileSync(new URL('jts/general_TestValid.xml', vectors), 'utf8')
    let compared = 0
    for (const [, desc, wkt, valid] of xml.matchAll(
      /<desc>([^<]*)<\/desc>\s*<a>\s*((?:MULTI)?POLYGON[^<]*?)\s*<\/a>[\s\S]*?isValid"[^>]*>\s*(true|false)/g,
    )) {
      if (wkt!.includes('EMPTY')) continue
      // Coordinates of those cases are not degrees; a power of two brings them there without changing a bit of them.
      const json = wkt!
        .replace(/^(MULTI)?POLYGON\s*/, '')
        .replace(/(-?[\d.]+(?:e[+-]?\d+)?|NaN)\s+(-?[\d.]+(?:e[+-]?\d+)?|NaN)/gi, (_, x, y) =>
          JSON.stringify([Number(x) / 1024, Number(y) / 1024]),
        )
        .replaceAll('(', '[')
        .replaceAll(')', ']')
      const type = wkt!.startsWith('MULTI') ? 'MultiPolygon' : 'Polygon'
      const problems = checkAreas({ type, coordinates: JSON.parse(json) })
      expect([desc, problems.length === 0]).toEqual([desc, valid === 'true'])
      compared++
    }
    expect(compared).toBeGreaterThan(20)
  })

  it('shifts as the recorded GCJ-02 pairs say', () => {
    type Pair = { wgs: [number, number]; gcj: [number, number] }
    const { wgs_to_gcj: pairs } = read('gcj02_vectors.json') as { wgs_to_gcj: Pair[] }
    for (const { wgs, gcj } of pairs) {
      const shifted = toGcj02({ lat: wgs[0], lon: wgs[1] })
      expect(shifted.lat).toBeCloseTo(gcj[0], 6)
      expect(shifted.lon).toBeCloseTo(gcj[1], 6)
    }
  })
})
