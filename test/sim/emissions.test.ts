import { describe, expect, it } from 'vitest'
import { emissionsOfSecond, isUnplugged } from '../../sim/emissions.ts'
import { planOf } from '../../sim/scenario.ts'
import { scenarios } from '../../sim/scenarios/index.ts'
import { beijing } from '../help/drive.ts'

const plan = planOf(scenarios.get('faulty-lines')!)
const at = (clock: string) => emissionsOfSecond(plan, beijing(`2026-11-23 ${clock}`))
const gnss = (clock: string): string => at(clock).find(({ line }) => line === 'gnss')!.text

describe('what leaves the hardware', () => {
  it('is the same for the same plan, second by second in order', () => {
    let lastMs = 0
    for (let second = 0; second < 120; second++) {
      const emissions = emissionsOfSecond(plan, plan.startMs + second * 1000)
      expect(emissions).toEqual(emissionsOfSecond(planOf(plan.scenario), plan.startMs + second * 1000))
      for (const { atMs } of emissions) {
        expect(atMs).toBeGreaterThanOrEqual(lastMs)
        lastMs = atMs
      }
    }
  })

  it('loses the fix exactly while the fault lasts', () => {
    expect(gnss('09:03:59')).toMatch(/^\$BDRMC,[^,]+,A/)
    expect(gnss('09:04:00')).toMatch(/^\$BDRMC,[^,]+,V/)
    expect(gnss('09:05:59')).toMatch(/^\$BDRMC,[^,]+,V/)
    expect(gnss('09:06:00')).toMatch(/^\$BDRMC,[^,]+,A/)
  })

  it('tells the antenna at once when it opens and when it closes', () => {
    expect(gnss('09:11:59')).not.toContain('ANTENNA')
    expect(gnss('09:12:00')).toContain('ANTENNA OPEN')
    expect(gnss('09:14:00')).toContain('ANTENNA OK')
  })

  it('is nothing on a silent bus, and the plugs follow the plan', () => {
    expect(at('09:16:30').filter(({ line }) => line === 'can')).toEqual([])
    expect(isUnplugged(plan, 'gnss', beijing('2026-11-23 09:20:30'))).toBe(true)
    expect(isUnplugged(plan, 'gnss', beijing('2026-11-23 09:21:00'))).toBe(false)
    expect(isUnplugged(plan, 'can', beijing('2026-11-23 09:16:30'))).toBe(false)
    expect(isUnplugged(plan, 'can', beijing('2026-11-23 09:23:00'))).toBe(true)
  })
})
