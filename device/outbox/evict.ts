import type { EnvelopeBody, Gap, StreamName } from '../../proto/model.ts'

/**
 * What goes when the cap is reached, worst first. Classes, from worst to best: `raw` (the black box, no envelopes: files
 * of the tape give way before the outbox gives up anything), `positions` (telemetry), `low` (of the alarm stream what is
 * no alarm: findings of severity `info`, driving intervals, words spoken, documents in force), `alarm`. There are no
 * records of class `debug` in this program. Positions are thinned before they go wholly; each class keeps a share that
 * worse ones cannot take and better ones do not. Runs of neighbours go, each leaving one gap record that names its first
 * and last seq and their hashes. Sealed bytes are in the hash chain, so they cannot be thinned in place.
 */

export type RecordClass = 'positions' | 'low' | 'alarm'
export const recordClasses: readonly RecordClass[] = ['positions', 'low', 'alarm']
export type ByClass<T> = { readonly [c in RecordClass]: T }

/** Why what was in the outbox is gone; `damaged`: the disk spoiled it; `refused`: the disk did not take it at all. */
export const gapReasons = ['cap', 'headroom', 'thinned', 'merged', 'damaged', 'refused'] as const
type GapReason = (typeof gapReasons)[number]

export type Evicted = { readonly class: string; readonly reason: string; readonly count: number }

type Range = Pick<Gap, 'firstSeq' | 'lastSeq' | 'fromMs' | 'toMs' | 'firstHash' | 'lastHash'>

/** A waiting envelope, with the seqs it stands for: its own, or those that a gap record covers. */
export type Item = Range & {
  readonly seq: number
  readonly size: number
  readonly class: RecordClass
  readonly hash: Uint8Array
  readonly isGap: boolean
}

/** Neighbours that go under one gap record. */
type Run = Range & {
  readonly class: RecordClass
  readonly size: number
  readonly evicted: ByClass<number>
  /** What it is made of. */
  readonly parts: number
  /** Gap records whose range is in it, and whether it is nothing but own seqs of such. */
  readonly absorbed: readonly Item[]
  readonly isMerged: boolean
}

export type Eviction = { readonly gap: Gap; readonly evicted: ByClass<number> }

/** Evicting down to this share of the cap makes room for many appends with few gap records. */
const keepShare = 15 / 16
/** Of the cap: what a class keeps while there is more of the others. Alarms have the rest. */
const shares = { positions: 1 / 16, low: 1 / 16 } as const
/** Of so many neighbours one stays, the one that carries the signature of its segment. */
export const thinEvery = 16
/** About as large is a signed gap record. */
export const gapBytes = 380
/** What is thinned is worth several gap records, what goes of class `low` two; less goes with its neighbours, later. */
const worthThinning = 4 * gapBytes
export const worthLow = 2 * gapBytes

export function classOf(body: EnvelopeBody, stream: StreamName): RecordClass {
  if (stream === 'telemetry') return 'positions'
  if (body.is === 'gap') return body.gap.class === 'low' ? 'low' : 'alarm'
  return body.is === 'finding' && body.finding.severity !== 'info' ? 'alarm' : 'low'
}

/** A wider gap record may stand for these. One that tells of a fault of the disk stays as it is. */
const mergeable: ReadonlySet<string> = new Set(['cap', 'headroom', 'thinned', 'merged', 'outbox full'])

export function itemOf(
  row: Pick<Item, 'seq' | 'size' | 'class' | 'hash'> & { readonly fromMs: number; readonly toMs: number },
): Item {
  return {
    ...row,
    firstSeq: row.seq,
    lastSeq: row.seq,
    firstHash: row.hash,
    lastHash: row.hash,
    isGap: false,
  }
}

/** Null for a gap record that no other may stand for. */
export function gapItem(row: Pick<Item, 'seq' | 'size' | 'class' | 'hash'>, gap: Gap): Item | null {
  if (!mergeable.has(gap.reason)) return null
  const { firstSeq, lastSeq, fromMs, toMs, firstHash, lastHash } = gap
  return { ...row, firstSeq, lastSeq, fromMs, toMs, firstHash, lastHash, isGap: true }
}

