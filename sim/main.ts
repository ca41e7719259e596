import { createWriteStream, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { nodeVersionProblem } from '../proto/node-version.ts'
import { BadInput } from '../proto/problem.ts'
import { asksForHelp, whyRefused } from '../proto/usage.ts'
import { dataFolder } from './data-folder.ts'
import { planOf, type Scenario } from './scenario.ts'
import { loadScenario } from './scenario-file.ts'
import { causes } from './scenarios/causes.ts'
import { fleetCauses } from './scenarios/causes-fleet.ts'
import { scenarios } from './scenarios/index.ts'
import { serveLines } from './serve-lines.ts'
import { showDrive } from './show.ts'
import { runSwarm } from './swarm/run.ts'
import { tapeOf } from './tape.ts'

/** `npm run sim -- run SCENARIO | list`: drives of the simulator by hand. */

const usage =
  'usage: npm run sim -- list | run SCENARIO|FILE.json [--speed N|max (1 unless named: as long as the night was; npm start has 120)] [--data DIR] [--serial | --tape OUT] | swarm --seed N [--seeds COUNT] | golden [--write] | fleet [--vehicles N (200)] [--seed S (1)] [--minutes M (3)]'

/**
 * What two cores take without one line falling seconds of the world behind the other: beyond it a receiver that waits in a tty
 * looks like one that stands still.
 */
const factorMax = 240

type Options = {
  readonly speed: number
  readonly data: string | undefined
  readonly serial: boolean
  readonly tape: string | undefined
  /** Of a simulated world; null when none was named. */
  readonly seed: number | null
  readonly seeds: number
}

function parse(argv: readonly string[]): { words: string[]; options: Options } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        speed: { type: 'string', default: '1' },
        data: { type: 'string' },
        serial: { type: 'boolean', default: false },
        tape: { type: 'string' },
        seed: { type: 'string' },
        seeds: { type: 'string', default: '1' },
      },
    })
    const { speed, data, serial, tape, seed, seeds } = values
    const worlds = {
      seed: seed === undefined ? null : wholeOf('--seed', seed),
      seeds: wholeOf('--seeds', seeds),
    }
    return { words: positionals, options: { speed: speedOf(speed), data, serial, tape, ...worlds } }
  } catch (error) {
    if (error instanceof BadInput) throw error
    throw new BadInput(`${whyRefused(error)}; ${usage}`)
  }
}

function wholeOf(option: string, text: string): number {
  const value = Number(text)
  if (/^\d{1,9}$/.test(text) && value >= 1) return value
  throw new BadInput(`${option} ${text}: a whole number from 1 to 999999999; ${usage}`)
}

function speedOf(text: string): number {
  if (text === 'max') return factorMax
  const factor = Number(text)
  if (text !== '' && factor >= 0.1 && factor <= factorMax) return factor
  const why = factor > factorMax ? `the lines hold ${factorMax} at most, a --tape needs no speed` : 'or max'
  throw new BadInput(`--speed ${text}: a number from 0.1 to ${factorMax}; ${why}; ${usage}`)
}

const from = process.env['INIT_CWD'] ?? process.cwd()

async function scenarioNamed(name: string | undefined): Promise<Scenario> {
  if (name === undefined) throw new BadInput(`run: name a scenario; ${usage}`)
  const caused = [...causes, ...fleetCauses].find(({ scenario }) => scenario.name === name)
  const known = scenarios.get(name) ?? caused?.scenario
  if (known !== undefined) return known
  if (!name.endsWith('.json'))
    throw new BadInput(
      `${name}: no such scenario; one of ${[...scenarios.keys()].join(', ')}, or a .json file`,
    )
  return loadScenario(resolve(from, name), name)
}

async function run(scenario: Scenario, options: Options): Promise<number> {
  if (options.serial && options.tape !== undefined)
    throw new BadInput(`--serial or --tape, not both; ${usage}`)
  if (options.tape !== undefined) return writeTape(scenario, options.tape)
  const show = { scenario, factor: options.speed, dataDir: dataFolder(options.data, usage) }
  return options.serial ? serveLines(show) : showDrive(show)
}

/** A tape needs no clock, so it is written as fast as the disk takes it. */
async function writeTape(scenario: Scenario, name: string): Promise<number> {
  const file = resolve(from, name)
  try {
    await pipeline(Readable.from(tapeOf(planOf(scenario))), createWriteStream(file))
  } catch (error) {
    throw new BadInput(`${file}: cannot be written (${error instanceof Error ? error.message : 'failed'})`)
  }
  const found = statSync(file, { throwIfNoEntry: false })
  const size = found?.isFile() === true ? `, ${found.size} bytes` : ''
  process.stderr.write(
    `${name}: a tape of ${scenario.name}${size}; npm run -s replay -- ${name} tells its findings\n`,
  )
  return 0
}

function list(): number {
  for (const { name, about, start, end } of scenarios.values())
    process.stdout.write(`${JSON.stringify({ kind: 'scenario', name, about, start, end })}\n`)
  return 0
}

/** Verbs with options of their own, each loaded only when it is asked for. */
const verbs: { readonly [verb: string]: (argv: readonly string[]) => Promise<number> } = {
  fleet: async (argv) => (await import('./fleet/command.ts')).fleet(argv),
  golden: async (argv) => (await import('./golden.ts')).golden(argv),
}

async function main(): Promise<number> {
  const problem = nodeVersionProblem(process.versions.node)
  if (problem !== null) throw new BadInput(problem)
  if (asksForHelp(process.argv.slice(2))) {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  const [first = '', ...others] = process.argv.slice(2)
  const own = verbs[first]
  if (own !== undefined) return own(others)
  const { words, options } = parse(process.argv.slice(2))
  const [verb, name, extra] = words
  if (verb === 'list' && name === undefined) return list()
  if (verb === 'run' && extra === undefined) return run(await scenarioNamed(name), options)
  if (verb === 'swarm' && name === undefined && options.seed !== null)
    return runSwarm(options.seed, options.seeds)
  throw new BadInput(usage)
}

// A reader of our lines that has seen enough (`| head`) is no fault of anybody.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof BadInput ? 2 : 1
}
