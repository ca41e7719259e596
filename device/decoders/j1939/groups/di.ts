import type { Group } from '../group.ts'
import { textPart } from '../text.ts'

/**
 * DI, driver's identification: PGN 65131 (FE6Bh), on request or every 10 s, longer than a frame. SAE J1939-71, SPN 1625
 * and 1626; the FMS standard sends both drivers in one text, each ended by `*`.
 */
export const di: Group = {
  pgn: 65131,
  name: 'DI',
  read: (d) => ({
    driver1Id: textPart(d, 0), // SPN 1625
    driver2Id: textPart(d, 1), // SPN 1626
  }),
}
