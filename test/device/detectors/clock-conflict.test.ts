import { describe, expect, it } from 'vitest'
import { clockConflict } from '../../../device/detectors/clock-conflict.ts'
import { brief, seconds, told } from '../../help/seconds.ts'

describe('clock-conflict', () => {
  const stepped = (stepMs: number, before = true): unknown[] =>
    told(
      clockConflict,
      seconds(3, (s) => ({ clockStepMs: s === 1 ? stepMs : 0, trusted: s > 0 || before })),
    ).map(brief)

  it.each([
    [3000, []],
    [
      3001,
      [
        ['started', 'info', 1, 1],
        ['ended', 'info', 1, 1],
      ],
    ],
    [
      -3001,
      [
        ['started', 'info', 1, 1],
        ['ended', 'info', 1, 1],
      ],
    ],
    [-3000, []],
  ])('a correction by %d ms', (stepMs, expected) => {
    expect(stepped(stepMs)).toEqual(expected)
  })

  it('the first discipline of a clock is no conflict', () => {
    expect(stepped(9_000_000, false)).toEqual([])
  })

  it('says by how much', () => {
    const [started, ended] = told(
      clockConflict,
      seconds(3, (s) => ({ clockStepMs: s === 1 ? -4500 : 0 })),
    )
    expect([started?.evidence, ended?.evidence]).toEqual([{ stepS: -4.5 }, { stepS: -4.5 }])
  })

  it('at the very first Sample is none: nobody knew a time before', () => {
    expect(
      told(
        clockConflict,
        seconds(3, (s) => ({ clockStepMs: s === 0 ? 9000 : 0 })),
      ),
    ).toEqual([])
  })
})
