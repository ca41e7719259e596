import { pair } from '../field.ts'
import { group } from '../group.ts'

/**
 * DC2, door control 2: PGN 64933 (FDA5h), every 100 ms. SAE J1939-71
 */
export const dc2 = group(64933, 'DC2', [
  // Lock, open and enable status of each door, two bits each: the open status every six bits from byte 1, bit 3.
  pair(3413, 1, 3),
  pair(3416, 2, 1),
  pair(3419, 2, 7),
  pair(3422, 3, 5),
  pair(3425, 4, 3),
  pair(3428, 5, 1),
  pair(3431, 5, 7),
  pair(3434, 6, 5),
  pair(3437, 7, 3),
  pair(3440, 8, 1),
])
