import { type DbcReader, readDbcFrame, readDbcGroup } from '../dbc/read.ts'
import { foldFrame, type J1939State, j1939Initial } from '../j1939/step.ts'
import type { CanMessage } from '../messages.ts'
import { candumpLines, parseCandump } from './candump.ts'
import { type FrameScratch, newScratch } from './frame.ts'
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

/**
 * `arrivalMs` is any clock that runs forward; it times transport sessions where the frames have no time. With a `dbc` its
 * signals are told too, of 11-bit frames and of 29-bit ones, beside what the groups say.
 */
export function canLineStep(
  format: CanFormat,
  state: CanLineState,
  bytes: Uint8Array,
  arrivalMs: number | null,
  dbc: DbcReader | null = null,
): CanLineStep {
  const sink = messageSink(format, state, arrivalMs, dbc)
  const lines = splitLines(linesOf(format), state.lines, bytes, sink)
  return {
    state: { lines, clock: sink.clock, j1939: sink.j1939 },
    messages: sink.messages,
    frames: sink.frames,
  }
}

export function canLineEnd(
  format: CanFormat,
  state: CanLineState,
  dbc: DbcReader | null = null,
): readonly CanMessage[] {
  const sink = messageSink(format, state, null, dbc)
  endLines(state.lines, sink)
  return sink.messages
}

const linesOf = (format: CanFormat) => (format === 'slcan' ? slcanLines : candumpLines)
const scratch = newScratch()

function messageSink(
  format: CanFormat,
  { clock, j1939 }: CanLineState,
  arrivalMs: number | null,
  dbc: DbcReader | null,
) {
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
      if (scratch.special !== null) return
      const t = Number.isNaN(scratch.t) ? null : scratch.t
      const from = sink.messages.length
      if (scratch.extended) sink.j1939 = foldFrame(sink.j1939, scratch, t, arrivalMs, sink.messages)
      if (dbc !== null) tellDbc(dbc, scratch, t, sink.messages, from)
    },
    tooLong: (bytes: number): void => {
      sink.messages.push({ kind: 'discarded', bytes, why: 'malformed' })
    },
  }
  return sink
}

/** What the file says of this frame, and of the groups that it completed (the messages from `from` on). */
function tellDbc(
  dbc: DbcReader,
  frame: FrameScratch,
  t: number | null,
  out: CanMessage[],
  from: number,
): void {
  const { id, extended, data, length } = frame
  const signals = readDbcFrame(dbc, id, extended, data, length)
  const groups = out.slice(from).filter((message) => message.kind === 'transport')
  if (signals !== null) out.push({ kind: 'dbc', t, id, signals })
  for (const { pgn, payload } of groups) {
    const own = readDbcGroup(dbc, pgn, payload)
    if (own !== null) out.push({ kind: 'dbc', t, id, signals: own })
  }
}
