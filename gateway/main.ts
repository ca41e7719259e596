import path from 'node:path'
import type { WorldClock } from '../proto/clocks.ts'
import type { AnyDetector } from '../proto/detector.ts'
import { nodeVersionProblem } from '../proto/node-version.ts'
import { BadInput } from '../proto/problem.ts'
import { fileWorldClock, hostClock, realWorld } from './clock.ts'
import { type Config, readConfig } from './config.ts'
import { type DocumentStore, openDocuments } from './documents.ts'
import { readText } from './files.ts'
import { createGateway, type Gateway } from './gateway.ts'
import { openSqliteJournal } from './journal/sqlite.ts'
import type { TlsFiles } from './listen.ts'
import { createLog, type Log } from './log.ts'
import { rules } from './rules/index.ts'

/** `npm run gateway -- CONFIG.json`: one line when ready, words for people on stderr. */

const drainMs = 5000
const refreshMs = 5000

async function main(): Promise<void> {
  const problem = nodeVersionProblem(process.versions.node)
  if (problem !== null) throw new BadInput(problem)
  const [name, ...rest] = process.argv.slice(2)
  if (name === undefined || rest.length > 0) throw new BadInput('usage: npm run gateway -- CONFIG.json')
  const config = readConfig(path.resolve(process.env['INIT_CWD'] ?? process.cwd(), name))
  const log = createLog()
  const world = config.world === undefined ? realWorld : fileWorldClock(config.world)
  const documents = openDocuments(config)
  const gateway = await start(config, world, documents, rules, log)
  const refresh = setInterval(() => refreshed(documents, log), refreshMs)
  process.stdout.write(`${JSON.stringify({ kind: 'ready', ...gateway.ports })}\n`)
  log.info('ready', { ...gateway.ports })
  stopOnSignals(gateway, log, () => clearInterval(refresh))
}

async function start(
  config: Config,
  world: WorldClock,
  documents: DocumentStore,
  list: readonly AnyDetector[],
  log: Log,
): Promise<Gateway> {
  const { dataDir, zone, auth } = config
  const journal = openSqliteJournal({ dataDir, zone, nowMs: world.nowMs })
  return createGateway({
    journal,
    rules: list,
    documents: documents.of,
    pushed: documents.pushed,
    world,
    host: hostClock,
    log,
    auth,
    ingest: { ...config.ingest, tls: pem(config.ingest.tls) },
    alerts: { ...config.alerts, wsPort: config.alerts.wsPort ?? null, tls: pem(config.alerts.tls) },
    http: config.http,
    // The promise of a PUBACK cannot be kept any more: the next process finds what was promised in the journal.
    onFatal: () => process.exit(1),
  })
}

const pem = (files: Config['ingest']['tls']): TlsFiles | null =>
  files === undefined
    ? null
    : { cert: readText(files.cert), key: readText(files.key), ca: readText(files.ca) }

function refreshed(documents: DocumentStore, log: Log): void {
  try {
    if (documents.refresh()) log.info('documents-read-again')
  } catch (error) {
    log.warn('documents-kept', { reason: error instanceof Error ? error.message : String(error) })
  }
}

function stopOnSignals(gateway: Gateway, log: Log, before: () => void): void {
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    before()
    setTimeout(() => process.exit(1), drainMs).unref()
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('close-failed', { reason: String(error) })
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

main().catch((error: unknown) => {
  if (error instanceof BadInput) {
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
  throw error
})
