import { byte } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * AIR1, air supply pressure: PGN 65198 (FEAEh), every second. SAE J1939-71
 */
export const air1: Group = {
  pgn: 65198,
  name: 'AIR1',
  read: (d) => ({
    brakeCircuit1Kpa: byte(d, 3, 8), // SPN 1087, kPa
    brakeCircuit2Kpa: byte(d, 4, 8), // SPN 1088
  }),
}
