import process from 'node:process'
import { BadInput } from '../../proto/problem.ts'
import { isZone } from '../../proto/time.ts'
import { loadDocuments } from '../replay/documents.ts'
import { headBytes, replayRecording } from '../replay/recording.ts'
import { parseColumnMap } from '../trips/csv.ts'
import { badUsage, ndjsonOut, openInput, parseCommand, peek, readText, runTool, tell, watched } from './io.ts'

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

await runTool(async () => {
  const { values, positionals } = parseCommand(process.argv.slice(2), options, usage)
  const [file, ...more] = positionals
  if (file === undefined || more.length > 0) throw badUsage(usage)
  const { zone, columns } = values
  if (zone !== undefined && !isZone(zone)) throw badUsage(usage, `--zone: unknown zone ${zone}`)
  if (columns !== undefined) parseColumnMap(columns)
  const documents = await loadDocuments(values, { read: readText, tell })
  const { head, input } = await peek(await openInput(file), headBytes)
  const can = values.can === undefined ? null : (await openInput(values.can)).chunks
  const out = ndjsonOut()
  const summary = await replayRecording(
    { name: input.name, head, chunks: watched(input), can, columns, zone },
    documents,
    out.write,
  )
  if (summary.samples === 0)
    throw new BadInput(
      `${file}: no usable row (${summary.rejected} rejected); name a trip with times and positions, or its columns with --columns`,
    )
  out.write(summary)
  await out.flush()
})
