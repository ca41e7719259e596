import { looksLikeTape } from '../tapes/read.ts'

/** What kind of recording a file is, by its content (design 10), never by its name. */
export type TripFormat = 'tape' | 'nmea' | 'candump' | 'slcan' | 'asc' | 'trc' | 'gpx' | 'geojson' | 'csv'

const candumpLine =
  /^\s*(?:\(\d+(?:\.\d+)?\)\s+)?\w+\s+(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})(?:##?[0-9A-Fa-fR]*|\s+\[\d+\]\s)/m
const nmeaSentence = /[$!][A-Z][A-Z0-9]{3,5},/
const trcLine = /^;\$FILEVERSION=|^\s*\d+\)\s+\d+(?:\.\d+)?\s+(?:Rx|Tx)\s/m
const ascLine = /^(?:date\s+\S{2,4}\s+\S{3,4}\s+\d|base\s+(?:hex|dec)\s+timestamps\s)/im
const slcanFrame = /^(?:[tr][0-9A-F]{3}|[TR][0-9A-F]{8})([0-8])((?:[0-9A-F]{2})*)$/i

/** What a person may name, in words. */
export const recordingFormats = 'a tape, NMEA, candump, SLCAN, ASC, TRC, CSV, GPX or GeoJSON'

/** `head` is the beginning of the file. */
export function detectFormat(head: Uint8Array): TripFormat {
  if (looksLikeTape(head)) return 'tape'
  const text = new TextDecoder()
    .decode(head)
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (text.startsWith('<')) return 'gpx'
  if (/^\{\s*"/.test(text)) return 'geojson'
  if (trcLine.test(text)) return 'trc'
  if (ascLine.test(text)) return 'asc'
  // A bell may stand between two frames of an adapter.
  const lines = text
    .replaceAll('\u0007', '\r')
    .split(/[\r\n]+/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  const first = lines.slice(0, 50)
  if (first.some((line) => candumpLine.test(line))) return 'candump'
  if (nmeaSentence.test(text)) return 'nmea'
  return first.some(isSlcan) ? 'slcan' : 'csv'
}

/** A frame of an SLCAN adapter: as many digits as its length says, and perhaps four of a time. */
function isSlcan(line: string): boolean {
  const match = slcanFrame.exec(line.trim())
  if (match === null) return false
  const digits = match[2]!.length
  const told = /^r/i.test(line.trim()) ? 0 : Number(match[1]) * 2
  return digits === told || digits === told + 4
}
