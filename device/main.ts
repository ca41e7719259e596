import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { nodeVersionProblem } from '../proto/node-version.ts'
import { BadInput } from '../proto/problem.ts'
import { clientIdOf, documents as downDocuments, downTopic } from '../proto/topics.ts'
import { asksForHelp } from '../proto/usage.ts'
import { hostClock, realWorld, worldFromFile } from './clock.ts'
import { type Config, readConfig, readTls } from './config.ts'
import { readDbcFile } from './dbc-file.ts'
import { closedIntervals, type DrivingTime, fatigue } from './detectors/fatigue.ts'
import { detectors, driverDetectors } from './detectors/index.ts'
import { readDocuments } from './documents.ts'
import { accidentLines, openEquipment } from './equipment.ts'
import { failPointTrouble } from './fail-point.ts'
import { mqttLink } from './link/mqtt.ts'
import { createLog } from './log.ts'
import { makeFolders } from './make-folder.ts'
import { TerminalMetrics } from './metrics.ts'
import { openOutbox } from './outbox/open.ts'
import { openOracle } from './outbox/oracle.ts'
import { openSigner } from './outbox/signer.ts'
import { outlookOf } from './outlook.ts'
import { canSliceMs, portAt, slcanGreeting } from './ports/open.ts'
import { notReadyWhy } from './readiness.ts'
import type { ClosedIntervals } from './recorder.ts'
import { readPublicKey } from './signature.ts'
import { dropOldest } from './tape/folder.ts'
import { openTapes } from './tape/open.ts'
import { createTerminal, type Terminal } from './terminal.ts'

/** `npm run device -- CONFIG.json [--record DIR]`: one terminal, until SIGTERM or SIGINT; `--accidents` lists its records. */

/** Receiver dates before this are a week rollover. A simulated world may play in any year since 2000. */
const buildDateMs = Date.UTC(2026, 0, 1)
const simulatedNotBeforeMs = Date.UTC(2000, 0, 1)
/** Of the five seconds a stop may take, what is left for sending. */
const drainMs = 4000

function start(file: string, recordFolder: string | undefined): void {
  const config = readConfig(file)
  const documents = readDocuments(config)
  const tls = readTls(config.gateway.tls)
  const world = config.world === undefined ? realWorld : worldFromFile(config.world)
  const log = createLog(process.env['ROADWARDEN_LOG'] ?? 'info')
  const { fleet, id } = documents.vehicle
  makeFolder(config, file)
  const oracle = config.oracle === undefined ? undefined : openOracle(config.oracle)
  const metrics = new TerminalMetrics()
  const signer = openSigner(config.dataDir)
  const { dataDir: folder, outboxBytesMax: bytesMax } = config
  const outbox = openOutbox({
    folder,
    outbox: { fleet, vehicle: id, bytesMax, witness: metrics.witness(oracle), signer },
    nowMs: hostClock.nowMs,
    log,
    giveBack: config.blackBox && (() => dropOldest(config.blackBox!.dir, id)),
    stored: () => {
      signer.keep()
      log.info({}, 'the disk has room again; the outbox is on it')
    },
  })
  if (outbox.reset !== null)
    log.error(outbox.reset, 'the outbox of the last start is gone; this is a new epoch')
  const { close: stopped, ...equipment } = openEquipment(config, log)
  const { gnss, can, peripheral } = config.ports
  const { publicKey } = config.gateway
  const notBeforeMs = config.world === undefined ? buildDateMs : simulatedNotBeforeMs
  const session = `${outbox.epoch}-${outbox.bootCount}`
  const tap = openTapes({ config, documents, session, notBeforeMs, host: hostClock, log }, recordFolder)
  const terminal = createTerminal({
    documents,
    documentsFolder: join(config.dataDir, 'documents'),
    publicKey: publicKey === undefined ? undefined : readPublicKey(publicKey, file),
    outbox,
    ports: {
      gnss: gnss && portAt(gnss.path, gnss.baud),
      can: can && portAt(can.path, can.baud, slcanGreeting(can.bitrate, can.listenOnly), canSliceMs),
      peripheral: peripheral && portAt(peripheral.path, peripheral.baud),
    },
    canFormat: can?.format ?? 'slcan',
    dbc: readDbcFile(can, file),
    peripherals: peripheral?.devices ?? [],
    openLink: metrics.link(
      mqttLink({
        url: config.gateway.url,
        clientId: clientIdOf(fleet, id),
        subscriptions: downDocuments.map((name) => downTopic(fleet, id, name)),
        tls,
      }),
    ),
    ack: config.gateway.ack,
    ...equipment,
    host: hostClock,
    world,
    detectors: [...detectors, ...driverDetectors],
    closedIntervals: closedDriving,
    outlook: outlookOf,
    notBeforeMs,
    log,
    tap,
    tally: metrics.tally,
  })
  if (config.metrics !== undefined) {
    const { metrics: where } = config
    const notReady = (): string | null => notReadyWhy(outbox, folder)
    const text = (): string => metrics.text(outbox, notReady)
    void import('./metrics-server.ts').then(({ serveMetrics }) =>
      serveMetrics({ ...where, notReady, text }, (why) => log.warn({ why }, 'no metrics are served')),
    )
  }
  stopOnSignal(terminal, stopped)
  const { epoch, bootCount } = outbox
  process.stdout.write(`${JSON.stringify({ kind: 'ready', epoch, bootCount })}\n`)
}

