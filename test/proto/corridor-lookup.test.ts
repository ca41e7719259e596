import { describe, expect, test } from 'vitest'
import type { Corridor, CorridorPosition, SegmentLimit } from '../../proto/geo/corridor.ts'
import { halfWidthAt, halfWidthOf } from '../../proto/geo/corridor.ts'
import { asOneCorridor, buildCorridor, type LineParts } from '../../proto/geo/corridor-build.ts'
import { roadPoint } from '../help/road.ts'

/** Roads of many short segments, metres east and north of one place. */

type Place = readonly [number, number]
const line = (places: readonly Place[], more: Partial<LineParts> = {}): LineParts => ({
  points: places.map(([x, y]) => roadPoint(x, y)),
  halfWidthM: 100,
  limits: [],
  ...more,
})
const corridor = (...lines: LineParts[]): Corridor =>
  buildCorridor({ id: 'r', name: 'road', lines, stops: [{ areaId: 's' }] })
const straight = (count: number, stepM: number, y = 0): Place[] =>
  Array.from({ length: count + 1 }, (_, n) => [n * stepM, y])
const hint = (segment: number, alongM: number, of = 0): CorridorPosition => ({
  line: of,
  segment,
  alongM,
  distanceM: 0,
})
const where = ({ line: of, segment, alongM, distanceM }: CorridorPosition): unknown[] => [
  of,
  segment,
  Math.round(alongM),
  Math.round(distanceM),
]

describe('a place on a road is looked for about the last one', () => {
  /** There and back again, twenty metres beside: every place is near two legs. */
  const back: Place[] = [...straight(20, 100), ...straight(20, 100, 20).toReversed()]
  const road = corridor(line(back))

  test.each<[string, CorridorPosition | null, Place, number]>([
    ['without one, the nearest leg', null, [550, 18], 35],
    ['on the leg that is driven', hint(5, 500), [550, 18], 5],
    ['three segments behind', hint(8, 850), [550, 18], 5],
    ['four are too many: the nearest leg', hint(8, 850), [450, 18], 36],
    ['six segments ahead', hint(0, 50), [650, 18], 6],
    ['seven are too many: the nearest leg', hint(0, 50), [750, 18], 33],
    ['at the first segment', hint(0, 0), [50, 18], 0],
    ['at the last one of all', hint(40, 3900), [50, 2], 40],
    ['up to the last one of all', hint(39, 3850), [50, 2], 40],
    ['almost half the width beside it', hint(35, 3520), [550, -25], 35],
    ['half the width beside it', hint(5, 500), [550, -49], 5],
    ['beyond half the width: the nearest leg', hint(5, 500), [550, 69], 35],
    ['a hint on a line that is not there', hint(5, 500, 3), [550, 18], 35],
    ['a hint beyond the last segment', hint(41, 500), [550, 18], 35],
  ])('%s', (_, from, [x, y], segment) => {
    expect(road.nearest(roadPoint(x, y), from).segment).toBe(segment)
  })

  test('and not a kilometre off', () => {
    const long = corridor(line([...straight(8, 600), ...straight(8, 600, 20).toReversed()]))
    const at = (segment: number, alongM: number, x: number): number =>
      long.nearest(roadPoint(x, 18), hint(segment, alongM)).segment
    expect(at(1, 700, 1500)).toBe(2)
    expect(at(1, 700, 2000)).toBe(13)
    expect(at(3, 2000, 1300)).toBe(2)
    expect(at(4, 2900, 700)).toBe(15)
  })
})

describe('of several lines', () => {
  const wide = line(straight(2, 1000), { halfWidthM: 400 })
  const narrow = line(straight(2, 1000, 500), { halfWidthM: 50 })

  test('one within whose width a place lies comes before a nearer one', () => {
    for (const [road, wideIs] of [
      [corridor(wide, narrow), 0],
      [corridor(narrow, wide), 1],
    ] as const) {
      expect(where(road.nearest(roadPoint(500, 350), null))).toEqual([wideIs, 0, 500, 350])
      expect(where(road.nearest(roadPoint(500, 470), null))).toEqual([1 - wideIs, 0, 500, 30])
      expect(where(road.nearest(roadPoint(500, 440), null))).toEqual([1 - wideIs, 0, 500, 60])
      expect(where(road.nearest(roadPoint(500, -500), null))).toEqual([wideIs, 0, 500, 500])
    }
  })

  test('of two that hold it the nearer, of two as near the first', () => {
    const twins = corridor(line(straight(1, 1000)), line(straight(1, 1000, 60)), line(straight(1, 1000)))
    expect(where(twins.nearest(roadPoint(500, 40), null))).toEqual([1, 0, 500, 20])
    expect(where(twins.nearest(roadPoint(500, 20), null))).toEqual([0, 0, 500, 20])
  })
})

