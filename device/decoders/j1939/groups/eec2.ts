import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * EEC2, electronic engine controller 2: PGN 61443 (F003h), every 50 ms. SAE J1939-71
 */
export const eec2 = group(61443, 'EEC2', [
  scaled(91, 2, 1, 0.4), // %
  scaled(92, 3, 1, 1), // %
])
