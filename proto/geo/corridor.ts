import type { LatLon } from './earth.ts'

/** A route made ready for looking up: alternatives of lines with a width, limits along them, stops. */

export type RoadClass = 'motorway' | 'other'

export type SegmentLimit = {
  readonly fromM: number
  readonly toM: number
  readonly dayKmh: number | null
  readonly nightKmh: number | null
  readonly roadClass: RoadClass | null
  readonly minS: number | null
  readonly maxS: number | null
}

/** A stretch whose width is its own: a bridge, a town. */
export type SegmentWidth = { readonly fromM: number; readonly toM: number; readonly halfWidthM: number }

/** A stretch whose mean speed is measured. */
export type Section = { readonly fromM: number; readonly toM: number; readonly name: string | null }

export type CorridorPosition = {
  /** Which of the alternatives. */
  readonly line: number
  readonly distanceM: number
  /** Distance along that line from its beginning. */
  readonly alongM: number
  /** Index of the segment: a hint for the next call. */
  readonly segment: number
}

export type Corridor = {
  readonly id: string
  readonly name: string
  readonly lines: readonly {
    /** The vertices, WGS-84. */
    readonly points: readonly LatLon[]
    readonly halfWidthM: number
    readonly lengthM: number
    readonly limits: readonly SegmentLimit[]
    readonly widths?: readonly SegmentWidth[] | undefined
    readonly sections?: readonly Section[] | undefined
    /** Drawn in the direction in which alone it may be driven. */
    readonly oneWay?: boolean | undefined
  }[]
  readonly stops: readonly { readonly areaId: string }[]
  /** Nearest position on any of the lines; looks around the hint first and everywhere when that is far. */
  readonly nearest: (point: LatLon, hint: CorridorPosition | null) => CorridorPosition
  /** What holds at a position; null where no segment says anything. */
  readonly limitAt: (position: CorridorPosition) => SegmentLimit | null
}

/** Half the width where the position is: the widest of the stretches that say something, else the line's own. */
export function halfWidthAt(corridor: Pick<Corridor, 'lines'>, { line, alongM }: CorridorPosition): number {
  const parts = corridor.lines[line]
  return parts === undefined ? 0 : halfWidthOf(parts, alongM)
}

export function halfWidthOf(
  { halfWidthM, widths }: Pick<Corridor['lines'][number], 'halfWidthM' | 'widths'>,
  alongM: number,
): number {
  if (widths === undefined || widths.length === 0) return halfWidthM
  let found: number | null = null
  for (const width of widths)
    if (alongM >= width.fromM && alongM <= width.toM) found = Math.max(found ?? 0, width.halfWidthM)
  return found ?? halfWidthM
}
