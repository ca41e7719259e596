import process from 'node:process'
import type { AreaIndex } from '../../proto/geo/areas.ts'
import { BadInput, parseJsonText } from '../../proto/problem.ts'
import { parseAreas, readAreas, rolelessLine } from '../../proto/shapes/areas.ts'
import { badUsage, ndjsonOut, openInput, parseCommand, readText, runTool, tell } from './io.ts'
import { pointColumns, readPoint, splitCells } from './points.ts'

/** `npm run -s areas -- check FILE` and `... locate FILE --points CSV`: what a file of areas says (design 10). */
const usage = 'npm run -s areas -- check FILE | locate FILE --points CSV'

/** Names of somebody else in one line. */
const namesTold = 8

await runTool(async () => {
  const { values, positionals } = parseCommand(process.argv.slice(2), { points: { type: 'string' } }, usage)
  const [command, file, ...more] = positionals
  if ((command !== 'check' && command !== 'locate') || file === undefined || more.length > 0)
    throw badUsage(usage)
  if (command === 'check') {
    if (values.points !== undefined) throw badUsage(usage, '--points belongs to locate')
    return check(file)
  }
  if (values.points === undefined) throw badUsage(usage, '--points is missing')
  if (file === '-' && values.points === '-') throw badUsage(usage, 'only one of the files can be stdin')
  return locate(parseAreas(parseJsonText(await readText(file), file), file), values.points)
})

/** Every problem of the file; the exit code says whether there is one. */
async function check(file: string): Promise<void> {
  const value = parseJsonText(await readText(file), file)
  const read = readAreas(value)
  const out = ndjsonOut()
  for (const problem of read.problems) {
    out.write({ kind: 'problem', ...problem })
    await out.flush()
  }
  out.write({
    kind: 'summary',
    areas: read.features,
    valid: read.specs.length,
    problems: read.problems.length,
  })
  await out.flush()
  if (read.foreign > 0)
    tell(`${file}: ${read.foreign} properties that are not ours ignored (${namesOf(read.foreignNames)})`)
  const roleless = rolelessLine(file, value)
  if (roleless !== null) tell(roleless)
  if (read.problems.length > 0) process.exitCode = 1
}

/** Names of somebody else, as many as a line holds. */
function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, namesTold).map((name) => name.slice(0, 40).replace(/\s+/g, ' '))
  return [...shown, ...(names.length > namesTold ? [`${names.length - namesTold} more`] : [])].join(', ')
}

/** The areas of each point of a table, as it streams by. */
async function locate(areas: AreaIndex, pointsFile: string): Promise<void> {
  const out = ndjsonOut()
  let columns: ReturnType<typeof pointColumns> | null = null
  let row = 0
  let rejected = 0
  for await (const line of linesOf(pointsFile)) {
    if (line.trim() === '') continue
    const cells = splitCells(line)
    if (columns === null) {
      columns = pointColumns(cells, pointsFile)
      if (columns.header) continue
    }
    row++
    const point = readPoint(cells, columns)
    if (point === null) {
      rejected++
      continue
    }
    out.write({ kind: 'point', row, id: point.id, areas: areas.at(point).map(({ id }) => id) })
    if (row % 1000 === 0) await out.flush()
  }
  await out.flush()
  if (columns === null)
    throw new BadInput(`${pointsFile}: empty; a table with the columns lat, lon is needed`)
  if (rejected > 0) tell(`${pointsFile}: ${rejected} rows without a place on the earth rejected`)
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const input = await openInput(file)
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of input.chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/)
    rest = lines.pop() ?? ''
    yield* lines
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}
