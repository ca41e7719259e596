import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type JumpState,
  noPosition,
  stepJumpFilter,
  type Verdict,
} from '../../../device/signals/jump-filter.ts'
import { metresPerDegree } from '../../../proto/geo/earth.ts'
import { defaultPolicy } from '../../../proto/policy.ts'

const policy = defaultPolicy('coach').signals
const perDegree = metresPerDegree(0).lon

/** Positions on the equator, so many metres east at so many seconds. */
function verdicts(fixes: readonly (readonly [seconds: number, metres: number])[]): Verdict[] {
  let state: JumpState = noPosition
  return fixes.map(([seconds, metres]) => {
    const result = stepJumpFilter(state, { atMs: seconds * 1000, lat: 0, lon: metres / perDegree }, policy)
    state = result.state
    return result.verdict
  })
}

describe('jump filter', () => {
  it('accepts what a vehicle can drive and refuses what it cannot: 69.9 m/s, 70.1 m/s', () => {
    expect(
      verdicts([
        [0, 0],
        [1, 69.9],
      ]),
    ).toEqual(['accepted', 'accepted'])
    expect(
      verdicts([
        [0, 0],
        [1, 70.1],
      ]),
    ).toEqual(['accepted', 'refused'])
  })

  it('measures from the last accepted fix, so one outlier costs one position', () => {
    expect(
      verdicts([
        [0, 0],
        [1, 20],
        [2, 9000],
        [3, 60],
      ]),
    ).toEqual(['accepted', 'accepted', 'refused', 'accepted'])
  })

  it('begins anew after five fixes that agree, and not after four', () => {
    const away = [1, 2, 3, 4, 5].map((seconds) => [seconds, 50_000 + seconds * 20] as const)
    expect(verdicts([[0, 0], ...away])).toEqual([
      'accepted',
      'refused',
      'refused',
      'refused',
      'refused',
      'reseeded',
    ])
    expect(verdicts([[0, 0], ...away.slice(0, 4), [5, 100]]).at(-1)).toBe('accepted')
  })

  it('does not begin anew for fixes that jump about', () => {
    const wild = [1, 2, 3, 4, 5, 6, 7, 8].map(
      (seconds) => [seconds, seconds % 2 === 0 ? 50_000 : 90_000] as const,
    )
    expect(verdicts([[0, 0], ...wild]).slice(1)).toEqual(Array(8).fill('refused'))
  })

  it('cannot lock up: whatever came before, a vehicle that drives on is followed within five fixes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1_000_000, max: 1_000_000 }), { maxLength: 30 }),
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        (noise, from) => {
          const before = noise.map((metres, second) => [second, metres] as const)
          const after = [1, 2, 3, 4, 5, 6].map(
            (second) => [noise.length + second, from + second * 25] as const,
          )
          expect(verdicts([...before, ...after]).at(-1)).toBe('accepted')
        },
      ),
    )
  })
})
