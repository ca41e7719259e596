import process from 'node:process'
import { candumpEnd, candumpInitial, candumpStep } from '../../device/decoders/can/candump.ts'
import { type FrameStep, slcanEnd, slcanInitial, slcanStep } from '../../device/decoders/can/slcan.ts'
import { type DbcReader, dbcBeside } from '../../device/decoders/dbc/read.ts'
import { gnssLine } from '../../device/decoders/index.ts'
import { vehicleIdentificationPgn, vinShown } from '../../device/decoders/j1939/groups/vi.ts'
import { pgnOf } from '../../device/decoders/j1939/id.ts'
import { j1939Initial, j1939Step } from '../../device/decoders/j1939/step.ts'
import type {
  CanFrame,
  CanMessage,
  NmeaMessage,
  Rmc,
  TransportMessage,
} from '../../device/decoders/messages.ts'
import { tapeMagic } from '../../proto/tape.ts'
import { dbcOf, loadDbc } from '../replay/dbc.ts'
import { looksLikeTape, readTape } from '../tapes/read.ts'
import {
  badUsage,
  forEachChunk,
  type Input,
  type Ndjson,
  ndjsonOut,
  openInput,
  parseCommand,
  peek,
  readText,
  runTool,
  tell,
  watched,
} from './io.ts'

/** `npm run -s decode -- nmea FILE` and `... can FILE [--format candump|slcan]`: what a recording says (design 10). */
const usage =
  'npm run -s decode -- nmea FILE | can FILE [--format candump|slcan] [--dbc FILE [--dbc-signals CONFIG.json|"Theirs=ours,..."]]'

const text = { type: 'string' } as const
const options = { format: text, dbc: text, 'dbc-signals': text } as const

/** Takes the bytes of a recording and writes what they say. */
type Report = { readonly take: (bytes: Uint8Array) => void; readonly end: () => void }

async function decode(file: string, out: Ndjson, wanted: Wanted): Promise<void> {
  const { head, input } = await peek(await openInput(file), tapeMagic.length + 1)
  if (looksLikeTape(head)) return decodeTape(input, out, wanted)
  const report = reportOf(out, wanted)
  await forEachChunk(input, async (chunk) => {
    report.take(chunk)
    await out.flush()
  })
  report.end()
  await out.flush()
}

/** What a person asked for. */
type Wanted = {
  readonly line: 'nmea' | 'can'
  readonly format: 'candump' | 'slcan'
  readonly dbc: DbcReader | null
}

const reportOf = (out: Ndjson, { line, format, dbc }: Wanted): Report =>
  line === 'nmea' ? nmeaReport(out) : canReport(out, format, dbc)

/** One line of a tape, as its adapter spoke, with the DBC file that was in force unless a person names another. */
async function decodeTape(input: Input, out: Ndjson, wanted: Wanted): Promise<void> {
  const line = wanted.line === 'nmea' ? 'gnss' : 'can'
  let report: Report | null = null
  for await (const part of readTape(watched(input), input.name)) {
    if (part.is === 'hole') tell(part.told)
    else if (part.is === 'header') {
      const { lines } = part.header
      report ??= reportOf(out, {
        ...wanted,
        format: lines.can ?? 'slcan',
        dbc: wanted.dbc ?? dbcOf(part.header),
      })
    } else
      for (const record of part.records)
        if (record.is === 'bytes' && record.line === line) report?.take(record.bytes)
    await out.flush()
  }
  report?.end()
  await out.flush()
}

function nmeaReport(out: Ndjson): Report {
  const sentences = { valid: 0, badChecksum: 0, truncated: 0 }
  const rmc = { valid: 0, void: 0 }
  const talkers: { [talker: string]: number } = {}
  let discardedBytes = 0
  let state = gnssLine.initial
  const tell = (message: NmeaMessage): void => {
    if (message.kind === 'discarded') {
      discardedBytes += message.bytes
      if (message.why === 'badChecksum') sentences.badChecksum++
      else if (message.why !== 'noise') sentences.truncated++
      return
    }
    sentences.valid++
    const { talker } = message
    if (talker?.length === 2) talkers[talker] = (talkers[talker] ?? 0) + 1
    if (message.kind === 'antenna') out.write({ kind: 'antenna', state: message.state })
    if (message.kind !== 'rmc') return
    rmc[message.valid ? 'valid' : 'void']++
    out.write(rmcLine(message))
  }
  return {
    take: (bytes) => {
      const step = gnssLine.step(state, bytes)
      state = step.state
      step.messages.forEach(tell)
    },
    end: () => {
      gnssLine.end(state).forEach(tell)
      out.write({ kind: 'summary', sentences, discardedBytes, talkers, rmc })
    },
  }
}

