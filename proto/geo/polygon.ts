import { orient2d } from 'robust-predicates'
import { metresPerDegree } from './earth.ts'

/**
 * Polygons for asking millions of times. Edges are straight in longitude/latitude; every side of a line is decided
 * by an exact predicate, so a point on an edge is on it whichever way the edge was drawn.
 *
 * All polygons of an index lie in shared pools: one array per polygon would cost more than its vertices. Each
 * polygon is cut into horizontal slabs that name the edges they meet, as 16-bit numbers (a polygon has at most
 * 10,000 vertices): a question looks at the few edges of one slab.
 */
export type Polygons = {
  readonly count: number
  /** Longitude and latitude of each vertex in turn; each ring repeats its first vertex at its end. */
  readonly coords: Float64Array
  /** West, south, east, north of each polygon. */
  readonly boxes: Float64Array
  readonly firstVertex: Uint32Array
  readonly firstSlab: Uint32Array
  /** Where the edges of each slab begin in `edges`. */
  readonly slabEdges: Uint32Array
  /** First vertex of an edge, counted from its polygon's first vertex. */
  readonly edges: Uint16Array
}

/** A closed ring as longitude, latitude, longitude, latitude ... */
export type Ring = readonly number[]
/** The outer ring and the holes. */
export type PolygonRings = readonly Ring[]

export const polygonVerticesMax = 10_000
const edgesPerSlab = 4
const slabsMax = 2048

/** Sign of the turn a -> b -> c, exact: positive to the left, negative to the right, 0 on one line. */
export function turn(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  return -orient2d(ax, ay, bx, by, cx, cy)
}

/** Packs polygons. Rings are closed and hold at most 65,535 vertices together. */
export function packPolygons(polygons: readonly PolygonRings[]): Polygons {
  const count = polygons.length
  const firstVertex = new Uint32Array(count + 1)
  polygons.forEach((rings, p) => {
    const vertices = rings.reduce((sum, ring) => sum + ring.length / 2, 0)
    if (vertices > 65_535) throw new RangeError(`a polygon of ${vertices} vertices`)
    firstVertex[p + 1] = firstVertex[p]! + vertices
  })
  const coords = new Float64Array(firstVertex[count]! * 2)
  const boxes = new Float64Array(count * 4)
  polygons.forEach((rings, p) => {
    let at = firstVertex[p]! * 2
    for (const ring of rings) {
      coords.set(ring, at)
      at += ring.length
    }
    boxes.set(boxOf(coords, firstVertex[p]! * 2, at), p * 4)
  })
  const firstSlab = new Uint32Array(count + 1)
  for (let p = 0; p < count; p++) {
    const vertices = firstVertex[p + 1]! - firstVertex[p]!
    const slabs = Math.min(slabsMax, Math.max(1, Math.floor(vertices / edgesPerSlab)))
    firstSlab[p + 1] = firstSlab[p]! + slabs
  }
  return {
    count,
    coords,
    boxes,
    firstVertex,
    firstSlab,
    ...fillSlabs(polygons, coords, boxes, firstVertex, firstSlab),
  }
}

function boxOf(coords: Float64Array, from: number, to: number): [number, number, number, number] {
  let west = Infinity
  let south = Infinity
  let east = -Infinity
  let north = -Infinity
  for (let i = from; i < to; i += 2) {
    west = Math.min(west, coords[i]!)
    east = Math.max(east, coords[i]!)
    south = Math.min(south, coords[i + 1]!)
    north = Math.max(north, coords[i + 1]!)
  }
  return [west, south, east, north]
}

/** The slab of a latitude inside a polygon's box. Monotone, so an edge's slabs always include its points' slabs. */
function slabOf(y: number, south: number, north: number, slabs: number): number {
  if (north <= south) return 0
  const slab = Math.floor(((y - south) / (north - south)) * slabs)
  return slab < 0 ? 0 : slab >= slabs ? slabs - 1 : slab
}

