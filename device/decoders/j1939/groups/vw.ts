import { code, word } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * VW, vehicle weight: PGN 65258 (FEEAh), on request or every 10 s. SAE J1939-71
 */
export const vw: Group = {
  pgn: 65258,
  name: 'VW',
  read: (d) => ({
    axleLocation: code(d, 1), // SPN 928, axle in the high four bits, tyre in the low ones
    axleWeightKg: word(d, 2, 0.5), // SPN 582, kg
    trailerWeightKg: word(d, 4, 2), // SPN 180
    cargoWeightKg: word(d, 6, 2), // SPN 181
  }),
}
