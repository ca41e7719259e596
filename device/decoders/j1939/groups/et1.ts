import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * ET1, engine temperature 1: PGN 65262 (FEEEh), every second. SAE J1939-71
 */
export const et1 = group(65262, 'ET1', [
  scaled(110, 1, 1, 1, -40), // C
  scaled(174, 2, 1, 1, -40),
  scaled(175, 3, 2, 1 / 32, -273),
  scaled(176, 5, 2, 1 / 32, -273),
])
