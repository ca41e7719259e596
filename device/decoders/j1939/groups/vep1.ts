import { word } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * VEP1, vehicle electrical power 1: PGN 65271 (FEF7h), every second. SAE J1939-71
 */
export const vep1: Group = {
  pgn: 65271,
  name: 'VEP1',
  read: (d) => ({
    batteryVoltageV: word(d, 5, 0.05), // SPN 168, V
    keySwitchVoltageV: word(d, 7, 0.05), // SPN 158
  }),
}
