import type { HostClock, WorldClock } from '../proto/clocks.ts'
import { arrivalSlackMs } from '../proto/clocks.ts'
import type { AnyDetector } from '../proto/detector.ts'
import type { Documents } from '../proto/in-force.ts'
import { createAcks } from './acks.ts'
import { createPublisher } from './alerts/publisher.ts'
import { createAlertRegister } from './alerts/register.ts'
import { createAlertBroker, createIngestBroker } from './broker.ts'
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
  const { journal, rules, documents, log, host } = deps
  const metrics = createMetrics()
  const world = { nowMs: deps.world.nowMs, slackMs: () => arrivalSlackMs(deps.world.factor()) }
  const refusedAt = (door: string) => (reason: string) => metrics.count('refused_total', { door, reason })

  const fleet = createFleet({ journal, rules, documents, monoMs: host.monoMs })
  const register = createAlertRegister(journal)
  const acks = createAcks(journal)
  const clerk = createClerk({ journal, fleet, register, documents, world, metrics })

  const alertBroker = await createAlertBroker({ refused: refusedAt('alerts') })
  const publisher = createPublisher(journal, alertBroker.publish, (count) =>
    metrics.count('alerts_published_total', {}, count),
  )
  const states = createStateBoard({
    fleet,
    register,
    journal,
    documents,
    nowMs: world.nowMs,
    publish: alertBroker.publish,
  })

  const fatal = (error: unknown): void => {
    log.error('journal-failed', { reason: error instanceof Error ? error.message : String(error) })
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
  const catchUp = createCatchUp({ fleet, add: (job) => committer.add('backfill', job), onError: fatal })

  const ingest = createIngest({ add: committer.add, acks, journal, world, refused: refusedAt('ingest') })
  const ingestBroker = await createIngestBroker({
    admits: ({ fleet: fleetId, vehicle }) => documents(fleetId, vehicle) !== null,
    publish: ingest,
    listens: (peer, document) => {
      if (document === 'ack') acks.greet(peer)
    },
    refused: refusedAt('ingest'),
  })

  for (const { emissions, ...vehicle } of await fleet.recover()) {
    states.touch(vehicle.fleet, vehicle.vehicle)
    if (emissions.length > 0) committer.add('backfill', { is: 'emissions', ...vehicle, emissions })
  }
  publisher.poke()

  const housekeeping = setInterval(() => {
    const holes = fleet.staleHoles(world.nowMs())
    if (holes.length > 0) committer.add('backfill', { is: 'closed', holes })
  }, housekeepingMs)
  housekeeping.unref()

  metrics.gauge('commit_queue', committer.waiting)
  metrics.gauge('terminals_connected', ingestBroker.clients)
  metrics.gauge('officers_connected', alertBroker.clients)
  metrics.gauge('alerts_open', register.openCount)
  metrics.gauge('vehicles_known', fleet.vehicles)

  let closing = false
  const notReady = () => (closing ? 'closing' : null)
  const opened: Listening[] = []
  const open = async (listening: Promise<Listening>): Promise<number> => {
    const one = await listening
    opened.push(one)
    return one.port
  }
  const idle = async (): Promise<void> => {
    do {
      await committer.idle()
      await catchUp.idle()
      await publisher.idle()
    } while (committer.waiting() > 0)
  }
  const close = async (): Promise<void> => {
    if (closing) return
    closing = true
    clearInterval(housekeeping)
    states.stop()
    await Promise.all(opened.map((one) => one.close()))
    await ingestBroker.close()
    await idle()
    publisher.stop()
    await alertBroker.close()
    await journal.close()
  }
  try {
    const alertAddress = deps.alerts
    const ports = {
      ingest: await open(
        listenMqtt(ingestBroker, { ...deps.ingest, guard: { onRefused: refusedAt('ingest') } }),
      ),
      alerts: await open(
        listenMqtt(alertBroker, { ...alertAddress, guard: { onRefused: refusedAt('alerts') } }),
      ),
      ws:
        alertAddress.wsPort === null
          ? null
          : await open(
              listenWebSocket(alertBroker, {
                ...alertAddress,
                port: alertAddress.wsPort,
                guard: { onRefused: refusedAt('ws') },
              }),
            ),
      http: await open(
        listenHttp({ journal, metrics, notReady, loopbackOnly: deps.auth === 'loopback' }, deps.http),
      ),
    }
    return { ports, metrics, idle, close }
  } catch (error) {
    await close()
    throw error
  }
}
