import { address, scaled, state } from '../field.ts'
import { group } from '../group.ts'

/**
 * EEC1, electronic engine controller 1: PGN 61444 (F004h), every 10 to 100 ms, by engine speed. SAE J1939-71
 */
export const eec1 = group(61444, 'EEC1', [
  state(899, 1, 1, 4, { error: false }), // 14 is "other"
  scaled(512, 2, 1, 1, -125), // %
  scaled(513, 3, 1, 1, -125), // %
  scaled(190, 4, 2, 0.125), // 0 to 8031.875 rpm
  address(1483, 6),
  state(1675, 7, 1, 4),
  scaled(2432, 8, 1, 1, -125), // %
])
