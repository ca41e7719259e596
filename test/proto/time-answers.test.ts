import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromLocalMs, localMs, nextWindow, type Window, windowAt } from '../../proto/time.ts'

/** Answers about windows are remembered. Whoever asks, in whatever order, must be told what the text says. */

const dayMs = 86_400_000
const zones = ['Asia/Shanghai', 'America/New_York', 'Australia/Lord_Howe', 'UTC'] as const
const clock = (text: string): number => {
  const [h, m] = text.split(':').map(Number) as [number, number]
  return (h * 60 + m) * 60_000
}

/** Every occurrence that begins on one of the local days around the instant, worked out anew. */
function around(atMs: number, window: Window, zone: string, from: number, to: number) {
  const today = Math.floor(localMs(atMs, zone) / dayMs)
  return Array.from({ length: to - from + 1 }, (_, i) => today + from + i).flatMap((day) => {
    const weekday = ((((day + 3) % 7) + 7) % 7) + 1
    if (window.days !== undefined && !window.days.includes(weekday)) return []
    const [opens, closes] = [clock(window.from), clock(window.to)]
    const fromMs = fromLocalMs(day * dayMs + opens, zone)
    return [{ fromMs, toMs: fromLocalMs(day * dayMs + closes + (closes <= opens ? dayMs : 0), zone) }]
  })
}

const windows: readonly Window[] = [
  { from: '22:00', to: '06:00' },
  { from: '02:00', to: '05:00' },
  { from: '00:00', to: '00:00' },
  { from: '09:00', to: '10:00', days: [1, 5] },
  { from: '22:00', to: '06:00', days: [5] },
]
const startMs = Date.UTC(2026, 2, 1)
const questions = fc.array(
  fc.record({
    atMs: fc.oneof(
      fc.integer({ min: startMs, max: startMs + 300 * dayMs }),
      // Around whole hours of a few days, where every window opens and closes.
      fc
        .tuple(fc.integer({ min: 0, max: 24 * 12 }), fc.constantFrom(-1, 0, 1))
        .map(([hour, ms]) => Date.UTC(2026, 9, 28) + hour * 3_600_000 + ms),
    ),
    window: fc.constantFrom(...windows),
    zone: fc.constantFrom(...zones),
  }),
  { minLength: 1, maxLength: 60 },
)

describe('remembered answers about windows', () => {
  it('are those of the text, in any order of questions', () => {
    fc.assert(
      fc.property(questions, (asked) => {
        for (const { atMs, window, zone } of asked) {
          const inside = around(atMs, window, zone, -1, 0).filter(
            ({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs,
          )
          expect(windowAt(atMs, window, zone)).toEqual(inside.at(-1) ?? null)
          const next = around(atMs, window, zone, -1, 8).find(({ fromMs }) => fromMs > atMs)
          expect(nextWindow(atMs, window, zone)).toEqual(next ?? null)
        }
      }),
      { numRuns: 400, seed: 7 },
    )
  })

  it('do not outlive a change of the days, though the clock times stay', () => {
    const fridayMs = Date.parse('2026-11-20T23:00:00+08:00')
    const weekend = { from: '22:00', to: '06:00', days: [6, 7] }
    expect(windowAt(fridayMs, { from: '22:00', to: '06:00' }, 'Asia/Shanghai')).not.toBeNull()
    expect(windowAt(fridayMs, weekend, 'Asia/Shanghai')).toBeNull()
  })
})
