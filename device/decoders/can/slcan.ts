import type { CanFrame, Discarded } from '../messages.ts'
import {
  extendedIdMax,
  type FrameScratch,
  frameOf,
  hexNumber,
  hexValue,
  type LineVerdict,
  newScratch,
  standardIdMax,
} from './frame.ts'
import { endLines, type LineState, lineFormat, lineInitial, splitLines } from './lines.ts'

/**
 * SLCAN (LAWICEL CAN232/CANUSB manual): what a serial CAN adapter writes.
 *
 *   tiiildd..        11-bit data frame: id, length 0-8, that many bytes, all hexadecimal
 *   Tiiiiiiiildd..   29-bit data frame
 *   riiil, Riiiiiiiil  remote frames: a length but no bytes
 *   with Z1, four more digits: milliseconds, 0 to 0xEA5F, starting again each minute
 *
 * Lines end in CR; an error is answered with BELL, which may fall between two frames. Other letters are the adapter's
 * replies. A line whose length does not fit its digits is dropped whole: nothing of a damaged frame is believed.
 */
export type SlcanState = { readonly lines: LineState; readonly clock: SlcanClock }

/** Unwraps the adapter's clock. Some adapters count to 65 535 instead of 59 999, which the first such stamp tells. */
export type SlcanClock = { readonly lastMs: number; readonly baseMs: number; readonly wrapMs: number }

export type FrameStep<State> = {
  readonly state: State
  readonly frames: readonly CanFrame[]
  readonly malformed: readonly Discarded[]
}

export const slcanClockInitial: SlcanClock = { lastMs: 0, baseMs: 0, wrapMs: 60_000 }
export const slcanInitial: SlcanState = { lines: lineInitial, clock: slcanClockInitial }

/** T, 8 digits of id, length, 16 digits of data, 4 of time: 30; anything near this is no frame of ours. */
const lineBytesMax = 64
const cr = 0x0d
const lf = 0x0a
const bell = 0x07
export const slcanLines = lineFormat([cr, lf, bell], lineBytesMax)

/** Replies: v/V version, N serial number, F flags, z/Z transmitted, and the echoes of set-up commands. */
const replies = new Set('vVNFzZOCLSs'.split('').map((letter) => letter.charCodeAt(0)))
const data11 = 0x74
const data29 = 0x54
const remote11 = 0x72
const remote29 = 0x52

/** One line. `frame.t` gets the raw stamp in milliseconds, NaN without one. */
export function parseSlcan(bytes: Uint8Array, start: number, end: number, frame: FrameScratch): LineVerdict {
  const first = bytes[start]!
  const extended = first === data29 || first === remote29
  if (!extended && first !== data11 && first !== remote11) return otherLine(bytes, start, end)
  const idDigits = extended ? 8 : 3
  const lengthAt = start + 1 + idDigits
  if (lengthAt >= end) return 'malformed'
  const id = hexNumber(bytes, start + 1, idDigits)
  const length = hexValue[bytes[lengthAt]!]!
  if (id < 0 || id > (extended ? extendedIdMax : standardIdMax) || length > 8) return 'malformed'
  const remote = first === remote11 || first === remote29
  frame.id = id
  frame.extended = extended
  frame.special = remote ? 'remote' : null
  frame.length = remote ? 0 : length
  return readData(bytes, lengthAt + 1, end, frame)
}

function readData(bytes: Uint8Array, from: number, end: number, frame: FrameScratch): LineVerdict {
  const { data, length } = frame
  const dataEnd = from + 2 * length
  if (end !== dataEnd && end !== dataEnd + 4) return 'malformed'
  for (let at = from, i = 0; i < length; at += 2, i++) {
    const high = hexValue[bytes[at]!]!
    const low = hexValue[bytes[at + 1]!]!
    if (high > 15 || low > 15) return 'malformed'
    data[i] = (high << 4) | low
  }
  if (end === dataEnd) {
    frame.t = Number.NaN
    return 'frame'
  }
  frame.t = hexNumber(bytes, dataEnd, 4)
  return frame.t < 0 ? 'malformed' : 'frame'
}

function otherLine(bytes: Uint8Array, start: number, end: number): LineVerdict {
  let at = start
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++
  if (at === end || bytes[at] === 0x23) return 'nothing'
  return replies.has(bytes[start]!) && end - start <= 9 ? 'nothing' : 'malformed'
}

/** The clock after a stamp of the adapter. */
export function unwrapStamp(clock: SlcanClock, stampMs: number): SlcanClock {
  const wrapMs = stampMs >= clock.wrapMs ? 65_536 : clock.wrapMs
  const baseMs = stampMs < clock.lastMs ? clock.baseMs + wrapMs : clock.baseMs
  return { lastMs: stampMs, baseMs, wrapMs }
}

export function slcanStep(state: SlcanState, bytes: Uint8Array): FrameStep<SlcanState> {
  const sink = frameSink(state.clock)
  const lines = splitLines(slcanLines, state.lines, bytes, sink)
  return { state: { lines, clock: sink.clock }, frames: sink.frames, malformed: sink.malformed }
}

export function slcanEnd(state: SlcanState): FrameStep<SlcanState> {
  const sink = frameSink(state.clock)
  endLines(state.lines, sink)
  return { state: slcanInitial, frames: sink.frames, malformed: sink.malformed }
}

const scratch = newScratch()

function frameSink(clock: SlcanClock) {
  const sink = {
    clock,
    frames: [] as CanFrame[],
    malformed: [] as Discarded[],
    line: (bytes: Uint8Array, start: number, end: number): void => {
      const verdict = parseSlcan(bytes, start, end, scratch)
      if (verdict === 'malformed') sink.tooLong(end - start)
      if (verdict !== 'frame') return
      sink.clock = timeFrame(sink.clock, scratch)
      sink.frames.push(frameOf(scratch))
    },
    tooLong: (bytes: number): void => {
      sink.malformed.push({ kind: 'discarded', bytes, why: 'malformed' })
    },
  }
  return sink
}

/** Turns the raw stamp of a parsed line into seconds since the first minute of the line began. */
export function timeFrame(clock: SlcanClock, frame: FrameScratch): SlcanClock {
  if (Number.isNaN(frame.t)) return clock
  const next = unwrapStamp(clock, frame.t)
  frame.t = (next.baseMs + next.lastMs) / 1000
  return next
}
