import type { NmeaMessage } from '../messages.ts'
import type { Sentence } from './fields.ts'
import { gga } from './gga.ts'
import { gll } from './gll.ts'
import { gns } from './gns.ts'
import { gsa } from './gsa.ts'
import { gst } from './gst.ts'
import { gsv } from './gsv.ts'
import { hdt } from './hdt.ts'
import { rmc } from './rmc.ts'
import { ths } from './ths.ts'
import { txt } from './txt.ts'
import { vtg } from './vtg.ts'
import { zda } from './zda.ts'

/** The sentences somebody here reads. Adding one is one file and one line. */
const sentences: readonly (readonly [string, (s: Sentence) => NmeaMessage])[] = [
  ['RMC', rmc],
  ['GGA', gga],
  ['GSA', gsa],
  ['GSV', gsv],
  ['VTG', vtg],
  ['GLL', gll],
  ['ZDA', zda],
  ['GNS', gns],
  ['GST', gst],
  ['TXT', txt],
  ['HDT', hdt],
  ['THS', ths],
]
const readers = new Map(sentences.map(([type, read]) => [codeOf(type), read]))

/** Two letters name a talker; these are the satellite systems (BD and GB are both BeiDou, GQ and QZ both QZSS). */
const talkers = new Map(['GP', 'GN', 'GL', 'GA', 'BD', 'GB', 'GQ', 'QZ', 'GI'].map((t) => [codeOf(t), t]))

function codeOf(letters: string): number {
  let code = 0
  for (const letter of letters) code = (code << 8) | letter.charCodeAt(0)
  return code
}

/**
 * One valid sentence. The talker is whatever two letters stand there; `P` begins a maker's own sentence, which has
 * none. Encapsulations (`!`) and unread types are told by name only.
 */
export function readSentence(s: Sentence): NmeaMessage {
  const { bytes } = s
  const at = 1
  const end = s.commas[0]!
  if (bytes[at] === 0x50 || end - at < 3)
    return {
      kind: 'sentence',
      talker: ascii(bytes, at, Math.min(at + 1, end)),
      type: ascii(bytes, at + 1, end),
    }
  const code = (bytes[at]! << 8) | bytes[at + 1]!
  s.talker = talkers.get(code) ?? ascii(bytes, at, at + 2)
  if (end - at === 5 && bytes[0] === 0x24) {
    const read = readers.get((bytes[at + 2]! << 16) | (bytes[at + 3]! << 8) | bytes[at + 4]!)
    if (read !== undefined) return read(s)
  }
  return { kind: 'sentence', talker: s.talker, type: ascii(bytes, at + 2, end) }
}

function ascii(bytes: Uint8Array, from: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(from, end))
}
