import type { VehicleClass } from '../shapes/vehicle.ts'
import type { Window } from '../time.ts'
import type { Area, AreaIndex, AreaMore, AreaRole } from './areas.ts'
import { deltaLon, type LatLon, metresPerDegree } from './earth.ts'
import { makeGrid } from './grid.ts'
import { type Capsule, capsuleBox, capsuleDistanceM, capsuleMeetings } from './line-area.ts'
import { edgeDistanceM, meetings, type PolygonRings, type Polygons, packPolygons, sideOf } from './polygon.ts'
import { transitions } from './transitions.ts'

/** What an area is before it is made ready for looking up. */
export type AreaSpec = {
  readonly id: string
  readonly name: string
  readonly role: AreaRole
  readonly classes: readonly VehicleClass[] | null
  readonly windows: readonly Window[] | null
  readonly limitKmh: number | null
  readonly nightLimitKmh: number | null
  readonly dwellS: number | null
  readonly more?: AreaMore | undefined
  readonly shape: AreaShape
}

export type AreaShape =
  | { readonly is: 'polygons'; readonly polygons: readonly PolygonRings[] }
  | { readonly is: 'capsules'; readonly capsules: readonly Capsule[] }

/** All pieces of all areas: first the polygons, then the capsules. */
type Pieces = {
  readonly polygons: Polygons
  readonly capsules: readonly Capsule[]
  /** West, south, east, north of each piece; west in [-180, 180), east may exceed 180. */
  readonly boxes: Float64Array
}

/**
 * A class because there may be 100,000 of them: three functions of its own for each would cost more memory than
 * its edges.
 */
class IndexedArea implements Area {
  readonly id: string
  readonly name: string
  readonly role: AreaRole
  readonly classes: readonly VehicleClass[] | null
  readonly windows: readonly Window[] | null
  readonly limitKmh: number | null
  readonly nightLimitKmh: number | null
  readonly dwellS: number | null
  readonly more: AreaMore | undefined
  readonly #pieces: Pieces
  readonly #from: number
  readonly #to: number

  constructor(spec: AreaSpec, pieces: Pieces, from: number, to: number) {
    this.id = spec.id
    this.name = spec.name
    this.role = spec.role
    this.classes = spec.classes
    this.windows = spec.windows
    this.limitKmh = spec.limitKmh
    this.nightLimitKmh = spec.nightLimitKmh
    this.dwellS = spec.dwellS
    this.more = spec.more
    this.#pieces = pieces
    this.#from = from
    this.#to = to
  }

