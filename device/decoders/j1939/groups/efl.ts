import { byte } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * EFL/P1, engine fluid level and pressure 1: PGN 65263 (FEEFh), every 500 ms. SAE J1939-71
 */
export const efl: Group = {
  pgn: 65263,
  name: 'EFL/P1',
  read: (d) => ({
    engineOilLevelPct: byte(d, 3, 0.4), // SPN 98, %
    engineOilPressureKpa: byte(d, 4, 4), // SPN 100, kPa
  }),
}
