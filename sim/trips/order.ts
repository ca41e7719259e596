/**
 * Puts the rows of a recording in order (semantics, "Files"). Rows up to 60 s late are sorted in; of equal times
 * the first stays; older ones are refused. A row more than 10 min ahead of its neighbours waits until the next
 * five have come: one of them back at the old time refutes it. At the end of the file, whatever was not refuted
 * stands.
 */
const lateMs = 60_000
const aheadMs = 600_000
const confirmingRows = 5

export type Order<T> = { readonly push: (row: T) => void; readonly end: () => void }

export function createOrder<T extends { readonly atMs: number }>(
  accept: (row: T) => void,
  refuse: (row: T) => void,
): Order<T> {
  /** Ascending; reaches back 60 s from the newest. */
  const sorted: T[] = []
  let newestMs: number | null = null
  let releasedMs = Number.NEGATIVE_INFINITY
  let held: T[] = []

  const release = (untilMs: number): void => {
    let count = 0
    while (count < sorted.length && sorted[count]!.atMs < untilMs) count++
    for (const row of sorted.splice(0, count)) {
      releasedMs = row.atMs
      accept(row)
    }
  }

  const take = (row: T): void => {
    if (newestMs !== null && row.atMs < newestMs - lateMs) {
      refuse(row)
      return
    }
    if (row.atMs === releasedMs) return
    let at = sorted.length
    while (at > 0 && sorted[at - 1]!.atMs > row.atMs) at--
    if (at > 0 && sorted[at - 1]!.atMs === row.atMs) return
    sorted.splice(at, 0, row)
    if (newestMs === null || row.atMs > newestMs) newestMs = row.atMs
    release(newestMs - lateMs)
  }

  const push = (row: T): void => {
    if (held.length > 0) pushHeld(row)
    else if (newestMs === null || row.atMs > newestMs + aheadMs) held = [row]
    else take(row)
  }

  const pushHeld = (row: T): void => {
    const refuted = held.filter(({ atMs }) => atMs > row.atMs + aheadMs)
    if (refuted.length > 0) {
      // The others are judged anew: without the row they waited behind, they may be no leap at all.
      const kept = held.filter(({ atMs }) => atMs <= row.atMs + aheadMs)
      held = []
      refuted.forEach(refuse)
      for (const again of [...kept, row]) push(again)
      return
    }
    held.push(row)
    if (held.length > confirmingRows) believeFirst()
  }

  /** The first held row stands; those after it are judged as if they came now. */
  const believeFirst = (): void => {
    const [first, ...rest] = held
    held = []
    if (first === undefined) return
    // What came before it can no longer be sorted with it.
    release(Number.POSITIVE_INFINITY)
    take(first)
    for (const row of rest) push(row)
  }

  const end = (): void => {
    while (held.length > 0) believeFirst()
    release(Number.POSITIVE_INFINITY)
  }

  return { push, end }
}
