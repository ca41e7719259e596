import { pair, scaled, state } from '../field.ts'
import { group } from '../group.ts'

/**
 * TCO1, tachograph: PGN 65132 (FE6Ch), every 50 ms. SAE J1939-71
 */
export const tco1 = group(65132, 'TCO1', [
  state(1612, 1, 1, 3), // 0 rest, 1 available or short break, 2 work, 3 driving
  state(1613, 1, 4, 3),
  pair(1611, 1, 7),
  state(1617, 2, 1, 4), // limits of the European rules: never used for the Chinese ones
  pair(1615, 2, 5),
  pair(1614, 2, 7),
  state(1618, 3, 1, 4),
  pair(1616, 3, 5),
  pair(1622, 4, 1),
  pair(1621, 4, 3),
  pair(1620, 4, 5),
  pair(1619, 4, 7),
  scaled(1623, 5, 2, 0.125), // rpm
  scaled(1624, 7, 2, 1 / 256), // km/h
])
