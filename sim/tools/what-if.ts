import { closeSync, openSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import process from 'node:process'
import { BadInput } from '../../proto/problem.ts'
import { isZone } from '../../proto/time.ts'
import { loadDocuments } from '../replay/documents.ts'
import { parseColumnMap } from '../trips/csv.ts'
import { pageOf } from '../what-if/html.ts'
import { runTasks } from '../what-if/pool.ts'
import { noState, openState, type State } from '../what-if/state.ts'
import { tableOf, tally } from '../what-if/tally.ts'
import type { Outcome, Task } from '../what-if/task.ts'
import { tripsIn } from '../what-if/trips.ts'
import { badUsage, ndjsonOut, parseCommand, readText, resolvePath, tell } from './io.ts'

/** `npm run -s replay -- DIR --policy NEW.json --against OLD.json`: what would that rule have done last month? */
const usage =
  'npm run -s replay -- DIR --policy NEW.json --against OLD.json [--html OUT.html] [--state FILE] [--vehicle V.json] [--trip T.json] [--route R.geojson] [--areas A.geojson] [--columns "time=...,lat=..."] [--zone NAME]'

const text = { type: 'string' } as const
const options = {
  policy: text,
  against: text,
  html: text,
  state: text,
  vehicle: text,
  trip: text,
  route: text,
  areas: text,
  columns: text,
  zone: text,
} as const
type Values = ReturnType<typeof parseCommand<typeof options>>['values']

export async function whatIf(argv: readonly string[]): Promise<void> {
  const { values, positionals } = parseCommand(argv, options, usage)
  const [folder, ...more] = positionals
  const { policy, against, html, zone, columns } = values
  if (folder === undefined || more.length > 0) throw badUsage(usage)
  if (policy === undefined) throw badUsage(usage, '--against: name the new policy with --policy')
  if (against === undefined) throw badUsage(usage)
  if (zone !== undefined && !isZone(zone)) throw badUsage(usage, `--zone: unknown zone ${zone}`)
  if (columns !== undefined) parseColumnMap(columns)
  const { vehicle, trip, route, areas } = values
  // A wrong document is told before hours are spent.
  const own = { vehicle, trip, route, areas }
  await loadDocuments({ ...own, policy: against }, { read: readText, tell: () => {} })
  await loadDocuments({ ...own, policy }, { read: readText, tell })
  const tasks = tasksOf(folder, values)
  const stateFile = values.state ?? (html === undefined ? undefined : `${html}.state`)
  for (const name of [html, stateFile]) if (name !== undefined) refuseUnwritable(name)
  const outcomes = await compareAll(tasks, stateOf(stateFile))
  const out = ndjsonOut()
  for (const { name, vehicle: id, failed, differences } of outcomes) {
    if (failed !== null) tell(failed)
    for (const one of differences) out.write({ kind: 'difference', trip: name, vehicle: id, ...one })
  }
  const rows = tally(outcomes)
  for (const row of rows) out.write({ kind: 'sum', ...row })
  const { added, removed, moved, changed, km } = rows[0]!
  const failed = outcomes.filter((one) => one.failed !== null).length
  out.write({ kind: 'summary', trips: outcomes.length, failed, km, added, removed, moved, changed })
  if (html !== undefined) write(html, pageOf(rows, outcomes, `${policy} against ${against}`))
  process.stderr.write(tableOf(rows))
  await out.flush()
  // A table of zeros would read as "the new policy changes nothing".
  if (failed === outcomes.length)
    throw new BadInput(`${folder}: none of its ${failed} trips could be compared; see above`)
  if (failed > 0) tell(`${failed} of ${outcomes.length} trips could not be compared`)
}

function tasksOf(folder: string, values: Values): Task[] {
  const path = resolvePath(folder)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new BadInput(`${folder}: no such folder; check the path`)
  if (!found.isDirectory())
    throw new BadInput(`${folder}: --against compares a folder of trips; name the folder it is in`)
  const given = Object.entries(values).flatMap(([name, file]) =>
    ['vehicle', 'trip', 'route', 'areas'].includes(name) ? [[name, resolvePath(file)] as const] : [],
  )
  const reading = { columns: values.columns, zone: values.zone }
  const [before, after] = [resolvePath(values.against!), resolvePath(values.policy!)]
  const tasks = tripsIn(path).map((trip): Task => {
    const documents = { ...trip.documents, ...Object.fromEntries(given) }
    return { trip: { ...trip, documents }, before, after, reading }
  })
  if (tasks.length === 0) throw new BadInput(`${folder}: no trips in it; name a folder with recordings`)
  return tasks
}

function stateOf(file: string | undefined): State {
  if (file === undefined) return noState
  const state = openState(resolvePath(file), file)
  tell(`progress is kept in ${file}; run the same again to go on after an interruption`)
  return state
}

async function compareAll(tasks: readonly Task[], state: State): Promise<Outcome[]> {
  const outcomes = new Map<string, Outcome>()
  const open = tasks.filter((task) => {
    const known = state.known(task)
    if (known !== null) outcomes.set(task.trip.name, known)
    return known === null
  })
  if (outcomes.size > 0) tell(`${outcomes.size} of ${tasks.length} trips were compared before`)
  const bar = await barOf(tasks.length, outcomes.size)
  await runTasks(open, availableParallelism(), (outcome, task) => {
    outcomes.set(task.trip.name, outcome)
    if (outcome.failed === null) state.keep(task, outcome)
    bar?.increment()
  })
  bar?.stop()
  return tasks.map(({ trip }) => outcomes.get(trip.name)!)
}

async function barOf(total: number, done: number) {
  if (process.stderr.isTTY !== true) return null
  const { default: progress } = await import('cli-progress')
  const format = '{value} of {total} trips [{bar}] {eta_formatted}'
  const bar = new progress.SingleBar({ format, stream: process.stderr, clearOnComplete: true })
  bar.start(total, done)
  return bar
}

function write(name: string, content: string): void {
  try {
    writeFileSync(resolvePath(name), content)
  } catch (error) {
    throw unwritable(name, error)
  }
}

/** Told before hours are spent. What stands there stays as it is; a pipe is not opened twice. */
function refuseUnwritable(name: string): void {
  const path = resolvePath(name)
  try {
    const found = statSync(path, { throwIfNoEntry: false })
    if (found !== undefined && !found.isFile() && !found.isDirectory()) return
    closeSync(openSync(path, 'a'))
    if (found === undefined) unlinkSync(path)
  } catch (error) {
    throw unwritable(name, error)
  }
}

const unwritable = (name: string, error: unknown): BadInput =>
  new BadInput(`${name}: cannot be written (${(error as NodeJS.ErrnoException).code}); name another place`)
