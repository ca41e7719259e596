/**
 * Rings near 180 degrees. A side that would span more than 180 degrees is drawn the short way, across the
 * antimeridian, and the ring goes on beyond 180 there. A side of exactly 360 degrees joins the two names of the
 * same meridian (how RFC 7946 writers close a cut polygon at a pole) and stays as it is.
 */
export function unwrapRing(ring: readonly number[]): number[] {
  const out = [ring[0]!, ring[1]!]
  let turn = 0
  for (let i = 2; i < ring.length; i += 2) {
    const step = ring[i]! - ring[i - 2]!
    if (step > 180 && step < 360) turn -= 360
    if (step < -180 && step > -360) turn += 360
    out.push(ring[i]! + turn, ring[i + 1]!)
  }
  return turn === 0 || out[0] === out.at(-2) ? out : closeOverPole(out, turn > 0 ? 90 : -90)
}

/**
 * A ring that went once round the earth holds a pole: the one on its left (RFC 7946, 3.1.6: outer rings run
 * counterclockwise).
 */
function closeOverPole(ring: number[], pole: number): number[] {
  return [...ring, ring.at(-2)!, pole, ring[0]!, pole, ring[0]!, ring[1]!]
}

/** A hole moved by whole turns to where its outer ring is. */
export function alignHole(hole: readonly number[], outer: readonly number[]): readonly number[] {
  const middle = (spanOf(outer)[0] + spanOf(outer)[1]) / 2
  const [west, east] = spanOf(hole)
  const turn = 360 * Math.round((middle - (west + east) / 2) / 360)
  return turn === 0 ? hole : hole.map((value, i) => (i % 2 === 0 ? value + turn : value))
}

function spanOf(ring: readonly number[]): [number, number] {
  let west = Infinity
  let east = -Infinity
  for (let i = 0; i < ring.length; i += 2) {
    west = Math.min(west, ring[i]!)
    east = Math.max(east, ring[i]!)
  }
  return [west, east]
}
