import { byte, word } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * LFE, fuel economy: PGN 65266 (FEF2h), every 100 ms. SAE J1939-71
 */
export const lfe: Group = {
  pgn: 65266,
  name: 'LFE',
  read: (d) => ({
    fuelRateLPerH: word(d, 1, 0.05), // SPN 183, L/h
    instantFuelEconomyKmPerL: word(d, 3, 1 / 512), // SPN 184, km/L
    averageFuelEconomyKmPerL: word(d, 5, 1 / 512), // SPN 185
    throttlePct: byte(d, 7, 0.4), // SPN 51, %
  }),
}
