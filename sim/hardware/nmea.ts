/**
 * NMEA 0183 sentences, written from the standard: `$`, talker, type, fields, `*`, the XOR of everything between
 * as two hex digits, CR LF. This witness shares no line with the terminal's decoders, so that a wrong scale
 * cannot cancel out.
 */

/** Talkers of receivers met in vehicles: combined, GPS, and the two BeiDou ones. */
export const talkers = ['GN', 'GP', 'BD', 'GB'] as const
export type Talker = (typeof talkers)[number]

/** Wraps a body such as `GNRMC,...` into a sentence. */
export function sentence(body: string): string {
  return `$${body}*${checksum(body)}\r\n`
}

/** XOR of all characters, two upper-case hex digits. */
export function checksum(body: string): string {
  let sum = 0
  for (let at = 0; at < body.length; at++) sum ^= body.charCodeAt(at)
  return hex2(sum)
}

const hex2 = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0')
const two = (value: number): string => String(value).padStart(2, '0')

/** `hhmmss.ss` of an instant. */
export function timeField(atMs: number): string {
  const at = new Date(Math.floor(atMs / 10) * 10)
  const hundredths = two(Math.floor(at.getUTCMilliseconds() / 10))
  return `${two(at.getUTCHours())}${two(at.getUTCMinutes())}${two(at.getUTCSeconds())}.${hundredths}`
}

/** `ddmmyy`: the year has two digits, which is where week rollover hides. */
export function dateField(atMs: number): string {
  const at = new Date(atMs)
  return `${two(at.getUTCDate())}${two(at.getUTCMonth() + 1)}${two(at.getUTCFullYear() % 100)}`
}

/**
 * `ddmm.mmmmm,N`: degrees and minutes are one number in the field. Rounding happens on the whole so that
 * 59.999999 minutes carry into the degrees instead of printing 60.
 */
export function angleFields(degrees: number, width: 2 | 3, positive: string, negative: string): string {
  const units = Math.round(Math.abs(degrees) * 60 * 1e5)
  const whole = Math.floor(units / (60 * 1e5))
  const minutes = (units - whole * 60 * 1e5) / 1e5
  const text = `${String(whole).padStart(width, '0')}${minutes.toFixed(5).padStart(8, '0')}`
  return `${text},${degrees < 0 ? negative : positive}`
}

const kmhPerKnot = 1.852

export type Motion = {
  readonly lat: number
  readonly lon: number
  readonly speedKmh: number
  readonly courseDeg: number
}

const positionFields = (at: { readonly lat: number; readonly lon: number }): string =>
  `${angleFields(at.lat, 2, 'N', 'S')},${angleFields(at.lon, 3, 'E', 'W')}`

/** RMC, NMEA 4.10: field 12 is the mode (A autonomous, N not valid), field 13 the navigation status (V: not safety rated). */
export function rmc(talker: Talker, atMs: number, motion: Motion | null): string {
  const time = timeField(atMs)
  const date = dateField(atMs)
  if (motion === null) return sentence(`${talker}RMC,${time},V,,,,,,,${date},,,N,V`)
  const knots = (motion.speedKmh / kmhPerKnot).toFixed(3)
  const course = ((Math.round(motion.courseDeg * 100) % 36_000) / 100).toFixed(2)
  return sentence(`${talker}RMC,${time},A,${positionFields(motion)},${knots},${course},${date},,,A,V`)
}

export type Quality = { readonly satellites: number; readonly hdop: number; readonly altitudeM: number }

/** GGA: quality 1 is an autonomous fix, 0 none. */
export function gga(talker: Talker, atMs: number, motion: Motion | null, quality: Quality): string {
  const time = timeField(atMs)
  if (motion === null) return sentence(`${talker}GGA,${time},,,,,0,00,99.99,,,,,,`)
  const { satellites, hdop, altitudeM } = quality
  const sky = `${two(satellites)},${hdop.toFixed(2)},${altitudeM.toFixed(1)},M,-14.6,M,,`
  return sentence(`${talker}GGA,${time},${positionFields(motion)},1,${sky}`)
}

/** GSA, one per system: field 18 names it (1 GPS, 4 BeiDou). Mode 3 is a 3D fix, 1 none. */
export function gsa(talker: Talker, system: 1 | 4, ids: readonly number[], quality: Quality): string {
  const mode = ids.length === 0 ? 1 : 3
  const slots = Array.from({ length: 12 }, (_, slot) => (ids[slot] === undefined ? '' : two(ids[slot])))
  const dop = ids.length === 0 ? 99.99 : quality.hdop
  const dops = `${(dop * 1.6).toFixed(2)},${dop.toFixed(2)},${(dop * 1.3).toFixed(2)}`
  return sentence(`${talker}GSA,A,${mode},${slots.join(',')},${dops},${system}`)
}

export type AntennaState = 'ok' | 'open' | 'short'

/** TXT of type 01 (warning): how receivers of this family tell the state of their antenna. */
export function antennaText(state: AntennaState): string {
  return sentence(`GPTXT,01,01,01,ANTENNA ${state.toUpperCase()}`)
}
