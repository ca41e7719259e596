import { canLine } from '../../device/decoders/index.ts'
import type { CanMessage } from '../../device/decoders/messages.ts'

/** A bus recording as dated messages, read only as far as somebody asked. */
export type CanFeed = {
  /** The next message at or before the instant; null when there is none up to then. */
  readonly next: (untilMs: number) => Promise<TimedCan | null>
  /** Time of the next message; null at the end. */
  readonly peekMs: () => Promise<number | null>
}

export type TimedCan = { readonly message: CanMessage; readonly atMs: number }

/** Logs whose times are below this count from their own beginning and say no date. */
const datedFromS = 631_152_000

/**
 * Reads a candump log. A log that counts from zero is laid so that its first frame falls on `alignMs`; without
 * that it has no date and nothing is read.
 */
export function createCanFeed(source: AsyncIterable<Uint8Array>, alignMs: number | null): CanFeed {
  const messages = timed(source, alignMs)
  let ahead: TimedCan | null | undefined
  const peek = async (): Promise<TimedCan | null> => {
    if (ahead === undefined) {
      const result = await messages.next()
      ahead = result.done === true ? null : result.value
    }
    return ahead
  }
  return {
    peekMs: async () => (await peek())?.atMs ?? null,
    next: async (untilMs) => {
      const message = await peek()
      if (message === null || message.atMs > untilMs) return null
      ahead = undefined
      return message
    },
  }
}

async function* timed(source: AsyncIterable<Uint8Array>, alignMs: number | null): AsyncGenerator<TimedCan> {
  const line = canLine('candump')
  let state = line.initial
  let shiftMs: number | null = null
  let lastMs: number | null = null
  for await (const chunk of source) {
    const result = line.step(state, chunk)
    state = result.state
    for (const message of result.messages) {
      if (message.kind === 'discarded' || message.t === null) continue
      const ownMs = message.t * 1000
      shiftMs ??= message.t >= datedFromS ? 0 : alignMs === null ? null : alignMs - ownMs
      if (shiftMs === null) return
      // A log may step back a little between interfaces: its messages then count at the time already reached.
      lastMs = Math.max(lastMs ?? Number.NEGATIVE_INFINITY, Math.round(ownMs + shiftMs))
      yield { message, atMs: lastMs }
    }
  }
}
