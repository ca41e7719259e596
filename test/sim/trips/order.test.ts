import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOrder } from '../../../sim/trips/order.ts'

type Row = { atMs: number; name: string }

/** Rows at these seconds through the order; names are their places in the file. */
function ordered(seconds: readonly number[]): { accepted: string[]; refused: string[] } {
  const accepted: string[] = []
  const refused: string[] = []
  const order = createOrder<Row>(
    ({ name }) => accepted.push(name),
    ({ name }) => refused.push(name),
  )
  for (const [index, second] of seconds.entries())
    order.push({ atMs: second * 1000, name: `${index}@${second}` })
  order.end()
  return { accepted, refused }
}

const steady = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index)

describe('rows of a recording', () => {
  it('up to 60 s late are sorted in, later ones refused', () => {
    expect(ordered([...steady(0, 100), 39, 100]).accepted).toEqual(
      ordered(steady(0, 101)).accepted.map((name, i) => (i === 100 ? '101@100' : name)),
    )
    const { accepted, refused } = ordered([0, 1, 2, 100, 40.5, 101, 40.4, 39.9, 102])
    expect(accepted).toEqual(['0@0', '1@1', '2@2', '4@40.5', '3@100', '5@101', '8@102'])
    expect(refused).toEqual(['6@40.4', '7@39.9'])
  })

  it('with equal times keep the first, and the second is no refusal', () => {
    expect(ordered([0, 1, 1, 2])).toEqual({ accepted: ['0@0', '1@1', '3@2'], refused: [] })
  })

  it('far ahead are refuted by one of the next five', () => {
    expect(ordered([0, 1, 5000, 2, 3]).refused).toEqual(['2@5000'])
    expect(ordered([0, 1, 5000, 5001, 5002, 5003, 5004, 2]).refused).toEqual([
      '2@5000',
      '3@5001',
      '4@5002',
      '5@5003',
      '6@5004',
    ])
  })

  it('far ahead stand when the next five confirm them, and then the old time is over', () => {
    const { accepted, refused } = ordered([0, 1, 5000, 5001, 5002, 5003, 5004, 5005, 2])
    expect(accepted).toHaveLength(8)
    expect(refused).toEqual(['8@2'])
  })

  it('far ahead stand at the end of the file, where nothing contradicts them', () => {
    expect(ordered([0, 1, 5000, 5001])).toEqual({ accepted: ['0@0', '1@1', '2@5000', '3@5001'], refused: [] })
  })

  it('beginning in the future do not hide the trip', () => {
    expect(ordered([1e9, ...steady(0, 10)])).toEqual({
      accepted: ordered([1e9, ...steady(0, 10)]).accepted,
      refused: ['0@1000000000'],
    })
    expect(ordered([1e9, ...steady(0, 10)]).accepted).toHaveLength(10)
  })

  it('a quarter of an hour apart are a sparse trip, not a row of doubts', () => {
    const quarters = steady(0, 40).map((quarter) => quarter * 900)
    expect(ordered(quarters)).toEqual({
      accepted: quarters.map((second, index) => `${index}@${second}`),
      refused: [],
    })
  })

  it('that waited behind a refuted one are judged anew, and sorted in where they are no leap', () => {
    expect(ordered([1, 0, 602, 2, 0.5])).toEqual({
      accepted: ['1@0', '4@0.5', '0@1', '3@2'],
      refused: ['2@602'],
    })
  })

  it('exactly 600 s ahead need no confirmation', () => {
    expect(ordered([0, 600, 601]).accepted).toEqual(['0@0', '1@600', '2@601'])
  })

  it('come out strictly ascending, each accepted, refused or a double, whatever the file', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 4000 })), {
          maxLength: 80,
        }),
        (seconds) => {
          const { accepted, refused } = ordered(seconds)
          const times = accepted.map((name) => Number(name.split('@')[1]))
          for (let i = 1; i < times.length; i++) expect(times[i]!).toBeGreaterThan(times[i - 1]!)
          expect(new Set([...accepted, ...refused]).size).toBe(accepted.length + refused.length)
          expect(accepted.length + refused.length).toBeLessThanOrEqual(seconds.length)
        },
      ),
      { numRuns: 5000 },
    )
  })
})
