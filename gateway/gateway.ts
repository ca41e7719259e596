import type { HostClock, WorldClock } from '../proto/clocks.ts'
import { arrivalSlackMs } from '../proto/clocks.ts'
import type { AnyDetector } from '../proto/detector.ts'
import type { Documents } from '../proto/in-force.ts'
import { createAcks } from './acks.ts'
import { createPublisher } from './alerts/publisher.ts'
import { createAlertRegister } from './alerts/register.ts'
import { type AlertBroker, type Broker, createAlertBroker, createIngestBroker } from './broker.ts'
import { createCatchUp } from './catch-up.ts'
import { createClerk, type Job } from './clerk.ts'
import { createCommitter } from './commit.ts'
import { createFleet } from './fleet.ts'
import { listenHttp } from './http.ts'
import { createIngest } from './ingest.ts'
import type { Journal } from './journal.ts'
import { type Listening, listenMqtt, listenWebSocket, type TlsFiles } from './listen.ts'
import type { Log } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import { type Pushed, pushTo } from './push.ts'
import { createStateBoard } from './state.ts'

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
  readonly http: { readonly host: string; readonly port: number }
  readonly auth: 'loopback' | 'tls'
  /** Documents for terminals; absent: none. */
  readonly pushed?: Pushed
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
  /** Resolves when what was received is journaled, folded and published. */
  readonly idle: () => Promise<void>
  readonly close: () => Promise<void>
}

const housekeepingMs = 60_000

export async function createGateway(deps: GatewayDeps): Promise<Gateway> {
  const metrics = createMetrics()
  const refusedAt = (door: string) => (reason: string) => metrics.count('refused_total', { door, reason })
  const alertBroker = await createAlertBroker({ refused: refusedAt('alerts') })
  const office = createOffice(deps, metrics, alertBroker)
  const ingestBroker = await createIngestBroker({
    admits: ({ fleet, vehicle }) => deps.documents(fleet, vehicle) !== null,
    publish: office.ingest,
    listens: (peer, document) => {
      if (document === 'ack') office.greet(peer)
      else if (document !== 'command' && deps.pushed !== undefined) pushTo(peer, document, deps.pushed)
    },
    refused: refusedAt('ingest'),
  })
  metrics.gauge('terminals_connected', ingestBroker.clients)
  metrics.gauge('officers_connected', alertBroker.clients)
  await office.recover()

  const opened: Listening[] = []
  let closing: Promise<void> | null = null
  const shut = async (): Promise<void> => {
    await Promise.all(opened.map((one) => one.close()))
    await ingestBroker.close()
    await office.close()
    await alertBroker.close()
    await deps.journal.close()
  }
  const close = (): Promise<void> => (closing ??= shut())
  const notReady = (): string | null => (closing === null ? null : 'closing')
  try {
    const ports = await listenAll(deps, { ingestBroker, alertBroker, metrics, notReady, refusedAt, opened })
    return { ports, metrics, idle: office.idle, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Everything between the two brokers: journal, folds, alerts, acks. A simulated world drives it without sockets. */
export function createOffice(
  deps: GatewayDeps,
  metrics: Metrics,
  alertBroker: Pick<AlertBroker, 'publish'>,
) {
  const { journal, rules, documents, host } = deps
  const world = { nowMs: deps.world.nowMs, slackMs: () => arrivalSlackMs(deps.world.factor()) }
  const fleet = createFleet({ journal, rules, documents, monoMs: host.monoMs })
  const register = createAlertRegister(journal)
  const acks = createAcks(journal)
  const clerk = createClerk({ journal, fleet, register, documents, world, metrics })
  const { publish } = alertBroker
  const publisher = createPublisher(journal, publish, (count) =>
    metrics.count('alerts_published_total', {}, count),
  )
  const states = createStateBoard({ fleet, register, journal, documents, nowMs: world.nowMs, publish })
  const fatal = (error: unknown): void => {
    deps.log.error('journal-failed', { reason: error instanceof Error ? error.message : String(error) })
    deps.onFatal(error)
  }
  const committer = createCommitter<Job>(async (jobs) => {
    const written = await clerk(jobs)
    acks.flush()
    if (written.alerts.length > 0) publisher.poke()
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
  return {
    ingest: createIngest({
      add: committer.add,
      acks,
      journal,
      world,
      refused: (reason) => metrics.count('refused_total', { door: 'ingest', reason }),
    }),
    greet: acks.greet,
    recover: async (): Promise<void> => {
      for (const { emissions, ...vehicle } of await fleet.recover()) {
        states.touch(vehicle.fleet, vehicle.vehicle)
        if (emissions.length > 0) later({ is: 'emissions', ...vehicle, emissions })
      }
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

type Doors = {
  readonly ingestBroker: Broker
  readonly alertBroker: Broker
  readonly metrics: Metrics
  readonly notReady: () => string | null
  readonly refusedAt: (door: string) => (reason: string) => void
  /** What was opened so far, to be closed whatever happens next. */
  readonly opened: Listening[]
}

async function listenAll(deps: GatewayDeps, doors: Doors): Promise<Gateway['ports']> {
  const { ingestBroker, alertBroker, metrics, notReady, refusedAt, opened } = doors
  const { journal, alerts } = deps
  const port = async (listening: Promise<Listening>): Promise<number> => {
    const one = await listening
    opened.push(one)
    return one.port
  }
  const guard = (door: string) => ({ guard: { onRefused: refusedAt(door) } })
  const ingest = await port(listenMqtt(ingestBroker, { ...deps.ingest, ...guard('ingest') }))
  const officers = await port(listenMqtt(alertBroker, { ...alerts, ...guard('alerts') }))
  const { wsPort } = alerts
  const ws =
    wsPort === null
      ? null
      : await port(listenWebSocket(alertBroker, { ...alerts, port: wsPort, ...guard('ws') }))
  const loopbackOnly = deps.auth === 'loopback'
  const http = await port(listenHttp({ journal, metrics, notReady, loopbackOnly }, deps.http))
  return { ingest, alerts: officers, ws, http }
}
