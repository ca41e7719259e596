import { pair, scaled, state } from '../field.ts'
import { group } from '../group.ts'

/**
 * CCVS1, cruise control and vehicle speed: PGN 65265 (FEF1h), every 100 ms. SAE J1939-71
 */
export const ccvs1 = group(65265, 'CCVS1', [
  pair(69, 1, 1),
  pair(70, 1, 3),
  pair(1633, 1, 5),
  scaled(84, 2, 2, 1 / 256), // 0 to 250.996 km/h
  pair(595, 4, 1),
  pair(596, 4, 3),
  pair(597, 4, 5),
  pair(598, 4, 7),
  pair(599, 5, 1),
  pair(600, 5, 3),
  pair(601, 5, 5),
  pair(602, 5, 7),
  scaled(86, 6, 1, 1), // km/h
  state(976, 7, 1, 5),
  state(527, 7, 6, 3, { error: false }), // 6 is "accelerator override"
])
