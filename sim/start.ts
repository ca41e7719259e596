import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { nodeVersionProblem } from '../proto/node-version.ts'
import { BadInput } from '../proto/problem.ts'
import { routeFile } from './documents.ts'
import { scenarios } from './scenarios/index.ts'
import { showDrive } from './show.ts'

/** `npm start`: one night of one coach, watched by an officer, in 72 seconds. */

const usage = 'usage: npm start [-- --data DIR]'

function dataDirOf(argv: readonly string[]): string {
  try {
    const { values } = parseArgs({ args: [...argv], options: { data: { type: 'string' } } })
    if (values.data === '') throw new Error('--data: empty')
    const from = process.env['INIT_CWD'] ?? process.cwd()
    return values.data === undefined ? mkdtempSync(join(tmpdir(), 'roadwarden-')) : resolve(from, values.data)
  } catch (error) {
    throw new BadInput(`${error instanceof Error ? error.message.split('\n')[0] : 'bad usage'}; ${usage}`)
  }
}

async function main(): Promise<number> {
  const problem = nodeVersionProblem(process.versions.node)
  if (problem !== null) throw new BadInput(problem)
  const scenario = scenarios.get('night-coach')!
  const dataDir = dataDirOf(process.argv.slice(2))
  // The desk knows the road as well, so that tonight's board tells where the coach could stop before two o'clock.
  return showDrive({ scenario, factor: 120, dataDir, gatewayConfig: { routes: [routeFile] } })
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof BadInput ? 2 : 1
}
