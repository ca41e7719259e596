import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * DD, dash display: PGN 65276 (FEFCh), every second. SAE J1939-71
 */
export const dd = group(65276, 'DD', [
  scaled(80, 1, 1, 0.4), // %
  scaled(96, 2, 1, 0.4),
])
