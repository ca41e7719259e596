import type { Corridor, CorridorPosition } from './corridor.ts'
import { bearingDeg, between, distanceM, type LatLon } from './earth.ts'

/** Places along a corridor's line, by metres from its beginning. */

const measured = new WeakMap<readonly LatLon[], Float64Array>()

/** Distance from the beginning to each vertex; a line does not change, so it is measured once. */
function distances(points: readonly LatLon[]): Float64Array {
  let found = measured.get(points)
  if (found === undefined) {
    found = new Float64Array(points.length)
    for (let i = 1; i < points.length; i++) found[i] = found[i - 1]! + distanceM(points[i - 1]!, points[i]!)
    measured.set(points, found)
  }
  return found
}

type Where = Pick<CorridorPosition, 'line' | 'alongM'>

/** Index of the segment that holds the distance. */
function segmentAt(metres: Float64Array, alongM: number): number {
  let low = 0
  let high = metres.length - 2
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (metres[middle]! <= alongM) low = middle
    else high = middle - 1
  }
  return low
}

/** The place so far along a line; beyond its ends, the end. */
export function pointAt(corridor: Pick<Corridor, 'lines'>, { line, alongM }: Where): LatLon {
  const { points } = corridor.lines[line]!
  const metres = distances(points)
  const i = segmentAt(metres, alongM)
  const length = metres[i + 1]! - metres[i]!
  const fraction = length === 0 ? 0 : Math.min(1, Math.max(0, (alongM - metres[i]!) / length))
  return between(points[i]!, points[i + 1]!, fraction)
}

/** The same place as a position on the corridor. */
export function positionAt(corridor: Pick<Corridor, 'lines'>, { line, alongM }: Where): CorridorPosition {
  const { points, lengthM } = corridor.lines[line]!
  const on = Math.min(lengthM, Math.max(0, alongM))
  return { line, alongM: on, distanceM: 0, segment: segmentAt(distances(points), on) }
}

/** Whether a course leads on along the line (true) or back along it (false). */
export function leadsOn(
  corridor: Pick<Corridor, 'lines'>,
  near: CorridorPosition,
  courseDeg: number,
): boolean {
  const { points } = corridor.lines[near.line]!
  const bearing = bearingDeg(points[near.segment]!, points[near.segment + 1]!)
  return Math.abs(((courseDeg - bearing + 540) % 360) - 180) <= 90
}

export type Progress = { readonly line: number; readonly alongM: number; readonly remainingM: number }

/** How far the line has been driven, and how far it goes on. */
export function progressOf(corridor: Pick<Corridor, 'lines'>, { line, alongM }: Where): Progress {
  return { line, alongM, remainingM: Math.max(0, (corridor.lines[line]?.lengthM ?? 0) - alongM) }
}
