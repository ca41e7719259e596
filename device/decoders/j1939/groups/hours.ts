import { long } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * HOURS, engine hours: PGN 65253 (FEE5h), on request. SAE J1939-71
 */
export const hours: Group = {
  pgn: 65253,
  name: 'HOURS',
  read: (d) => ({
    engineHoursH: long(d, 1, 0.05), // SPN 247, h
  }),
}
