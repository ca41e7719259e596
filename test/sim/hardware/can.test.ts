import { describe, expect, it } from 'vitest'
import { framesOfSecond } from '../../../sim/hardware/can.ts'
import { planOf } from '../../../sim/scenario.ts'
import { scenarios } from '../../../sim/scenarios/index.ts'
import { type Truth, truthAt } from '../../../sim/vehicle.ts'

const plan = planOf(scenarios.get('night-coach')!)
const truth = (atMs: number): Truth => truthAt(plan, atMs)
const pgnOf = (id: number): number => (id >>> 8) & 0xffff

describe('the bus of a world second', () => {
  it('never carries more than 20 frames, in order of time', () => {
    for (let second = 0; second < 600; second++) {
      const fromMs = plan.startMs + second * 1000
      const frames = framesOfSecond(fromMs, truth)
      expect(frames.length).toBeLessThanOrEqual(20)
      for (const [index, { atMs }] of frames.entries()) {
        expect(atMs).toBeGreaterThanOrEqual(frames[index - 1]?.atMs ?? fromMs)
        expect(atMs).toBeLessThan(fromMs + 1000)
      }
    }
  })

  it('repeats every group within ten seconds', () => {
    const seen = new Set<number>()
    for (let second = 0; second < 10; second++)
      for (const { frame } of framesOfSecond(plan.startMs + second * 1000, truth)) seen.add(pgnOf(frame.id))
    const broadcast = [0xecff, 0xebff]
    const groups = [65265, 61444, 65132, 65217, 61441, 65102, 61445, 65248, 65226]
    expect(seen).toEqual(new Set([...groups, ...broadcast]))
  })

  it('is silent with the ignition off', () => {
    expect(framesOfSecond(plan.startMs, (atMs) => ({ ...truth(atMs), ignition: false }))).toEqual([])
  })

  it('tells a changed card at once', () => {
    const changeMs = plan.startMs + 5000
    const change = (atMs: number): Truth => ({ ...truth(atMs), driver: atMs < changeMs ? 'A' : 'B' })
    const ids = framesOfSecond(changeMs, change).filter(({ frame }) => pgnOf(frame.id) === 0xecff)
    expect(ids).toHaveLength(1)
    expect(framesOfSecond(changeMs + 1000, change).some(({ frame }) => pgnOf(frame.id) === 0xecff)).toBe(
      false,
    )
  })
})
