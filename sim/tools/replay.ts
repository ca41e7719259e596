import process from 'node:process'
import { detectors } from '../../device/detectors/index.ts'
import { rules } from '../../gateway/rules/index.ts'
import { BadInput } from '../../proto/problem.ts'
import { isZone } from '../../proto/time.ts'
import { type CanFeed, createCanFeed } from '../replay/can-feed.ts'
import { detectFormat, type TripFormat } from '../replay/detect.ts'
import { loadDocuments } from '../replay/documents.ts'
import { createEngine } from '../replay/engine.ts'
import { runBus, runTrip } from '../replay/run.ts'
import { parseColumnMap, readCsv } from '../trips/csv.ts'
import { notBeforeMs, type TripEvent } from '../trips/entry.ts'
import { readGpx } from '../trips/gpx.ts'
import { readNmea } from '../trips/nmea.ts'
import {
  badUsage,
  type Input,
  ndjsonOut,
  openInput,
  parseCommand,
  peek,
  readText,
  runTool,
  tell,
  watched,
} from './io.ts'

/** `npm run -s replay -- TRIP ...`: a recorded trip through the code of terminal and gateway (design 10). */
const usage =
  'npm run -s replay -- TRIP [--can FILE] [--vehicle V.json] [--trip T.json] [--policy P.json] [--route R.geojson] [--areas A.geojson] [--columns "time=...,lat=..."] [--zone NAME]'

const text = { type: 'string' } as const
const options = {
  can: text,
  vehicle: text,
  trip: text,
  policy: text,
  route: text,
  areas: text,
  columns: text,
  zone: text,
}

/** Enough to tell a recording's format by, whatever noise it begins with. */
const headBytes = 65_536

type Reading = { readonly columns: string | undefined; readonly zone: string; readonly can: CanFeed | null }

/** The reader of a format that has positions. */
async function eventsOf(
  format: Exclude<TripFormat, 'candump'>,
  input: Input,
  head: string,
  { columns, zone, can }: Reading,
): Promise<AsyncIterable<TripEvent>> {
  const chunks = watched(input)
  switch (format) {
    case 'nmea':
      return readNmea(chunks, can === null ? null : await can.beginsMs())
    case 'gpx':
      return readGpx(chunks, zone)
    case 'csv':
      return readCsv(chunks, head, { columns: parseColumnMap(columns ?? ''), zone, file: input.name })
  }
}

await runTool(async () => {
  const { values, positionals } = parseCommand(process.argv.slice(2), options, usage)
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw badUsage(usage)
  if (values.zone !== undefined && !isZone(values.zone))
    throw badUsage(usage, `--zone: unknown zone ${values.zone}`)
  if (values.columns !== undefined) parseColumnMap(values.columns)
  const documents = await loadDocuments(values, { read: readText, tell })
  const { head: bytes, input } = await peek(await openInput(file), headBytes)
  const head = new TextDecoder().decode(bytes)
  const format = detectFormat(head)
  const can = values.can === undefined ? null : createCanFeed((await openInput(values.can)).chunks)
  const out = ndjsonOut()
  const engine = createEngine({
    documents,
    detectors,
    rules,
    expects: { gnss: format === 'nmea', can: can !== null || format === 'candump' },
    notBeforeMs,
    trustRecorder: format === 'candump',
    print: out.write,
  })
  if (format === 'candump') await runBus(engine, createCanFeed(watched(input)))
  else {
    const zone = values.zone ?? documents.policy.zone
    await runTrip(engine, await eventsOf(format, input, head, { columns: values.columns, zone, can }), can)
  }
  const summary = engine.end()
  if (summary.samples === 0)
    throw new BadInput(
      `${file}: no usable row (${summary.rejected} rejected); name a trip with times and positions, or its columns with --columns`,
    )
  out.write(summary)
  await out.flush()
})
