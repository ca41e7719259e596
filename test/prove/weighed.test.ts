import { expect, it } from 'vitest'
import type { Weighed } from './collect.ts'
import { growthComplaints, growthOf } from './weighed.ts'

const mb = 2 ** 20
/** Seven minutes, a look every five seconds; every third catches the collector in the middle. */
const looks = (at: (minute: number) => Partial<NodeJS.MemoryUsage>): Weighed[] =>
  Array.from({ length: 84 }, (_, n) => {
    const usage = { rss: 180 * mb, heapTotal: 90 * mb, heapUsed: 40 * mb, external: 4 * mb, arrayBuffers: 0 }
    const own = { ...usage, ...at(n / 12) }
    const unswept = n % 3 === 1 ? 25 * mb : 0
    return { ...own, rss: own.rss + unswept, heapUsed: own.heapUsed + unswept, atMs: 1.8e12 + n * 5000 }
  })

it('a gateway that stays as it is grows by nothing, whatever its collector does in between', () => {
  const growth = growthOf(looks(() => ({})))
  expect(growth).toEqual({ residentMbPerMin: 0, heldMbPerMin: 0, nativeMbPerMin: 0 })
  expect(growthComplaints(growth)).toEqual([])
})

it('what is held more, on the heap or outside, is told', () => {
  for (const of of ['heapUsed', 'external'] as const)
    expect(growthComplaints(growthOf(looks((minute) => ({ [of]: (40 + 0.6 * minute) * mb }))))).toEqual([
      'the gateway holds 0.6 MB more a minute',
    ])
})

it('what native code holds more is told', () => {
  expect(growthComplaints(growthOf(looks((minute) => ({ rss: (180 + 1.2 * minute) * mb }))))).toEqual([
    'the gateway grows by 1.2 MB a minute beside its heap',
  ])
})

it('room that the heap has taken and holds nothing in is the machine’s matter', () => {
  const growth = growthOf(
    looks((minute) => ({ rss: (180 + 2 * minute) * mb, heapTotal: (90 + 2 * minute) * mb })),
  )
  expect(growth).toEqual({ residentMbPerMin: 2, heldMbPerMin: 0, nativeMbPerMin: 0 })
  expect(growthComplaints(growth)).toEqual([])
})
