import { pair } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * LD, lighting data: PGN 65088 (FE40h), every second. SAE J1939-71
 */
export const ld: Group = {
  pgn: 65088,
  name: 'LD',
  read: (d) => ({
    lowBeam: pair(d, 1, 5), // SPN 2350
    highBeam: pair(d, 1, 7), // SPN 2348
    rightTurnSignal: pair(d, 2, 5), // SPN 2370
    leftTurnSignal: pair(d, 2, 7), // SPN 2368
  }),
}
