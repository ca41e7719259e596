import type { Gsa } from '../messages.ts'
import { numberWithin, type Sentence, whole } from './fields.ts'

/**
 * GSA, active satellites (IEC 61162-1 8.3.36), one sentence per system.
 *
 *   1 M/A   2 fix 1 none, 2 2D, 3 3D   3-14 satellite ids   15 PDOP   16 HDOP   17 VDOP
 *   18 system (4.1): 1 GPS, 2 GLONASS, 3 Galileo, 4 BeiDou, 5 QZSS, 6 NavIC
 */
export function gsa(s: Sentence): Gsa {
  const satelliteIds: number[] = []
  for (let field = 3; field <= 14; field++) {
    const id = whole(s, field, 999)
    if (id !== null && id > 0) satelliteIds.push(id)
  }
  const fixType = whole(s, 2, 3)
  return {
    kind: 'gsa',
    talker: s.talker,
    fixType: fixType === 0 ? null : fixType,
    satelliteIds,
    pdop: numberWithin(s, 15, 0, 1000),
    hdop: numberWithin(s, 16, 0, 1000),
    vdop: numberWithin(s, 17, 0, 1000),
    system: whole(s, 18, 15),
  }
}
