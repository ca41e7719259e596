/** What kind of recording a file is, by its content (design 10), never by its name. */
export type TripFormat = 'nmea' | 'candump' | 'gpx' | 'csv'

const candumpLine =
  /^\s*(?:\(\d+(?:\.\d+)?\)\s+)?\w+\s+(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})(?:##?[0-9A-Fa-fR]*|\s+\[\d+\]\s)/m
const nmeaSentence = /[$!][A-Z][A-Z0-9]{3,5},/

/** `head` is the beginning of the file as text. */
export function detectFormat(head: string): TripFormat {
  const text = head.replace(/^\uFEFF/, '').trimStart()
  if (text.startsWith('<')) return 'gpx'
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'))
  if (lines.slice(0, 50).some((line) => candumpLine.test(line))) return 'candump'
  return nmeaSentence.test(text) ? 'nmea' : 'csv'
}
