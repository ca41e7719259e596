import { word } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * CVW, combination vehicle weight: PGN 65136 (FE70h), on request. SAE J1939-71
 */
export const cvw: Group = {
  pgn: 65136,
  name: 'CVW',
  read: (d) => ({
    poweredVehicleWeightKg: word(d, 1, 10), // SPN 1585, kg
    grossCombinationWeightKg: word(d, 3, 10), // SPN 1760
  }),
}
