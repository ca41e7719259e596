import type { Hdt } from '../messages.ts'
import { letter, numberWithin, type Sentence } from './fields.ts'

/** HDT, heading (IEC 61162-1 8.3.48): 1 degrees true, 2 T. */
export function hdt(s: Sentence): Hdt {
  const headingDeg = letter(s, 2) === 0x54 ? numberWithin(s, 1, 0, 360) : null
  return { kind: 'hdt', talker: s.talker, headingDeg }
}
