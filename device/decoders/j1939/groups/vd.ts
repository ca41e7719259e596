import { long } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * VD, vehicle distance: PGN 65248 (FEE0h), on request or every 100 ms. SAE J1939-71
 */
export const vd: Group = {
  pgn: 65248,
  name: 'VD',
  read: (d) => ({
    tripDistanceKm: long(d, 1, 0.125), // SPN 244, km
    totalDistanceKm: long(d, 5, 0.125), // SPN 245
  }),
}
