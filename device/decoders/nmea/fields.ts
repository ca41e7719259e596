/**
 * Reads the fields of one sentence where they lie in the received bytes: no text is made of what is only a number.
 * Field 0 is the address (`GPRMC`), field n the n-th after it, as the standard (IEC 61162-1, 7.2) counts them.
 */
export type Sentence = {
  /** From the `$` or `!` on. */
  readonly bytes: Uint8Array
  /** Offsets of the commas and, last, of the `*`: field n lies between `commas[n - 1]` and `commas[n]`. */
  readonly commas: Int32Array
  fields: number
  talker: string
}

/** The longest sentence anybody should believe: the standard says 82, receivers send more. */
export const sentenceBytesMax = 255

export function newSentence(): Sentence {
  return {
    bytes: new Uint8Array(sentenceBytesMax + 1),
    commas: new Int32Array(sentenceBytesMax + 2),
    fields: 0,
    talker: '',
  }
}

const dot = 0x2e
const powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]
/** More digits than a double holds exactly say nothing; further decimals are dropped, a longer whole part is refused. */
const digitsMax = 15

/** The part of a field: its first byte and the byte after its last. */
const startOf = (s: Sentence, field: number): number => s.commas[field - 1]! + 1
const endOf = (s: Sentence, field: number): number => s.commas[field]!

/** A field beyond the last one is empty: older standards simply had fewer. */
export function isEmpty(s: Sentence, field: number): boolean {
  return field > s.fields || startOf(s, field) >= endOf(s, field)
}

/** The only byte of a one-letter field (`A`, `N`), else 0. */
export function letter(s: Sentence, field: number): number {
  if (field > s.fields) return 0
  const at = startOf(s, field)
  return endOf(s, field) - at === 1 ? s.bytes[at]! : 0
}

export function text(s: Sentence, field: number): string {
  if (isEmpty(s, field)) return ''
  return String.fromCharCode(...s.bytes.subarray(startOf(s, field), endOf(s, field)))
}

/** The rest of the sentence from a field on, commas included: texts contain them although they should not. */
export function textToEnd(s: Sentence, field: number): string {
  if (field > s.fields) return ''
  return String.fromCharCode(...s.bytes.subarray(startOf(s, field), s.commas[s.fields]))
}

/** What `scan` found: the digits as one whole number (a slot of doubles makes no garbage), and how many were decimals. */
const found = new Float64Array(1)
let decimals = 0

/** Digits with at most one dot and nothing else; false for anything else, an empty field included. */
function scan(bytes: Uint8Array, from: number, end: number): boolean {
  let value = 0
  let kept = 0
  let places = 0
  let dotAt = -1
  for (let i = from; i < end; i++) {
    const digit = bytes[i]! - 0x30
    if (digit >= 0 && digit <= 9) {
      if (kept < digitsMax) {
        value = value * 10 + digit
        if (value > 0 || dotAt >= 0) kept++
        if (dotAt >= 0) places++
      } else if (dotAt < 0) return false
    } else if (digit === dot - 0x30 && dotAt < 0) dotAt = i
    else return false
  }
  found[0] = value
  decimals = places
  return end - from > (dotAt < 0 ? 0 : 1)
}

/** A number, possibly negative; null when empty or not a number. */
export function number(s: Sentence, field: number): number | null {
  if (field > s.fields) return null
  let from = startOf(s, field)
  const negative = s.bytes[from] === 0x2d
  if (negative) from++
  if (!scan(s.bytes, from, endOf(s, field))) return null
  const value = found[0]! / powers[decimals]!
  return negative && value !== 0 ? -value : value
}

/** A number inside its range; outside of it the receiver knows nothing, so neither do we. */
export function numberWithin(s: Sentence, field: number, min: number, max: number): number | null {
  const value = number(s, field)
  return value !== null && value >= min && value <= max ? value : null
}

/** A whole number of plain digits. */
export function whole(s: Sentence, field: number, max: number): number | null {
  if (field > s.fields) return null
  const { bytes } = s
  const from = startOf(s, field)
  const end = endOf(s, field)
  if (from >= end) return null
  let value = 0
  for (let i = from; i < end; i++) {
    const digit = bytes[i]! - 0x30
    if (digit < 0 || digit > 9) return null
    value = value * 10 + digit
    if (value > max) return null
  }
  return value
}

/** `ddmm.mmmm` or `dddmm.mmmm` and its hemisphere letter in the next field: signed degrees. */
function degrees(s: Sentence, field: number, positive: number, negative: number, max: number): number | null {
  const hemisphere = letter(s, field + 1)
  if (hemisphere !== positive && hemisphere !== negative) return null
  if (!scan(s.bytes, startOf(s, field), endOf(s, field))) return null
  const mantissa = found[0]!
  const perMinute = powers[decimals]!
  const whole = Math.floor(mantissa / (100 * perMinute))
  const minutes = (mantissa - whole * 100 * perMinute) / perMinute
  const value = whole + minutes / 60
  if (minutes >= 60 || value > max) return null
  return hemisphere === negative && value !== 0 ? -value : value
}

/** Latitude from two fields, degrees, south negative. */
export const latitude = (s: Sentence, field: number): number | null => degrees(s, field, 0x4e, 0x53, 90)
/** Longitude from two fields, degrees, west negative. */
export const longitude = (s: Sentence, field: number): number | null => degrees(s, field, 0x45, 0x57, 180)

const twoDigits = (bytes: Uint8Array, at: number): number => {
  const tens = bytes[at]! - 0x30
  const ones = bytes[at + 1]! - 0x30
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 255
}

/** `hhmmss` or `hhmmss.sss`: milliseconds after midnight. Second 60 exists at 23:59 only (leap second). */
export function timeOfDay(s: Sentence, field: number): number | null {
  if (field > s.fields) return null
  const from = startOf(s, field)
  const end = endOf(s, field)
  if (end - from < 6 || !scan(s.bytes, from, end)) return null
  if (end - from > 6 && s.bytes[from + 6] !== dot) return null
  const hour = twoDigits(s.bytes, from)
  const minute = twoDigits(s.bytes, from + 2)
  const second = twoDigits(s.bytes, from + 4)
  if (hour > 23 || minute > 59 || second > (hour === 23 && minute === 59 ? 60 : 59)) return null
  const perSecond = powers[decimals]!
  const fraction = decimals === 0 ? 0 : found[0]! % perSecond
  return ((hour * 60 + minute) * 60 + second) * 1000 + Math.round((fraction * 1000) / perSecond)
}

/** Midnight of a calendar date, ms since 1970; null for a day that does not exist. */
export function midnight(year: number, month: number, day: number): number | null {
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return null
  // Years counted from March, so that the leap day is the last of its year; exact in the Gregorian calendar.
  const y = month > 2 ? year : year - 1
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1
  const days = y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear
  return (days - daysTo1970) * 86_400_000
}

/** From 0000-03-01 to 1970-01-01. */
const daysTo1970 = 719_468

function daysOf(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

/** `ddmmyy` as sent: 80-99 is 19yy, never corrected here (design 4: week rollover belongs to time quality). */
export function date(s: Sentence, field: number): number | null {
  if (field > s.fields) return null
  const from = startOf(s, field)
  if (endOf(s, field) - from !== 6) return null
  const yy = twoDigits(s.bytes, from + 4)
  if (yy > 99) return null
  return midnight(yy >= 80 ? 1900 + yy : 2000 + yy, twoDigits(s.bytes, from + 2), twoDigits(s.bytes, from))
}
