import type { Gsv, SatelliteInView } from '../messages.ts'
import { type Sentence, whole } from './fields.ts'

/**
 * GSV, satellites in view (IEC 61162-1 8.3.44), up to four in each sentence.
 *
 *   1 number of sentences   2 this one   3 satellites in view
 *   then groups of four: id, elevation 0-90, azimuth 0-359, SNR dB-Hz (empty while not tracked)
 *   last, since 4.1: signal id, hex (a lone field after the groups; not read)
 */
export function gsv(s: Sentence): Gsv {
  const satellites: SatelliteInView[] = []
  for (let field = 4; field + 3 <= s.fields; field += 4) {
    const id = whole(s, field, 999)
    if (id === null) continue
    satellites.push({
      id,
      elevationDeg: whole(s, field + 1, 90),
      azimuthDeg: whole(s, field + 2, 360),
      snrDb: whole(s, field + 3, 99),
    })
  }
  return {
    kind: 'gsv',
    talker: s.talker,
    total: whole(s, 1, 99),
    number: whole(s, 2, 99),
    inView: whole(s, 3, 255),
    satellites,
  }
}
