import type { SeqRange } from '../../proto/model.ts'
import type { StreamState } from '../journal.ts'

/** Sets of seqs as what they nearly always are: one run from 1, and few runs above a hole. Pure. */

export const nothing: StreamState = { upto: 0, ranges: [] }

export function hasSeq(state: StreamState, seq: number): boolean {
  if (seq <= state.upto) return true
  return state.ranges.some(({ first, last }) => seq >= first && seq <= last)
}

/** The set with the seqs first..last in it too. */
export function addRange(state: StreamState, first: number, last: number): StreamState {
  if (state.ranges.length === 0 && first <= state.upto + 1) {
    return last <= state.upto ? state : { upto: last, ranges: state.ranges }
  }
  const merged = merge([...state.ranges, { first, last }])
  const [head, ...rest] = merged
  if (head !== undefined && head.first <= state.upto + 1)
    return { upto: Math.max(state.upto, head.last), ranges: rest }
  return { upto: state.upto, ranges: merged }
}

function merge(ranges: readonly SeqRange[]): SeqRange[] {
  const merged: SeqRange[] = []
  for (const range of ranges.toSorted((a, b) => a.first - b.first)) {
    const before = merged.at(-1)
    if (before !== undefined && range.first <= before.last + 1)
      merged[merged.length - 1] = { first: before.first, last: Math.max(before.last, range.last) }
    else merged.push(range)
  }
  return merged
}

/** The runs that are missing below the highest seq known. */
export function holes(state: StreamState): SeqRange[] {
  let next = state.upto + 1
  const missing: SeqRange[] = []
  for (const { first, last } of state.ranges) {
    if (first > next) missing.push({ first: next, last: first - 1 })
    next = last + 1
  }
  return missing
}

/** The highest seq known. */
export function highest(state: StreamState): number {
  return state.ranges.at(-1)?.last ?? state.upto
}

/** At most `max` ranges of a set, the lowest and the highest halves: what fits into one ack. */
export function boundedRanges(ranges: readonly SeqRange[], max: number): readonly SeqRange[] {
  if (ranges.length <= max) return ranges
  const half = max / 2
  return [...ranges.slice(0, half), ...ranges.slice(-half)]
}