/** Driving that ended with the last step, for the gateway's ledgers of hours on several vehicles. */
const closedDriving: ClosedIntervals = (before, after) => {
  const driving = after[fatigue.name] as DrivingTime | undefined
  if (driving === undefined) return []
  return closedIntervals((before[fatigue.name] as DrivingTime | undefined) ?? fatigue.initial, driving)
}

function makeFolder({ dataDir }: Config, file: string): void {
  try {
    makeFolders(dataDir)
  } catch (error) {
    // A full disk keeps no terminal from starting.
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return
    throw new BadInput(
      `${file}: dataDir: cannot be made (${(error as NodeJS.ErrnoException).code}); name a writable folder`,
    )
  }
}

function stopOnSignal(terminal: Terminal, stopped: () => void): void {
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    stopped()
    // Whatever hangs, the process is gone in time.
    setTimeout(() => process.exit(0), drainMs + 900).unref()
    void terminal.close(drainMs).finally(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

function refuse(line: string): never {
  process.stderr.write(`${line}\n`)
  process.exit(2)
}

type Arguments = { readonly file: string; readonly record: string | undefined; readonly accidents: boolean }

function argumentsOf(argv: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { record: { type: 'string' }, accidents: { type: 'boolean', default: false } },
    })
    const [file, ...more] = positionals
    if (file !== undefined && more.length === 0)
      return { file, record: values.record, accidents: values.accidents }
  } catch {
    // An option nobody knows: the line of usage says which there are.
  }
  return refuse(usage)
}

const versionProblem = nodeVersionProblem(process.versions.node) ?? failPointTrouble()
if (versionProblem !== null) refuse(versionProblem)
const usage = 'usage: npm run device -- CONFIG.json [--record DIR | --accidents]'
const from = process.env['INIT_CWD'] ?? process.cwd()
if (asksForHelp(process.argv.slice(2))) {
  process.stdout.write(`${usage}\n`)
  process.exit(0)
}
const { file, record, accidents } = argumentsOf(process.argv.slice(2))
try {
  if (accidents)
    for (const line of accidentLines(readConfig(resolve(from, file)))) process.stdout.write(`${line}\n`)
  else start(resolve(from, file), record === undefined ? undefined : resolve(from, record))
} catch (error) {
  if (error instanceof BadInput) refuse(error.message)
  throw error
}
