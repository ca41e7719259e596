import type { CanFrame, Discarded } from '../messages.ts'
import {
  extendedIdMax,
  type FrameScratch,
  fdBytesMax,
  frameOf,
  hexNumber,
  hexValue,
  type LineVerdict,
  newScratch,
  standardIdMax,
} from './frame.ts'
import { endLines, type LineState, lineFormat, lineInitial, splitLines } from './lines.ts'
import type { FrameStep } from './slcan.ts'

/**
 * candump logs (can-utils), in the three forms it writes:
 *
 *   (1635188455.020850) can1 18F00E00#821639C4FFFFFFFF       log file
 *   (1635188455.020850)  can1  18F00E00   [8]  82 16 39 C4 FF FF FF FF
 *     can1  18F00E00   [8]  82 16 39 C4 FF FF FF FF           no time
 *
 * Three digits of id are 11 bits, eight are 29; `id#R4` and `remote request` are remote frames, `id##1..` is CAN FD, bit
 * 0x20000000 of the id marks an error report of the controller. Blank lines and `#` comments are skipped, anything
 * else is malformed.
 */
export type CandumpState = LineState
export const candumpInitial: CandumpState = lineInitial

/** The longest true line is a CAN FD frame in the spaced form, about 230 bytes. */
const lineBytesMax = 255
export const candumpLines = lineFormat([0x0a, 0x0d], lineBytesMax)

const space = 0x20
const tab = 0x09
const hash = 0x23
const errorBit = 0x20000000

const isSpace = (byte: number | undefined): boolean => byte === space || byte === tab

/** Where the parser stands in the line, and where the line ends: one line at a time, so one for all. */
let at = 0
let stop = 0
let line: Uint8Array = new Uint8Array(0)

export function parseCandump(
  bytes: Uint8Array,
  start: number,
  end: number,
  frame: FrameScratch,
): LineVerdict {
  line = bytes
  at = start
  stop = end
  skipSpaces()
  if (at === stop || line[at] === hash) return 'nothing'
  const timed = line[at] === 0x28
  if (timed && !readTime(frame)) return 'malformed'
  if (!timed) frame.t = Number.NaN
  return readInterface() && readId(frame) && readBody(frame, timed) ? 'frame' : 'malformed'
}

/** Skips blanks; true when there was one. */
function skipSpaces(): boolean {
  const from = at
  while (at < stop && isSpace(line[at])) at++
  return at > from
}

/** `(seconds.decimals)`. A double holds sixteen digits, microseconds of our days; decimals beyond them are dropped. */
function readTime(frame: FrameScratch): boolean {
  let value = 0
  let digits = 0
  let perSecond = 0
  for (at++; at < stop && line[at] !== 0x29; at++) {
    const digit = line[at]! - 0x30
    if (digit === dotDigit && perSecond === 0 && digits > 0) perSecond = 1
    else if (digit < 0 || digit > 9) return false
    else if (digits < 16) {
      digits++
      value = value * 10 + digit
      perSecond *= 10
    } else if (perSecond === 0) return false
  }
  if (at === stop || digits === 0) return false
  at++
  frame.t = perSecond > 1 ? value / perSecond : value
  return skipSpaces()
}

/** What a dot is when a digit was expected. */
const dotDigit = 0x2e - 0x30

function readInterface(): boolean {
  const from = at
  while (at < stop && !isSpace(line[at])) at++
  return at > from && skipSpaces()
}

function readId(frame: FrameScratch): boolean {
  const from = at
  while (at < stop && hexValue[line[at]!]! < 16) at++
  const digits = at - from
  if (digits !== 3 && digits !== 8) return false
  const id = hexNumber(line, from, digits)
  frame.extended = digits === 8
  frame.special = digits === 8 && Math.floor(id / errorBit) === 1 ? 'error' : null
  frame.id = frame.special === 'error' ? id - errorBit : id
  return frame.id <= (digits === 8 ? extendedIdMax : standardIdMax)
}

function readBody(frame: FrameScratch, timed: boolean): boolean {
  if (line[at] === hash) return timed && readHashForm(frame) && endsWithDirection()
  return skipSpaces() && readSpacedForm(frame)
}

