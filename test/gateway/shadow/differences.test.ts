import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Differences, type Side } from '../../../gateway/shadow/differences.ts'
import type { Finding, Phase } from '../../../proto/model.ts'
import { startMs } from '../help/world.ts'

const minutes = (n: number): number => startMs + n * 60_000

function finding(phase: Phase, minute: number, subject = 'yard', kind = 'area'): Finding {
  return {
    ...{ kind, reason: 'noEntry', phase, subject, severity: 'major', grade: 'sufficient' },
    ...{ atMs: minutes(minute), decidedAtMs: minutes(minute), place: null, driver: null, trip: null },
    ...{ rule: { id: kind, version: 1 }, evidence: {} },
  }
}

type Episode = {
  readonly side: Side
  readonly from: number
  readonly to: number | null
  readonly subject?: string
}

/** What was said at each minute, and what is left to say at the end. */
function run(episodes: readonly Episode[], untilMinute: number): (readonly [number, string, string])[] {
  const differences = new Differences()
  const found: (readonly [number, string, string])[] = []
  for (let minute = 0; minute <= untilMinute; minute++) {
    for (const { side, from, to, subject } of episodes) {
      if (from === minute) differences.take(side, finding('started', from, subject))
      if (to === minute) differences.take(side, finding('ended', to, subject))
    }
    for (const one of differences.settle(minutes(minute)))
      found.push([minute, one.difference, one.finding.subject])
  }
  for (const one of differences.settle(Number.POSITIVE_INFINITY))
    found.push([-1, one.difference, one.finding.subject])
  return found
}
const both = (from: number, to: number | null, laterFrom: number, laterTo: number | null): Episode[] => [
  { side: 'inForce', from, to },
  { side: 'shadow', from: laterFrom, to: laterTo },
]

describe('where two policies differ', () => {
  it('says nothing where they agree to the minute', () => {
    expect(run(both(10, 20, 10, 20), 200)).toEqual([])
    expect(run(both(10, 20, 11, 21), 200)).toEqual([])
    expect(run(both(10, null, 10, null), 2000)).toEqual([])
  })

  it('says what began or ended elsewhere, once', () => {
    expect(run(both(10, 20, 12, 20), 200)).toEqual([[12, 'moved', 'yard']])
    expect(run(both(12, 20, 10, 20), 200)).toEqual([[12, 'moved', 'yard']])
    expect(run(both(10, 20, 10, 22), 200)).toEqual([[22, 'moved', 'yard']])
    expect(run(both(10, 20, 12, 25), 200)).toEqual([[12, 'moved', 'yard']])
  })

  it('says what only one of them has when the other had a quarter of an hour to decide', () => {
    expect(run([{ side: 'shadow', from: 10, to: 12 }], 200)).toEqual([[27, 'added', 'yard']])
    expect(run([{ side: 'inForce', from: 10, to: null }], 200)).toEqual([[25, 'removed', 'yard']])
    expect(run([{ side: 'inForce', from: 10, to: 12 }], 13)).toEqual([[-1, 'removed', 'yard']])
  })

  it('takes it for moved after all when the other comes while it lasts', () => {
    expect(run(both(10, 60, 40, 60), 200)).toEqual([
      [25, 'removed', 'yard'],
      [40, 'moved', 'yard'],
    ])
  })

  it('never takes one area for another, nor one visit for the next', () => {
    const episodes: Episode[] = [
      { side: 'inForce', from: 10, to: 20, subject: 'a' },
      { side: 'shadow', from: 10, to: 20, subject: 'b' },
      { side: 'inForce', from: 100, to: 110, subject: 'c' },
      { side: 'shadow', from: 130, to: 140, subject: 'c' },
    ]
    expect(run(episodes, 300).map(([, difference, subject]) => [difference, subject])).toEqual([
      ['removed', 'a'],
      ['added', 'b'],
      ['removed', 'c'],
      ['added', 'c'],
    ])
  })

  it('of a policy and itself, whatever the drive', () => {
    const visits = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 8 }).map((starts) =>
      starts
        .toSorted((a, b) => a - b)
        .flatMap((start, i): Episode[] => {
          const to = i % 3 === 2 ? null : start * 5 + 1 + (start % 3)
          const subject = to === null ? `open-${i}` : 'yard'
          return [
            { side: 'inForce', from: start * 5, to, subject },
            { side: 'shadow', from: start * 5, to, subject },
          ]
        }),
    )
    fc.assert(
      fc.property(visits, (episodes) => {
        expect(run(episodes, 330)).toEqual([])
      }),
    )
  })
})
