import { createWriteStream, statSync } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import process from 'node:process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { AreaSpec } from '../../proto/geo/area-index.ts'
import { BadInput, parseJsonText } from '../../proto/problem.ts'
import { readAreas } from '../../proto/shapes/areas.ts'
import { candumpLine, tapeFrames } from '../export/candump.ts'
import { type Gathered, gather } from '../export/gather.ts'
import { toHtml } from '../export/html.ts'
import { toCsv, toGeojson, toGpx } from '../export/tables.ts'
import { busFrames } from '../replay/bus.ts'
import { detectFormat, type TripFormat } from '../replay/detect.ts'
import { headBytes, type Trip } from '../replay/open-trip.ts'
import { readTape } from '../tapes/read.ts'
import { chunksFrom } from '../tapes/seek.ts'
import { readShapes, routeOf } from '../trips/gtfs.ts'
import { textLines } from '../trips/text-lines.ts'
import {
  badUsage,
  type Input,
  openInput,
  parseCommand,
  peek,
  readText,
  resolvePath,
  runTool,
  tell,
  watched,
} from './io.ts'
import { checkTripValues, documentsReader, openNamedTrip, tripOptions, tripUsage } from './trip-options.ts'

/** `npm run -s export -- TRIP --to FORMAT OUT`: a recorded trip, or GTFS shapes, for other programs and for people. */
const usage = `npm run -s export -- TRIP --to csv|gpx|geojson|candump|html|route OUT ${tripUsage} [--from INSTANT] [--until INSTANT] [--shape ID]`

const text = { type: 'string' } as const
const options = { ...tripOptions, to: text, shape: text, from: text, until: text } as const
type Values = ReturnType<typeof parseCommand<typeof options>>['values']
type Text = Iterable<string> | AsyncIterable<string>

const forms = ['csv', 'gpx', 'geojson', 'candump', 'html', 'route']

await runTool(async () => {
  const { values, positionals } = parseCommand(process.argv.slice(2), options, usage)
  const [file, outFile, ...more] = positionals
  const { to } = values
  if (file === undefined || outFile === undefined || more.length > 0) throw badUsage(usage)
  if (to === undefined || !forms.includes(to)) throw badUsage(usage, `--to: one of ${forms.join(', ')}`)
  if (values.shape !== undefined && to !== 'route') throw badUsage(usage, '--shape belongs to --to route')
  if ((values.from ?? values.until) !== undefined && to !== 'candump')
    throw badUsage(usage, '--from and --until belong to --to candump')
  checkTripValues(values, usage)
  if (isSameFile(file, outFile)) throw new BadInput(`${outFile}: is the trip itself; name another file`)
  await write(outFile, await contentOf(file, to, values), to)
})

/** A recording is evidence: no other form of it takes its place. */
function isSameFile(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) =>
    name === '-' ? undefined : statSync(resolvePath(name), { throwIfNoEntry: false }),
  )
  return a !== undefined && b !== undefined && a.isFile() && a.dev === b.dev && a.ino === b.ino
}

async function contentOf(file: string, to: string, values: Values): Promise<Text> {
  const { head, input } = await peek(await openInput(file), headBytes)
  if (to === 'route') return route(input, values.shape)
  if (to === 'candump') return candump(input, head, values)
  const { trip, read } = await openNamedTrip({ head, input }, values, await documentsReader(values))
  const gathered = await gather(trip)
  read(gathered.summary)
  return tableOf(gathered, to, input.name, trip, values.areas)
}

async function tableOf(
  gathered: Gathered,
  to: string,
  name: string,
  trip: Trip,
  areasFile: string | undefined,
): Promise<Text> {
  if (to === 'csv') return toCsv(gathered)
  if (to === 'gpx') return toGpx(gathered, name)
  if (to === 'geojson') return toGeojson(gathered, name)
  const areas = await drawnAreas(trip, areasFile)
  return [toHtml(gathered, { name: basename(name), origin: trip.tape?.header.origin ?? null, areas })]
}

