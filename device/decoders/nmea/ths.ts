import type { Ths } from '../messages.ts'
import { numberWithin, type Sentence, text } from './fields.ts'

/** THS, true heading and status (IEC 61162-1 8.3.86): 1 degrees true, 2 mode A E M S V (V = not valid). */
export function ths(s: Sentence): Ths {
  const mode = text(s, 2)
  return { kind: 'ths', talker: s.talker, headingDeg: mode === 'V' ? null : numberWithin(s, 1, 0, 360), mode }
}
