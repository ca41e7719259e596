import type { Gap, StreamName } from '../../proto/model.ts'

/**
 * What goes when the cap is reached. Whole runs of neighbouring envelopes, oldest first, each run leaving one gap
 * record that names its first and last seq and their hashes. Sealed bytes are in the hash chain, so they cannot be
 * thinned in place, and every second envelope taken out would cost a gap record nearly as large as itself.
 */

export type EvictableRow = {
  readonly seq: number
  readonly size: number
  /** Gap records stay: what they cover would be covered by nothing. */
  readonly isGap: boolean
  readonly fromMs: number
  readonly toMs: number
  readonly hash: Uint8Array
}

/** Evicting down to this share of the cap makes room for many appends with few gap records. */
export const keepShare = 15 / 16
const gapClass = { alarm: 'alarm', telemetry: 'positions' } as const

/** Gaps that cover the oldest rows (ascending) until so many bytes are freed. */
export function gapsFor(
  rows: Iterable<EvictableRow>,
  bytesToFree: number,
  stream: StreamName,
  reason: string,
): Gap[] {
  const gaps: Gap[] = []
  let freed = 0
  for (const row of rows) {
    if (freed >= bytesToFree) break
    if (row.isGap) continue
    const last = gaps.at(-1)
    if (last !== undefined && last.lastSeq === row.seq - 1) gaps[gaps.length - 1] = extended(last, row)
    else gaps.push(opened(row, stream, reason))
    freed += row.size
  }
  return gaps
}

function opened(row: EvictableRow, stream: StreamName, reason: string): Gap {
  return {
    class: gapClass[stream],
    firstSeq: row.seq,
    lastSeq: row.seq,
    count: 1,
    fromMs: row.fromMs,
    toMs: row.toMs,
    reason,
    firstHash: row.hash,
    lastHash: row.hash,
  }
}

function extended(gap: Gap, row: EvictableRow): Gap {
  return {
    ...gap,
    lastSeq: row.seq,
    count: gap.count + 1,
    fromMs: Math.min(gap.fromMs, row.fromMs),
    toMs: Math.max(gap.toMs, row.toMs),
    lastHash: row.hash,
  }
}