function fillSlabs(
  polygons: readonly PolygonRings[],
  coords: Float64Array,
  boxes: Float64Array,
  firstVertex: Uint32Array,
  firstSlab: Uint32Array,
): { slabEdges: Uint32Array; edges: Uint16Array } {
  const slabEdges = new Uint32Array(firstSlab.at(-1)! + 1)
  const visit = (each: (slab: number, vertex: number) => void): void => {
    for (let p = 0; p < polygons.length; p++) {
      const slabs = firstSlab[p + 1]! - firstSlab[p]!
      const south = boxes[p * 4 + 1]!
      const north = boxes[p * 4 + 3]!
      let vertex = 0
      for (const ring of polygons[p]!) {
        const last = vertex + ring.length / 2 - 1
        for (; vertex < last; vertex++) {
          const i = (firstVertex[p]! + vertex) * 2
          const y1 = coords[i + 1]!
          const y2 = coords[i + 3]!
          const to = slabOf(Math.max(y1, y2), south, north, slabs)
          for (let slab = slabOf(Math.min(y1, y2), south, north, slabs); slab <= to; slab++)
            each(firstSlab[p]! + slab, vertex)
        }
        vertex++
      }
    }
  }
  visit((slab) => {
    slabEdges[slab + 1]!++
  })
  for (let slab = 1; slab < slabEdges.length; slab++) slabEdges[slab]! += slabEdges[slab - 1]!
  const edges = new Uint16Array(slabEdges.at(-1)!)
  const next = slabEdges.slice()
  visit((slab, vertex) => {
    edges[next[slab]!++] = vertex
  })
  return { slabEdges, edges }
}

/** 1 inside, 0 on an edge (a hole's too), -1 outside. Even-odd over all rings of the polygon. */
export function sideOf(polygons: Polygons, p: number, x: number, y: number): -1 | 0 | 1 {
  const { coords, boxes, edges, slabEdges, firstSlab } = polygons
  const box = p * 4
  const south = boxes[box + 1]!
  const north = boxes[box + 3]!
  if (x < boxes[box]! || x > boxes[box + 2]! || y < south || y > north) return -1
  const slab = firstSlab[p]! + slabOf(y, south, north, firstSlab[p + 1]! - firstSlab[p]!)
  const base = polygons.firstVertex[p]!
  const end = slabEdges[slab + 1]!
  let inside = false
  for (let e = slabEdges[slab]!; e < end; e++) {
    const i = (base + edges[e]!) * 2
    const y1 = coords[i + 1]!
    const y2 = coords[i + 3]!
    if ((y < y1 && y < y2) || (y > y1 && y > y2)) continue
    const x1 = coords[i]!
    const x2 = coords[i + 2]!
    if (x > x1 && x > x2) continue
    const across = y1 > y !== y2 > y
    if (x < x1 && x < x2) {
      if (across) inside = !inside
      continue
    }
    // On the edge's own latitude everything between its ends lies on it.
    if (y1 === y2) return 0
    const side = turn(x1, y1, x2, y2, x, y)
    if (side === 0) return 0
    if (across && y2 > y1 === side > 0) inside = !inside
  }
  return inside ? 1 : -1
}

/**
 * Distance in metres from a point to the nearest edge of a polygon. `skipSeam` leaves out edges along the
 * antimeridian: there a polygon cut in two as RFC 7946 asks goes on on the other side.
 */
export function edgeDistanceM(
  polygons: Polygons,
  p: number,
  x: number,
  y: number,
  skipSeam: boolean,
): number {
  const { boxes, slabEdges, firstSlab } = polygons
  const south = boxes[p * 4 + 1]!
  const north = boxes[p * 4 + 3]!
  const slabs = firstSlab[p + 1]! - firstSlab[p]!
  const scale = metresPerDegree(y)
  const heightM = ((north - south) / slabs) * scale.lat
  const home = slabOf(y, south, north, slabs)
  const outsideM = Math.max(0, south - y, y - north) * scale.lat
  let best = Infinity
  for (let away = 0; away < slabs; away++) {
    // Slabs `away` from the point's own begin at least so far off in latitude alone.
    if (outsideM + (away - 1) * heightM > best) break
    for (const slab of away === 0 ? [home] : [home - away, home + away]) {
      if (slab < 0 || slab >= slabs) continue
      const at = firstSlab[p]! + slab
      const found = nearestOf(polygons, p, slabEdges[at]!, slabEdges[at + 1]!, x, y, scale, skipSeam)
      if (found < best) best = found
    }
  }
  return best
}

