/** What nobody decreed and a board needs. */
export const boardSettings = {
  /** Where no average is known yet: below what the night allows on a motorway, above a country road. km/h. */
  assumedKmh: 70,
  /** A slower average is of a stop, not of the road. km/h. */
  averageMinKmh: 30,
  /** A coach that said nothing for longer may be anywhere. */
  staleMs: 15 * 60_000,
  /** What may still go wrong on the way. */
  marginMs: 15 * 60_000,
  safeStops: 3,
} as const
