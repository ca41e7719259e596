import { deltaLon, type LatLon, metresPerDegree } from '../../proto/geo/earth.ts'

/** Looked at in runs of so many points: what winds evenly would otherwise cost the square of its length. */
const runMax = 250

/**
 * A line with as few of its points as keep it within so many metres of what it was (Douglas and Peucker): the farthest
 * point of a stretch stays while it is farther off than that, and the two halves are looked at by themselves.
 */
export function thinned(points: readonly LatLon[], withinM: number): readonly LatLon[] {
  const last = points.length - 1
  const isKept = new Uint8Array(points.length)
  for (let from = 0; from < last; from += runMax) {
    const stretches: [from: number, to: number][] = [[from, Math.min(last, from + runMax)]]
    for (let next = stretches.pop(); next !== undefined; next = stretches.pop()) {
      isKept[next[0]] = isKept[next[1]] = 1
      const at = farthest(points, next, withinM)
      if (at !== null) stretches.push([next[0], at], [at, next[1]])
    }
  }
  return points.filter((_, at) => isKept[at] === 1)
}

/** Which of the points between lies farthest from the straight way from one end to the other; null: all are within. */
function farthest(
  points: readonly LatLon[],
  [from, to]: readonly [number, number],
  withinM: number,
): number | null {
  const [a, b] = [points[from]!, points[to]!]
  const scale = metresPerDegree((a.lat + b.lat) / 2)
  const endX = deltaLon(a.lon, b.lon) * scale.lon
  const endY = (b.lat - a.lat) * scale.lat
  const lengthM2 = endX * endX + endY * endY
  let found: number | null = null
  let offM2 = withinM * withinM
  for (let at = from + 1; at < to; at++) {
    const point = points[at]!
    const x = deltaLon(a.lon, point.lon) * scale.lon
    const y = (point.lat - a.lat) * scale.lat
    const along = lengthM2 === 0 ? 0 : Math.min(1, Math.max(0, (x * endX + y * endY) / lengthM2))
    const [offX, offY] = [x - along * endX, y - along * endY]
    if (offX * offX + offY * offY <= offM2) continue
    found = at
    offM2 = offX * offX + offY * offY
  }
  return found
}
