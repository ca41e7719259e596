import { writeFileSync } from 'node:fs'
import { resolve as pathOf } from 'node:path'
import { parseArgs } from 'node:util'
import { BadInput } from '../../proto/problem.ts'
import { asksForHelp } from '../../proto/usage.ts'
import '../../sim/warm-start.ts'
import { ci, long, parts, type Sizes } from './parts.ts'
import { appendRow, rowsIn } from './rows.ts'
import { runParts } from './runner.ts'
import { type Told, tableOf, talliedOf } from './table.ts'

/**
 * `npm run prove -- [--ci] [--only worlds,images,...] [--seed N] [--images N] ...`: the heavy proof, one row of the
 * table for each part. Ends with 1 when anything was lost, doubled, foreign or otherwise wrong. The short form ends
 * itself after 40 minutes, any form after `--within MINUTES`: what was not reached by then is named, has failed in the
 * short form and neither passed nor failed in any other, except a part that had run so long that it must hang.
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
  within: { type: 'string' },
  rows: { type: 'string' },
  table: { type: 'string' },
  ...sizeOptions,
} as const

const usage = `usage: npm run prove -- [--ci] [--only ${Object.keys(parts).join(',')}] [--seed N] ${Object.keys(
  sizeOptions,
)
  .map((name) => `[--${name} N]`)
  .join(' ')} [--within MINUTES] [--rows FILE] | --table FILE`

type Values = ReturnType<typeof read>
function read() {
  try {
    const { values } = parseArgs({ options })
    return { ...values, names: values.only.split(',').flatMap(namesOf) }
  } catch (error) {
    throw new BadInput(`${error instanceof Error ? error.message.split('\n')[0] : 'bad usage'}; ${usage}`)
  }
}

/** `overload` is all that begin with it. */
function namesOf(given: string): string[] {
  const names = Object.keys(parts).filter((name) => name === given || name.startsWith(`${given}-`))
  const exact = names.filter((name) => name === given)
  if (names.length === 0) throw new Error(`--only ${given}: one of ${Object.keys(parts).join(', ')}`)
  return exact.length === 0 ? names : exact
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
    refusedEvery: base.refusedEvery,
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

/** The end of a part, and what is wrong with it, for whoever waits. */
function tell({ name, row, tookMs }: Told, sinceMs: number): void {
  const complaints = row?.complaints ?? []
  const wrong = complaints.length === 0 ? 'nothing wrong' : `${complaints.length} wrong`
  process.stderr.write(
    `${clock(sinceMs)} ${name}: ${row === null ? 'not reached' : wrong}, ${clock(tookMs)}\n`,
  )
  for (const line of complaints.slice(0, 20)) process.stderr.write(`${name}: ${line}\n`)
}

const clock = (ms: number): string =>
  `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, '0')}`

/** Relative to where the command was given. */
const fileOf = (given: string): string => pathOf(process.env['INIT_CWD'] ?? '.', given)

/** Ctrl-C ends what runs and still prints what there is. */
const interrupted = (): Promise<unknown> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
  })

/** 0 when nothing was wrong. */
async function prove(values: Values, seed: number): Promise<number> {
  const fromMs = performance.now()
  const since = (): number => performance.now() - fromMs
  const minutes = values.within ?? (values.ci ? ciMinutes : null)
  const all = await runParts({
    names: values.names,
    seed,
    command: [process.execPath, '--expose-gc', import.meta.filename, ...process.argv.slice(2)],
    withinMs: minutes === null ? null : Number(minutes) * 60_000,
    hangsMs,
    enough: interrupted(),
    began: (name) => process.stderr.write(`${clock(since())} ${name} ...\n`),
    ended: (told) => {
      if (values.rows !== undefined) appendRow(fileOf(values.rows), told)
      tell(told, since())
    },
  })
  process.stdout.write(`seed ${seed}, ${clock(since())}\n\n${tableOf(all)}\n`)
  const { passed, failed } = talliedOf(all, values.ci)
  const unreached = all.filter(({ row }) => row === null).map(({ name }) => name)
  if (values.ci && unreached.length > 0)
    process.stderr.write(`failed, for they were not reached: ${unreached.join(', ')}\n`)
  const tally = process.env['ROADWARDEN_TALLY']
  if (tally !== undefined) writeFileSync(tally, `${passed} passed, ${failed} failed\n`)
  return failed === 0 && passed > 0 ? 0 : 1
}
const ciMinutes = 40
/** No part of the short form takes half of it. */
const hangsMs = 25 * 60_000

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
  return prove(values, seed)
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof BadInput)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