/** What eviction reads and does. What is read is read as far as needed. */
export type Store = {
  readonly bytes: () => ByClass<number>
  readonly lastSeq: (stream: StreamName) => number
  /** Envelopes that are no gap records, oldest first; of the alarm stream all, or those of class `low`. */
  readonly rows: (stream: StreamName, only?: 'low') => Iterable<Item>
  /** Gap records that may be merged, in the order of what they cover. */
  readonly gaps: (stream: StreamName, only?: 'low') => Iterable<Item>
  /** Deletes what a gap record covers and seals the record. */
  readonly drop: (stream: StreamName, evictions: readonly Eviction[]) => void
}

/** Under the cap again. */
export function makeRoom(store: Store, bytesMax: number, reason: 'cap' | 'headroom'): void {
  const total = (): number => sum(store.bytes())
  const target = bytesMax * keepShare
  const overOf = (share: number, held: number): number =>
    total() <= bytesMax ? 0 : Math.min(total() - target, held - share * bytesMax)
  const evict = (stream: StreamName, runs: readonly Run[], why: GapReason): boolean => {
    store.drop(stream, evictionsOf(runs, stream, why))
    return runs.length > 0
  }
  const positions = (): number => overOf(shares.positions, store.bytes().positions)
  if (positions() > 0)
    evict('telemetry', thinRuns(store.rows('telemetry'), store.lastSeq('telemetry'), positions()), 'thinned')
  whole('telemetry', positions, undefined)
  whole('alarm', () => overOf(shares.low, store.bytes().low), 'low')
  whole('alarm', () => overOf(0, Number.POSITIVE_INFINITY), undefined)

  /** What is written for it is only guessed before: it takes another turn now and then. */
  function whole(stream: StreamName, over: () => number, only: 'low' | undefined): void {
    for (let turn = 0; turn < turnsMax && over() > 0; turn++) {
      const found = { rows: store.rows(stream, only), gaps: store.gaps(stream, only) }
      if (!evict(stream, wholeRuns(found, over(), only === 'low' ? worthLow : gapBytes), reason)) return
    }
  }
}
const turnsMax = 4

export const sum = (of: ByClass<number>): number => of.positions + of.low + of.alarm

/** Of each segment all but its last go, oldest first, until so many bytes are won. */
function thinRuns(rows: Iterable<Item>, lastSeq: number, bytesToFree: number): Run[] {
  const runs: Run[] = []
  let won = 0
  let open: Run | null = null
  const close = (): void => {
    if (open === null || open.size < worthThinning) return
    runs.push(open)
    won += open.size - gapBytes
  }
  for (const row of rows) {
    // Of the segment that is being written nobody knows yet what stays.
    if (won >= bytesToFree || Math.ceil(row.seq / thinEvery) * thinEvery > lastSeq) break
    const goes = row.seq % thinEvery !== 0
    if (goes && open?.lastSeq === row.seq - 1) open = joined(open, runOf(row))
    else {
      close()
      open = goes ? runOf(row) : null
    }
  }
  if (won < bytesToFree) close()
  return runs
}

type Found = { readonly rows: Iterable<Item>; readonly gaps: Iterable<Item> }

/**
 * The oldest go until so many bytes are won; gap records about them become one with the new ones. A run that is not
 * worth its record stays. More is taken while the records eat too much of what is won.
 */
function wholeRuns(found: Found, bytesToFree: number, worth: number): readonly Run[] {
  const [rows, gaps] = [found.rows[Symbol.iterator](), found.gaps[Symbol.iterator]()]
  const taken: Item[] = []
  const covered: Item[] = []
  let gap = gaps.next()
  let size = 0
  const cover = (upto: number): void => {
    for (; gap.done !== true && gap.value.lastSeq <= upto; gap = gaps.next()) {
      covered.push(gap.value)
      size += gap.value.size
    }
  }
  try {
    for (let goal = bytesToFree + gapBytes; ; ) {
      let isLast = false
      while (size < goal && !isLast) {
        const row = rows.next()
        isLast = row.done === true
        if (row.done !== true) {
          taken.push(row.value)
          size += row.value.size
        }
        cover(row.done === true ? Number.POSITIVE_INFINITY : row.value.seq)
      }
      const runs = runsOf(taken, covered, worth)
      const won = runs.reduce((total, run) => total + run.size - gapBytes, 0)
      if (won >= bytesToFree || (isLast && won > 0)) return runs
      if (isLast) return []
      goal = size + Math.max(bytesToFree - won, gapBytes, size / 64)
    }
  } finally {
    rows.return?.()
    gaps.return?.()
  }
}

