/**
 * Seeded chance, the only one a simulation may use. It is indexed instead of drawn: the value of a channel at an
 * index is a pure function of the seed, so the truth of any world second can be asked for in any order.
 */

/** Uniform in [0, 1). */
export function chance(seed: number, channel: string, index: number): number {
  let hash = (seed ^ 0x9e3779b9) >>> 0
  for (let at = 0; at < channel.length; at++) hash = mix(hash ^ channel.charCodeAt(at))
  hash = mix(hash ^ (index >>> 0))
  hash = mix(hash ^ Math.floor(index / 2 ** 32))
  return hash / 2 ** 32
}

/** A 32-bit finaliser: every input bit moves every output bit. */
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Uniform in [-1, 1). */
export function spread(seed: number, channel: string, index: number): number {
  return 2 * chance(seed, channel, index) - 1
}

/**
 * A value that wanders smoothly within [-1, 1], as the error of a receiver does: three waves whose periods do
 * not divide each other, with phases of the seed.
 */
export function wander(seed: number, channel: string, atS: number): number {
  let sum = 0
  for (const [wave, periodS] of wanderPeriodsS.entries())
    sum += Math.sin(2 * Math.PI * (atS / periodS + chance(seed, channel, wave)))
  return sum / wanderPeriodsS.length
}

const wanderPeriodsS = [37, 151, 613]