/** The areas as they were drawn: what is in force knows only whether a place lies in them. */
async function drawnAreas({ tape }: Trip, file: string | undefined): Promise<readonly AreaSpec[]> {
  const values =
    tape === null
      ? file === undefined
        ? []
        : [parseJsonText(await readText(file), file)]
      : tape.inForce.raw.areas
  return values.flatMap((value) => readAreas(value).specs)
}

async function* candump(input: Input, head: Uint8Array, values: Values): AsyncGenerator<string> {
  const format = detectFormat(head)
  const { from, until } = spanOf(values)
  const chunks = watched(input)
  const frames =
    format === 'tape'
      ? await framesOfTape(input, chunks, from)
      : framesOfLog(input, chunks, format, values.zone ?? 'UTC')
  for await (const { frame, atS } of frames) {
    if (atS * 1000 > until && format === 'tape') return
    if (atS * 1000 >= from && atS * 1000 <= until) yield candumpLine(frame, atS)
  }
}

function spanOf({ from, until }: Values): { readonly from: number; readonly until: number } {
  const instant = (text: string | undefined, name: string, open: number): number => {
    const ms = text === undefined ? open : Date.parse(text)
    if (Number.isNaN(ms)) throw badUsage(usage, `${name} ${text}: an ISO instant`)
    return ms
  }
  return {
    from: instant(from, '--from', Number.NEGATIVE_INFINITY),
    until: instant(until, '--until', Number.POSITIVE_INFINITY),
  }
}

/** A tape with an index is not read up to where the span begins. */
async function framesOfTape({ name, size }: Input, chunks: AsyncIterable<Uint8Array>, from: number) {
  const sought =
    size === null || from === Number.NEGATIVE_INFINITY ? null : await chunksFrom(resolvePath(name), from)
  return tapeFrames(readTape(sought ?? chunks, name, sought !== null), tell)
}

async function* framesOfLog(
  input: Input,
  chunks: AsyncIterable<Uint8Array>,
  format: TripFormat,
  zone: string,
) {
  if (format !== 'candump' && format !== 'slcan' && format !== 'asc' && format !== 'trc')
    throw new BadInput(
      `${input.name}: no recording of a CAN bus; name a tape, candump, SLCAN, ASC or TRC file`,
    )
  for await (const frame of busFrames(chunks, format, { file: input.name, zone, tell }))
    yield { frame, atS: frame.t ?? 0 }
}

async function route(input: Input, shape: string | undefined): Promise<Text> {
  const { shapes, rejected } = await readShapes(textLines(watched(input)), input.name)
  if (rejected.length > 0)
    tell(`${input.name}: line ${rejected[0]}: no point of a shape; ${rejected.length} such lines left out`)
  const chosen = shapes.filter(({ id, points }) => (shape ?? id) === id && points.length >= 2)
  if (chosen.length === 0)
    throw new BadInput(
      shape === undefined
        ? `${input.name}: no shape with two points; name the shapes.txt of a GTFS feed`
        : `${input.name}: --shape ${shape}: no such shape; the file has ${shapes
            .slice(0, 8)
            .map(({ id }) => id)
            .join(', ')}`,
    )
  return [`${JSON.stringify(routeOf(chosen, 'route'))}\n`]
}

async function write(outFile: string, content: Text, form: string): Promise<void> {
  const path = resolvePath(outFile)
  if (path === '-') {
    await pipeline(Readable.from(content), process.stdout, { end: false })
    return
  }
  // What stood there before stays until the whole of the new is written.
  const regular = await stat(path).then(
    (found) => found.isFile(),
    () => true,
  )
  const part = regular ? `${path}.part` : path
  try {
    await pipeline(Readable.from(content), createWriteStream(part))
    if (regular) await rename(part, path)
  } catch (error) {
    if (regular) await rm(part, { force: true })
    if (error instanceof BadInput) throw error
    throw new BadInput(`${outFile}: cannot be written (${(error as Error).message}); name another place`)
  }
  if (regular) tell(`${outFile}: ${form}, ${(await stat(path)).size} bytes`)
}
