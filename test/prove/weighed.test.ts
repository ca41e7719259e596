import { expect, it } from 'vitest'
import type { Weighed } from './collect.ts'
import { growthComplaints, growthOf } from './weighed.ts'

const mb = 2 ** 20
/** Seven minutes, a look every five seconds; every third catches the collector in the middle. */
const looks = (at: (minute: number) => Partial<Weighed>): Weighed[] =>
  Array.from({ length: 84 }, (_, n) => {
    const usage = { rss: 180 * mb, heapTotal: 90 * mb, heapUsed: 40 * mb, external: 4 * mb, arrayBuffers: 0 }
    const own = { ...usage, anonymousBytes: 120 * mb, heapResidentBytes: 80 * mb, ...at(n / 12) }
    const unswept = n % 3 === 1 ? 25 * mb : 0
    return {
      ...own,
      rss: own.rss + unswept,
      anonymousBytes: own.anonymousBytes + unswept,
      heapUsed: own.heapUsed + unswept,
      atMs: 1.8e12 + n * 5000,
    }
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
  const growth = growthOf(
    looks((minute) => ({ rss: (180 + 1.2 * minute) * mb, anonymousBytes: (120 + 1.2 * minute) * mb })),
  )
  expect(growthComplaints(growth)).toEqual(['the gateway grows by 1.2 MB a minute beside its heap'])
})

it.each<[string, (minute: number) => Partial<Weighed>]>([
  [
    'room that the heap takes and holds nothing in',
    (minute) => ({
      rss: (180 + 2 * minute) * mb,
      heapTotal: (90 + 2 * minute) * mb,
      anonymousBytes: (120 + 2 * minute) * mb,
      heapResidentBytes: (80 + 2 * minute) * mb,
    }),
  ],
  [
    'room that the heap has long taken and touches only now',
    (minute) => ({
      rss: (180 + 2 * minute) * mb,
      anonymousBytes: (120 + 2 * minute) * mb,
      heapResidentBytes: (80 + 2 * minute) * mb,
    }),
  ],
  [
    'of the program’s own file, what it runs for the first time',
    (minute) => ({ rss: (180 + 2 * minute) * mb }),
  ],
])('%s is the machine’s matter', (_, at) => {
  const growth = growthOf(looks(at))
  expect(growth).toEqual({ residentMbPerMin: 2, heldMbPerMin: 0, nativeMbPerMin: 0 })
  expect(growthComplaints(growth)).toEqual([])
})
