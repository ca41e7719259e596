import { long } from '../field.ts'
import type { Group } from '../group.ts'

/**
 * VDHR, high resolution vehicle distance: PGN 65217 (FEC1h), every second. SAE J1939-71
 */
export const vdhr: Group = {
  pgn: 65217,
  name: 'VDHR',
  read: (d) => ({
    highResDistanceKm: long(d, 1, 0.005), // SPN 917, 5 m
    highResTripDistanceKm: long(d, 5, 0.005), // SPN 918
  }),
}
