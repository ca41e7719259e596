import { address, scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * VW, vehicle weight: PGN 65258 (FEEAh), on request or every 10 s. SAE J1939-71
 */
export const vw = group(65258, 'VW', [
  address(928, 1), // axle in the high four bits, tyre in the low ones
  scaled(582, 2, 2, 0.5), // kg
  scaled(180, 4, 2, 2),
  scaled(181, 6, 2, 2),
])
