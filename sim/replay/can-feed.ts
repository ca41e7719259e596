import type { CanMessage } from '../../device/decoders/messages.ts'

/** A bus recording as dated messages, read only as far as somebody asked. */
export type CanFeed = {
  /** The next message at or before the instant; null when there is none up to then. */
  readonly next: (untilMs: number) => Promise<TimedCan | null>
  /** When the recording begins; null when it is empty or counts from zero. */
  readonly beginsMs: () => Promise<number | null>
  /** Lays a recording that counts from zero so that it begins at this instant; dated ones stay where they are. */
  readonly align: (beginMs: number) => Promise<void>
}

export type TimedCan = { readonly message: CanMessage; readonly atMs: number }

/** Times below this (1990) count from the recording's own beginning and say no date. */
const datedFromS = 631_152_000

/** `messages` in the order and with the times of their recording. */
export function createCanFeed(recording: AsyncIterable<TimedCan>): CanFeed {
  const messages = recording[Symbol.asyncIterator]()
  let ahead: TimedCan | null | undefined
  /** Added to the recording's own times; null while it counts from zero and nobody has aligned it. */
  let shiftMs: number | null = null
  let lastMs = Number.NEGATIVE_INFINITY

  const peek = async (): Promise<TimedCan | null> => {
    if (ahead !== undefined) return ahead
    const result = await messages.next()
    ahead = result.done === true ? null : result.value
    if (ahead !== null && ahead.atMs >= datedFromS * 1000) shiftMs ??= 0
    return ahead
  }

  return {
    beginsMs: async () => {
      const first = await peek()
      return first === null || shiftMs === null ? null : first.atMs + shiftMs
    },
    align: async (beginMs) => {
      const first = await peek()
      if (first !== null) shiftMs ??= beginMs - first.atMs
    },
    next: async (untilMs) => {
      const next = await peek()
      if (next === null) return null
      // A log may step back a little between interfaces: its messages then count at the time already reached.
      const atMs = Math.max(lastMs, Math.round(next.atMs + (shiftMs ?? 0)))
      if (atMs > untilMs) return null
      ahead = undefined
      lastMs = atMs
      return { message: next.message, atMs }
    },
  }
}
