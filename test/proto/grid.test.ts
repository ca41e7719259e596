import { describe, expect, test } from 'vitest'
import { makeGrid } from '../../proto/geo/grid.ts'

/** Which boxes are looked at, told a second time by laying each of them on its grid cell by cell. */

type Box = readonly [number, number, number, number]

const boxes: readonly Box[] = [
  [110.004, 30.004, 110.006, 30.006],
  [110.004, 30.004, 110.011, 30.006],
  [110.0, 30.0, 110.01, 30.01],
  [110.001, 30.001, 110.155, 30.155],
  [110.001, 30.001, 110.1601, 30.1],
  [110.001, 30.001, 110.1, 30.1601],
  [109.5, 29.5, 111, 31],
  [100, 20, 115, 35],
  [90, -50, 170, 50],
  [-179, -89, 179, 89],
  [179.995, -0.005, 180.015, 0.005],
  [-180, -0.005, -179.99, 0.005],
  [170, 0, 190, 8],
  [0, -90, 0.01, -89.99],
  [20, 89.99, 20.01, 90],
  [-0.005, -0.005, 0.005, 0.005],
  ...Array.from({ length: 60 }, (_, n): Box => [5 + n * 0.01, 45.001, 5.005 + n * 0.01, 45.005]),
]
const finenesses = [100, 10, 1, 0.1]
const cell = (value: number, perDegree: number): number => Math.floor(value * perDegree)
const wrapped = (column: number, perDegree: number): number => {
  const around = 360 * perDegree
  return ((column % around) + around) % around
}

/** The finest grid on which a box covers no more than 16 cells either way, and its cells there. */
function laid([west, south, east, north]: Box): {
  readonly level: number
  readonly cells: Set<string>
} | null {
  for (const [level, perDegree] of finenesses.entries()) {
    const [left, right] = [cell(west + 180 - 1e-9, perDegree), cell(east + 180 + 1e-9, perDegree)]
    const [low, high] = [cell(south + 90 - 1e-9, perDegree), cell(north + 90 + 1e-9, perDegree)]
    if (right - left >= 16 || high - low >= 16) continue
    const cells = new Set<string>()
    for (let column = left; column <= right; column++)
      for (let row = low; row <= high; row++) cells.add(`${wrapped(column, perDegree)} ${row}`)
    return { level, cells }
  }
  return null
}

const spans = boxes.map(laid)
const grid = (hit: (box: number) => boolean) => makeGrid(Float64Array.from(boxes.flat()), hit)
const sorted = (found: Iterable<number>): number[] => [...new Set(found)].toSorted((a, b) => a - b)

const points = [
  ...boxes.slice(0, 16).flatMap(([west, south, east, north]) => [
    [west, south],
    [(west + east) / 2, (south + north) / 2],
    [east, north],
    [east + 0.02, north],
  ]),
  ...boxes.slice(16, 30).map(([west, south]) => [west + 0.001, south + 0.001]),
  [110.05, 30.05],
  [110.0055, 30.0055],
  [-120, 10],
].map(([lon, lat]) => [lon! > 180 ? lon! - 360 : lon!, Math.min(90, lat!)] as const)

describe('boxes at a point', () => {
  test('are looked for among those that cover its cell, and the widest', () => {
    for (const [lon, lat] of points) {
      const asked: number[] = []
      grid((box) => asked.push(box) < 0).at(lon, lat)
      const expected = spans.flatMap((span, box) => {
        if (span === null) return [box]
        const perDegree = finenesses[span.level]!
        const here = `${wrapped(cell(lon + 180, perDegree), perDegree)} ${cell(lat + 90, perDegree)}`
        return span.cells.has(here) ? [box] : []
      })
      expect(
        asked.toSorted((a, b) => a - b),
        `${lon}, ${lat}`,
      ).toEqual(expected)
    }
  })

  test('are those that are hit', () => {
    expect(grid((box) => box !== 1 && box !== 9).at(110.005, 30.005)).toEqual(
      expect.arrayContaining([0, 2, 3, 4, 5, 6, 7, 8]),
    )
    expect(grid(() => false).at(110.005, 30.005)).toEqual([])
  })
})

describe('boxes that may meet a box', () => {
  const levels = new Set(spans.flatMap((span) => (span === null ? [] : [span.level])))

  function naive([west, south, east, north]: Box): number[] {
    const found: number[] = spans.flatMap((span, box) => (span === null ? [box] : []))
    for (const level of levels) {
      const perDegree = finenesses[level]!
      const [left, right] = [cell(west + 180, perDegree), cell(east + 180, perDegree)]
      const [low, high] = [Math.max(0, cell(south + 90, perDegree)), cell(north + 90, perDegree)]
      if ((right - left + 1) * (high - low + 1) > 4096) return [...boxes.keys()]
      for (let column = left; column <= right; column++)
        for (let row = low; row <= high; row++)
          for (const [box, span] of spans.entries())
            if (span?.level === level && span.cells.has(`${wrapped(column, perDegree)} ${row}`))
              found.push(box)
    }
    return sorted(found)
  }

  test.each<[string, Box]>([
    ['one cell', [110.005, 30.005, 110.006, 30.006]],
    ['a few cells', [109.99, 29.99, 110.03, 30.02]],
    ['across 180 degrees', [179.98, -0.01, 180.02, 0.01]],
    ['west of -180 degrees', [-180.02, -0.01, -179.98, 0.01]],
    ['at the pole', [-0.5, -90.2, 0.3, -89.95]],
    ['nothing near', [-120, 10, -119.9, 10.1]],
    ['64 cells by 64', [5.001, 45.001, 5.638, 45.638]],
    ['65 by 64, which is too many: all', [5.001, 45.001, 5.648, 45.638]],
    ['64 by 65, too many as well', [5.001, 45.001, 5.638, 45.648]],
    ['a row of them', [5.1, 45, 5.3, 45.01]],
  ])('%s', (_, box) => {
    expect(sorted(grid(() => true).meeting(...box))).toEqual(naive(box))
  })
})

test('no boxes: none', () => {
  const empty = makeGrid(new Float64Array(), () => true)
  expect(empty.at(110, 30)).toEqual([])
  expect(empty.meeting(100, 20, 120, 40)).toEqual([])
})
