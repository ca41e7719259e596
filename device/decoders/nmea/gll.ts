import type { Gll } from '../messages.ts'
import { latitude, letter, longitude, type Sentence, timeOfDay } from './fields.ts'

/**
 * GLL, geographic position (IEC 61162-1 8.3.37).
 *
 *   1-2 latitude   3-4 longitude   5 hhmmss.ss UTC   6 A valid, V void   7 mode (2.3), N = not valid
 */
export function gll(s: Sentence): Gll {
  const active = letter(s, 6) === 0x41 && letter(s, 7) !== 0x4e
  const lat = active ? latitude(s, 1) : null
  const lon = lat === null ? null : longitude(s, 3)
  return {
    kind: 'gll',
    talker: s.talker,
    timeOfDayMs: timeOfDay(s, 5),
    valid: lon !== null,
    lat: lon === null ? null : lat,
    lon,
  }
}
