import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { BadInput } from '../../proto/problem.ts'
import { asksForHelp } from '../../proto/usage.ts'
import { ci, long, parts, type Row, type Sizes } from './parts.ts'
import { tableHead, tableRow } from './table.ts'

/**
 * `npm run prove -- [--ci] [--only worlds,images,...] [--seed N] [--images N] ...`: the heavy proof, one row of the
 * table for each part, each part in a process of its own. Parts that mostly wait for real time run beside those that
 * want a core. Ends with 1 when anything was lost, doubled, foreign or otherwise wrong.
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
  ...sizeOptions,
} as const

const usage = `usage: npm run prove -- [--ci] [--only ${Object.keys(parts).join(',')}] [--seed N] ${Object.keys(
  sizeOptions,
)
  .map((name) => `[--${name} N]`)
  .join(' ')}`

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

type Ended = { readonly name: string; readonly row: Row | null; readonly tookMs: number }

function start(name: string): Promise<Ended> {
  const fromMs = performance.now()
  const given = process.argv.slice(2)
  const args = ['--expose-gc', import.meta.filename, ...given, '--part', name]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let told = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    told += text
  })
  return new Promise((resolve) => {
    child.once('close', () => {
      resolve({ name, row: rowIn(told), tookMs: performance.now() - fromMs })
    })
  })
}

function rowIn(text: string): Row | null {
  const last = text.trim().split('\n').at(-1) ?? ''
  try {
    return JSON.parse(last) as Row
  } catch {
    return null
  }
}

/** Says what a part did; true when nothing was wrong. */
function report({ name, row, tookMs }: Ended): boolean {
  if (row === null) {
    process.stderr.write(`${name}: came to no end\n`)
    return false
  }
  process.stdout.write(`${tableRow(row, tookMs)}\n`)
  for (const line of row.complaints.slice(0, 20)) process.stderr.write(`${row.part}: ${line}\n`)
  return row.complaints.length === 0
}

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
  const names = values.only.split(',')
  process.stdout.write(`seed ${seed}\n\n${tableHead()}\n`)
  const count = { passed: 0, failed: 0 }
  const lane = async (own: readonly string[]): Promise<void> => {
    for (const name of own) count[report(await start(name)) ? 'passed' : 'failed']++
  }
  await Promise.all(lanesOf(names).map(lane))
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
