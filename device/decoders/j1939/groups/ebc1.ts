import { byte, pair } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * EBC1, electronic brake controller 1: PGN 61441 (F001h), every 100 ms. SAE J1939-71
 */
export const ebc1: Group = {
  pgn: 61441,
  name: 'EBC1',
  read: (d) => ({
    asrEngineControlActive: pair(d, 1, 1), // SPN 561
    asrBrakeControlActive: pair(d, 1, 3), // SPN 562
    absActive: pair(d, 1, 5), // SPN 563
    ebsBrakeSwitch: pair(d, 1, 7), // SPN 1121
    brakePedalPct: byte(d, 2, 0.4), // SPN 521, %
    absOperational: pair(d, 6, 1), // SPN 1243
  }),
}
