import { describe, expect, it } from 'vitest'
import { chance, spread, wander } from '../../sim/random.ts'

describe('seeded chance', () => {
  const draws = Array.from({ length: 20_000 }, (_, index) => chance(7, 'test', index))

  it('is the same for the same seed and another for another', () => {
    expect(chance(7, 'test', 3)).toBe(draws[3])
    expect(chance(8, 'test', 3)).not.toBe(draws[3])
    expect(chance(7, 'tesu', 3)).not.toBe(draws[3])
  })

  it('is spread evenly, and neighbours know nothing of each other', () => {
    const bins = Array(10).fill(0) as number[]
    for (const draw of draws) bins[Math.floor(draw * 10)]!++
    for (const count of bins) expect(Math.abs(count - 2000)).toBeLessThan(250)
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
    const joint = draws.slice(1).reduce((sum, draw, at) => sum + (draw - mean) * (draws[at]! - mean), 0)
    const own = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0)
    expect(Math.abs(joint / own)).toBeLessThan(0.03)
  })

  it('wanders smoothly within its bounds', () => {
    for (let atS = 0; atS < 3600; atS++) {
      expect(Math.abs(wander(7, 'north', atS))).toBeLessThanOrEqual(1)
      expect(Math.abs(wander(7, 'north', atS + 1) - wander(7, 'north', atS))).toBeLessThan(0.1)
    }
    expect(Math.abs(spread(7, 'x', 1))).toBeLessThanOrEqual(1)
  })
})
