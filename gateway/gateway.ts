import { underWayMax } from './alerts/publisher.ts'
import { type ApiSide, apiSide } from './api/wiring.ts'
import {
  type AlertBroker,
  type Broker,
  createAlertBroker,
  createIngestBroker,
  officersKept,
} from './broker.ts'
import { type GatewayDeps, limitsOf } from './deps.ts'
import { recallOpen } from './desk/recall.ts'
import { type DeskService, type DeskServiceDeps, openDesk } from './desk/service.ts'
import { type Door, type Doors, listenAll, type Ports, type Renewed } from './doors.ts'
import { outboundBytesMax, windowMax } from './guard.ts'
import { Abuse } from './identity/abuse.ts'
import { createDoorkeeper, type Doorkeeper } from './identity/doorkeeper.ts'
import { passwordsWaitingMax } from './identity/passwords.ts'
import { createHttpSessions } from './identity/sessions.ts'
import { createIntake, type Intake } from './intake.ts'
import { offlineMax } from './kept-sessions.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { type Commands, createCommands } from './push/commands.ts'
import type { Refused } from './refused.ts'
import { everyOnTime } from './ticks.ts'

/** The wiring of a gateway, and nothing else. */
export type Gateway = {
  readonly ports: Ports
  readonly metrics: Metrics
  /** Somebody lost the right to be here, or the certificate files changed: ends sessions, forgets tickets. */
  readonly renew: (files?: Renewed) => void
  /** Documents were read again, or time went on: terminals are sent what changed. */
  readonly documentsChanged: () => void
  /** Resolves when what was received is journaled, folded and published. */
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

const tickMs = 1000

export async function createGateway(deps: GatewayDeps): Promise<Gateway> {
  const metrics = createMetrics()
  const refusedAt =
    (door: string): Refused =>
    (reason, by = 1) =>
      metrics.count('refused_total', { door, reason }, by)
  const doorkeeper = deps.doorkeeper ?? createDoorkeeper({}, deps.host.nowMs)
  const abuse = new Abuse(limitsOf(deps), deps.host.monoMs)
  const { guesses } = abuse
  const sessions = createHttpSessions({ ...doorkeeper, guesses, nowMs: deps.host.nowMs })
  const { mayStay } = sessions
  const doorAt = (door: string) => ({
    refused: refusedAt(door),
    monoMs: deps.host.monoMs,
    mayStay,
    cloned: (clientId: string) => {
      metrics.count('clones_suspected_total', { door })
      if (door === 'ingest') intake.suspected(clientId)
      deps.log.warn('clone-suspected', { door, clientId })
    },
  })
  const alertBroker = await createAlertBroker({
    ...doorAt('alerts'),
    comings: abuse.officers,
    ...{ login: doorkeeper.login, guesses },
  })
  const intake = createIntake(deps, metrics, alertBroker)
  const { push, host } = deps
  const commands = push === undefined ? null : createCommands({ ...push, nowMs: host.nowMs })
  const desk = registerOf(deps, commands, alertBroker, {
    attributions: intake.attributions,
    // Whoever is called hears of it outside as well; the register keeps it until then.
    onCase: (_view, summoned) => (summoned === null ? undefined : api.poke()),
  })
  if (desk !== null) intake.hear(desk.took)
  const ingestBroker = await createIngestBroker({
    ...doorAt('ingest'),
    comings: abuse.terminals,
    admits: ({ fleet, vehicle }) => deps.documents(fleet, vehicle) !== null,
    publish: intake.ingest,
    listens: (peer, document) => {
      if (document === 'ack') intake.greet(peer)
      else if (document === 'command') commands?.listens(peer)
      else intake.push.listens(peer, document)
    },
  })
  metrics.gauge('terminals_connected', ingestBroker.clients)
  metrics.gauge('officers_connected', alertBroker.clients)
  metrics.gauge('officer_bytes', () => alertBroker.waiting().bytes)
  metrics.gauge('officer_offline', () => alertBroker.waiting().messages)
  metrics.gauge('ready', () => (notReady() === null ? 1 : 0))
  metrics.gauge('banned', () => abuse.banned())
  await intake.recover()
  const seconds = everyOnTime(deps.host, tickMs, () => {
    intake.tick()
    desk?.tick()
  })

  const opened: Door[] = []
  const expired = setInterval(() => endSessions(), expiredMs)
  expired.unref()
  const endSessions = (): void => {
    const ended = ingestBroker.endUnless(mayStay) + alertBroker.endUnless(mayStay)
    metrics.count('sessions_ended_total', {}, ended)
  }
  let closing: Promise<void> | null = null
  const { journal, register, documents, rules, world } = deps
  const api = apiSide({
    ...{ journal, register, documents, rules, world, intake },
    ...{ parts: deps.api, monoMs: deps.host.monoMs, hostMs: deps.host.nowMs, count: metrics.count },
  })
  queuesOf(metrics, { ingestBroker, alertBroker, commands, doorkeeper, intake, webhooks: api.webhooks })
  // The index may be closed before it has caught up.
  if (desk !== null) recallOpen(desk, api.facts.index, world.nowMs()).catch(() => {})
  const shut = async (): Promise<void> => {
    clearInterval(expired)
    seconds.stop()
    await Promise.all(opened.map(({ listening }) => listening.close()))
    await ingestBroker.close()
    await intake.close()
    await alertBroker.close()
    api.close()
    await journal.close()
    register?.close()
  }
  const close = (): Promise<void> => (closing ??= shut())
  const notReady = (): string | null => (closing === null ? (deps.notReady?.() ?? null) : 'closing')
  const brokers = { ingestBroker, alertBroker, commands }
  const doors: Doors = {
    ...brokers,
    metrics,
    notReady,
    refusedAt,
    opened,
    doorkeeper,
    abuse,
    sessions,
    intake,
    desk,
    api,
  }
  let renewed: Renewed = { ingest: deps.ingest.tls, alerts: deps.alerts.tls, http: deps.http.tls ?? null }
  const renew = (files: Renewed = renewed): void => {
    renewed = files
    for (const { listening, of } of opened) listening.renew(files[of])
    endSessions()
  }
  try {
    const ports = await listenAll(deps, doors)
    return { ports, metrics, renew, documentsChanged: intake.documentsChanged, idle: intake.idle, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A certificate that ends, ends its session: looked at so often. */
const expiredMs = 2000

type Queues = {
  readonly ingestBroker: Broker
  readonly alertBroker: AlertBroker
  readonly commands: Commands | null
  readonly doorkeeper: Doorkeeper
  readonly intake: Intake
  readonly webhooks: ApiSide['webhooks']
}

/** How long each queue is, and what it may hold: a board shows how near it is. */
function queuesOf(metrics: Metrics, queues: Queues): void {
  const { ingestBroker, alertBroker, commands, doorkeeper, intake, webhooks } = queues
  const queue = (name: string, length: () => number): void =>
    metrics.gauge(`queue_length{queue="${name}"}`, length)
  const bound = (name: string, value: () => number): void =>
    metrics.gauge(`queue_bound{queue="${name}"}`, value)
  const inFlight = (): number => windowMax * Math.max(1, ingestBroker.clients())
  bound('commit', inFlight)
  bound('officer-bytes', () => outboundBytesMax)
  bound('officer-offline', () => offlineMax)
  queue('officer-sessions', () => alertBroker.waiting().sessions)
  bound('officer-sessions', () => officersKept.all)
  queue('telemetry-delayed', intake.queues.delayed)
  bound('telemetry-delayed', inFlight)
  queue('catch-up', intake.queues.catchUp)
  bound('catch-up', intake.queues.vehicles)
  queue('alerts-publishing', intake.queues.publishing)
  bound('alerts-publishing', () => underWayMax)
  queue('alerts-unpublished', intake.queues.unpublished)
  queue('webhook-behind', webhooks.behind)
  queue('words-waiting', () => commands?.waiting() ?? 0)
  bound('words-waiting', intake.queues.vehicles)
  queue('passwords', doorkeeper.passwordsWaiting)
  bound('passwords', () => passwordsWaitingMax)
}

/** The close-out register, where officers' steps are kept at all. */
function registerOf(
  deps: GatewayDeps,
  commands: Commands | null,
  { publish }: AlertBroker,
  told: Pick<DeskServiceDeps, 'attributions' | 'onCase'>,
): DeskService | null {
  const { register, journal, documents, world, log, desk: folder } = deps
  if (register === undefined) return null
  return openDesk({
    ...{ register, commands, documents, world, publish, ...told },
    alert: (id) => journal.alert(id),
    first: (id) => journal.revision(id, 1),
    complain: (reason) => log.warn('register', { reason }),
    ...(folder === undefined ? {} : { folder }),
  })
}