function rmcLine({ kind, utcMs, valid, lat, lon, speedKmh, courseDeg }: Rmc) {
  const utc = utcMs === null ? null : new Date(utcMs).toISOString()
  return { kind, utc, valid, lat: tidy(lat), lon: tidy(lon), speedKmh: tidy(speedKmh), courseDeg }
}

/** Far finer than any receiver or sensor, coarse enough to hide the last bits of a multiplication. */
const perUnit = 1e9
const tidy = (value: number | null): number | null =>
  value === null ? null : Math.round(value * perUnit) / perUnit

/** A format of CAN recordings, its state kept inside. */
type Frames = { readonly take: (bytes: Uint8Array) => Read; readonly end: () => Read }
type Read = Pick<FrameStep<unknown>, 'frames' | 'malformed'>

function framesOf<State>(
  initial: State,
  step: (state: State, bytes: Uint8Array) => FrameStep<State>,
  end: (state: State) => FrameStep<State>,
): Frames {
  let state = initial
  return {
    take: (bytes) => {
      const read = step(state, bytes)
      state = read.state
      return read
    },
    end: () => end(state),
  }
}

function canReport(out: Ndjson, format: 'candump' | 'slcan', dbc: DbcReader | null): Report {
  const lines =
    format === 'slcan'
      ? framesOf(slcanInitial, slcanStep, slcanEnd)
      : framesOf(candumpInitial, candumpStep, candumpEnd)
  const counts = { frames: 0, standardFrames: 0, malformedLines: 0 }
  const pgns: { [pgn: string]: number } = {}
  let state = j1939Initial
  const tellFrame = (frame: CanFrame): void => {
    counts.frames++
    if (!frame.extended) counts.standardFrames++
    else if (frame.special !== 'error') pgns[pgnOf(frame.id)] = (pgns[pgnOf(frame.id)] ?? 0) + 1
    const step = j1939Step(state, frame)
    state = step.state
    for (const message of step.messages) writeMessage(out, message)
    if (dbc !== null) for (const message of dbcBeside(dbc, frame, step.messages)) writeMessage(out, message)
  }
  const tell = ({ frames, malformed }: Read): void => {
    counts.malformedLines += malformed.length
    frames.forEach(tellFrame)
  }
  return {
    take: (bytes) => tell(lines.take(bytes)),
    end: () => {
      tell(lines.end())
      out.write({ kind: 'summary', ...counts, pgns })
    },
  }
}

function writeMessage(out: Ndjson, message: CanMessage): void {
  if (message.kind === 'discarded') return
  if (message.kind === 'transport') {
    const { kind, t, session, sa, da, pgn, size } = message
    out.write({ kind, t, session, sa, da, pgn, size, payload: payloadHex(message) })
    return
  }
  const signals: { [name: string]: unknown } = {}
  for (const [name, value] of Object.entries(message.signals))
    signals[name] = typeof value === 'number' ? tidy(value) : value
  if (message.kind === 'dbc') {
    out.write({ kind: message.kind, t: message.t, id: message.id, signals })
    return
  }
  const { kind, t, pgn, sa, da, errors } = message
  out.write({ kind, t, pgn, sa, da, signals, errors })
}

/** A vehicle's number is never shown whole: its owner would be known from a log. */
function payloadHex({ pgn, payload }: TransportMessage): string {
  const hex = Buffer.from(payload).toString('hex')
  if (pgn !== vehicleIdentificationPgn) return hex
  return hex.slice(0, vinShown * 2).padEnd(hex.length, '*')
}

await runTool(async () => {
  const { values, positionals } = parseCommand(process.argv.slice(2), options, usage)
  const [line, file, ...more] = positionals
  if ((line !== 'nmea' && line !== 'can') || file === undefined || more.length > 0) throw badUsage(usage)
  const { format = 'candump' } = values
  const forCan = (['format', 'dbc', 'dbc-signals'] as const).find((name) => values[name] !== undefined)
  if (line === 'nmea' && forCan !== undefined) throw badUsage(usage, `--${forCan} is for can`)
  if (format !== 'candump' && format !== 'slcan') throw badUsage(usage, `unknown format ${format}`)
  const dbc = await loadDbc(values, readText, 'all')
  await decode(file, ndjsonOut(), { line, format, dbc: dbc?.reader ?? null })
})
