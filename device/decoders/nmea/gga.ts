import type { Gga } from '../messages.ts'
import { latitude, longitude, number, numberWithin, type Sentence, timeOfDay, whole } from './fields.ts'

/**
 * GGA, fix data (IEC 61162-1 8.3.35).
 *
 *   1 hhmmss.ss UTC   2-3 latitude   4-5 longitude   6 quality 0-8 (0 invalid, 6 estimated, 8 simulator)
 *   7 satellites used   8 HDOP   9-10 altitude above sea level, M   11-12 geoid   13 age   14 station
 *
 * With quality 0, or none, there is no fix and the position is null whatever stands there.
 */
export function gga(s: Sentence): Gga {
  const quality = whole(s, 6, 8)
  const lat = quality === null || quality === 0 ? null : latitude(s, 2)
  const lon = lat === null ? null : longitude(s, 4)
  return {
    kind: 'gga',
    talker: s.talker,
    timeOfDayMs: timeOfDay(s, 1),
    quality,
    lat: lon === null ? null : lat,
    lon,
    satellites: whole(s, 7, 255),
    hdop: numberWithin(s, 8, 0, 1000),
    altitudeM: number(s, 9),
  }
}
