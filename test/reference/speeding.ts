/**
 * Speeding read off a whole drive at once, from the sentences of the semantics: slow, with everything in view, and
 * sharing nothing with the detector.
 */
export type Point = { readonly atMs: number; readonly speedKmh: number | null; readonly limitKmh: number }
export type Rules = {
  readonly holdS: number
  readonly gapS: number
  readonly releaseKmh: number
  readonly releaseHoldS: number
  readonly limitChangeS: number
  readonly toleranceKmh: number
}
type Told = { readonly phase: 'started' | 'ended'; readonly atMs: number; readonly decidedAtMs: number }

export function referenceSpeeding(points: readonly Point[], rules: Rules): Told[] {
  const over = points.map(
    ({ speedKmh, limitKmh }) => speedKmh !== null && speedKmh > limitKmh + rules.toleranceKmh,
  )
  /** Index of the last Sample with a speed before i that is not too long ago; -1 when there is none. */
  const before = points.map((point, i) => {
    for (let j = i - 1; j >= 0; j--)
      if (points[j]!.speedKmh !== null) return point.atMs - points[j]!.atMs > rules.gapS * 1000 ? -1 : j
    return -1
  })
  const forgiven = points.map(() => false)
  const fallsLawfully = (i: number): boolean =>
    rules.limitChangeS > 0 && i > 0 && points[i]!.limitKmh < points[i - 1]!.limitKmh && !over[before[i]!]
  for (let i = 1; i < points.length; i++) {
    if (!fallsLawfully(i)) continue
    for (let j = i; j < points.length; j++) {
      if (points[j]!.limitKmh >= points[i - 1]!.limitKmh) break
      if (points[j]!.atMs < points[i]!.atMs + rules.limitChangeS * 1000) forgiven[j] = true
    }
  }

  /** Where the hold that begins at i is complete; -1 when it is not. */
  const holds = (i: number): number => {
    let lastSpeed = i
    for (let k = i; k < points.length; k++) {
      if (points[k]!.atMs - points[lastSpeed]!.atMs > rules.gapS * 1000) return -1
      if (points[k]!.speedKmh === null) continue
      if (!over[k]) return -1
      lastSpeed = k
      if (points[k]!.atMs - points[i]!.atMs >= rules.holdS * 1000) return k
    }
    return -1
  }

  /** Where an episode decided at k ends, and its last over Sample; null when the drive ends first. */
  const ends = (k: number): { decided: number; last: number } | null => {
    let last = k
    let slow = -1
    for (let m = k + 1; m < points.length; m++) {
      const { atMs, speedKmh, limitKmh } = points[m]!
      if (before[m] === -1 || limitKmh > points[m - 1]!.limitKmh || fallsLawfully(m))
        return { decided: m, last }
      if (speedKmh === null) continue
      if (over[m]) last = m
      if (speedKmh > limitKmh - rules.releaseKmh) slow = -1
      else if (slow === -1) slow = m
      if (slow !== -1 && atMs - points[slow]!.atMs >= rules.releaseHoldS * 1000) return { decided: m, last }
    }
    return null
  }

  const told: Told[] = []
  for (let i = 0; i < points.length; ) {
    const decided = over[i] && !forgiven[i] ? holds(i) : -1
    if (decided === -1) {
      i++
      continue
    }
    told.push({ phase: 'started', atMs: points[i]!.atMs, decidedAtMs: points[decided]!.atMs })
    const end = ends(decided)
    if (end === null) break
    told.push({ phase: 'ended', atMs: points[end.last]!.atMs, decidedAtMs: points[end.decided]!.atMs })
    i = end.decided
  }
  return told
}
