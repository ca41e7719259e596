import { byte } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * DD, dash display: PGN 65276 (FEFCh), every second. SAE J1939-71
 */
export const dd: Group = {
  pgn: 65276,
  name: 'DD',
  read: (d) => ({
    washerFluidPct: byte(d, 1, 0.4), // SPN 80, %
    fuelLevelPct: byte(d, 2, 0.4), // SPN 96
  }),
}
