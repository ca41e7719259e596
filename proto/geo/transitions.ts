import { between, type LatLon } from './earth.ts'

/** Fractions closer than this are one: two edges meet in a corner with different last bits. */
const sameFraction = 1e-11

/**
 * Of the places where a line may pass a border (any order, any number of times), those where the answer of `inside`
 * really changes. A line that touches a corner, runs along an edge or passes from one part of a union into the next
 * crosses nothing. The number of fractions is odd exactly when one end is inside and the other is not.
 */
export function transitions(
  a: LatLon,
  b: LatLon,
  candidates: readonly number[],
  inside: (point: LatLon) => boolean,
): readonly number[] {
  if (candidates.length === 0) return inside(a) === inside(b) ? none : [0.5]
  const sorted = candidates.toSorted((p, q) => p - q)
  const changes: number[] = []
  let state = inside(a)
  let from = 0
  for (const fraction of [...sorted, 1]) {
    if (fraction - from <= sameFraction) continue
    const middle = inside(between(a, b, (from + fraction) / 2))
    if (middle !== state) changes.push(from)
    state = middle
    from = fraction
  }
  if (inside(b) !== state) changes.push(from)
  return changes
}

const none: readonly number[] = []
