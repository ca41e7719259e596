import { byte, word } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * ET1, engine temperature 1: PGN 65262 (FEEEh), every second. SAE J1939-71
 */
export const et1: Group = {
  pgn: 65262,
  name: 'ET1',
  read: (d) => ({
    coolantC: byte(d, 1, 1, -40), // SPN 110, C
    fuelC: byte(d, 2, 1, -40), // SPN 174
    engineOilC: word(d, 3, 1 / 32, -273), // SPN 175
    turboOilC: word(d, 5, 1 / 32, -273), // SPN 176
  }),
}
