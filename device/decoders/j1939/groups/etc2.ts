import { byte } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * ETC2, electronic transmission controller 2: PGN 61445 (F005h), every 100 ms. SAE J1939-71
 */
export const etc2: Group = {
  pgn: 61445,
  name: 'ETC2',
  read: (d) => ({
    currentGear: byte(d, 4, 1, -125), // SPN 523, 0 neutral, negative reverse; 251 (park) is a specific value
  }),
}
