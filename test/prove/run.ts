import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { resolve as pathOf } from 'node:path'
import { parseArgs } from 'node:util'
import { BadInput } from '../../proto/problem.ts'
import { asksForHelp } from '../../proto/usage.ts'
import { ci, diedRow, long, parts, type Row, type Sizes } from './parts.ts'
import { appendRow, rowsIn } from './rows.ts'
import { type Told, tableOf } from './table.ts'

/**
 * `npm run prove -- [--ci] [--only worlds,images,...] [--seed N] [--images N] ...`: the heavy proof, one row of the
 * table for each part, each part in a process of its own. Parts that mostly wait for real time run beside those that
 * want a core. Ends with 1 when anything was lost, doubled, foreign or otherwise wrong.
 *
 * A long proof can be made in pieces: `--rows FILE` adds what each part did to a file, `--table FILE` prints their sum.
 */

/** A size given by hand: `--worlds 50000`, `--kills 1000,1000`. */
const sizeOptions = {
  kills: { type: 'string' },
  points: { type: 'string' },
  weather: { type: 'string' },
  worlds: { type: 'string' },
  images: { type: 'string' },
  inputs: { type: 'string' },
  packets: { type: 'string' },
  files: { type: 'string' },
  soak: { type: 'string' },
  drives: { type: 'string' },
  frames: { type: 'string' },
  /** Scenarios by seed; of `scenarios-live` too when that is all there is to do. */
  count: { type: 'string' },
} as const

const options = {
  ci: { type: 'boolean', default: false },
  only: { type: 'string', default: Object.keys(parts).join(',') },
  seed: { type: 'string', default: '1' },
  /** One part, in this process, its row as JSON: how the parts are started. */
  part: { type: 'string' },
  rows: { type: 'string' },
  table: { type: 'string' },
  ...sizeOptions,
} as const

const usage = `usage: npm run prove -- [--ci] [--only ${Object.keys(parts).join(',')}] [--seed N] ${Object.keys(
  sizeOptions,
)
  .map((name) => `[--${name} N]`)
  .join(' ')} [--rows FILE] | --table FILE`

type Values = ReturnType<typeof read>
function read() {
  try {
    const { values } = parseArgs({ options })
    const unknown = values.only.split(',').find((name) => parts[name] === undefined)
    if (unknown !== undefined) throw new Error(`--only ${unknown}: one of ${Object.keys(parts).join(', ')}`)
    return values
  } catch (error) {
    throw new BadInput(`${error instanceof Error ? error.message.split('\n')[0] : 'bad usage'}; ${usage}`)
  }
}

function sizesOf(values: Values): Sizes {
  const base = values.ci ? ci : long
  const kills = values.kills?.split(',').map(Number)
  return {
    kills: kills === undefined ? base.kills : [kills[0] ?? 0, kills[1] ?? 0],
    pointTimes: Number(values.points ?? base.pointTimes),
    weatherTimes: Number(values.weather ?? base.weatherTimes),
    overload: base.overload,
    worlds: Number(values.worlds ?? base.worlds),
    images: Number(values.images ?? base.images),
    inputs: Number(values.inputs ?? base.inputs),
    packets: Number(values.packets ?? base.packets),
    diskFiles: Number(values.files ?? base.diskFiles),
    soakMinutes: Number(values.soak ?? base.soakMinutes),
    drives: Number(values.drives ?? base.drives),
    frames: Number(values.frames ?? base.frames),
    scenarios: Number(values.count ?? base.scenarios),
    live: Number(values.count ?? base.live),
  }
}

/** Parts that wait for real time, in lanes of their own. */
const waiting = [['soak'], ['kills', 'points', 'weather', 'overload', 'scenarios-live']]

/** What each lane does, one after the other. */
function lanesOf(names: readonly string[]): string[][] {
  const busy = names.filter((name) => !waiting.flat().includes(name))
  return [busy, ...waiting.map((lane) => lane.filter((name) => names.includes(name)))]
}

async function start(name: string, seed: number): Promise<Told & { readonly row: Row }> {
  const fromMs = performance.now()
  const given = process.argv.slice(2)
  const args = ['--expose-gc', import.meta.filename, ...given, '--part', name]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text
  })
  await new Promise((resolve) => child.once('close', resolve))
  return { name, seed, tookMs: Math.round(performance.now() - fromMs), row: rowIn(told) ?? diedRow(name) }
}

function rowIn(text: string): Row | null {
  const last = text.trim().split('\n').at(-1) ?? ''
  try {
    return JSON.parse(last) as Row
  } catch {
    return null
  }
}

/** The end of a part, and what is wrong with it, for whoever waits. */
function tell(told: Told, row: Row, sinceMs: number): void {
  const wrong = row.complaints.length === 0 ? 'nothing wrong' : `${row.complaints.length} wrong`
  process.stderr.write(`${clock(sinceMs)} ${told.name}: ${wrong}, ${clock(told.tookMs)}\n`)
  for (const line of row.complaints.slice(0, 20)) process.stderr.write(`${row.part}: ${line}\n`)
}

const clock = (ms: number): string =>
  `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`

/** Relative to where the command was given. */
const fileOf = (given: string): string => pathOf(process.env['INIT_CWD'] ?? '.', given)

async function main(): Promise<number> {
  if (asksForHelp(process.argv.slice(2))) {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  const values = read()
  const seed = Number(values.seed)
  if (values.part !== undefined) {
    const row = await parts[values.part]!(sizesOf(values), seed)
    process.stdout.write(`${JSON.stringify(row)}\n`)
    return row.complaints.length === 0 ? 0 : 1
  }
  if (values.table !== undefined) {
    process.stdout.write(`${tableOf(rowsIn(fileOf(values.table)))}\n`)
    return 0
  }
  const names = values.only.split(',')
  const fromMs = performance.now()
  const all: Told[] = []
  const count = { passed: 0, failed: 0 }
  const lane = async (own: readonly string[]): Promise<void> => {
    for (const name of own) {
      process.stderr.write(`${clock(performance.now() - fromMs)} ${name} ...\n`)
      const told = await start(name, seed)
      all.push(told)
      if (values.rows !== undefined) appendRow(fileOf(values.rows), told)
      tell(told, told.row, performance.now() - fromMs)
      count[told.row.complaints.length === 0 ? 'passed' : 'failed']++
    }
  }
  await Promise.all(lanesOf(names).map(lane))
  all.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name))
  process.stdout.write(`seed ${seed}\n\n${tableOf(all)}\n`)
  const tally = process.env['ROADWARDEN_TALLY']
  if (tally !== undefined) writeFileSync(tally, `${count.passed} passed, ${count.failed} failed\n`)
  return count.failed === 0 ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof BadInput)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
