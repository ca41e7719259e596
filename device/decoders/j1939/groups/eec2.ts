import { byte } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * EEC2, electronic engine controller 2: PGN 61443 (F003h), every 50 ms. SAE J1939-71
 */
export const eec2: Group = {
  pgn: 61443,
  name: 'EEC2',
  read: (d) => ({
    acceleratorPedalPct: byte(d, 2, 0.4), // SPN 91, %
    engineLoadPct: byte(d, 3, 1), // SPN 92, %
  }),
}
