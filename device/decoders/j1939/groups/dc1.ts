import { pair, state } from '../field.ts'
import { group } from '../group.ts'

/**
 * DC1, door control 1: PGN 65102 (FE4Eh), every 100 ms. SAE J1939-71
 */
export const dc1 = group(65102, 'DC1', [
  state(1821, 1, 1, 4), // 0 at least one open, 1 closing the last, 2 all closed
  pair(1820, 1, 5),
  pair(3411, 1, 7),
])
