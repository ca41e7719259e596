import type { CanMessage } from '../../device/decoders/messages.ts'

/** A bus recording as dated messages, read only as far as somebody asked. */
export type CanFeed = {
  /**
   * Gives every message up to and including the instant, in order. Waits only where the recording must be read
   * further: nearly always the answer is there already, and then nothing is returned.
   */
  readonly upTo: (untilMs: number, each: EachCan) => Promise<void> | undefined
  /** When the recording begins; null when it is empty or counts from zero. */
  readonly beginsMs: () => Promise<number | null>
  /** Lays a recording that counts from zero so that it begins at this instant; dated ones stay where they are. */
  readonly align: (beginMs: number) => Promise<void>
}

export type EachCan = (message: CanMessage, atMs: number) => void
export type TimedCan = { readonly message: CanMessage; readonly atMs: number }

/** Times below this (1990) count from the recording's own beginning and say no date. */
const datedFromS = 631_152_000

/** Blocks of messages in the order and with the times of their recording: as they were read. */
export function createCanFeed(recording: AsyncIterable<readonly TimedCan[]>): CanFeed {
  const blocks = recording[Symbol.asyncIterator]()
  let block: readonly TimedCan[] = []
  let at = 0
  let ended = false
  /** Added to the recording's own times; null while it counts from zero and nobody has aligned it. */
  let shiftMs: number | null = null
  let lastMs = Number.NEGATIVE_INFINITY

  /** The next message of the recording; null when there are no more. */
  const peek = async (): Promise<TimedCan | null> => {
    while (at >= block.length && !ended) {
      const result = await blocks.next()
      ended = result.done === true
      block = result.done === true ? [] : result.value
      at = 0
    }
    const first = block[at] ?? null
    if (first !== null && first.atMs >= datedFromS * 1000) shiftMs ??= 0
    return first
  }

  /** False when the block ended before the instant was reached. */
  const give = (untilMs: number, each: EachCan): boolean => {
    for (; at < block.length; at++) {
      const { message, atMs: ownMs } = block[at]!
      // A log may step back a little between interfaces: its messages then count at the time already reached.
      const atMs = Math.max(lastMs, Math.round(ownMs + (shiftMs ?? 0)))
      if (atMs > untilMs) return true
      lastMs = atMs
      each(message, atMs)
    }
    return ended
  }

  const readOn = async (untilMs: number, each: EachCan): Promise<void> => {
    do await peek()
    while (!give(untilMs, each))
  }

  return {
    upTo: (untilMs, each) => (give(untilMs, each) ? undefined : readOn(untilMs, each)),
    beginsMs: async () => {
      const first = await peek()
      return first === null || shiftMs === null ? null : first.atMs + shiftMs
    },
    align: async (beginMs) => {
      const first = await peek()
      if (first !== null) shiftMs ??= beginMs - first.atMs
    },
  }
}
