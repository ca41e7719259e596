import type { Zda } from '../messages.ts'
import { midnight, type Sentence, timeOfDay, whole } from './fields.ts'

/**
 * ZDA, time and date (IEC 61162-1 8.3.106): the only sentence with a four-digit year.
 *
 *   1 hhmmss.ss UTC   2 day   3 month   4 year   5-6 local zone (not read: the zone is ours to know)
 */
export function zda(s: Sentence): Zda {
  const timeMs = timeOfDay(s, 1)
  const day = whole(s, 2, 31)
  const month = whole(s, 3, 12)
  const year = whole(s, 4, 9999)
  if (timeMs === null || day === null || month === null || year === null || year < 1980)
    return { kind: 'zda', talker: s.talker, utcMs: null }
  const dayMs = midnight(year, month, day)
  return { kind: 'zda', talker: s.talker, utcMs: dayMs === null ? null : dayMs + timeMs }
}
