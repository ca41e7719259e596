import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * VDHR, high resolution vehicle distance: PGN 65217 (FEC1h), every second. SAE J1939-71
 */
export const vdhr = group(65217, 'VDHR', [
  scaled(917, 1, 4, 0.005), // 5 m
  scaled(918, 5, 4, 0.005),
])