function nearestOf(
  { coords, edges, firstVertex }: Polygons,
  p: number,
  from: number,
  to: number,
  x: number,
  y: number,
  scale: { readonly lat: number; readonly lon: number },
  skipSeam: boolean,
): number {
  const base = firstVertex[p]!
  let best2 = Infinity
  for (let e = from; e < to; e++) {
    const i = (base + edges[e]!) * 2
    const x1 = coords[i]!
    const x2 = coords[i + 2]!
    if (skipSeam && x1 === x2 && Math.abs(x1) === 180) continue
    const ax = (x1 - x) * scale.lon
    const ay = (coords[i + 1]! - y) * scale.lat
    const dx = (x2 - x1) * scale.lon
    const dy = (coords[i + 3]! - coords[i + 1]!) * scale.lat
    const length2 = dx * dx + dy * dy
    const f = length2 === 0 ? 0 : Math.min(1, Math.max(0, -(ax * dx + ay * dy) / length2))
    const nx = ax + f * dx
    const ny = ay + f * dy
    const d2 = nx * nx + ny * ny
    if (d2 < best2) best2 = d2
  }
  return Math.sqrt(best2)
}

/** Adds to `found` the fractions of the line a-b at which it meets edges of a polygon: unsorted, some twice. */
export function meetings(
  polygons: Polygons,
  p: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  found: number[],
): void {
  const { coords, boxes, edges, slabEdges, firstSlab } = polygons
  const [west, east] = ax < bx ? [ax, bx] : [bx, ax]
  const [low, high] = ay < by ? [ay, by] : [by, ay]
  const box = p * 4
  const south = boxes[box + 1]!
  const north = boxes[box + 3]!
  if (east < boxes[box]! || west > boxes[box + 2]! || high < south || low > north) return
  const slabs = firstSlab[p + 1]! - firstSlab[p]!
  const base = polygons.firstVertex[p]!
  const from = slabEdges[firstSlab[p]! + slabOf(low, south, north, slabs)]!
  const to = slabEdges[firstSlab[p]! + slabOf(high, south, north, slabs) + 1]!
  for (let e = from; e < to; e++) {
    const i = (base + edges[e]!) * 2
    const x1 = coords[i]!
    const y1 = coords[i + 1]!
    const x2 = coords[i + 2]!
    const y2 = coords[i + 3]!
    if ((x1 < west && x2 < west) || (x1 > east && x2 > east)) continue
    if ((y1 < low && y2 < low) || (y1 > high && y2 > high)) continue
    meet(ax, ay, bx, by, x1, y1, x2, y2, found)
  }
}

function meet(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  found: number[],
): void {
  const start = turn(ax, ay, bx, by, x1, y1)
  const end = turn(ax, ay, bx, by, x2, y2)
  if ((start > 0 && end > 0) || (start < 0 && end < 0)) return
  const a = turn(x1, y1, x2, y2, ax, ay)
  const b = turn(x1, y1, x2, y2, bx, by)
  if ((a > 0 && b > 0) || (a < 0 && b < 0)) return
  if (a !== b) {
    found.push(Math.min(1, Math.max(0, a / (a - b))))
    return
  }
  // The edge lies along the line: both of its ends are meetings.
  const dx = bx - ax
  const dy = by - ay
  const length2 = dx * dx + dy * dy
  if (length2 === 0) return
  for (const [x, y] of [
    [x1, y1],
    [x2, y2],
  ] as const)
    found.push(Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length2)))
}
