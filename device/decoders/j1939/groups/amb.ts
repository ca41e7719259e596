import { byte, word } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * AMB, ambient conditions: PGN 65269 (FEF5h), every second. SAE J1939-71
 */
export const amb: Group = {
  pgn: 65269,
  name: 'AMB',
  read: (d) => ({
    barometricPressureKpa: byte(d, 1, 0.5), // SPN 108, kPa
    cabInteriorC: word(d, 2, 1 / 32, -273), // SPN 170, C
    ambientAirC: word(d, 4, 1 / 32, -273), // SPN 171
    airInletC: byte(d, 6, 1, -40), // SPN 172
    roadSurfaceC: word(d, 7, 1 / 32, -273), // SPN 79
  }),
}
