import { pair, state } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * DC1, door control 1: PGN 65102 (FE4Eh), every 100 ms. SAE J1939-71
 */
export const dc1: Group = {
  pgn: 65102,
  name: 'DC1',
  read: (d) => ({
    doorsPosition: state(d, 1, 1, 4), // SPN 1821, 0 at least one open, 1 closing the last, 2 all closed
    rampPosition: pair(d, 1, 5), // SPN 1820
    doorsEnabled: pair(d, 1, 7), // SPN 3411
  }),
}
