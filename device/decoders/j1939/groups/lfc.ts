import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * LFC, fuel consumption: PGN 65257 (FEE9h), on request. SAE J1939-71
 */
export const lfc = group(65257, 'LFC', [
  scaled(250, 5, 4, 0.5), // L
])
