/**
 * The one model of the earth: the WGS-84 ellipsoid, flattened locally. Metres per degree of latitude and
 * longitude are taken at the middle latitude of the two points; the line between them is straight in
 * longitude/latitude. Against a geodesic the error is below 0.01 % up to 100 km and below 0.3 % up to 1,000 km
 * at latitudes under 60 degrees: far below what a receiver, an odometer or a corridor's width can tell.
 */

export type LatLon = { readonly lat: number; readonly lon: number }

const radiusM = 6_378_137
const flattening = 1 / 298.257223563
const e2 = flattening * (2 - flattening)
const degree = Math.PI / 180

/**
 * The cosine of a latitude, by additions and multiplications alone: those are the same to the last bit on every
 * machine, which a library's cosine need not be. All distances go through here, so that no finding hangs on it.
 * Half the angle, its series (the first term left out is 2e-18), and the angle doubled again.
 */
export function cosLatitude(lat: number): number {
  const half = (lat * degree) / 2
  const y = half * half
  let series = 0
  for (let n = 16; n >= 2; n -= 2) series = ((1 - series) * y) / (n * (n - 1))
  const cos = 1 - series
  return 2 * cos * cos - 1
}

/** Metres per degree at a latitude. */
export function metresPerDegree(lat: number): { readonly lat: number; readonly lon: number } {
  const cos = cosLatitude(lat)
  const w2 = 1 / (1 - e2 * (1 - cos * cos))
  const w = Math.sqrt(w2)
  const m = degree * radiusM
  return { lat: m * w * w2 * (1 - e2), lon: m * w * cos }
}

/** Longitude difference in (-180, 180]: the short way round, across the antimeridian too. */
export function deltaLon(fromLon: number, toLon: number): number {
  const delta = toLon - fromLon
  if (delta > 180) return delta - 360
  if (delta <= -180) return delta + 360
  return delta
}

/** Distance in metres. */
export function distanceM(a: LatLon, b: LatLon): number {
  const scale = metresPerDegree((a.lat + b.lat) / 2)
  return Math.hypot((b.lat - a.lat) * scale.lat, deltaLon(a.lon, b.lon) * scale.lon)
}

/**
 * Bearing from a to b, degrees clockwise from north, [0, 360). To the millionth of a degree, so that the last bit of a
 * machine's arc tangent decides nothing.
 */
export function bearingDeg(a: LatLon, b: LatLon): number {
  const scale = metresPerDegree((a.lat + b.lat) / 2)
  const angle = Math.atan2(deltaLon(a.lon, b.lon) * scale.lon, (b.lat - a.lat) * scale.lat) / degree
  const rounded = Math.round(angle * 1e6) / 1e6
  return rounded < 0 ? rounded + 360 : rounded || 0
}

/** The point at a fraction (0 = a, 1 = b) of the straight line in longitude/latitude. */
export function between(a: LatLon, b: LatLon, fraction: number): LatLon {
  let lon = a.lon + deltaLon(a.lon, b.lon) * fraction
  if (lon > 180) lon -= 360
  if (lon < -180) lon += 360
  return { lat: a.lat + (b.lat - a.lat) * fraction, lon }
}

export type Projection = {
  /** Distance from the point to the segment, metres. */
  readonly distanceM: number
  /** Where on the segment the nearest point lies, 0 = a, 1 = b. */
  readonly fraction: number
}

/** Nearest point of the segment a-b. */
export function projectOnSegment(point: LatLon, a: LatLon, b: LatLon): Projection {
  const scale = metresPerDegree(point.lat)
  const ax = deltaLon(point.lon, a.lon) * scale.lon
  const ay = (a.lat - point.lat) * scale.lat
  const dx = deltaLon(a.lon, b.lon) * scale.lon
  const dy = (b.lat - a.lat) * scale.lat
  const length2 = dx * dx + dy * dy
  const fraction = length2 === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length2))
  return { distanceM: Math.hypot(ax + fraction * dx, ay + fraction * dy), fraction }
}
