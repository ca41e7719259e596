import { expect, it } from 'vitest'
import { slopeOf } from './slope.ts'

it('is the slope of most, whatever a few say', () => {
  const line = Array.from({ length: 21 }, (_, x) => ({ x, y: 100 + 0.5 * x }))
  expect(slopeOf(line)).toBeCloseTo(0.5, 9)
  expect(slopeOf(line.map((point, n) => (n % 7 === 3 ? { ...point, y: 900 } : point)))).toBeCloseTo(0.5, 1)
  expect(slopeOf(line.map(({ x }) => ({ x, y: 3 })))).toBe(0)
  expect(slopeOf([])).toBe(0)
})