describe('what holds so far along', () => {
  const limit = (fromM: number, toM: number, dayKmh: number | null): SegmentLimit => ({
    fromM,
    toM,
    dayKmh,
    nightKmh: null,
    roadClass: null,
    minS: null,
    maxS: null,
  })
  const kmh = (limits: readonly SegmentLimit[], alongM: number): unknown =>
    corridor(line(straight(3, 1000), { limits })).limitAt(hint(0, alongM))?.dayKmh

  test('a stretch from its beginning, not to its end where another begins', () => {
    const limits = [limit(0, 1000, 80), limit(1000, 2000, 60)]
    expect([-1, 0, 999.9, 1000, 2000, 2000.1].map((alongM) => kmh(limits, alongM))).toEqual([
      undefined,
      80,
      80,
      60,
      60,
      undefined,
    ])
  })

  test('of several the lowest by day; one that says nothing is no limit; of equal ones the first', () => {
    expect(kmh([limit(0, 2000, 80), limit(500, 1500, 60)], 1000)).toBe(60)
    expect(kmh([limit(0, 2000, 60), limit(500, 1500, 80)], 1000)).toBe(60)
    expect(kmh([limit(0, 2000, null), limit(500, 1500, 80)], 1000)).toBe(80)
    expect(kmh([limit(0, 2000, 80), limit(500, 1500, null)], 1000)).toBe(80)
    const first = limit(0, 2000, 80)
    const road = corridor(line(straight(3, 1000), { limits: [first, limit(500, 1500, 80)] }))
    expect(road.limitAt(hint(0, 1000))).toBe(first)
    expect(road.limitAt(hint(0, 1000, 7))).toBeNull()
  })
})

describe('how wide it is', () => {
  const widths = [
    { fromM: 100, toM: 200, halfWidthM: 30 },
    { fromM: 150, toM: 300, halfWidthM: 20 },
    { fromM: 400, toM: 500, halfWidthM: 0 },
  ]

  test('the widest of the stretches there, else its own', () => {
    const at = (alongM: number): number => halfWidthOf({ halfWidthM: 50, widths }, alongM)
    expect([99, 100, 170, 200, 201, 300, 301, 450].map(at)).toEqual([50, 30, 30, 30, 20, 20, 50, 0])
    expect(halfWidthOf({ halfWidthM: 50, widths: [{ fromM: 0, toM: 9, halfWidthM: 0.5 }] }, 5)).toBe(0.5)
    expect(halfWidthOf({ halfWidthM: 50, widths: [] }, 170)).toBe(50)
    expect(halfWidthOf({ halfWidthM: 50, widths: undefined }, 170)).toBe(50)
  })

  test('nothing on a line that is not there', () => {
    const road = corridor(line(straight(1, 1000), { widths }))
    expect(halfWidthAt(road, hint(0, 170))).toBe(30)
    expect(halfWidthAt(road, hint(0, 170, 1))).toBe(0)
  })
})

test('several corridors are alternatives under the id of the first', () => {
  const one = corridor(line(straight(1, 1000)))
  const other = buildCorridor({
    id: 'o',
    name: 'other',
    lines: [line(straight(1, 1000, 300))],
    stops: [{ areaId: 't' }],
  })
  expect(asOneCorridor([])).toBeNull()
  expect(asOneCorridor([other])).toBe(other)
  const both = asOneCorridor([one, other])!
  expect([both.id, both.name, both.lines.length]).toEqual(['r', 'road', 2])
  expect(both.stops.map(({ areaId }) => areaId)).toEqual(['s', 't'])
  expect(both.nearest(roadPoint(500, 290), null).line).toBe(1)
})
