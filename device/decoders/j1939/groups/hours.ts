import { scaled } from '../field.ts'
import { group } from '../group.ts'

/**
 * HOURS, engine hours: PGN 65253 (FEE5h), on request. SAE J1939-71
 */
export const hours = group(65253, 'HOURS', [
  scaled(247, 1, 4, 0.05), // h
])
