import type { Antenna, OtherSentence } from '../messages.ts'
import { type Sentence, textToEnd } from './fields.ts'

/**
 * TXT, text (IEC 61162-1 8.3.90): 1 total, 2 number, 3 kind (00 error, 01 warning, 02 notice, 07 user), 4 text.
 *
 * The state of an active antenna is only told as text, and each maker has his own words:
 *
 *   ANTENNA OPEN | ANTENNA SHORT | ANTENNA OK        Techtotop, Zhongke (CASIC), most BeiDou modules
 *   ANTSTATUS=OPEN | SHORT | OK, ANTSTATUS=INIT      u-blox, Quectel on u-blox
 *   ANT_OPEN, ANT_SHORT, ANT_OK, ANT STATUS: OPEN    Unicore and others
 *
 * INIT, DONTKNOW and OFF say nothing about the cable and stay an ordinary sentence, as does ANTSUPERV.
 */
export function txt(s: Sentence): Antenna | OtherSentence {
  const found = antennaText.exec(textToEnd(s, 4))
  if (found === null) return { kind: 'sentence', talker: s.talker, type: 'TXT' }
  return { kind: 'antenna', state: antennaStates[found[1]!.toUpperCase()]!, talker: s.talker }
}

const antennaText =
  /(?:^|[^A-Z])ANT(?:ENNA)?[ _]?(?:STATUS|STATE|STAT)?(?: IS)?[ :=_-]{0,3}(OPEN|SHORTED|SHORT|OK|NORMAL|GOOD)(?![A-Z])/i

const antennaStates: { readonly [word: string]: Antenna['state'] } = {
  OPEN: 'open',
  SHORT: 'short',
  SHORTED: 'short',
  OK: 'ok',
  NORMAL: 'ok',
  GOOD: 'ok',
}
