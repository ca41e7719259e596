import type { Gst } from '../messages.ts'
import { numberWithin, type Sentence, timeOfDay } from './fields.ts'

/**
 * GST, pseudorange error statistics (IEC 61162-1 8.3.43), one sigma, metres.
 *
 *   1 hhmmss.ss UTC   2 RMS of the residuals   3-5 error ellipse   6 latitude   7 longitude   8 altitude
 */
export function gst(s: Sentence): Gst {
  return {
    kind: 'gst',
    talker: s.talker,
    timeOfDayMs: timeOfDay(s, 1),
    latErrorM: numberWithin(s, 6, 0, errorMaxM),
    lonErrorM: numberWithin(s, 7, 0, errorMaxM),
    altitudeErrorM: numberWithin(s, 8, 0, errorMaxM),
  }
}

/** Half the Earth: receivers without a fix send larger numbers. */
const errorMaxM = 20_000_000
