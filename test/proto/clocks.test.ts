import { expect, test } from 'vitest'
import { arrivalSlackMs, worldAt, worldSchema } from '../../proto/clocks.ts'

test('world time is a line through its anchor, and stands while it is paused', () => {
  const world = { anchorHostMs: 1000, anchorWorldMs: 500_000, factor: 60, paused: false }
  expect(worldAt(world, 1000)).toBe(500_000)
  expect(worldAt(world, 1500)).toBe(530_000)
  expect(worldAt(world, 900)).toBe(494_000)
  expect(worldAt({ ...world, paused: true }, 1500)).toBe(500_000)
})

test('no world is faster than a hundred thousand seconds a second, and none stands by its factor', () => {
  const isWorld = (factor: number): boolean =>
    worldSchema.safeParse({ anchorHostMs: 0, anchorWorldMs: 0, factor, paused: false }).success
  expect([0, 0.1, 100_000, 100_000.5].map(isWorld)).toEqual([false, true, true, false])
})

test('arrival times are allowed a second of the machine, but only in fast motion', () => {
  expect(arrivalSlackMs(1)).toBe(0)
  expect(arrivalSlackMs(1.5)).toBe(1500)
  expect(arrivalSlackMs(60)).toBe(60_000)
})
