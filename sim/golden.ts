import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { BadInput } from '../proto/problem.ts'
import { whyRefused } from '../proto/usage.ts'
import type { Line } from './replay/engine.ts'
import { compareLines, tellDifference } from './what-if/compare.ts'
import { documentsOf, replayTripFile, type TripFile, tripsIn } from './what-if/trips.ts'

/**
 * The golden corpus: small synthetic trips, with what must be found of each in `expected.ndjson` beside it. A change
 * of a finding that nobody meant is seen here; one that was meant is written and read in the same commit.
 */

const usage = 'usage: npm run sim -- golden [--write] [--dir FOLDER]'
const corpus = fileURLToPath(new URL('../test/golden', import.meta.url))

export type GoldenResult = {
  readonly name: string
  /** `same` to the byte; `new` where nothing was expected yet. */
  readonly is: 'same' | 'differs' | 'new'
  /** For a person, one line each. */
  readonly told: readonly string[]
  readonly text: string
  readonly file: string
}

export async function checkTrip(trip: TripFile): Promise<GoldenResult> {
  const { lines, summary } = await replayTripFile(trip, await documentsOf(trip.documents))
  const text = [...lines, summary].map((line) => `${JSON.stringify(line)}\n`).join('')
  const file = join(dirname(trip.path), 'expected.ndjson')
  const name = dirname(trip.name)
  if (!existsSync(file)) return { name, is: 'new', told: told([], lines), text, file }
  const expected = readFileSync(file, 'utf8')
  if (expected === text) return { name, is: 'same', told: [], text, file }
  const before = linesOf(expected)
  const seen = told(before.filter(isFinding), lines)
  const sums = before.find((line) => line.kind === 'summary')
  if (JSON.stringify(sums) !== JSON.stringify(summary))
    seen.push(`~ summary ${JSON.stringify(sums)} -> ${JSON.stringify(summary)}`)
  const other = '~ only the policy, the words or the order of keys differ'
  return { name, is: 'differs', told: seen.length === 0 ? [other] : seen, text, file }
}

const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
const isFinding = ({ kind }: Line): boolean => kind !== 'summary'
const told = (before: readonly Line[], after: readonly Line[]): string[] =>
  compareLines(before, after).map(tellDifference)

/** `npm run sim -- golden`: 0 when nothing differs, 1 when something does; with `--write` it is what holds from now on. */
export async function golden(argv: readonly string[]): Promise<number> {
  const { write, folder } = optionsOf(argv)
  const trips = existsSync(folder) ? tripsIn(folder) : []
  if (trips.length === 0) throw new BadInput(`${folder}: no trips in it; name a folder with trips; ${usage}`)
  let differing = 0
  for (const trip of trips) {
    const result = await checkTrip(trip)
    process.stdout.write(`${JSON.stringify({ kind: 'golden', name: result.name, is: result.is })}\n`)
    if (result.is === 'same') continue
    differing++
    for (const line of [`${result.name}: ${result.is}`, ...result.told.map((line) => `  ${line}`)])
      process.stderr.write(`${line}\n`)
    if (write) writeFileSync(result.file, result.text)
  }
  const left = write ? 0 : differing
  process.stderr.write(`${trips.length} trips, ${differing} ${write ? 'written' : 'differing'}\n`)
  return left === 0 ? 0 : 1
}

function optionsOf(argv: readonly string[]): { write: boolean; folder: string } {
  const from = process.env['INIT_CWD'] ?? process.cwd()
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { write: { type: 'boolean', default: false }, dir: { type: 'string' } },
    })
    return { write: values.write, folder: values.dir === undefined ? corpus : resolve(from, values.dir) }
  } catch (error) {
    throw new BadInput(`${whyRefused(error)}; ${usage}`)
  }
}
