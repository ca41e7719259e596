import { describe, expect, it } from 'vitest'
import {
  judgeEpoch,
  rolloverMs,
  type TimeState,
  untrustedTime,
} from '../../../device/signals/time-quality.ts'

const config = { notBeforeMs: Date.UTC(2026, 0, 1), slackMs: 0 }
const night = Date.UTC(2026, 10, 22, 18)

/** Epochs as (time as sent, arrival) pairs. */
function judge(
  epochs: readonly (readonly [utcMs: number, arrivedMs: number])[],
  start: TimeState = untrustedTime,
) {
  let state = start
  return epochs.map(([utcMs, arrivedMs]) => {
    const judged = judgeEpoch(state, utcMs, arrivedMs, config)
    state = judged.state
    return { atMs: judged.atMs, stepMs: judged.stepMs, conflicts: state.conflicts }
  })
}

describe('the truth about time', () => {
  it('believes the first possible date, whatever the host clock says', () => {
    expect(judge([[night, night - 90_000_000]])).toEqual([{ atMs: night, stepMs: 0, conflicts: 0 }])
  })

  it('believes the very first instant that is possible, also when it is found by undoing a rollover', () => {
    const first = config.notBeforeMs
    expect(judge([[first, first]])[0]!.atMs).toBe(first)
    expect(judge([[first - rolloverMs, first]])[0]!.atMs).toBe(first)
    expect(judge([[first - rolloverMs - 1, first]])[0]!.atMs).toBeNull()
  })

  it('undoes a week rollover when the host clock says the same day, and only then', () => {
    expect(judge([[night - rolloverMs, night + 5000]])[0]).toMatchObject({ atMs: night })
    expect(judge([[night - rolloverMs, night + 90_000_000]])[0]).toEqual({
      atMs: null,
      stepMs: 0,
      conflicts: 1,
    })
    expect(judge([[Date.UTC(1999, 0, 1), night]])[0]).toMatchObject({ atMs: null })
  })

  it('forgives 3 s and moves by more only after three epochs that agree', () => {
    const on = (s: number, by = 0): readonly [number, number] => [night + s * 1000 + by, night + s * 1000]
    expect(judge([on(0), on(1, 3000), on(2)]).map(({ stepMs }) => stepMs)).toEqual([0, 0, 0])
    const jump = judge([on(0), on(1, 60_000), on(2, 60_000), on(3, 60_000), on(4, 60_000)])
    expect(jump.map(({ atMs }) => atMs)).toEqual([night, null, null, night + 63_000, night + 64_000])
    expect(jump.map(({ stepMs }) => stepMs)).toEqual([0, 0, 0, 60_000, 0])
  })

  it('does not move for one wrong date', () => {
    const wrong = judge([
      [night, night],
      [night + 86_400_000, night + 1000],
      [night + 2000, night + 2000],
    ])
    expect(wrong.map(({ stepMs, conflicts }) => [stepMs, conflicts])).toEqual([
      [0, 0],
      [0, 1],
      [0, 1],
    ])
  })

  it('takes a burst of epochs that arrive at once for one claim, not for three', () => {
    const burst = [0, 1, 2, 3, 4, 5].map((s) => [night + 100_000 + s * 1000, night + 1000 + s] as const)
    expect(judge([[night, night], ...burst]).map(({ stepMs }) => stepMs)).toEqual([0, 0, 0, 0, 0, 0, 0])
  })
})
