import { describe, expect, it } from 'vitest'
import { distanceM } from '../../proto/geo/earth.ts'
import { planOf } from '../../sim/scenario.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { truthAt } from '../../sim/vehicle.ts'

describe.each([...scenarios.keys()])('the truth of %s', (name) => {
  const plan = planOf(scenarios.get(name)!)
  const seconds = (plan.endMs - plan.startMs) / 1000
  const truths = Array.from({ length: seconds + 1 }, (_, second) =>
    truthAt(plan, plan.startMs + second * 1000),
  )

  it('moves as far as its odometer says', () => {
    for (let at = 1; at < truths.length; at++) {
      const now = truths[at]!
      const before = truths[at - 1]!
      const odometerM = now.odometerM - before.odometerM
      expect(Math.abs(distanceM(before, now) - odometerM)).toBeLessThan(0.05 + odometerM * 0.01)
    }
    const straightM = truths.reduce(
      (sum, now, at) => sum + (at === 0 ? 0 : distanceM(truths[at - 1]!, now)),
      0,
    )
    const odometerM = truths.at(-1)!.odometerM - truths[0]!.odometerM
    expect(Math.abs(straightM - odometerM)).toBeLessThan(odometerM * 1e-4)
  })

  it('keeps to what a coach can do, and one in a hurry to what passengers stand up to', () => {
    const hurried = plan.scenario.manner === 'hurried'
    for (let at = 1; at < truths.length; at++) {
      const changeKmh = truths[at]!.speedKmh - truths[at - 1]!.speedKmh
      expect(changeKmh).toBeLessThanOrEqual((hurried ? 3.2 : 0.6) * 3.6 + 1e-6)
      expect(changeKmh).toBeGreaterThanOrEqual(-7 * 3.6 - 1e-6)
      const turn = Math.abs(truths[at]!.courseDeg - truths[at - 1]!.courseDeg)
      expect(Math.min(turn, 360 - turn)).toBeLessThan(5)
    }
  })

  it('has an engine that fits its wheels', () => {
    for (const { speedKmh, rpm, gear, ignition } of truths) {
      if (!ignition) continue
      expect(rpm).toBeGreaterThanOrEqual(600)
      expect(rpm).toBeLessThanOrEqual(2300)
      expect(gear === 0).toBe(speedKmh === 0)
    }
  })

  it('opens no door while moving', () => {
    expect(truths.filter(({ doorOpen, speedKmh }) => doorOpen && speedKmh > 0)).toEqual([])
  })
})
