import type { HostClock, WorldClock } from '../proto/clocks.ts'
import { arrivalSlackMs } from '../proto/clocks.ts'
import type { AnyDetector } from '../proto/detector.ts'
import type { Documents } from '../proto/in-force.ts'
import type { Alert } from '../proto/model.ts'
import { parseClientId } from '../proto/topics.ts'
import { createAcks } from './acks.ts'
import { createPublisher } from './alerts/publisher.ts'
import { createAlertRegister, isLate } from './alerts/register.ts'
import { allFleets } from './api/facts.ts'
import { liveIdentity, perMinuteOf } from './api/limits.ts'
import type { Route } from './api/route.ts'
import { sessionRoutes } from './api/session-routes.ts'
import { type ApiParts, type ApiSide, apiSide } from './api/wiring.ts'
import { type AlertBroker, type Broker, createAlertBroker, createIngestBroker, offlineMax } from './broker.ts'
import { createCatchUp } from './catch-up.ts'
import { createClerk, type Job } from './clerk.ts'
import { createCommitter } from './commit.ts'
import { createDesk, type Desk } from './console/desk.ts'
import { openDeskFiles } from './console/files.ts'
import type { DeskMap } from './console/map.ts'
import { recallOpen } from './desk/recall.ts'
import { type DeskFolder, type DeskService, openDesk } from './desk/service.ts'
import { createDriverLedger } from './drivers/ledger.ts'
import { createFleet } from './fleet.ts'
import { outboundBytesMax, windowMax } from './guard.ts'
import { type HttpDeps, listenHttp } from './http.ts'
import { Abuse, type AbuseLimits, lenient, strict } from './identity/abuse.ts'
import { createDoorkeeper, type Doorkeeper } from './identity/doorkeeper.ts'
import { checkPassword, createHttpSessions, type HttpSessions } from './identity/sessions.ts'
import { createIngest } from './ingest.ts'
import { quarantinedMax } from './journal/day.ts'
import type { Register } from './journal/register.ts'
import type { Journal } from './journal.ts'
import { type Listening, listenMqtt, listenWebSocket, type TlsFiles } from './listen.ts'
import type { Log } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { type Commands, createCommands } from './push/commands.ts'
import { createPushOffice, type PushDeps } from './push/office.ts'
import { createRates } from './rates.ts'
import type { ShadowLog } from './shadow/log.ts'
import { createShadowWatch, type ShadowPolicy, type ShadowWatch } from './shadow/watch.ts'
import { createSpokenBoard } from './spoken.ts'
import { createStateBoard } from './state.ts'
import { everyOnTime } from './ticks.ts'
import { createBeside, createUnheardWatch, lastHeard } from './unheard.ts'

/** The wiring of a gateway, and nothing else. Tests and simulations run it in their own process. */
export type GatewayDeps = {
  readonly journal: Journal
  /** The gateway's rules, in order. */
  readonly rules: readonly AnyDetector[]
  /** What is in force for a vehicle; null for one that is not of ours. */
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  readonly world: WorldClock
  readonly host: HostClock
  readonly log: Log
  readonly ingest: Address
  readonly alerts: Address & { readonly wsPort: number | null }
  readonly http: { readonly host: string; readonly port: number; readonly tls?: TlsFiles | null }
  readonly auth: 'loopback' | 'tls'
  /** Who is let in behind TLS; absent: whoever has a certificate of the authority. */
  readonly doorkeeper?: Doorkeeper
  /** Absent: strict behind TLS, lenient on loopback. */
  readonly abuse?: AbuseLimits
  /** Why it should get no more work, besides what it knows itself; null: none. */
  readonly notReady?: () => string | null
  /** Documents for terminals; absent: none. */
  readonly push?: PushDeps
  /** A policy that is tried beside; absent: none. */
  readonly shadow?: { readonly policy: ShadowPolicy; readonly log: ShadowLog }
  /** What officers did about alerts: with it the desk is served; absent: none. Closed with the gateway. */
  readonly register?: Register
  /** Papers that a desk lists and writes, and where what the API keeps lies; absent: in memory, and no papers. */
  readonly api?: ApiParts
  /** Where the desk keeps rosters, approvals and its key, and who hears of approvals; absent: it has none of them. */
  readonly desk?: DeskFolder
  /** What the desk's maps are drawn on; absent: its own sketch. */
  readonly deskMap?: DeskMap
  /** A write failed: nothing more may be promised. */
  readonly onFatal: (error: unknown) => void
}
export type Address = { readonly host: string; readonly port: number; readonly tls: TlsFiles | null }

