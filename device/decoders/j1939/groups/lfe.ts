import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * LFE, fuel economy: PGN 65266 (FEF2h), every 100 ms. SAE J1939-71
 */
export const lfe = group(65266, 'LFE', [
  scaled(183, 1, 2, 0.05), // L/h
  scaled(184, 3, 2, 1 / 512), // km/L
  scaled(185, 5, 2, 1 / 512),
  scaled(51, 7, 1, 0.4), // %
])
