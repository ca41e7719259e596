import { long } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * LFC, fuel consumption: PGN 65257 (FEE9h), on request. SAE J1939-71
 */
export const lfc: Group = {
  pgn: 65257,
  name: 'LFC',
  read: (d) => ({
    totalFuelL: long(d, 5, 0.5), // SPN 250, L
  }),
}
