import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * VD, vehicle distance: PGN 65248 (FEE0h), on request or every 100 ms. SAE J1939-71
 */
export const vd = group(65248, 'VD', [
  scaled(244, 1, 4, 0.125), // km
  scaled(245, 5, 4, 0.125),
])
