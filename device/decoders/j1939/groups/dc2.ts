import { pair } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * DC2, door control 2: PGN 64933 (FDA5h), every 100 ms. SAE J1939-71
 */
export const dc2: Group = {
  pgn: 64933,
  name: 'DC2',
  read: (d) => ({
    // Lock, open and enable status of each door, two bits each: the open status every six bits from byte 1, bit 3.
    door1Open: pair(d, 1, 3), // SPN 3413
    door2Open: pair(d, 2, 1), // SPN 3416
    door3Open: pair(d, 2, 7), // SPN 3419
    door4Open: pair(d, 3, 5), // SPN 3422
    door5Open: pair(d, 4, 3), // SPN 3425
    door6Open: pair(d, 5, 1), // SPN 3428
    door7Open: pair(d, 5, 7), // SPN 3431
    door8Open: pair(d, 6, 5), // SPN 3434
    door9Open: pair(d, 7, 3), // SPN 3437
    door10Open: pair(d, 8, 1), // SPN 3440
  }),
}
