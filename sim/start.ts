import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { nodeVersionProblem } from '../proto/node-version.ts'
import { BadInput } from '../proto/problem.ts'
import { asksForHelp, whyRefused } from '../proto/usage.ts'
import { dataFolder } from './data-folder.ts'
import { routeFile } from './documents.ts'
import { scenarios } from './scenarios/index.ts'
import { showDrive } from './show.ts'

/** `npm start`: one night of one coach, watched by an officer, in 72 seconds. */

const usage = 'usage: npm start [-- --data DIR]'

function dataOption(argv: readonly string[]): string | undefined {
  try {
    return parseArgs({ args: [...argv], options: { data: { type: 'string' } } }).values.data
  } catch (error) {
    throw new BadInput(`${whyRefused(error)}; ${usage}`)
  }
}

async function main(): Promise<number> {
  const argv = process.argv.slice(2)
  const problem = nodeVersionProblem(process.versions.node)
  if (problem !== null) throw new BadInput(problem)
  if (asksForHelp(argv)) {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  const scenario = scenarios.get('night-coach')!
  const dataDir = dataFolder(dataOption(argv), usage)
  // The desk knows the road as well, so that tonight's board tells where the coach could stop before two o'clock.
  return showDrive({ scenario, factor: 120, dataDir, gatewayConfig: { routes: [join(dataDir, routeFile)] } })
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof BadInput ? 2 : 1
}
