/**
 * The area rule told from the whole history, on a flat plane of metres, for one rectangle: where the path was inside,
 * which of those times are proven, which belong together. It shares no code with the rule: clipping instead of
 * predicates, a list of intervals instead of states.
 */
export type PlanePoint = {
  readonly atMs: number
  readonly x: number
  readonly y: number
  readonly accuracyM: number | null
}
export type Rectangle = { readonly x1: number; readonly x2: number; readonly y1: number; readonly y2: number }
export type Episode = { readonly fromMs: number; readonly toMs: number | null }

const leaveM = 30
const believedMs = 60_000

/** Metres inside (positive) or outside (negative). */
function depth({ x1, x2, y1, y2 }: Rectangle, x: number, y: number): number {
  const inX = Math.min(x - x1, x2 - x)
  const inY = Math.min(y - y1, y2 - y)
  if (inX >= 0 && inY >= 0) return Math.min(inX, inY)
  return -Math.hypot(Math.max(0, -inX), Math.max(0, -inY))
}

/** The part of a line inside the rectangle, as fractions; null when there is none. */
function clip({ x1, x2, y1, y2 }: Rectangle, a: PlanePoint, b: PlanePoint): [number, number] | null {
  let from = 0
  let to = 1
  for (const [p, d, low, high] of [
    [a.x, b.x - a.x, x1, x2],
    [a.y, b.y - a.y, y1, y2],
  ] as const) {
    if (d === 0) {
      if (p < low || p > high) return null
      continue
    }
    const [enter, leave] = d > 0 ? [(low - p) / d, (high - p) / d] : [(high - p) / d, (low - p) / d]
    from = Math.max(from, enter)
    to = Math.min(to, leave)
  }
  return from < to ? [from, to] : null
}

/** One visit: from and to by the border where that was seen, else by the first position that shows it. */
type Visit = {
  fromMs: number
  /** From a crossing that was seen; otherwise the first position that proves it counts. */
  seen: boolean
  toMs: number
  provenMs: number | null
  /** Farthest out before the next visit. */
  outM: number
}

export function episodesOf(area: Rectangle, points: readonly PlanePoint[]): Episode[] {
  const visits: Visit[] = []
  let inside = false
  const enter = (atMs: number, seen: boolean): void => {
    visits.push({ fromMs: atMs, seen, toMs: Infinity, provenMs: null, outM: 0 })
    inside = true
  }
  const leave = (atMs: number): void => {
    visits.at(-1)!.toMs = atMs
    inside = false
  }
  const look = (x: number, y: number, atMs: number, accuracyM: number | null): void => {
    const visit = visits.at(-1)
    if (visit === undefined) return
    const d = depth(area, x, y)
    if (!inside) visit.outM = Math.max(visit.outM, -d)
    else if (visit.provenMs === null && (accuracyM === null ? d >= 0 : d > accuracyM)) visit.provenMs = atMs
  }
  for (const [i, b] of points.entries()) {
    const a = points[i - 1]
    const holds = depth(area, b.x, b.y) >= 0
    if (a !== undefined && b.atMs - a.atMs <= believedMs) {
      const part = clip(area, a, b)
      const time = (f: number): number => a.atMs + (b.atMs - a.atMs) * f
      if (part !== null) {
        const [from, to] = part
        if (!inside) enter(time(from), true)
        if (to < 1) {
          const f = (from + to) / 2
          const accuracyM = a.accuracyM === null ? b.accuracyM : Math.max(a.accuracyM, b.accuracyM ?? 0)
          if (from > 0) look(a.x + (b.x - a.x) * f, a.y + (b.y - a.y) * f, time(f), accuracyM)
          leave(time(to))
        }
      }
    } else if (holds !== inside) {
      if (holds) enter(b.atMs, false)
      else leave(b.atMs)
    }
    look(b.x, b.y, b.atMs, b.accuracyM)
  }
  return join(visits)
}

/** Visits that were never far apart are one episode; unproven ones begin none. */
function join(visits: readonly Visit[]): Episode[] {
  const episodes: { fromMs: number; toMs: number | null }[] = []
  let open = false
  for (const visit of visits) {
    if (!open) {
      if (visit.provenMs === null) continue
      episodes.push({ fromMs: visit.seen ? visit.fromMs : visit.provenMs, toMs: null })
      open = true
    }
    if (visit.toMs !== Infinity && visit.outM >= leaveM) {
      episodes.at(-1)!.toMs = visit.toMs
      open = false
    }
  }
  return episodes
}
