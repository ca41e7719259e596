/**
 * Stretches of time as one ascending list: from, to, from, to ... A set of instants, so that what comes twice, late or
 * in pieces makes no difference.
 */
export type Runs = readonly number[]

/** The set with one more stretch. The same list when nothing is new. */
export function withRun(runs: Runs, fromMs: number, toMs: number): Runs {
  if (toMs <= fromMs) return runs
  let first = runs.length
  while (first > 0 && runs[first - 1]! >= fromMs) first -= 2
  let after = first
  while (after < runs.length && runs[after]! <= toMs) after += 2
  if (after === first) return [...runs.slice(0, first), fromMs, toMs, ...runs.slice(first)]
  const from = Math.min(fromMs, runs[first]!)
  const to = Math.max(toMs, runs[after - 1]!)
  if (after === first + 2 && from === runs[first] && to === runs[first + 1]) return runs
  return [...runs.slice(0, first), from, to, ...runs.slice(after)]
}

/** Everything that is in one of them. */
export function union(lists: readonly Runs[]): Runs {
  const [only] = lists
  if (lists.length === 1 && only !== undefined) return only
  const stretches = lists.flatMap((runs) =>
    Array.from({ length: runs.length / 2 }, (_, i) => [runs[2 * i]!, runs[2 * i + 1]!] as const),
  )
  const all: number[] = []
  for (const [fromMs, toMs] of stretches.toSorted((a, b) => a[0] - b[0])) {
    if (all.length > 0 && all.at(-1)! >= fromMs) all[all.length - 1] = Math.max(all.at(-1)!, toMs)
    else all.push(fromMs, toMs)
  }
  return all
}

/** What is in both. */
export function common(a: Runs, b: Runs): Runs {
  const both: number[] = []
  for (let i = 0, k = 0; i < a.length && k < b.length; ) {
    const fromMs = Math.max(a[i]!, b[k]!)
    const toMs = Math.min(a[i + 1]!, b[k + 1]!)
    if (fromMs < toMs) both.push(fromMs, toMs)
    if (a[i + 1]! < b[k + 1]!) i += 2
    else k += 2
  }
  return both
}

/** Milliseconds of the set inside [fromMs, toMs]. */
export function within(runs: Runs, fromMs: number, toMs: number): number {
  let sum = 0
  for (let i = 0; i < runs.length; i += 2)
    sum += Math.max(0, Math.min(toMs, runs[i + 1]!) - Math.max(fromMs, runs[i]!))
  return sum
}

/** Without what ended before an instant, and no more than so many stretches: the oldest become one of their length. */
export function bounded(runs: Runs, sinceMs: number, stretchesMax: number): Runs {
  let first = 0
  while (first < runs.length && runs[first + 1]! <= sinceMs) first += 2
  const kept = first === 0 ? runs : runs.slice(first)
  if (kept.length <= 2 * stretchesMax) return kept
  const half = 2 * (stretchesMax >> 1)
  const drivenMs = within(kept, kept[0]!, kept[half - 1]!)
  // As early as it can have been: what is proven of any later day stays proven.
  return [kept[0]!, kept[0]! + drivenMs, ...kept.slice(half)]
}

/** A group of stretches between which no pause was as long as a rest. */
export type Stint = { readonly fromMs: number; readonly toMs: number }

export function stintsOf(runs: Runs, restMs: number): readonly Stint[] {
  const stints: Stint[] = []
  for (let i = 0; i < runs.length; i += 2) {
    const last = stints.at(-1)
    if (last !== undefined && runs[i]! - last.toMs < restMs)
      stints[stints.length - 1] = { ...last, toMs: runs[i + 1]! }
    else stints.push({ fromMs: runs[i]!, toMs: runs[i + 1]! })
  }
  return stints
}

/** The first instant at or after another at which there is still some of the set ahead; null: none before `untilMs`. */
export function firstAfter(runs: Runs, atMs: number, untilMs: number): number | null {
  for (let i = 0; i < runs.length; i += 2) {
    if (runs[i + 1]! <= atMs) continue
    const fromMs = Math.max(atMs, runs[i]!)
    return fromMs < untilMs ? fromMs : null
  }
  return null
}

/** The last end inside a stint; null when nothing of it lies there. */
export function lastEnd(runs: Runs, { fromMs, toMs }: Stint): number | null {
  for (let i = runs.length - 2; i >= 0; i -= 2)
    if (runs[i]! < toMs) return runs[i + 1]! > fromMs ? Math.min(runs[i + 1]!, toMs) : null
  return null
}

/** What is in the one and not in the other. */
export function without(a: Runs, b: Runs): Runs {
  if (b.length === 0) return a
  const left: number[] = []
  let k = 0
  for (let i = 0; i < a.length; i += 2) {
    let fromMs = a[i]!
    const toMs = a[i + 1]!
    while (k < b.length && b[k + 1]! <= fromMs) k += 2
    for (let at = k; at < b.length && b[at]! < toMs; at += 2) {
      if (b[at]! > fromMs) left.push(fromMs, b[at]!)
      fromMs = Math.max(fromMs, b[at + 1]!)
    }
    if (fromMs < toMs) left.push(fromMs, toMs)
  }
  return left
}
