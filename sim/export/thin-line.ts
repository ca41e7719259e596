/** Points of a drawing. */
export type Xy = { readonly x: number; readonly y: number }

/** A line with only the vertices that can be seen: none of those left out lies farther from it than the tolerance. */
export function thinLine<P extends Xy>(points: readonly P[], tolerance: number): P[] {
  if (points.length < 3) return [...points]
  const keep = new Uint8Array(points.length)
  keep[0] = keep[points.length - 1] = 1
  const spans: [number, number][] = [[0, points.length - 1]]
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span
    const { at, away } = farthest(points, from, to)
    if (at < 0 || away <= tolerance) continue
    keep[at] = 1
    spans.push([from, at], [at, to])
  }
  return points.filter((_, index) => keep[index] === 1)
}

function farthest(points: readonly Xy[], from: number, to: number): { at: number; away: number } {
  const [a, b] = [points[from]!, points[to]!]
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const length2 = dx * dx + dy * dy
  let at = -1
  let away = -1
  for (let index = from + 1; index < to; index++) {
    const { x, y } = points[index]!
    const along = length2 === 0 ? 0 : ((x - a.x) * dx + (y - a.y) * dy) / length2
    const t = Math.min(1, Math.max(0, along))
    const distance = Math.hypot(x - a.x - t * dx, y - a.y - t * dy)
    if (distance > away) {
      at = index
      away = distance
    }
  }
  return { at, away }
}

const short = (value: number): string => String(Math.round(value * 10) / 10)

/** `M1 2L3 4`: the path of a line. */
export function pathOf(points: readonly Xy[]): string {
  return points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${short(x)} ${short(y)}`).join('')
}
