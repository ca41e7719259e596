import { deltaLon, distanceM, type LatLon, metresPerDegree } from './earth.ts'

/**
 * One line made ready for "how far is this point". Longitudes are unwrapped along the line, so that a line over
 * the antimeridian is an ordinary line, and segments are boxed in groups, so that a full scan looks into few.
 */
export type PreparedLine = {
  readonly lats: Float64Array
  /** Continuous: may leave [-180, 180]. */
  readonly lons: Float64Array
  /** Distance from the beginning to each vertex, metres. */
  readonly cumulativeM: Float64Array
  /** minLat, maxLat, minLon, maxLon of each group of segments. */
  readonly boxes: Float64Array
  readonly middleLon: number
}

export type OnLine = { readonly distanceM: number; readonly alongM: number; readonly segment: number }

/** Segments per box: the scan of one box costs about as much as the test of so many boxes. */
const group = 16

export function prepareLine(points: readonly LatLon[]): PreparedLine {
  const lats = Float64Array.from(points, ({ lat }) => lat)
  const lons = new Float64Array(points.length)
  const cumulativeM = new Float64Array(points.length)
  for (const [i, point] of points.entries()) {
    const before = points[i - 1]
    lons[i] = before === undefined ? point.lon : lons[i - 1]! + deltaLon(before.lon, point.lon)
    cumulativeM[i] = before === undefined ? 0 : cumulativeM[i - 1]! + distanceM(before, point)
  }
  const boxes = boxesOf(lats, lons)
  return { lats, lons, cumulativeM, boxes, middleLon: middleOf(lons) }
}

export function lengthOf(line: PreparedLine): number {
  return line.cumulativeM[line.cumulativeM.length - 1] ?? 0
}

/** Nearest position among the segments [from, to). */
export function nearestAmong(line: PreparedLine, point: LatLon, from: number, to: number): OnLine {
  const scale = metresPerDegree(point.lat)
  const lon = nearLon(line, point.lon)
  const { lats, lons, cumulativeM } = line
  let best2 = Number.POSITIVE_INFINITY
  let segment = from
  let fraction = 0
  for (let i = from; i < to; i++) {
    const ax = (lons[i]! - lon) * scale.lon
    const ay = (lats[i]! - point.lat) * scale.lat
    const dx = (lons[i + 1]! - lons[i]!) * scale.lon
    const dy = (lats[i + 1]! - lats[i]!) * scale.lat
    const length2 = dx * dx + dy * dy
    const part = length2 === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length2))
    const px = ax + part * dx
    const py = ay + part * dy
    const d2 = px * px + py * py
    if (d2 >= best2) continue
    best2 = d2
    segment = i
    fraction = part
  }
  const alongM = cumulativeM[segment]! + fraction * (cumulativeM[segment + 1]! - cumulativeM[segment]!)
  return { distanceM: Math.sqrt(best2), alongM, segment }
}

/** Nearest position on the whole line: groups whose box is farther than the best so far are not looked into. */
export function nearestOnLine(line: PreparedLine, point: LatLon): OnLine {
  const scale = metresPerDegree(point.lat)
  const lon = nearLon(line, point.lon)
  const segments = line.lats.length - 1
  const look = (box: number): OnLine =>
    nearestAmong(line, point, box * group, Math.min(segments, (box + 1) * group))
  const first = nearestBox(line, point.lat, lon, scale)
  let best = look(first)
  for (let box = 0; box < line.boxes.length / 4; box++) {
    if (box === first || boxDistanceM(line, box, point.lat, lon, scale) >= best.distanceM) continue
    const found = look(box)
    if (found.distanceM < best.distanceM) best = found
  }
  return best
}

type Scale = { readonly lat: number; readonly lon: number }

function nearestBox(line: PreparedLine, lat: number, lon: number, scale: Scale): number {
  let box = 0
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < line.boxes.length / 4; i++) {
    const d = boxDistanceM(line, i, lat, lon, scale)
    if (d < least) {
      least = d
      box = i
    }
  }
  return box
}

function boxDistanceM(line: PreparedLine, box: number, lat: number, lon: number, scale: Scale): number {
  const at = box * 4
  const { boxes } = line
  const dy = Math.max(0, boxes[at]! - lat, lat - boxes[at + 1]!) * scale.lat
  const dx = Math.max(0, boxes[at + 2]! - lon, lon - boxes[at + 3]!) * scale.lon
  return Math.sqrt(dx * dx + dy * dy)
}

/** The point's longitude on the turn of the globe that lies nearest to the line. */
function nearLon(line: PreparedLine, lon: number): number {
  return lon + 360 * Math.round((line.middleLon - lon) / 360)
}

function middleOf(lons: Float64Array): number {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const lon of lons) {
    if (lon < min) min = lon
    if (lon > max) max = lon
  }
  return (min + max) / 2
}

function boxesOf(lats: Float64Array, lons: Float64Array): Float64Array {
  const segments = lats.length - 1
  const boxes = new Float64Array(Math.ceil(segments / group) * 4)
  for (let box = 0; box < boxes.length / 4; box++) {
    const from = box * group
    const to = Math.min(segments, from + group) + 1
    boxes[box * 4] = Math.min(...lats.subarray(from, to))
    boxes[box * 4 + 1] = Math.max(...lats.subarray(from, to))
    boxes[box * 4 + 2] = Math.min(...lons.subarray(from, to))
    boxes[box * 4 + 3] = Math.max(...lons.subarray(from, to))
  }
  return boxes
}