  contains(point: LatLon): boolean {
    for (let piece = this.#from; piece < this.#to; piece++)
      if (pieceHolds(this.#pieces, piece, point.lon, point.lat)) return true
    return false
  }

  signedDistanceM(point: LatLon): number {
    const seam = this.#hasSeam()
    let border = Infinity
    let depth = -Infinity
    for (let piece = this.#from; piece < this.#to; piece++) {
      const away = pieceDistanceM(this.#pieces, piece, point, seam)
      border = Math.min(border, Math.abs(away))
      if (away <= 0) depth = Math.max(depth, -away)
    }
    if (depth === -Infinity) return border
    // Halves of one polygon cut at the antimeridian have only real edges here, so the nearest is the border.
    return -(seam ? border : depth) || 0
  }

  crossings(a: LatLon, b: LatLon): readonly number[] {
    const found: number[] = []
    for (let piece = this.#from; piece < this.#to; piece++) pieceMeetings(this.#pieces, piece, a, b, found)
    return transitions(a, b, found, (point) => this.contains(point))
  }

  #hasSeam(): boolean {
    const { boxes } = this.#pieces
    let west = false
    let east = false
    for (let piece = this.#from; piece < this.#to; piece++) {
      west ||= boxes[piece * 4] === -180
      east ||= boxes[piece * 4 + 2] === 180
    }
    return west && east
  }
}

/** The longitude as a box sees it: a box that passes 180 degrees counts on. */
function lonFor(boxes: Float64Array, piece: number, lon: number): number {
  if (lon < boxes[piece * 4]!) return lon + 360
  return lon > boxes[piece * 4 + 2]! ? lon - 360 : lon
}

function pieceHolds({ polygons, capsules, boxes }: Pieces, piece: number, lon: number, lat: number): boolean {
  const x = lonFor(boxes, piece, lon)
  if (piece < polygons.count) {
    if (sideOf(polygons, piece, x, lat) >= 0) return true
    // A ring round a pole may overlap itself a whole turn on.
    return x + 360 <= boxes[piece * 4 + 2]! && sideOf(polygons, piece, x + 360, lat) >= 0
  }
  const box = piece * 4
  if (x < boxes[box]! || x > boxes[box + 2]! || lat < boxes[box + 1]! || lat > boxes[box + 3]!) return false
  return capsuleDistanceM(capsules[piece - polygons.count]!, { lat, lon }) <= 0
}

function pieceDistanceM(
  { polygons, capsules, boxes }: Pieces,
  piece: number,
  point: LatLon,
  seam: boolean,
): number {
  if (piece >= polygons.count) return capsuleDistanceM(capsules[piece - polygons.count]!, point)
  const middle = (boxes[piece * 4]! + boxes[piece * 4 + 2]!) / 2
  const x = point.lon + 360 * Math.round((middle - point.lon) / 360)
  const away = edgeDistanceM(polygons, piece, x, point.lat, seam)
  return sideOf(polygons, piece, x, point.lat) >= 0 ? -away : away
}

function pieceMeetings(
  { polygons, capsules }: Pieces,
  piece: number,
  a: LatLon,
  b: LatLon,
  found: number[],
): void {
  if (piece >= polygons.count) {
    const capsule = capsules[piece - polygons.count]!
    if (capsuleNear(capsule, a, b)) capsuleMeetings(capsule, a, b, found)
    return
  }
  const to = a.lon + deltaLon(a.lon, b.lon)
  for (const turn of [0, 360, -360]) meetings(polygons, piece, a.lon + turn, a.lat, to + turn, b.lat, found)
}

/** By boxes, whether a line can meet a capsule. */
function capsuleNear(capsule: Capsule, a: LatLon, b: LatLon): boolean {
  const [west, south, east, north] = capsuleBox(capsule)
  if (Math.max(a.lat, b.lat) < south || Math.min(a.lat, b.lat) > north) return false
  const to = a.lon + deltaLon(a.lon, b.lon)
  return overlapsRound(west, east, Math.min(a.lon, to), Math.max(a.lon, to))
}

/** Whether two spans of longitude meet somewhere on the circle. */
function overlapsRound(west: number, east: number, from: number, to: number): boolean {
  for (const turn of [0, 360, -360]) if (from + turn <= east && to + turn >= west) return true
  return false
}

const none: readonly Area[] = []
/** Distances by the locally flat earth may differ by this from those the box is made with. */
const boxSlack = 1.02

/** Makes areas ready for looking up. Ids are unique. */
export function indexAreas(specs: readonly AreaSpec[]): AreaIndex {
  if (specs.length === 0)
    return { all: none, byId: new Map(), at: () => none, near: () => none, along: () => none }
  const sorted = specs.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  const { pieces, all, areaOf } = packAreas(sorted)
  const grid = makeGrid(pieces.boxes, (piece, lon, lat) => pieceHolds(pieces, piece, lon, lat))
  const meeting = (west: number, south: number, east: number, north: number): readonly Area[] => {
    const found = grid
      .meeting(west, south, east, north)
      .filter((piece) => boxMeets(pieces.boxes, piece, west, south, east, north))
    return areasOf(found, areaOf, all)
  }
  return {
    all,
    byId: new Map(all.map((area) => [area.id, area])),
    at: (point) => areasOf(grid.at(point.lon, point.lat), areaOf, all),
    near: (point, metres) => {
      const reach = (metres * boxSlack) / metresPerDegree(0).lat
      const [south, north] = [point.lat - reach, point.lat + reach]
      const highest = Math.min(89.9, Math.max(Math.abs(south), Math.abs(north)))
      const lonReach = Math.min(180, (metres * boxSlack) / metresPerDegree(highest).lon)
      return meeting(point.lon - lonReach, south, point.lon + lonReach, north)
    },
    along: (a, b) => {
      const to = a.lon + deltaLon(a.lon, b.lon)
      return meeting(Math.min(a.lon, to), Math.min(a.lat, b.lat), Math.max(a.lon, to), Math.max(a.lat, b.lat))
    },
  }
}

/** Packs the pieces of areas (sorted by id) and numbers them: `areaOf` is the area of each piece. */
function packAreas(sorted: readonly AreaSpec[]): { pieces: Pieces; all: Area[]; areaOf: Uint32Array } {
  const polygons = packPolygons(
    sorted.flatMap(({ shape }) => (shape.is === 'polygons' ? shape.polygons.map(westward) : [])),
  )
  const capsules = sorted.flatMap(({ shape }) => (shape.is === 'capsules' ? shape.capsules : []))
  const boxes = new Float64Array((polygons.count + capsules.length) * 4)
  boxes.set(polygons.boxes)
  capsules.forEach((capsule, c) => {
    const [west, south, east, north] = capsuleBox(capsule)
    const turn = 360 * Math.floor((west + 180) / 360)
    boxes.set([west - turn, south, east - turn, north], (polygons.count + c) * 4)
  })
  const pieces = { polygons, capsules, boxes }
  const areaOf = new Uint32Array(boxes.length / 4)
  let polygon = 0
  let capsule = polygons.count
  const all = sorted.map((spec, number) => {
    const count = spec.shape.is === 'polygons' ? spec.shape.polygons.length : spec.shape.capsules.length
    const from = spec.shape.is === 'polygons' ? polygon : capsule
    if (spec.shape.is === 'polygons') polygon += count
    else capsule += count
    areaOf.fill(number, from, from + count)
    return new IndexedArea(spec, pieces, from, from + count)
  })
  return { pieces, all, areaOf }
}

/** The polygon moved by whole turns so that its western end lies in [-180, 180). */
function westward(rings: PolygonRings): PolygonRings {
  let west = Infinity
  for (const ring of rings) for (let i = 0; i < ring.length; i += 2) west = Math.min(west, ring[i]!)
  const turn = 360 * Math.floor((west + 180) / 360)
  if (turn === 0) return rings
  return rings.map((ring) => ring.map((value, i) => (i % 2 === 0 ? value - turn : value)))
}

function boxMeets(
  boxes: Float64Array,
  piece: number,
  west: number,
  south: number,
  east: number,
  north: number,
): boolean {
  const box = piece * 4
  if (boxes[box + 1]! > north || boxes[box + 3]! < south) return false
  return overlapsRound(boxes[box]!, boxes[box + 2]!, west, east)
}

/** The areas of pieces, each once, sorted by id: areas are numbered in the order of their ids. */
function areasOf(found: readonly number[], areaOf: Uint32Array, all: readonly Area[]): readonly Area[] {
  if (found.length === 0) return none
  if (found.length === 1) return [all[areaOf[found[0]!]!]!]
  const numbers = found.map((piece) => areaOf[piece]!).sort((a, b) => a - b)
  const areas: Area[] = []
  let last = -1
  for (const number of numbers) {
    if (number !== last) areas.push(all[number]!)
    last = number
  }
  return areas
}
