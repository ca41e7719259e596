import {
  meetings,
  type PolygonRings,
  type Polygons,
  packPolygons,
  type Ring,
  sideOf,
  turn,
} from './polygon.ts'

/**
 * Whether polygons are what they seem to a person: rings that do not cross or touch themselves, holes inside their
 * outer ring and beside each other, an inside in one piece, parts beside each other (OGC Simple Features, 6.1.11
 * and 6.1.14). Decided with exact predicates, so a hole touching its outer ring in one point is valid for ever.
 */
export type RingFault = {
  readonly reason: 'self-crossing' | 'hole-outside' | 'cut-in-two' | 'parts-overlap'
  readonly part: number
  readonly ring: number
  readonly near: readonly [number, number]
}

type Edge = {
  readonly part: number
  readonly ring: number
  readonly index: number
  /** Edges of its ring. */
  readonly of: number
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

/** The first fault of a polygon (one part) or multi-polygon; null when there is none. Rings are closed. */
export function checkRings(parts: readonly PolygonRings[]): RingFault | null {
  const edges = parts.flatMap((rings, part) => rings.flatMap((ring, r) => edgesOf(ring, part, r)))
  const touches: Touch[] = []
  return (
    sweep(edges, touches) ??
    cutInTwo(touches) ??
    misplacedHole(parts) ??
    (parts.length > 1 ? nestedPart(parts) : null)
  )
}

/** Edges of a ring; a repeated vertex makes none. */
function edgesOf(ring: Ring, part: number, r: number): Edge[] {
  const corners: number[] = []
  for (let i = 0; i < ring.length; i += 2)
    if (i === 0 || ring[i] !== ring[i - 2] || ring[i + 1] !== ring[i - 1])
      corners.push(ring[i]!, ring[i + 1]!)
  const of = corners.length / 2 - 1
  const edges: Edge[] = []
  for (let index = 0; index < of; index++) {
    const [x1, y1, x2, y2] = corners.slice(index * 2, index * 2 + 4) as [number, number, number, number]
    edges.push({ part, ring: r, index, of, x1, y1, x2, y2 })
  }
  return edges
}

type Touch = {
  readonly part: number
  readonly rings: readonly [number, number]
  readonly point: readonly [number, number]
}

/** Compares the edges whose boxes meet, from west to east. */
function sweep(edges: readonly Edge[], touches: Touch[]): RingFault | null {
  const west = (edge: Edge): number => Math.min(edge.x1, edge.x2)
  const sorted = edges.toSorted((a, b) => west(a) - west(b))
  const active: Edge[] = []
  for (const edge of sorted) {
    const from = west(edge)
    let kept = 0
    for (const other of active) {
      if (Math.max(other.x1, other.x2) < from) continue
      active[kept++] = other
      if (Math.min(edge.y1, edge.y2) > Math.max(other.y1, other.y2)) continue
      if (Math.max(edge.y1, edge.y2) < Math.min(other.y1, other.y2)) continue
      const fault = faultOf(edge, other, touches)
      if (fault !== null) return fault
    }
    active.length = kept
    active.push(edge)
  }
  return null
}

function faultOf(edge: Edge, other: Edge, touches: Touch[]): RingFault | null {
  const contact = contactOf(edge, other)
  if (contact === null) return null
  const fault = (reason: RingFault['reason'], at: Edge): RingFault => ({
    reason,
    part: at.part,
    ring: at.ring,
    near: contact.point,
  })
  if (edge.part !== other.part) return contact.is === 'touch' ? null : fault('parts-overlap', edge)
  if (edge.ring === other.ring) {
    const apart = Math.abs(edge.index - other.index)
    const neighbours = apart === 1 || apart === edge.of - 1
    return neighbours && contact.is === 'touch' ? null : fault('self-crossing', edge)
  }
  if (contact.is !== 'touch') return fault('hole-outside', edge.ring > other.ring ? edge : other)
  touches.push({ part: edge.part, rings: [edge.ring, other.ring], point: contact.point })
  return null
}

type Contact = { readonly is: 'touch' | 'cross' | 'overlap'; readonly point: readonly [number, number] }

/** How two edges meet; null when they do not. */
function contactOf(e: Edge, f: Edge): Contact | null {
  const f1 = turn(e.x1, e.y1, e.x2, e.y2, f.x1, f.y1)
  const f2 = turn(e.x1, e.y1, e.x2, e.y2, f.x2, f.y2)
  if ((f1 > 0 && f2 > 0) || (f1 < 0 && f2 < 0)) return null
  const e1 = turn(f.x1, f.y1, f.x2, f.y2, e.x1, e.y1)
  const e2 = turn(f.x1, f.y1, f.x2, f.y2, e.x2, e.y2)
  if ((e1 > 0 && e2 > 0) || (e1 < 0 && e2 < 0)) return null
  if (f1 === 0 && f2 === 0) return contactOnLine(e, f)
  if (f1 === 0) return { is: 'touch', point: [f.x1, f.y1] }
  if (f2 === 0) return { is: 'touch', point: [f.x2, f.y2] }
  if (e1 === 0) return { is: 'touch', point: [e.x1, e.y1] }
  if (e2 === 0) return { is: 'touch', point: [e.x2, e.y2] }
  const t = e1 / (e1 - e2)
  return { is: 'cross', point: [e.x1 + (e.x2 - e.x1) * t, e.y1 + (e.y2 - e.y1) * t] }
}

/** Two edges on one line: apart, end to end, or over each other. */
function contactOnLine(e: Edge, f: Edge): Contact | null {
  const flat = e.x1 === e.x2
  const [e1, e2, f1, f2] = flat ? [e.y1, e.y2, f.y1, f.y2] : [e.x1, e.x2, f.x1, f.x2]
  const low = Math.max(Math.min(e1, e2), Math.min(f1, f2))
  const high = Math.min(Math.max(e1, e2), Math.max(f1, f2))
  if (low > high) return null
  const point: [number, number] =
    e1 === low ? [e.x1, e.y1] : e2 === low ? [e.x2, e.y2] : f1 === low ? [f.x1, f.y1] : [f.x2, f.y2]
  return { is: low === high ? 'touch' : 'overlap', point }
}

/**
 * Rings that touch in single points leave the inside connected unless they make a chain that closes: two holes
 * touching twice, or a hole touching the outer ring in two points.
 */
function cutInTwo(touches: readonly Touch[]): RingFault | null {
  const parent = new Map<string, string>()
  const root = (node: string): string => {
    let at = node
    for (let up = parent.get(at); up !== undefined && up !== at; up = parent.get(at)) at = up
    return at
  }
  const joined = new Set<string>()
  for (const { part, rings, point } of touches) {
    const place = `${part}@${point.join(',')}`
    for (const ring of rings) {
      const link = `${place}#${ring}`
      if (joined.has(link)) continue
      joined.add(link)
      const [a, b] = [root(`${part}#${ring}`), root(place)]
      if (a === b) return { reason: 'cut-in-two', part, ring: Math.max(...rings), near: point }
      parent.set(a, b)
      parent.set(b, b)
    }
  }
  return null
}

function misplacedHole(parts: readonly PolygonRings[]): RingFault | null {
  for (const [part, rings] of parts.entries()) {
    const packed = rings.map((ring) => packPolygons([[ring]]))
    for (let ring = 1; ring < rings.length; ring++) {
      const hole = rings[ring]!
      const fault: RingFault = { reason: 'hole-outside', part, ring, near: [hole[0]!, hole[1]!] }
      if (reaches(hole, packed[0]!, -1)) return fault
      for (let other = 1; other < ring; other++)
        if (overlap(hole, packed[ring]!, rings[other]!, packed[other]!)) return fault
    }
  }
  return null
}

function nestedPart(parts: readonly PolygonRings[]): RingFault | null {
  const packed = parts.map((rings) => packPolygons([rings]))
  for (let part = 1; part < parts.length; part++)
    for (let other = 0; other < part; other++) {
      const [a, b] = [parts[part]![0]!, parts[other]![0]!]
      if (overlap(a, packed[part]!, b, packed[other]!))
        return { reason: 'parts-overlap', part, ring: 0, near: [a[0]!, a[1]!] }
    }
  return null
}

/** Whether a ring reaches into the other's polygon or the other way round. */
function overlap(a: Ring, packedA: Polygons, b: Ring, packedB: Polygons): boolean {
  const [westA, southA, eastA, northA] = packedA.boxes
  const [westB, southB, eastB, northB] = packedB.boxes
  if (westA! > eastB! || eastA! < westB! || southA! > northB! || northA! < southB!) return false
  return reaches(a, packedB, 1) || reaches(b, packedA, 1)
}

/**
 * Whether a ring that crosses no edge has a point strictly inside (1) or outside (-1) a polygon. It may run through
 * corners, so each stretch between two meetings is asked for.
 */
function reaches(ring: Ring, packed: Polygons, side: -1 | 1): boolean {
  for (let i = 0; i < ring.length; i += 2) if (sideOf(packed, 0, ring[i]!, ring[i + 1]!) === side) return true
  for (let i = 0; i + 3 < ring.length; i += 2) {
    const [ax, ay, bx, by] = [ring[i]!, ring[i + 1]!, ring[i + 2]!, ring[i + 3]!]
    const fractions = [0, 1]
    meetings(packed, 0, ax, ay, bx, by, fractions)
    fractions.sort((a, b) => a - b)
    for (let f = 1; f < fractions.length; f++) {
      const middle = (fractions[f - 1]! + fractions[f]!) / 2
      const apart = fractions[f]! - fractions[f - 1]! > sameFraction
      if (apart && sideOf(packed, 0, ax + (bx - ax) * middle, ay + (by - ay) * middle) === side) return true
    }
  }
  return false
}

/** Meetings closer than this are one corner with different last bits. */
const sameFraction = 1e-11
