import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addRange, boundedRanges, hasSeq, highest, holes, nothing } from '../../../gateway/journal/ranges.ts'

/** The reference: a set of numbers. */
const pieces = fc.array(
  fc.record({ first: fc.integer({ min: 1, max: 60 }), length: fc.integer({ min: 1, max: 9 }) }),
  { maxLength: 40 },
)

describe('ranges', () => {
  test('are the same as a set of numbers, whatever is added in whatever order', () => {
    fc.assert(
      fc.property(pieces, (added) => {
        const set = new Set<number>()
        let state = nothing
        for (const { first, length } of added) {
          for (let seq = first; seq < first + length; seq++) set.add(seq)
          state = addRange(state, first, first + length - 1)
        }
        for (let seq = 1; seq <= 75; seq++) expect(hasSeq(state, seq)).toBe(set.has(seq))
        const top = Math.max(0, ...set)
        expect(highest(state)).toBe(top)
        const missing = holes(state).flatMap(({ first, last }) =>
          Array.from({ length: last - first + 1 }, (_, index) => first + index),
        )
        expect(missing).toEqual(
          Array.from({ length: top }, (_, index) => index + 1).filter((seq) => !set.has(seq)),
        )
        // Ranges never touch each other nor the run from 1.
        const edges = [state.upto, ...state.ranges.flatMap(({ first, last }) => [first, last])]
        for (let index = 1; index < edges.length; index += 2)
          expect(edges[index]! - edges[index - 1]!).toBeGreaterThan(1)
      }),
    )
  })

  test('what does not fit into an ack leaves out the middle', () => {
    const ranges = Array.from({ length: 10 }, (_, index) => ({ first: index * 3 + 2, last: index * 3 + 2 }))
    expect(boundedRanges(ranges, 10)).toBe(ranges)
    expect(boundedRanges(ranges, 4).map(({ first }) => first)).toEqual([2, 5, 26, 29])
  })
})
