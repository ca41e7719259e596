import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * VEP1, vehicle electrical power 1: PGN 65271 (FEF7h), every second. SAE J1939-71
 */
export const vep1 = group(65271, 'VEP1', [
  scaled(168, 5, 2, 0.05), // V
  scaled(158, 7, 2, 0.05),
])
