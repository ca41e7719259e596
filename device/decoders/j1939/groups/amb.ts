import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * AMB, ambient conditions: PGN 65269 (FEF5h), every second. SAE J1939-71
 */
export const amb = group(65269, 'AMB', [
  scaled(108, 1, 1, 0.5), // kPa
  scaled(170, 2, 2, 1 / 32, -273), // C
  scaled(171, 4, 2, 1 / 32, -273),
  scaled(172, 6, 1, 1, -40),
  scaled(79, 7, 2, 1 / 32, -273),
])
