import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * TD, time and date: PGN 65254 (FEE6h), on request. SAE J1939-71
 */
export const td = group(65254, 'TD', [
  scaled(959, 1, 1, 0.25), // s
  scaled(960, 2, 1, 1),
  scaled(961, 3, 1, 1),
  scaled(963, 4, 1, 1), // the month stands before the day
  scaled(962, 5, 1, 0.25), // quarters of days: 0.25 to 1 is the first day
  scaled(964, 6, 1, 1, 1985),
  scaled(1601, 7, 1, 1, -125), // min
  scaled(1602, 8, 1, 1, -125), // h
])
