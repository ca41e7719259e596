import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * ETC2, electronic transmission controller 2: PGN 61445 (F005h), every 100 ms. SAE J1939-71
 */
export const etc2 = group(61445, 'ETC2', [
  scaled(523, 4, 1, 1, -125), // 0 neutral, negative reverse; 251 (park) is a specific value
])
