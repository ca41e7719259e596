import type { Gns } from '../messages.ts'
import { latitude, longitude, number, numberWithin, type Sentence, text, timeOfDay, whole } from './fields.ts'

/**
 * GNS, fix data of several systems (IEC 61162-1 8.3.40).
 *
 *   1 hhmmss.ss UTC   2-3 latitude   4-5 longitude   6 modes, a letter per system (N = no fix by it)
 *   7 satellites used   8 HDOP   9 altitude above sea level   10 geoid   11 age   12 station   13 status (4.1)
 *
 * A position counts when at least one system has a fix.
 */
export function gns(s: Sentence): Gns {
  const modes = text(s, 6)
  const fixed = /[ADEFMPRS]/.test(modes)
  const lat = fixed ? latitude(s, 2) : null
  const lon = lat === null ? null : longitude(s, 4)
  return {
    kind: 'gns',
    talker: s.talker,
    timeOfDayMs: timeOfDay(s, 1),
    modes,
    lat: lon === null ? null : lat,
    lon,
    satellites: whole(s, 7, 255),
    hdop: numberWithin(s, 8, 0, 1000),
    altitudeM: number(s, 9),
  }
}
