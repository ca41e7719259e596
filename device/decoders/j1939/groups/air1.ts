import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * AIR1, air supply pressure: PGN 65198 (FEAEh), every second. SAE J1939-71
 */
export const air1 = group(65198, 'AIR1', [
  scaled(1087, 3, 1, 8), // kPa
  scaled(1088, 4, 1, 8),
])
