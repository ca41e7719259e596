import type { Rmc } from '../messages.ts'
import {
  date,
  isEmpty,
  latitude,
  letter,
  longitude,
  numberWithin,
  type Sentence,
  timeOfDay,
} from './fields.ts'

/**
 * RMC, recommended minimum (IEC 61162-1 8.3.69; field order checked against gpsd's recordings).
 *
 *   1 hhmmss.ss UTC    2 A valid, V void        3-4 ddmm.mmmm N/S    5-6 dddmm.mmmm E/W
 *   7 knots            8 course, degrees true   9 ddmmyy             10-11 magnetic variation
 *   12 mode (2.3): A D E F M N P R S; N = not valid
 *   13 navigational status (4.1): V only says "not safe-rated" and is normal, so it is not read
 */
export function rmc(s: Sentence): Rmc {
  const active = letter(s, 2) === 0x41 && letter(s, 12) !== 0x4e
  if (!active) return voidRmc(s.talker)
  const dayMs = date(s, 9)
  const timeMs = timeOfDay(s, 1)
  const lat = latitude(s, 3)
  const lon = longitude(s, 5)
  if (dayMs === null || timeMs === null || lat === null || lon === null) return voidRmc(s.talker)
  const knots = isEmpty(s, 7) ? null : numberWithin(s, 7, 0, knotsMax)
  return {
    kind: 'rmc',
    talker: s.talker,
    utcMs: dayMs + timeMs,
    valid: true,
    lat,
    lon,
    speedKmh: knots === null ? null : knots * kmhPerKnot,
    courseDeg: numberWithin(s, 8, 0, 360),
  }
}

function voidRmc(talker: string): Rmc {
  return {
    kind: 'rmc',
    talker,
    utcMs: null,
    valid: false,
    lat: null,
    lon: null,
    speedKmh: null,
    courseDeg: null,
  }
}

export const kmhPerKnot = 1.852
/** Export-controlled receivers stop at 1000 knots; anything above is not a speed. */
export const knotsMax = 1000