/** After `id`: `#data`, `#R`, `#R4`, `##fdata`. */
function readHashForm(frame: FrameScratch): boolean {
  at++
  frame.length = 0
  if (line[at] === 0x52 || line[at] === 0x72) return readRemote(frame)
  if (at < stop && line[at] === hash) {
    at++
    if (at >= stop || hexValue[line[at]!]! > 15) return false
    at++
    frame.special ??= 'fd'
    return readPairs(frame, fdBytesMax)
  }
  return readPairs(frame, 8)
}

function readRemote(frame: FrameScratch): boolean {
  if (at >= stop) return false
  at++
  frame.special ??= 'remote'
  if (at < stop && line[at]! >= 0x30 && line[at]! <= 0x38) at++
  return true
}

/** Pairs of digits up to a blank or the end. */
function readPairs(frame: FrameScratch, bytesMax: number): boolean {
  while (at < stop && !isSpace(line[at])) {
    if (frame.length === bytesMax || !readByte(frame)) return false
  }
  return true
}

function readByte(frame: FrameScratch): boolean {
  if (at + 2 > stop) return false
  const value = hexNumber(line, at, 2)
  if (value < 0) return false
  frame.data[frame.length++] = value
  at += 2
  return true
}

/** Newer versions append the direction, ` T` or ` R`. */
function endsWithDirection(): boolean {
  skipSpaces()
  if (at < stop && (line[at] === 0x54 || line[at] === 0x52)) at++
  skipSpaces()
  return at === stop
}

/** After `id`: `[n]  b0 b1 ..` with exactly n bytes, so that a cut line is never taken for a shorter frame. */
function readSpacedForm(frame: FrameScratch): boolean {
  const told = readLength(frame)
  if (told < 0) return false
  frame.length = 0
  if (!skipSpaces() && at < stop) return false
  if (wordsFollow('remote request')) {
    frame.special ??= 'remote'
    return true
  }
  while (at < stop && frame.length < told) {
    if (!readByte(frame) || (at < stop && !skipSpaces())) return false
  }
  return frame.length === told && endsWithNote()
}

/** `[8]`, or two digits for CAN FD. */
function readLength(frame: FrameScratch): number {
  if (line[at] !== 0x5b) return -1
  let digits = 0
  let value = 0
  for (at++; at < stop && line[at] !== 0x5d; at++) {
    const digit = line[at]! - 0x30
    if (digit < 0 || digit > 9 || ++digits > 2) return -1
    value = value * 10 + digit
  }
  if (at === stop || digits === 0) return -1
  at++
  if (digits === 2) frame.special ??= 'fd'
  return value <= (digits === 2 ? fdBytesMax : 8) ? value : -1
}

/** candump may append the bytes as text in quotes, or name an error frame. */
function endsWithNote(): boolean {
  if (at === stop || wordsFollow('ERRORFRAME')) return true
  return line[at] === 0x27 && line[stop - 1] === 0x27 && stop - at >= 2
}

/** True when exactly these words are the rest of the line. */
function wordsFollow(words: string): boolean {
  if (stop - at < words.length) return false
  for (let i = 0; i < words.length; i++) if (line[at + i] !== words.charCodeAt(i)) return false
  let rest = at + words.length
  while (rest < stop && isSpace(line[rest])) rest++
  return rest === stop
}

export function candumpStep(state: CandumpState, bytes: Uint8Array): FrameStep<CandumpState> {
  const sink = frameSink()
  const lines = splitLines(candumpLines, state, bytes, sink)
  return { state: lines, frames: sink.frames, malformed: sink.malformed }
}

export function candumpEnd(state: CandumpState): FrameStep<CandumpState> {
  const sink = frameSink()
  endLines(state, sink)
  return { state: candumpInitial, frames: sink.frames, malformed: sink.malformed }
}

const scratch = newScratch()

function frameSink() {
  const frames: CanFrame[] = []
  const malformed: Discarded[] = []
  const tooLong = (bytes: number): void => {
    malformed.push({ kind: 'discarded', bytes, why: 'malformed' })
  }
  const line = (bytes: Uint8Array, start: number, end: number): void => {
    const verdict = parseCandump(bytes, start, end, scratch)
    if (verdict === 'frame') frames.push(frameOf(scratch))
    else if (verdict === 'malformed') tooLong(end - start)
  }
  return { frames, malformed, line, tooLong }
}
