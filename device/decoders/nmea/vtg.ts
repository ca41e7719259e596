import type { Vtg } from '../messages.ts'
import { letter, numberWithin, type Sentence } from './fields.ts'
import { kmhPerKnot, knotsMax } from './rmc.ts'

/**
 * VTG, course and speed over ground (IEC 61162-1 8.3.98).
 *
 *   1-2 course true, T   3-4 course magnetic, M   5-6 knots, N   7-8 km/h, K   9 mode (2.3), N = not valid
 *
 * The km/h of field 7 are preferred; receivers that leave it empty give knots.
 */
export function vtg(s: Sentence): Vtg {
  const valid = letter(s, 9) !== 0x4e
  return {
    kind: 'vtg',
    talker: s.talker,
    courseDeg: valid ? numberWithin(s, 1, 0, 360) : null,
    speedKmh: valid ? speedKmh(s) : null,
  }
}

function speedKmh(s: Sentence): number | null {
  const kmh = numberWithin(s, 7, 0, knotsMax * kmhPerKnot)
  if (kmh !== null) return kmh
  const knots = numberWithin(s, 5, 0, knotsMax)
  return knots === null ? null : knots * kmhPerKnot
}
