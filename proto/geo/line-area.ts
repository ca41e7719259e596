import { between, deltaLon, type LatLon, metresPerDegree, projectOnSegment } from './earth.ts'

/**
 * Areas given by a distance: a circle is everything within a radius of a point, a corridor everything within its
 * half width of a line. Both are unions of capsules (a point is a segment without length); metres are on the ground.
 */
export type Capsule = {
  readonly a: LatLon
  readonly b: LatLon
  readonly radiusM: number
}

/** Distance to the capsule's border: negative inside. */
export function capsuleDistanceM(capsule: Capsule, point: LatLon): number {
  return capsuleAxisM(capsule, point) - capsule.radiusM
}

function capsuleAxisM(capsule: Capsule, point: LatLon): number {
  // The scale of the middle between point and nearest place: half of the error of the point's own.
  const { fraction } = projectOnSegment(point, capsule.a, capsule.b)
  const nearest = between(capsule.a, capsule.b, fraction)
  const scale = metresPerDegree((point.lat + nearest.lat) / 2)
  return Math.hypot((nearest.lat - point.lat) * scale.lat, deltaLon(point.lon, nearest.lon) * scale.lon)
}

/** Adds the fractions of the line a-b at which it passes the capsule's border. */
export function capsuleMeetings(capsule: Capsule, a: LatLon, b: LatLon, found: number[]): void {
  const off = (f: number): number => capsuleDistanceM(capsule, between(a, b, f))
  const nearest = lowest(off)
  if (off(nearest) > 0) return
  if (off(0) > 0) found.push(rootBetween(off, 0, nearest))
  if (off(1) > 0) found.push(rootBetween(off, 1, nearest))
}

/** Where a function that falls, then rises, is lowest in [0, 1]. Distance to a convex shape along a line is one. */
function lowest(off: (f: number) => number): number {
  let low = 0
  let high = 1
  while (high - low > 1e-12) {
    const left = low + (high - low) * 0.45
    const right = low + (high - low) * 0.55
    if (off(left) <= off(right)) high = right
    else low = left
  }
  const middle = (low + high) / 2
  const ends = off(0) <= off(1) ? 0 : 1
  return off(ends) < off(middle) ? ends : middle
}

/** The fraction between an outside and an inside one at which the border lies. */
function rootBetween(off: (f: number) => number, outside: number, inside: number): number {
  let out = outside
  let into = inside
  for (let i = 0; i < 60; i++) {
    const middle = (out + into) / 2
    if (off(middle) > 0) out = middle
    else into = middle
  }
  return into
}

/** West, south, east, north of the capsule, a little too large. */
export function capsuleBox({ a, b, radiusM }: Capsule): [number, number, number, number] {
  const lonB = a.lon + deltaLon(a.lon, b.lon)
  const south = Math.min(a.lat, b.lat)
  const north = Math.max(a.lat, b.lat)
  const reachM = radiusM * 1.01 + 1
  const latReach = reachM / metresPerDegree(0).lat
  const highest = Math.min(89.9, Math.max(Math.abs(south - latReach), Math.abs(north + latReach)))
  const lonReach = Math.min(180, reachM / metresPerDegree(highest).lon)
  return [
    Math.min(a.lon, lonB) - lonReach,
    south - latReach,
    Math.max(a.lon, lonB) + lonReach,
    north + latReach,
  ]
}
