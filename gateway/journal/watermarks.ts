import type { Envelope } from '../../proto/model.ts'
import type { ClosedHole, StreamKey, StreamState, Watermark } from '../journal.ts'
import { addRange, nothing } from './ranges.ts'

/** What is journaled of every stream, in memory, in the order of first receipt. */
export type Watermarks = {
  readonly get: (key: StreamKey) => StreamState
  readonly set: (key: StreamKey, state: StreamState) => void
  readonly all: () => readonly Watermark[]
}

export const streamText = ({ fleet, vehicle, epoch, stream }: StreamKey): string =>
  `${fleet}/${vehicle}/${epoch}/${stream}`

export function createWatermarks(): Watermarks {
  const streams = new Map<string, Watermark>()
  return {
    get: (key) => streams.get(streamText(key))?.state ?? nothing,
    set: ({ fleet, vehicle, epoch, stream }, state) => {
      streams.set(streamText({ fleet, vehicle, epoch, stream }), { fleet, vehicle, epoch, stream, state })
    },
    all: () => [...streams.values()],
  }
}

/** The states that a group leads to, by stream; nothing is changed yet. */
export function statesAfter(
  marks: Watermarks,
  envelopes: readonly Envelope[],
  closed: readonly ClosedHole[],
): ReadonlyMap<string, { key: StreamKey; state: StreamState }> {
  const after = new Map<string, { key: StreamKey; state: StreamState }>()
  const add = (key: StreamKey, first: number, last: number) => {
    const text = streamText(key)
    const before = after.get(text)?.state ?? marks.get(key)
    after.set(text, { key, state: addRange(before, first, last) })
  }
  for (const envelope of envelopes) {
    add(envelope, envelope.seq, envelope.seq)
    if (envelope.body.is === 'gap') add(envelope, envelope.body.gap.firstSeq, envelope.body.gap.lastSeq)
  }
  for (const hole of closed) add(hole, hole.first, hole.last)
  return after
}
