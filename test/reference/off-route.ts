/**
 * Off-route read off a whole drive at once. Fixes are given as metres along and beside a straight line, so that a
 * distance is an absolute value; shares nothing with the detector.
 */
export type RoadFix = { readonly atMs: number; readonly alongM: number; readonly besideM: number }
type Told = { readonly phase: 'started' | 'ended'; readonly atMs: number; readonly decidedAtMs: number }

const halfWidthM = 200
const straightMs = 60_000

export function referenceOffRoute(fixes: readonly RoadFix[]): Told[] {
  const out = fixes.map(({ besideM }) => Math.abs(besideM) > halfWidthM)
  const well = fixes.map(({ besideM }) => Math.abs(besideM) <= 0.8 * halfWidthM)
  const near = (i: number): boolean => i > 0 && fixes[i]!.atMs - fixes[i - 1]!.atMs <= straightMs
  const length = (i: number): number =>
    Math.hypot(fixes[i]!.alongM - fixes[i - 1]!.alongM, fixes[i]!.besideM - fixes[i - 1]!.besideM)
  const crossing = (i: number): number => {
    if (!near(i)) return fixes[i]!.atMs
    const [a, b] = [fixes[i - 1]!, fixes[i]!]
    // The border is at +200 or -200: take the one that the straight line passes, the last one coming out.
    const parts = [halfWidthM, -halfWidthM]
      .map((border) => (border - a.besideM) / (b.besideM - a.besideM))
      .filter((part) => part >= 0 && part <= 1)
    return a.atMs + (out[i] ? Math.max(...parts) : Math.min(...parts)) * (b.atMs - a.atMs)
  }

  const told: Told[] = []
  let i = out.indexOf(false)
  if (i === -1) return told
  for (; i < fixes.length; i++) {
    if (!out[i]) continue
    let ms = 0
    let metres = 0
    let k = i
    for (; k < fixes.length && out[k]; k++) {
      if (k > i && near(k)) {
        ms += fixes[k]!.atMs - fixes[k - 1]!.atMs
        metres += length(k)
      }
      if (ms >= 30_000 && metres >= 100) break
    }
    if (k === fixes.length) return told
    if (!out[k]) {
      i = k
      continue
    }
    told.push({ phase: 'started', atMs: crossing(i), decidedAtMs: fixes[k]!.atMs })
    let back = -1
    let held = 0
    for (k++; k < fixes.length; k++) {
      if (out[k]) back = -1
      else if (back === -1) back = k
      if (!well[k]) held = 0
      else if (well[k - 1] && near(k)) held += fixes[k]!.atMs - fixes[k - 1]!.atMs
      if (well[k] && held >= 10_000) break
    }
    if (k === fixes.length) return told
    told.push({ phase: 'ended', atMs: crossing(back), decidedAtMs: fixes[k]!.atMs })
    i = k
  }
  return told
}