export type Gateway = {
  readonly ports: {
    readonly ingest: number
    readonly alerts: number
    readonly ws: number | null
    readonly http: number
  }
  readonly metrics: Metrics
  /** Somebody lost the right to be here, or the certificate files changed: ends sessions, forgets tickets. */
  readonly renew: (files?: Renewed) => void
  /** Documents were read again, or time went on: terminals are sent what changed. */
  readonly documentsChanged: () => void
  /** Resolves when what was received is journaled, folded and published. */
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

export type Renewed = {
  readonly ingest: TlsFiles | null
  readonly alerts: TlsFiles | null
  readonly http: TlsFiles | null
}

const housekeepingMs = 60_000
const tickMs = 1000

export async function createGateway(deps: GatewayDeps): Promise<Gateway> {
  const metrics = createMetrics()
  const refusedAt = (door: string) => (reason: string) => metrics.count('refused_total', { door, reason })
  const doorkeeper = deps.doorkeeper ?? createDoorkeeper({}, deps.host.nowMs)
  const abuse = new Abuse(limitsOf(deps), deps.host.monoMs)
  const sessions = createHttpSessions({ ...doorkeeper, abuse, nowMs: deps.host.nowMs })
  const { mayStay } = sessions
  const doorAt = (door: string) => ({
    refused: refusedAt(door),
    abuse,
    mayStay,
    cloned: (clientId: string) => {
      metrics.count('clones_suspected_total', { door })
      if (door === 'ingest') office.suspected(clientId)
      deps.log.warn('clone-suspected', { door, clientId })
    },
  })
  const alertBroker = await createAlertBroker({ ...doorAt('alerts'), login: doorkeeper.login })
  const office = createOffice(deps, metrics, alertBroker)
  const { push, host } = deps
  const commands = push === undefined ? null : createCommands({ ...push, nowMs: host.nowMs })
  const desk = registerOf(deps, commands, alertBroker)
  if (desk !== null) office.hear(desk.took)
  const ingestBroker = await createIngestBroker({
    ...doorAt('ingest'),
    admits: ({ fleet, vehicle }) => deps.documents(fleet, vehicle) !== null,
    publish: office.ingest,
    listens: (peer, document) => {
      if (document === 'ack') office.greet(peer)
      else if (document === 'command') commands?.listens(peer)
      else office.push.listens(peer, document)
    },
  })
  metrics.gauge('terminals_connected', ingestBroker.clients)
  metrics.gauge('officers_connected', alertBroker.clients)
  metrics.gauge('ready', () => (notReady() === null ? 1 : 0))
  bounds(metrics, ingestBroker)
  metrics.gauge('banned', () => abuse.banned())
  await office.recover()
  const seconds = everyOnTime(deps.host, tickMs, () => {
    office.tick()
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
    ...{ journal, register, documents, rules, world, office },
    ...{ parts: deps.api, monoMs: deps.host.monoMs, hostMs: deps.host.nowMs, count: metrics.count },
  })
  // The index may be closed before it has caught up.
  if (desk !== null) recallOpen(desk, api.facts.index, world.nowMs()).catch(() => {})
  const shut = async (): Promise<void> => {
    clearInterval(expired)
    seconds.stop()
    await Promise.all(opened.map(({ listening }) => listening.close()))
    await ingestBroker.close()
    await office.close()
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
    office,
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
    return { ports, metrics, renew, documentsChanged: office.documentsChanged, idle: office.idle, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** A certificate that ends, ends its session: looked at so often. */
const expiredMs = 2000
type Door = { readonly listening: Listening; readonly of: keyof Renewed }

/** What each queue may hold: a board shows how near it is. */
function bounds(metrics: Metrics, ingestBroker: Broker): void {
  const bound = (queue: string, value: () => number): void =>
    metrics.gauge(`queue_bound{queue="${queue}"}`, value)
  bound('commit', () => windowMax * Math.max(1, ingestBroker.clients()))
  bound('officer-bytes', () => outboundBytesMax)
  bound('officer-offline', () => offlineMax)
  bound('quarantine-per-day', () => quarantinedMax)
}

const limitsOf = ({ abuse, auth }: GatewayDeps): AbuseLimits => abuse ?? (auth === 'tls' ? strict : lenient)

function shadowOf({ shadow, rules, log }: GatewayDeps, metrics: Metrics): ShadowWatch['settled'] | undefined {
  if (shadow === undefined) return undefined
  const count = (difference: string): void => metrics.count('shadow_differences_total', { difference })
  return createShadowWatch({ ...shadow, rules, count, complain: log }).settled
}

/** After a start of ours terminals come back within their back-off; until then nobody is called silent (host time). */
const returnMs = 30_000

/** Everything between the two brokers: journal, folds, alerts, acks. A simulated world drives it without sockets. */
export function createOffice(deps: GatewayDeps, metrics: Metrics, alertBroker: Pick<AlertBroker, 'publish'>) {
  const { journal, rules, host } = deps
  const world = { nowMs: deps.world.nowMs, slackMs: () => arrivalSlackMs(deps.world.factor()) }
  const count = (document: string): void => metrics.count('documents_pushed_total', { document })
  const push = createPushOffice({ push: deps.push, documents: deps.documents, hostMs: host.nowMs, count })
  const { documents } = push.books
  const sinceMs = world.nowMs() + returnMs * deps.world.factor()
  const unheard = createUnheardWatch({ documents, sinceMs: () => sinceMs, slackMs: world.slackMs })
  const drivers = createDriverLedger({
    ...{ journal, documents },
    isLate: (decidedAtMs, receivedAtMs) => isLate(decidedAtMs, receivedAtMs, world.slackMs()),
    remember: (fleetId, vehicle) => fleet.remember(fleetId, vehicle),
  })
  const beside = createBeside(push.books, unheard, drivers)
  const fleet = createFleet({
    journal,
    rules,
    documents,
    monoMs: host.monoMs,
    beside,
    settled: shadowOf(deps, metrics),
  })
  const register = createAlertRegister(journal)
  const acks = createAcks(journal, (peer) => rates.rateOf(peer))
  const spoken = createSpokenBoard(
    journal,
    (fleetId, vehicle) => fleet.epochOf(fleetId, vehicle),
    (fleetId, vehicle) => states.touch(fleetId, vehicle),
  )
  const clerk = createClerk({
    ...{ journal, fleet, register, documents, world, metrics, unheard, drivers },
    reported: push.reported,
    journaled: (envelope) => spoken.note(envelope),
  })
  const { publish } = alertBroker
  const publisher = createPublisher(journal, publish, (count) =>
    metrics.count('alerts_published_total', {}, count),
  )
  const states = createStateBoard({
    ...{ fleet, register, journal, documents, nowMs: world.nowMs, publish, drivers },
    inForce: push.stateOf,
    spoken: spoken.of,
  })
  const fatal = (error: unknown): void => {
    deps.log.error('journal-failed', { reason: error instanceof Error ? error.message : String(error) })
    deps.onFatal(error)
  }
  const hearers: ((alerts: readonly Alert[]) => void)[] = []
  const committer = createCommitter<Job>(async (jobs) => {
    const written = await clerk(jobs)
    acks.flush()
    push.flush()
    if (written.alerts.length > 0) {
      publisher.poke()
      for (const hear of hearers) hear(written.alerts)
    }
    for (const one of written.vehicles) {
      states.touch(one.fleet, one.vehicle)
      catchUp.consider(one.fleet, one.vehicle)
    }
  }, fatal)
  const later = (job: Job): void => committer.add('backfill', job)
  const catchUp = createCatchUp({ fleet, add: later, onError: fatal })
  const housekeeping = setInterval(() => {
    const holes = fleet.staleHoles(world.nowMs())
    if (holes.length > 0) later({ is: 'closed', holes })
  }, housekeepingMs)
  housekeeping.unref()
  metrics.gauge('commit_queue', committer.waiting)
  metrics.gauge('alerts_open', register.openCount)
  metrics.gauge('vehicles_known', () => fleet.vehicles())

  const idle = async (): Promise<void> => {
    do {
      await committer.idle()
      await catchUp.idle()
      await publisher.idle()
    } while (committer.waiting() > 0)
  }
  const refused = (reason: string): void => metrics.count('refused_total', { door: 'ingest', reason })
  const rates = createRates(createIngest({ add: committer.add, acks, journal, world, refused }), {
    limits: limitsOf(deps).telemetry,
    monoMs: host.monoMs,
    factor: deps.world.factor,
    onLimited: () => metrics.count('telemetry_delayed_total'),
  })
  metrics.gauge('terminals_limited', rates.limited)
  return {
    ingest: rates.ingest,
    greet: acks.greet,
    /** Told of alerts once they are journaled. */
    hear: (hearer: (alerts: readonly Alert[]) => void): void => {
      hearers.push(hearer)
    },
    /** Durable, and where officers of the fleet can see it: a metric tells nobody whose vehicle it is. */
    suspected: (clientId: string) => {
      const terminal = parseClientId(clientId)
      if (terminal === null) return
      const epoch = fleet.epochOf(terminal.fleet, terminal.vehicle) ?? 0
      later({
        is: 'clone',
        clone: { ...terminal, epoch, why: 'its connection is taken over again and again' },
      })
    },
    ...{ states, fleet, drivers },
    push,
    tick: () => {
      const nowMs = world.nowMs()
      if (unheard.isDue(nowMs)) later({ is: 'tick', nowMs })
    },
    documentsChanged: () => {
      for (const { fleet: id, vehicle } of push.changed(world.nowMs())) fleet.remember(id, vehicle)
    },
    recover: async (): Promise<void> => {
      for (const { emissions, ...vehicle } of await fleet.recover()) {
        states.touch(vehicle.fleet, vehicle.vehicle)
        if (emissions.length > 0) later({ is: 'emissions', ...vehicle, emissions })
      }
      for (const { emissions, ...vehicle } of await drivers.recover())
        later({ is: 'emissions', ...vehicle, emissions })
      for (const last of await lastHeard(journal, fleet)) unheard.recall(last)
      publisher.poke()
    },
    idle,
    close: async (): Promise<void> => {
      clearInterval(housekeeping)
      states.stop()
      await idle()
      publisher.stop()
    },
  }
}

type Office = ReturnType<typeof createOffice>

type Doors = {
  readonly ingestBroker: Broker
  readonly alertBroker: AlertBroker
  readonly commands: Commands | null
  readonly metrics: Metrics
  readonly notReady: () => string | null
  readonly refusedAt: (door: string) => (reason: string) => void
  /** What was opened so far, to be closed whatever happens next. */
  readonly opened: Door[]
  readonly doorkeeper: Doorkeeper
  readonly abuse: Abuse
  readonly sessions: HttpSessions
  readonly office: Office
  /** The close-out register; null: none. */
  readonly desk: DeskService | null
  readonly api: ApiSide
}

async function listenAll(deps: GatewayDeps, doors: Doors): Promise<Gateway['ports']> {
  const { ingestBroker, alertBroker, refusedAt, opened, doorkeeper, abuse } = doors
  const { alerts } = deps
  const port = async (of: keyof Renewed, listening: Promise<Listening>): Promise<number> => {
    const one = await listening
    opened.push({ listening: one, of })
    return one.port
  }
  const { identify } = doorkeeper
  const at = (door: string, certificate: 'required' | 'asked') => ({
    guard: { onRefused: refusedAt(door) },
    ...{ abuse, identify, certificate },
  })
  const ingest = await port(
    'ingest',
    listenMqtt(ingestBroker, { ...deps.ingest, ...at('ingest', 'required') }),
  )
  const officers = await port('alerts', listenMqtt(alertBroker, { ...alerts, ...at('alerts', 'asked') }))
  const { wsPort } = alerts
  const page = { ...alerts, port: wsPort ?? 0, ...at('ws', 'asked') }
  const ws = wsPort === null ? null : await port('alerts', listenWebSocket(alertBroker, page))
  const address = { ...deps.http, tls: deps.http.tls ?? null }
  const http = await port('http', listenHttp(httpSide(deps, doors, ws), address))
  return { ingest, alerts: officers, ws, http }
}

/** What the HTTP side is made of: old routes, the desk, its API and its live channel. */
function httpSide(deps: GatewayDeps, doors: Doors, ws: number | null): HttpDeps {
  const { metrics, notReady, sessions, abuse, alertBroker, refusedAt, doorkeeper } = doors
  const { journal, auth, shadow } = deps
  return {
    ...{ journal, metrics, notReady, shadow: shadow?.log, desk: deskOf(deps, doors, ws) },
    sessions: auth === 'loopback' ? null : sessions,
    api: {
      auth,
      ...{ whoIs: sessions.whoIs, ofCookie: sessions.ofCookie },
      perMinute: perMinuteOf(abuse.limits),
      count: (path) => metrics.count('http_requests_total', { path }),
      routes: routesOf(deps, doors),
    },
    live: {
      broker: alertBroker,
      guard: { onRefused: refusedAt('live') },
      identify: liveIdentity({ auth, sessions, identify: doorkeeper.identify }),
    },
  }
}

function routesOf(
  { auth }: GatewayDeps,
  { sessions, doorkeeper, abuse, desk, api }: Doors,
): readonly Route[] {
  const login = (name: string, password: string, address: string) =>
    checkPassword({ login: doorkeeper.login, abuse }, address, name, password)
  const fleets = (): readonly string[] => allFleets(api.facts)
  return [...sessionRoutes({ auth, sessions, login, fleets }), ...api.routes, ...(desk?.routes ?? [])]
}

function deskOf(
  deps: GatewayDeps,
  { commands, alertBroker, desk }: Doors,
  wsPort: number | null,
): Desk | undefined {
  const { register, journal, world, auth, push } = deps
  if (register === undefined) return undefined
  return createDesk({
    ...{ register, commands, world, auth, wsPort },
    files: openDeskFiles(deps.deskMap ?? null),
    alert: (id) => journal.alert(id),
    areas: (fleet, vehicle) => push?.store.wanted(fleet, vehicle, 'areas')?.value ?? null,
    routes: (fleet, vehicle) => push?.store.wanted(fleet, vehicle, 'route')?.value ?? null,
    publish: alertBroker.publish,
    ...(desk === null ? {} : { office: desk.office }),
  })
}

/** The close-out register, where officers' steps are kept at all. */
function registerOf(
  deps: GatewayDeps,
  commands: Commands | null,
  { publish }: AlertBroker,
): DeskService | null {
  const { register, journal, documents, world, log, desk: folder } = deps
  if (register === undefined) return null
  return openDesk({
    ...{ register, commands, documents, world, publish },
    alert: (id) => journal.alert(id),
    first: (id) => journal.revision(id, 1),
    complain: (reason) => log.warn('register', { reason }),
    ...(folder === undefined ? {} : { folder }),
  })
}
