import { candumpEnd, candumpInitial, candumpStep } from '../../device/decoders/can/candump.ts'
import { type FrameStep, slcanEnd, slcanInitial, slcanStep } from '../../device/decoders/can/slcan.ts'
import { type DbcReader, dbcBeside } from '../../device/decoders/dbc/read.ts'
import { canLine } from '../../device/decoders/index.ts'
import { j1939Initial, j1939Step } from '../../device/decoders/j1939/step.ts'
import type { CanFrame, CanMessage } from '../../device/decoders/messages.ts'
import { type AscOptions, readAsc } from '../trips/asc.ts'
import { readTrc } from '../trips/trc.ts'
import type { TimedCan } from './can-feed.ts'

/** Recordings of a bus, whichever program wrote them: as dated messages for the engine, as frames for an exporter. */
export type BusFormat = 'candump' | 'slcan' | 'asc' | 'trc'

/** The file as a person named it, the zone of local times in it, and where to say what could not be read. */
export type BusOptions = AscOptions & {
  /** Signals that a DBC file describes; absent: J1939 alone. */
  readonly dbc?: DbcReader | null
}

/** Messages in blocks, as they were read: to wait for each one alone costs more than to decode it. */
export async function* busMessages(
  source: AsyncIterable<Uint8Array>,
  format: BusFormat,
  options: BusOptions,
): AsyncGenerator<readonly TimedCan[]> {
  if (format === 'candump' || format === 'slcan') {
    yield* lineMessages(source, format, options)
    return
  }
  const { dbc = null } = options
  let state = j1939Initial
  for await (const frame of format === 'asc' ? readAsc(source, options) : readTrc(source, options)) {
    const step = j1939Step(state, frame)
    state = step.state
    const beside = dbc === null ? [] : dbcBeside(dbc, frame, step.messages)
    if (step.messages.length + beside.length > 0) yield dated([...step.messages, ...beside])
  }
}

async function* lineMessages(
  source: AsyncIterable<Uint8Array>,
  format: 'candump' | 'slcan',
  options: BusOptions,
): AsyncGenerator<readonly TimedCan[]> {
  const line = canLine(format, options.dbc ?? null)
  const malformed = createMalformed(format, options)
  const block = (messages: readonly CanMessage[]): readonly TimedCan[] => {
    for (const message of messages) if (message.kind === 'discarded') malformed.count(message)
    return dated(messages)
  }
  let state = line.initial
  for await (const chunk of source) {
    const result = line.step(state, chunk)
    state = result.state
    yield block(result.messages)
  }
  yield block(line.end(state))
  malformed.end()
}

/** A message without a time cannot be put beside a trip. */
function dated(messages: readonly CanMessage[]): TimedCan[] {
  const timed: TimedCan[] = []
  for (const message of messages)
    if (message.kind !== 'discarded' && message.t !== null) timed.push({ message, atMs: message.t * 1000 })
  return timed
}

export async function* busFrames(
  source: AsyncIterable<Uint8Array>,
  format: BusFormat,
  options: BusOptions,
): AsyncGenerator<CanFrame> {
  if (format === 'asc') yield* readAsc(source, options)
  else if (format === 'trc') yield* readTrc(source, options)
  else if (format === 'slcan') yield* lineFrames(source, slcanInitial, slcanStep, slcanEnd, format, options)
  else yield* lineFrames(source, candumpInitial, candumpStep, candumpEnd, format, options)
}

async function* lineFrames<State>(
  source: AsyncIterable<Uint8Array>,
  initial: State,
  step: (state: State, bytes: Uint8Array) => FrameStep<State>,
  end: (state: State) => FrameStep<State>,
  format: BusFormat,
  options: BusOptions,
): AsyncGenerator<CanFrame> {
  const malformed = createMalformed(format, options)
  let state = initial
  for await (const chunk of source) {
    const read = step(state, chunk)
    state = read.state
    read.malformed.forEach(malformed.count)
    yield* read.frames
  }
  const rest = end(state)
  rest.malformed.forEach(malformed.count)
  yield* rest.frames
  malformed.end()
}

function createMalformed(format: BusFormat, { file, tell }: BusOptions) {
  let lines = 0
  let bytes = 0
  return {
    count: (discarded: { readonly bytes: number }): void => {
      lines++
      bytes += discarded.bytes
    },
    end: (): void => {
      if (lines > 0)
        tell(
          `${file}: ${lines} ${lines === 1 ? 'line is' : 'lines are'} no ${format} (${bytes} bytes); left out`,
        )
    },
  }
}
