import { afterEach, expect, it, vi } from 'vitest'
import { realWorld } from '../../device/clock.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

it('a wall clock that is set under way moves no date of a terminal', () => {
  const before = realWorld.nowMs()
  expect(Math.abs(before - Date.now())).toBeLessThan(60_000)
  vi.spyOn(Date, 'now').mockReturnValue(before + 86_400_000)
  expect(realWorld.nowMs() - before).toBeLessThan(60_000)
  vi.spyOn(Date, 'now').mockReturnValue(before - 86_400_000)
  expect(realWorld.nowMs()).toBeGreaterThanOrEqual(before)
})
