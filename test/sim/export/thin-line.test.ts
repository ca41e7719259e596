import fc from 'fast-check'
import { expect, it } from 'vitest'
import { pathOf, thinLine, type Xy } from '../../../sim/export/thin-line.ts'

const point = fc.record({ x: fc.integer({ min: 0, max: 1000 }), y: fc.integer({ min: 0, max: 500 }) })

/** Distance to the nearest place of a line, looked for along all of it. */
function away({ x, y }: Xy, line: readonly Xy[]): number {
  let nearest = Number.POSITIVE_INFINITY
  for (let at = 0; at + 1 < line.length; at++)
    for (let step = 0; step <= 1000; step++) {
      const [a, b] = [line[at]!, line[at + 1]!]
      const t = step / 1000
      nearest = Math.min(nearest, Math.hypot(x - a.x - t * (b.x - a.x), y - a.y - t * (b.y - a.y)))
    }
  return nearest
}

it('leaves out only what nobody can see', () => {
  fc.assert(
    fc.property(
      fc.array(point, { minLength: 2, maxLength: 12 }),
      fc.constantFrom(0, 5, 50),
      (points, tolerance) => {
        const thin = thinLine(points, tolerance)
        expect(thin[0]).toBe(points[0])
        expect(thin.at(-1)).toBe(points.at(-1))
        for (const one of points) expect(away(one, thin)).toBeLessThanOrEqual(tolerance + 1)
      },
    ),
    { numRuns: 50 },
  )
})

it('is short for a straight road, and takes lines of no or one point as they are', () => {
  expect(
    thinLine(
      Array.from({ length: 500 }, (_, x) => ({ x, y: 2 * x })),
      0.1,
    ),
  ).toHaveLength(2)
  expect(thinLine([], 1)).toEqual([])
  expect(thinLine([{ x: 1, y: 2 }], 1)).toEqual([{ x: 1, y: 2 }])
  expect(
    pathOf([
      { x: 1.04, y: 2 },
      { x: 3, y: 4.06 },
    ]),
  ).toBe('M1 2L3 4.1')
})
