import { expect, test } from 'vitest'
import { createCatchUp } from '../../gateway/catch-up.ts'
import type { Fleet } from '../../gateway/fleet.ts'

test('vehicles that are walked forward are counted until nothing is left of them', async () => {
  const slices = new Map([
    ['v1', 3],
    ['v2', 1],
  ])
  const counts: number[] = []
  const fleet = {
    isBehind: (_fleet: string, vehicle: string) => slices.has(vehicle),
    settleSome: (_fleet: string, vehicle: string) => {
      const left = slices.get(vehicle)! - 1
      slices.set(vehicle, left)
      counts.push(catchUp.behind())
      return Promise.resolve(left === 0 ? null : [])
    },
  } as unknown as Fleet
  const onError = (error: unknown): never => {
    throw error
  }
  const catchUp = createCatchUp({ fleet, add: () => {}, onError })
  for (const vehicle of ['v1', 'v2', 'v3']) catchUp.consider('f1', vehicle)
  expect(catchUp.behind()).toBe(2)
  await catchUp.idle()
  expect(counts).toEqual([2, 2, 2, 1])
  expect(catchUp.behind()).toBe(0)
})
