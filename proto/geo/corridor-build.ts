import {
  type Corridor,
  type CorridorPosition,
  halfWidthOf,
  type Section,
  type SegmentLimit,
  type SegmentWidth,
} from './corridor.ts'
import { lengthOf, nearestAmong, nearestOnLine, type PreparedLine, prepareLine } from './corridor-line.ts'
import type { LatLon } from './earth.ts'

export type LineParts = {
  readonly points: readonly LatLon[]
  readonly halfWidthM: number
  readonly limits: readonly SegmentLimit[]
  readonly widths?: readonly SegmentWidth[] | undefined
  readonly sections?: readonly Section[] | undefined
  readonly oneWay?: boolean | undefined
}

export type CorridorParts = {
  readonly id: string
  readonly name: string
  readonly lines: readonly LineParts[]
  readonly stops: readonly { readonly areaId: string }[]
}

/** Segments looked at behind and ahead of the hint: a vehicle at 250 km/h passes fewer in a second. */
const behind = 3
const ahead = 6
/** ... and not those that begin farther along the line: another leg of it may pass near here. */
const reachM = 1000

/** A corridor of at least one line, each of at least two points. */
export function buildCorridor(parts: CorridorParts): Corridor {
  const prepared = parts.lines.map(({ points }) => prepareLine(points))
  const lines = parts.lines.map((line, i) => ({ ...line, lengthM: lengthOf(prepared[i]!) }))
  const scan = (point: LatLon): CorridorPosition => nearestOfAll(prepared, lines, point)
  return {
    id: parts.id,
    name: parts.name,
    lines,
    stops: parts.stops,
    nearest: (point, hint) => aroundHint(prepared, lines, point, hint) ?? scan(point),
    limitAt: ({ line, alongM }) => limitOf(lines[line]?.limits ?? [], alongM),
  }
}

/**
 * The position near the hint, if it is well inside the corridor: then nothing that lies elsewhere can matter, and
 * a route that crosses itself stays on the leg that is being driven. Otherwise null.
 */
function aroundHint(
  prepared: readonly PreparedLine[],
  lines: Corridor['lines'],
  point: LatLon,
  hint: CorridorPosition | null,
): CorridorPosition | null {
  if (hint === null) return null
  const line = prepared[hint.line]
  const parts = lines[hint.line]
  if (line === undefined || parts === undefined || hint.segment >= line.lats.length - 1) return null
  const found = nearestAmong(line, point, ...windowOf(line, hint))
  return found.distanceM <= halfWidthOf(parts, found.alongM) / 2 ? { line: hint.line, ...found } : null
}

/** The segments [from, to) about the hint. */
function windowOf({ cumulativeM }: PreparedLine, { segment, alongM }: CorridorPosition): [number, number] {
  const last = Math.min(cumulativeM.length - 2, segment + ahead)
  let from = segment
  let to = segment
  while (from > Math.max(0, segment - behind) && alongM - cumulativeM[from]! < reachM) from--
  while (to < last && cumulativeM[to + 1]! - alongM < reachM) to++
  return [from, to + 1]
}

/** A line within whose width the point lies comes before a nearer one beside whose width it lies. */
function nearestOfAll(
  prepared: readonly PreparedLine[],
  lines: Corridor['lines'],
  point: LatLon,
): CorridorPosition {
  let best: CorridorPosition | null = null
  let bestInside = false
  for (const [index, line] of prepared.entries()) {
    const found = nearestOnLine(line, point)
    const inside = found.distanceM <= halfWidthOf(lines[index]!, found.alongM)
    const better = best === null || (inside === bestInside ? found.distanceM < best.distanceM : inside)
    if (!better) continue
    best = { line: index, ...found }
    bestInside = inside
  }
  return best as CorridorPosition
}

/** The stretch [fromM, toM) that holds there; the end of the last one belongs to it. Of several, the lowest day limit. */
function limitOf(limits: readonly SegmentLimit[], alongM: number): SegmentLimit | null {
  let found: SegmentLimit | null = null
  for (const limit of limits) {
    if (alongM < limit.fromM || alongM > limit.toM) continue
    if (alongM === limit.toM && limits.some(({ fromM }) => fromM === alongM)) continue
    if (
      found === null ||
      (limit.dayKmh ?? Number.POSITIVE_INFINITY) < (found.dayKmh ?? Number.POSITIVE_INFINITY)
    )
      found = limit
  }
  return found
}

/** Several corridors as alternatives of one, under the id of the first; null when there are none. */
export function asOneCorridor(corridors: readonly Corridor[]): Corridor | null {
  const [first, ...others] = corridors
  if (first === undefined || others.length === 0) return first ?? null
  return buildCorridor({
    id: first.id,
    name: first.name,
    lines: corridors.flatMap(({ lines }) => lines),
    stops: corridors.flatMap(({ stops }) => stops),
  })
}
