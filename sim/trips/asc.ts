import type { CanFrame } from '../../device/decoders/messages.ts'
import { fromLocalMs } from '../../proto/time.ts'
import { frameFromText } from './can-line.ts'
import { createDamage, textLines } from './text-lines.ts'

/**
 * Vector ASC (CANalyzer, CANoe): a text log.
 *
 *   date Wed Apr 16 09:21:13.159 am 2014        local time of the beginning
 *   base hex  timestamps absolute               or dec; or relative: each line counts from the one before
 *   0.015991 1  18FEF100x       Rx   d 8 FF FF 00 ...    a frame; x: 29 bits; r: remote; text after the bytes
 *   0.020000 1  ErrorFrame                      and whole families of events that are no frames
 */
export type AscOptions = {
  readonly file: string
  readonly zone: string
  readonly tell: (line: string) => void
}

type Base = 10 | 16
type State = { base: Base; relative: boolean; beginS: number; lastS: number }

const datePattern =
  /^date\s+\S+\s+(\S{3,4})\s+(\d{1,2})\s+(\d{1,2}):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:\s+(am|pm))?\s+(\d{4})/i
const months = [
  ['jan'],
  ['feb'],
  ['mar', 'mär', 'mrz'],
  ['apr'],
  ['may', 'mai'],
  ['jun'],
  ['jul'],
  ['aug'],
  ['sep'],
  ['oct', 'okt'],
  ['nov'],
  ['dec', 'dez'],
]

export async function* readAsc(
  source: AsyncIterable<Uint8Array>,
  { file, zone, tell }: AscOptions,
): AsyncGenerator<CanFrame> {
  const state: State = { base: 16, relative: false, beginS: 0, lastS: 0 }
  const damage = createDamage(file, 'no line of an ASC log', tell)
  for await (const { number, text } of textLines(source)) {
    const read = readLine(text.trim(), state, zone)
    if (read === 'malformed') damage.line(number)
    else if (read !== 'nothing') yield read
  }
  damage.end()
}

function readLine(text: string, state: State, zone: string): CanFrame | 'nothing' | 'malformed' {
  if (text === '' || text.startsWith('//')) return 'nothing'
  if (/^\d/.test(text)) return readEvent(text, state)
  if (/^date\s/i.test(text)) {
    state.beginS = (dateMs(text, zone) ?? 0) / 1000
    return 'nothing'
  }
  const base = /^base\s+(hex|dec)\s+timestamps\s+(absolute|relative)/i.exec(text)
  if (base !== null) {
    state.base = base[1]!.toLowerCase() === 'dec' ? 10 : 16
    state.relative = base[2]!.toLowerCase() === 'relative'
    return 'nothing'
  }
  return /^(base|no internal|internal|begin|end|previous|#)/i.test(text) ? 'nothing' : 'malformed'
}

function readEvent(text: string, state: State): CanFrame | 'nothing' | 'malformed' {
  const [time, channel, id, direction, kind, length, ...bytes] = text.split(/\s+/)
  const seconds = /^\d+(\.\d+)?$/.test(time ?? '') ? Number(time) : Number.NaN
  if (Number.isNaN(seconds)) return 'malformed'
  const sinceS = state.relative ? state.lastS + seconds : seconds
  state.lastS = sinceS
  if (channel === undefined) return 'malformed'
  if (!/^\d+$/.test(channel) || !/^(Rx|Tx|TxRq)$/i.test(direction ?? '')) return otherEvent(id, direction)
  if (kind !== 'd' && kind !== 'r') return 'malformed'
  const number = idOf(id ?? '', state.base)
  if (number === null) return 'malformed'
  const frame = frameFromText({
    t: state.beginS + sinceS,
    ...number,
    remote: kind === 'r',
    length: kind === 'r' ? 0 : Number(length),
    bytes,
    base: state.base,
  })
  return frame ?? 'malformed'
}

/** A line whose place of the direction was cut off, or never was: statistics, error frames, CAN FD, LIN, comments. */
function otherEvent(id: string | undefined, direction: string | undefined): 'nothing' | 'malformed' {
  const cutFrame = direction === undefined && id !== undefined && /^[0-9A-Fa-f]+x?$/.test(id)
  return cutFrame ? 'malformed' : 'nothing'
}

function idOf(text: string, base: Base): { id: number; extended: boolean } | null {
  const extended = /x$/i.test(text)
  const digits = extended ? text.slice(0, -1) : text
  if (!(base === 16 ? /^[0-9A-Fa-f]{1,8}$/ : /^\d{1,9}$/).test(digits)) return null
  return { id: Number.parseInt(digits, base), extended }
}

function dateMs(text: string, zone: string): number | null {
  const match = datePattern.exec(text)
  if (match === null) return null
  const [, name = '', day, hour, minute, second, fraction = '0', half, year] = match
  const month = months.findIndex((names) => names.some((one) => name.toLowerCase().startsWith(one)))
  if (month < 0) return null
  const hours =
    half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  const ms = Math.round(Number(`0.${fraction}`) * 1000)
  return fromLocalMs(
    Date.UTC(Number(year), month, Number(day), hours, Number(minute), Number(second), ms),
    zone,
  )
}
