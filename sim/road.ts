import { bearingDeg, between, distanceM, type LatLon, metresPerDegree } from '../proto/geo/earth.ts'

/** Roads: a smooth line through waypoints, and the line a driver really takes when he leaves it. Pure. */

/** A line with the distance of each vertex from its beginning. */
export type Path = {
  readonly points: readonly LatLon[]
  readonly alongM: readonly number[]
  readonly lengthM: number
}

export function pathOf(points: readonly LatLon[]): Path {
  const alongM = [0]
  for (let at = 1; at < points.length; at++)
    alongM.push(alongM[at - 1]! + distanceM(points[at - 1]!, points[at]!))
  return { points, alongM, lengthM: alongM.at(-1)! }
}

/** A Catmull-Rom curve through the waypoints with a vertex about every `vertexM` metres. */
export function curve(waypoints: readonly LatLon[], vertexM: number): Path {
  const points: LatLon[] = []
  for (let at = 0; at + 1 < waypoints.length; at++) {
    const p1 = waypoints[at]!
    const p2 = waypoints[at + 1]!
    const p0 = waypoints[at - 1] ?? p1
    const p3 = waypoints[at + 2] ?? p2
    const count = Math.max(1, Math.round(distanceM(p1, p2) / vertexM))
    for (let step = 0; step < count; step++) points.push(blend(p0, p1, p2, p3, step / count))
  }
  points.push(waypoints.at(-1)!)
  return pathOf(points)
}

function blend(p0: LatLon, p1: LatLon, p2: LatLon, p3: LatLon, t: number): LatLon {
  const along = (a: number, b: number, c: number, d: number): number =>
    0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)
  return { lat: along(p0.lat, p1.lat, p2.lat, p3.lat), lon: along(p0.lon, p1.lon, p2.lon, p3.lon) }
}

/** Index of the segment that holds a distance along the path. */
function segmentAt(path: Path, alongM: number): number {
  let low = 0
  let high = path.points.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (path.alongM[middle]! <= alongM) low = middle
    else high = middle - 1
  }
  return low
}

export type Place = LatLon & { readonly courseDeg: number }

/** Where the path is at a distance from its beginning, and where it points. */
export function placeAt(path: Path, alongM: number): Place {
  const segment = segmentAt(path, alongM)
  const from = path.points[segment]!
  const to = path.points[segment + 1]!
  const lengthM = path.alongM[segment + 1]! - path.alongM[segment]!
  const fraction = lengthM === 0 ? 0 : Math.min(1, Math.max(0, (alongM - path.alongM[segment]!) / lengthM))
  return { ...between(from, to, fraction), courseDeg: bearingDeg(from, to) }
}

/** The point so many metres to the right of the path (negative: left). */
export function beside(path: Path, alongM: number, rightM: number): LatLon {
  const { lat, lon, courseDeg } = placeAt(path, alongM)
  const scale = metresPerDegree(lat)
  const right = ((courseDeg + 90) * Math.PI) / 180
  return {
    lat: lat + (Math.cos(right) * rightM) / scale.lat,
    lon: lon + (Math.sin(right) * rightM) / scale.lon,
  }
}

/** A stretch on which the driver takes another way: so far to the right, reached over `rampM` at both ends. */
export type Detour = {
  readonly fromM: number
  readonly toM: number
  readonly rightM: number
  readonly rampM: number
}

const detourVertexM = 50

/** The way really driven between two distances of the road. */
export function drivenPath(road: Path, fromM: number, toM: number, detours: readonly Detour[]): Path {
  const points: LatLon[] = []
  for (let alongM = fromM; alongM < toM; alongM += detourVertexM)
    points.push(beside(road, alongM, offsetM(detours, alongM)))
  points.push(beside(road, toM, offsetM(detours, toM)))
  return pathOf(points)
}

function offsetM(detours: readonly Detour[], alongM: number): number {
  let sum = 0
  for (const { fromM, toM, rightM, rampM } of detours) {
    const inside = Math.min(alongM - fromM, toM - alongM)
    // A raised cosine leaves and meets the road along its own direction, so the course never jumps.
    if (inside > 0) sum += rightM * (0.5 - 0.5 * Math.cos(Math.PI * Math.min(1, inside / rampM)))
  }
  return sum
}

/** A closed ring around a stretch of the road, as [lon, lat] pairs, counter-clockwise or not: one piece, no holes. */
export function ringAround(road: Path, fromM: number, toM: number, halfWidthM: number): [number, number][] {
  const steps = Math.max(1, Math.ceil((toM - fromM) / 500))
  const side = (rightM: number) =>
    Array.from({ length: steps + 1 }, (_, step) =>
      beside(road, fromM + ((toM - fromM) * step) / steps, rightM),
    )
  const ring = [...side(halfWidthM), ...side(-halfWidthM).reverse()]
  const pairs = ring.map((point): [number, number] => [rounded(point.lon), rounded(point.lat)])
  return [...pairs, pairs[0]!]
}

/** Seven decimals: a centimetre, and files that a person can read. */
export const rounded = (degrees: number): number => Math.round(degrees * 1e7) / 1e7
