/** Theil-Sen: the median of the slopes of all pairs, which a few outliers do not move. Units of y per unit of x. */
export function slopeOf(points: readonly { readonly x: number; readonly y: number }[]): number {
  const slopes: number[] = []
  for (const [index, a] of points.entries())
    for (const b of points.slice(index + 1)) if (b.x > a.x) slopes.push((b.y - a.y) / (b.x - a.x))
  if (slopes.length === 0) return 0
  slopes.sort((a, b) => a - b)
  const middle = slopes.length >> 1
  return slopes.length % 2 === 1 ? slopes[middle]! : (slopes[middle - 1]! + slopes[middle]!) / 2
}
