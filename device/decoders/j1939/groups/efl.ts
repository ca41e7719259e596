import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * EFL/P1, engine fluid level and pressure 1: PGN 65263 (FEEFh), every 500 ms. SAE J1939-71
 */
export const efl = group(65263, 'EFL/P1', [
  scaled(98, 3, 1, 0.4), // %
  scaled(100, 4, 1, 4), // kPa
])
