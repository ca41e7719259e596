import path from 'node:path'
import type { WorldClock } from '../proto/clocks.ts'
import { nodeVersionProblem } from '../proto/node-version.ts'
import { BadInput } from '../proto/problem.ts'
import { asksForHelp } from '../proto/usage.ts'
import { fileWorldClock, hostClock, realWorld } from './clock.ts'
import { type Config, readConfig } from './config.ts'
import type { GatewayDeps } from './deps.ts'
import { approvalsFolder } from './desk/approvals.ts'
import { type DocumentStore, openDocuments } from './documents.ts'
import { failPointTrouble } from './fail-point.ts'
import { readJson } from './files.ts'
import { createGateway, type Gateway } from './gateway.ts'
import { createDoorkeeper, type Doorkeeper } from './identity/doorkeeper.ts'
import { openRegister } from './journal/register.ts'
import { spoiledFile } from './journal/spoiled.ts'
import { openSqliteJournal } from './journal/sqlite.ts'
import type { Journal } from './journal.ts'
import { createLog, type Log } from './log.ts'
import { openPaperwork } from './paperwork.ts'
import { openContents } from './push/contents.ts'
import { openSigningKey } from './push/key.ts'
import { openWaiting } from './push/waiting.ts'
import { rules } from './rules/index.ts'
import { openShadowLog } from './shadow/log.ts'
import { parseShadow } from './shadow/watch.ts'
import { keepHouse, notReadyWhy } from './upkeep.ts'
import { pem, watchDoors } from './watch-doors.ts'

/** `npm run gateway -- CONFIG.json`: one line when ready, words for people on stderr. */

const drainMs = 5000
const refreshMs = 5000

async function main(): Promise<void> {
  const problem = nodeVersionProblem(process.versions.node)
  if (problem !== null) throw new BadInput(problem)
  const armed = failPointTrouble()
  if (armed !== null) throw new BadInput(armed)
  const [name, ...rest] = process.argv.slice(2)
  if (asksForHelp(process.argv.slice(2))) return void process.stdout.write(`${usage}\n`)
  const from = process.env['INIT_CWD'] ?? process.cwd()
  if (name === 'enroll' || name === 'revoke') {
    const { administer } = await import('./pki/administer.ts')
    return administer([name, ...rest], from)
  }
  if (name === 'export') {
    const { exportAlert } = await import('./evidence.ts')
    return exportAlert(rest, from)
  }
  if (name === undefined || rest.length > 0) throw new BadInput(usage)
  const config = readConfig(path.resolve(from, name))
  const log = createLog()
  const world = config.world === undefined ? realWorld : fileWorldClock(config.world)
  const approvals = approvalsFolder(config.dataDir)
  const fleetAreas = path.join(config.dataDir, 'areas')
  const documents = openDocuments({ ...config, approvals, fleetAreas }, world.nowMs)
  const doorkeeper = createDoorkeeper(config, hostClock.nowMs)
  const { dataDir, zone } = config
  const journal = openSqliteJournal({ dataDir, zone, nowMs: world.nowMs })
  let refreshNow = (): void => {}
  const approved = (): void => refreshNow()
  const gateway = await orSpoiled(dataDir, () =>
    start({ config, world, documents, doorkeeper, journal, log, approved }),
  )
  refreshNow = () => refreshed(documents, gateway, log)
  const refresh = setInterval(refreshNow, refreshMs)
  process.on('SIGHUP', refreshNow)
  const files = { ingest: config.ingest.tls, alerts: config.alerts.tls, http: config.http.tls }
  const watch = watchDoors({ files, doorkeeper, renew: gateway.renew, log })
  const upkeep = keepHouse(config, journal, world.nowMs, log)
  process.stdout.write(`${JSON.stringify({ kind: 'ready', ...gateway.ports })}\n`)
  log.info('ready', { ...gateway.ports })
  stopOnSignals(gateway, log, () => {
    clearInterval(refresh)
    clearInterval(watch)
    upkeep.stop()
  })
}

type Parts = {
  readonly config: Config
  readonly world: WorldClock
  readonly documents: DocumentStore
  readonly doorkeeper: Doorkeeper
  readonly journal: Journal
  readonly log: Log
  readonly approved: () => void
}

/** A start that fails over a damaged file says which one it is and what to do. */
async function orSpoiled<T>(dataDir: string, begin: () => Promise<T>): Promise<T> {
  try {
    return await begin()
  } catch (error) {
    if (error instanceof BadInput) throw error
    throw spoiledFile(dataDir) ?? error
  }
}

async function start(parts: Parts): Promise<Gateway> {
  const { config, world, documents, doorkeeper, journal, log, approved } = parts
  const { dataDir, auth, zone } = config
  return createGateway({
    journal,
    rules,
    documents: documents.of,
    push: {
      store: documents,
      contents: openContents(dataDir, hostClock.nowMs),
      sign: openSigningKey(dataDir).sign,
      waiting: openWaiting(dataDir),
    },
    ...shadowOf(config),
    register: openRegister(dataDir),
    api: {
      ...{ dataDir, zone, store: documents },
      paperwork: openPaperwork({
        files: { trips: config.trips, drivers: config.drivers, fleetAreas: path.join(dataDir, 'areas') },
        fleetsOf: (vehicle) =>
          documents.all().flatMap((one) => (one.vehicle.id === vehicle ? [one.vehicle.fleet] : [])),
        changed: approved,
      }),
    },
    deskMap: config.desk,
    desk: { dataDir, zone, approved, twoPersons: config.desk.twoPersons ?? auth === 'tls' },
    world,
    host: hostClock,
    log,
    auth,
    doorkeeper,
    notReady: () => notReadyWhy(dataDir),
    ingest: { ...config.ingest, tls: pem(config.ingest.tls) },
    alerts: { ...config.alerts, wsPort: config.alerts.wsPort ?? null, tls: pem(config.alerts.tls) },
    http: { ...config.http, tls: pem(config.http.tls) },
    // The promise of a PUBACK cannot be kept any more: the next process finds what was promised in the journal.
    onFatal: () => process.exit(1),
  })
}

function shadowOf({ shadowPolicy, zone, dataDir }: Config): Pick<GatewayDeps, 'shadow'> {
  if (shadowPolicy === undefined) return {}
  const policy = parseShadow(readJson(shadowPolicy), shadowPolicy, zone)
  return { shadow: { policy, log: openShadowLog(dataDir) } }
}

const usage =
  'usage: npm run gateway -- CONFIG.json | enroll vehicle|officer|gateway|password ... | revoke SERIAL|NAME DIR | export ALERT --out FILE CONFIG.json'

/** Files that changed, and trips that begin: terminals are sent both. */
function refreshed(documents: DocumentStore, gateway: Gateway, log: Log): void {
  try {
    if (documents.refresh()) log.info('documents-read-again')
    gateway.documentsChanged()
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
