import { foldFrame, type J1939State, j1939Initial } from '../j1939/step.ts'
import type { CanMessage } from '../messages.ts'
import { candumpLines, parseCandump } from './candump.ts'
import { newScratch } from './frame.ts'
import { endLines, type LineState, lineInitial, splitLines } from './lines.ts'
import { parseSlcan, type SlcanClock, slcanClockInitial, slcanLines, timeFrame } from './slcan.ts'

/**
 * A CAN line from bytes to messages in one go: frames are read and decoded where they lie, none is copied. It says the same
 * as the frame step followed by `j1939Step` (a test compares them).
 */
export type CanFormat = 'candump' | 'slcan'

export type CanLineState = {
  readonly lines: LineState
  readonly clock: SlcanClock
  readonly j1939: J1939State
}

export type CanLineStep = {
  readonly state: CanLineState
  readonly messages: readonly CanMessage[]
  /** How many frames were read, of known groups or not: the line is alive. */
  readonly frames: number
}

export const canLineInitial: CanLineState = {
  lines: lineInitial,
  clock: slcanClockInitial,
  j1939: j1939Initial,
}

/** `arrivalMs` is any clock that runs forward; it times transport sessions where the frames have no time. */
export function canLineStep(
  format: CanFormat,
  state: CanLineState,
  bytes: Uint8Array,
  arrivalMs: number | null,
): CanLineStep {
  const sink = messageSink(format, state, arrivalMs)
  const lines = splitLines(linesOf(format), state.lines, bytes, sink)
  return {
    state: { lines, clock: sink.clock, j1939: sink.j1939 },
    messages: sink.messages,
    frames: sink.frames,
  }
}

export function canLineEnd(format: CanFormat, state: CanLineState): readonly CanMessage[] {
  const sink = messageSink(format, state, null)
  endLines(state.lines, sink)
  return sink.messages
}

const linesOf = (format: CanFormat) => (format === 'slcan' ? slcanLines : candumpLines)
const scratch = newScratch()

function messageSink(format: CanFormat, { clock, j1939 }: CanLineState, arrivalMs: number | null) {
  const parse = format === 'slcan' ? parseSlcan : parseCandump
  const sink = {
    clock,
    j1939,
    frames: 0,
    messages: [] as CanMessage[],
    line: (bytes: Uint8Array, start: number, end: number): void => {
      const verdict = parse(bytes, start, end, scratch)
      if (verdict === 'malformed') sink.tooLong(end - start)
      if (verdict !== 'frame') return
      sink.frames++
      if (format === 'slcan') sink.clock = timeFrame(sink.clock, scratch)
      if (!scratch.extended || scratch.special !== null) return
      const t = Number.isNaN(scratch.t) ? null : scratch.t
      sink.j1939 = foldFrame(sink.j1939, scratch, t, arrivalMs, sink.messages)
    },
    tooLong: (bytes: number): void => {
      sink.messages.push({ kind: 'discarded', bytes, why: 'malformed' })
    },
  }
  return sink
}
