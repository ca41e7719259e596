import process from 'node:process'
import { candumpEnd, candumpInitial, candumpStep } from '../../device/decoders/can/candump.ts'
import { type FrameStep, slcanEnd, slcanInitial, slcanStep } from '../../device/decoders/can/slcan.ts'
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
import { badUsage, forEachChunk, type Ndjson, ndjsonOut, openInput, parseCommand, runTool } from './io.ts'

/** `npm run -s decode -- nmea FILE` and `... can FILE [--format candump|slcan]`: what a recording says (design 10). */
const usage = 'npm run -s decode -- nmea FILE | can FILE [--format candump|slcan]'

/** Takes the bytes of a recording and writes what they say. */
type Report = { readonly take: (bytes: Uint8Array) => void; readonly end: () => void }

async function decode(file: string, out: Ndjson, report: Report): Promise<void> {
  await forEachChunk(await openInput(file), async (chunk) => {
    report.take(chunk)
    await out.flush()
  })
  report.end()
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

function canReport(out: Ndjson, format: 'candump' | 'slcan'): Report {
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
  if (message.kind === 'discarded' || message.kind === 'dbc') return
  if (message.kind === 'transport') {
    const { kind, t, session, sa, da, pgn, size } = message
    out.write({ kind, t, session, sa, da, pgn, size, payload: payloadHex(message) })
    return
  }
  const { kind, t, pgn, sa, da, errors } = message
  const signals: { [name: string]: unknown } = {}
  for (const [name, value] of Object.entries(message.signals))
    signals[name] = typeof value === 'number' ? tidy(value) : value
  out.write({ kind, t, pgn, sa, da, signals, errors })
}

/** A vehicle's number is never shown whole: its owner would be known from a log. */
function payloadHex({ pgn, payload }: TransportMessage): string {
  const hex = Buffer.from(payload).toString('hex')
  if (pgn !== vehicleIdentificationPgn) return hex
  return hex.slice(0, vinShown * 2).padEnd(hex.length, '*')
}

await runTool(async () => {
  const { values, positionals } = parseCommand(process.argv.slice(2), { format: { type: 'string' } }, usage)
  const [line, file, ...more] = positionals
  if ((line !== 'nmea' && line !== 'can') || file === undefined || more.length > 0) throw badUsage(usage)
  const { format } = values
  if (line === 'nmea' && format !== undefined) throw badUsage(usage, '--format is for can')
  if (format !== undefined && format !== 'candump' && format !== 'slcan')
    throw badUsage(usage, `unknown format ${format}`)
  const out = ndjsonOut()
  await decode(file, out, line === 'nmea' ? nmeaReport(out) : canReport(out, format ?? 'candump'))
})