/** What these make together: neighbours in one run. A gap record that would stand for itself only stays as it is. */
function runsOf(rows: readonly Item[], gaps: readonly Item[], worth: number): readonly Run[] {
  let absorbed = gaps
  for (;;) {
    const parts = [
      ...rows.map(runOf),
      ...absorbed.map((gap) => ({ ...runOf(gap), evicted: none, absorbed: [gap] })),
      ...absorbed.map((gap) => ({ ...runOf(itemOf(gap)), size: 0, evicted: none, isMerged: true })),
    ]
    const runs = neighbours(parts)
    const alone = new Set(runs.filter(({ parts: count }) => count === 1).flatMap((run) => run.absorbed))
    if (alone.size === 0)
      return runs.filter((run) => run.isMerged || run.absorbed.length > 0 || run.size > worth)
    absorbed = absorbed.filter((gap) => !alone.has(gap))
  }
}

function neighbours(parts: readonly Run[]): Run[] {
  const runs: Run[] = []
  for (const part of parts.toSorted((a, b) => a.firstSeq - b.firstSeq)) {
    const last = runs.at(-1)
    if (last === undefined || last.lastSeq < part.firstSeq - 1) runs.push(part)
    else runs[runs.length - 1] = joined(last, part)
  }
  return runs
}

const none: ByClass<number> = { positions: 0, low: 0, alarm: 0 }

function runOf(item: Item): Run {
  const { firstSeq, lastSeq, fromMs, toMs, firstHash, lastHash, size } = item
  const range = { firstSeq, lastSeq, fromMs, toMs, firstHash, lastHash }
  const evicted = { ...none, [item.class]: 1 }
  return { ...range, class: item.class, size, evicted, parts: 1, absorbed: [], isMerged: false }
}

/** One run with the next, which begins where it ends. */
function joined(a: Run, b: Run): Run {
  const last = b.lastSeq > a.lastSeq ? b : a
  return {
    firstSeq: a.firstSeq,
    lastSeq: last.lastSeq,
    fromMs: Math.min(a.fromMs, b.fromMs),
    toMs: Math.max(a.toMs, b.toMs),
    firstHash: a.firstHash,
    lastHash: last.lastHash,
    class: a.class === 'alarm' || b.class === 'alarm' ? 'alarm' : a.class,
    size: a.size + b.size,
    evicted: {
      positions: a.evicted.positions + b.evicted.positions,
      low: a.evicted.low + b.evicted.low,
      alarm: a.evicted.alarm + b.evicted.alarm,
    },
    parts: a.parts + b.parts,
    absorbed: b.absorbed.length === 0 ? a.absorbed : [...a.absorbed, ...b.absorbed],
    isMerged: a.isMerged && b.isMerged,
  }
}

const evictionsOf = (runs: readonly Run[], stream: StreamName, why: GapReason): Eviction[] =>
  runs.map((run) => ({ gap: gapOf(run, stream, run.isMerged ? 'merged' : why), evicted: run.evicted }))

function gapOf(run: Run, stream: StreamName, reason: GapReason): Gap {
  const { firstSeq, lastSeq, fromMs, toMs, firstHash, lastHash } = run
  const covered = { firstSeq, lastSeq, count: lastSeq - firstSeq + 1, fromMs, toMs, firstHash, lastHash }
  return { class: stream === 'telemetry' ? 'positions' : run.class, reason, ...covered }
}

/** Rows that the disk spoiled: neighbours under one record. */
export const damagedRuns = (items: readonly Item[], stream: StreamName): Eviction[] =>
  evictionsOf(neighbours(items.map(runOf)), stream, 'damaged')

/** The list with what went added to it. */
export function withEvicted(list: readonly Evicted[], { gap, evicted }: Eviction): readonly Evicted[] {
  return recordClasses.reduce((counted, name) => added(counted, name, gap.reason, evicted[name]), list)
}

/** What never got a seq, because the disk refused for too long: no gap record can name it. */
export function withRefused(
  list: readonly Evicted[],
  { low, alarm }: { readonly low: number; readonly alarm: number },
): readonly Evicted[] {
  return added(added(list, 'low', 'refused', low), 'alarm', 'refused', alarm)
}

export function added(
  list: readonly Evicted[],
  name: string,
  reason: string,
  count: number,
): readonly Evicted[] {
  if (count === 0) return list
  const is = (one: Evicted): boolean => one.class === name && one.reason === reason
  const before = list.find(is)?.count ?? 0
  const counted = [...list.filter((one) => !is(one)), { class: name, reason, count: before + count }]
  return counted.toSorted((a, b) => compare(a.class, b.class) || compare(a.reason, b.reason))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
