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
  return turn === 0 || out[0] === out.at(-2) ? out : closeOverPole(out, poleOf(out))
}

/**
 * A ring that went once round the earth holds a pole: the one that makes the smaller area, because nobody fences in
 * more than half the earth, and rings are drawn in either direction.
 */
function poleOf(ring: readonly number[]): number {
  let sum = 0
  // Twice the area between the ring and the equator: only its side is asked.
  for (let i = 2; i < ring.length; i += 2) sum += (ring[i]! - ring[i - 2]!) * (ring[i + 1]! + ring[i - 1]!)
  return sum / (ring.at(-2)! - ring[0]!) < 0 ? -90 : 90
}

/** Goes up to the pole and back at the vertex nearest to it: there no side of the ring can be in the way. */
function closeOverPole(ring: readonly number[], pole: number): number[] {
  let nearest = 0
  for (let i = 2; i < ring.length - 2; i += 2)
    if (Math.abs(pole - ring[i + 1]!) < Math.abs(pole - ring[nearest + 1]!)) nearest = i
  const turn = ring.at(-2)! - ring[0]!
  const ahead = ring.slice(nearest, -2)
  const after = ring.slice(0, nearest + 2).map((value, i) => (i % 2 === 0 ? value + turn : value))
  const [lon, lat] = [ring[nearest]!, ring[nearest + 1]!]
  return [...ahead, ...after, lon + turn, pole, lon, pole, lon, lat]
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
