import { fromLocalMs } from '../../proto/time.ts'

/** What the cells of a file mean. `undefined` says: not readable, so the row cannot be believed. */

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

export function readNumber(text: string): number | null | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return null
  return numberPattern.test(trimmed) ? Number(trimmed) : undefined
}

const booleans: { readonly [text: string]: boolean } = {
  '1': true,
  '0': false,
  true: true,
  false: false,
  on: true,
  off: false,
}

export function readBoolean(text: string): boolean | null | undefined {
  const trimmed = text.trim().toLowerCase()
  return trimmed === '' ? null : booleans[trimmed]
}

export function readName(text: string): string | null {
  const trimmed = text.trim()
  return trimmed === '' ? null : trimmed.slice(0, 128)
}

const datePattern =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?\s*(Z|z|UTC|[+-]\d\d(?::?\d\d)?)?$/

const digit = (text: string, at: number): number => text.charCodeAt(at) - 48
const two = (text: string, at: number): number => {
  const [tens, ones] = [digit(text, at), digit(text, at + 1)]
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN
}

/** Days that every month has: of the others a calendar must be asked. */
const safeDay = 28

/** `2026-11-22T15:40:00Z`, with or without milliseconds, as nearly all files write it; null: to be read with more care. */
function plainUtc(text: string): number | null {
  const long = text.length === 24
  if ((!long && text.length !== 20) || text[4] !== '-' || text[7] !== '-' || text[10] !== 'T') return null
  if (text[13] !== ':' || text[16] !== ':' || text[text.length - 1] !== 'Z' || (long && text[19] !== '.'))
    return null
  const year = two(text, 0) * 100 + two(text, 2)
  const [month, day] = [two(text, 5), two(text, 8)]
  const [hour, minute, second] = [two(text, 11), two(text, 14), two(text, 17)]
  const ms = long ? two(text, 20) * 10 + digit(text, 22) : 0
  const isPlain =
    year >= 1000 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= safeDay &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  const isMs = !long || (digit(text, 22) >= 0 && digit(text, 22) <= 9 && ms >= 0)
  return isPlain && isMs ? Date.UTC(year, month - 1, day, hour, minute, second) + ms : null
}

/** ISO, epoch seconds or milliseconds, or local text in the zone. Null when it is none of them. */
export function readTime(text: string, zone: string): number | null {
  const trimmed = text.trim()
  const plain = plainUtc(trimmed)
  if (plain !== null) return plain
  if (/^\d{9,10}(?:\.\d+)?$/.test(trimmed)) return Number(trimmed) * 1000
  if (/^\d{12,13}(?:\.\d+)?$/.test(trimmed)) return Number(trimmed)
  const match = datePattern.exec(trimmed)
  if (match === null) return null
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = ''] = match
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  if (mo < 1 || mo > 12 || d < 1 || d > daysIn(y, mo) || h > 24 || mi > 59 || s > 60) return null
  if (h === 24 && (mi > 0 || s > 0)) return null
  const local = Date.UTC(y, mo - 1, d, h, mi, s) + Math.round(Number(`0.${fraction || '0'}`) * 1000)
  const offset = offsetOf(match[8])
  return offset === null ? fromLocalMs(local, zone) : local - offset
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()

/** Offset of `Z`, `+08:00`, `+0800`, `+08`; null when the text names none. */
function offsetOf(text: string | undefined): number | null {
  if (text === undefined) return null
  if (!/^[+-]/.test(text)) return 0
  const digits = text.slice(1).replace(':', '').padEnd(4, '0')
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return (text.startsWith('-') ? -minutes : minutes) * 60_000
}
