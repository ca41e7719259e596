import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * CVW, combination vehicle weight: PGN 65136 (FE70h), on request. SAE J1939-71
 */
export const cvw = group(65136, 'CVW', [
  scaled(1585, 1, 2, 10), // kg
  scaled(1760, 3, 2, 10),
])
