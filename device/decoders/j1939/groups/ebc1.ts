import { pair, scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * EBC1, electronic brake controller 1: PGN 61441 (F001h), every 100 ms. SAE J1939-71
 */
export const ebc1 = group(61441, 'EBC1', [
  pair(561, 1, 1),
  pair(562, 1, 3),
  pair(563, 1, 5),
  pair(1121, 1, 7),
  scaled(521, 2, 1, 0.4), // %
  pair(1243, 6, 1),
])
