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
  }[]
  readonly stops: readonly { readonly areaId: string }[]
  /** Nearest position on any of the lines; looks around the hint first and everywhere when that is far. */
  readonly nearest: (point: LatLon, hint: CorridorPosition | null) => CorridorPosition
  /** What holds at a position; null where no segment says anything. */
  readonly limitAt: (position: CorridorPosition) => SegmentLimit | null
}
