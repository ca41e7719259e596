import { pair } from '../field.ts'
import { group } from '../group.ts'

/**
 * LD, lighting data: PGN 65088 (FE40h), every second. SAE J1939-71
 */
export const ld = group(65088, 'LD', [pair(2350, 1, 5), pair(2348, 1, 7), pair(2370, 2, 5), pair(2368, 2, 7)])
