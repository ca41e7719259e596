import { arrivalSlackMs } from '../proto/clocks.ts'
import type { Alert } from '../proto/model.ts'
import { parseClientId } from '../proto/topics.ts'
import { createAcks } from './acks.ts'
import { createPublisher } from './alerts/publisher.ts'
import { createAlertRegister, isLate } from './alerts/register.ts'
import type { AlertBroker } from './broker.ts'
import { createCatchUp } from './catch-up.ts'
import { createClerk, type Job } from './clerk.ts'
import { createCommitter } from './commit.ts'
import { type GatewayDeps, limitsOf } from './deps.ts'
import { type Attributions, attributionsSince } from './desk/attributions.ts'
import { keptMs } from './drivers/kept.ts'
import { createDriverLedger } from './drivers/ledger.ts'
import { createFleet } from './fleet.ts'
import { createIngest } from './ingest.ts'
import type { Metrics } from './metrics.ts'
import { createPushOffice } from './push/office.ts'
import { createRates } from './rates.ts'
import type { Refused } from './refused.ts'
import { createShadowWatch, type ShadowWatch } from './shadow/watch.ts'
import { createSpokenBoard } from './spoken.ts'
import { createStateBoard } from './state.ts'
import { createBeside, createUnheardWatch, lastHeard } from './unheard.ts'

/** Of what a gateway is given, all but its doors. */
export type IntakeDeps = Pick<
  GatewayDeps,
  | 'journal'
  | 'rules'
  | 'documents'
  | 'world'
  | 'host'
  | 'log'
  | 'auth'
  | 'abuse'
  | 'push'
  | 'shadow'
  | 'register'
  | 'onFatal'
>
export type Intake = ReturnType<typeof createIntake>

const housekeepingMs = 60_000
/** What lies in the journal for officers has no bound of its own; it is counted so far. */
const unpublishedShown = 1000
/** After a start of ours terminals come back within their back-off; until then nobody is called silent (host time). */
const returnMs = 30_000

/** Everything between the two brokers: journal, folds, alerts, acks. A simulated world drives it without sockets. */
export function createIntake(deps: IntakeDeps, metrics: Metrics, alertBroker: Pick<AlertBroker, 'publish'>) {
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
    attributions: () => decidedBefore(deps),
    nowMs: world.nowMs,
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
    alerted: () => publisher.poke(),
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
    if (written.alerts.length > 0) for (const hear of hearers) hear(written.alerts)
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
  const refused: Refused = (reason, by = 1) => metrics.count('refused_total', { door: 'ingest', reason }, by)
  const rates = createRates(createIngest({ add: committer.add, acks, journal, world, refused }), {
    limits: limitsOf(deps).telemetry,
    monoMs: host.monoMs,
    factor: deps.world.factor,
    onLimited: () => metrics.count('telemetry_delayed_total'),
  })
  metrics.gauge('terminals_limited', rates.limited)
  const queues = {
    catchUp: catchUp.behind,
    delayed: rates.delayed,
    publishing: publisher.underWay,
    unpublished: () => journal.unpublished(unpublishedShown).length,
    vehicles: () => fleet.vehicles(),
  }
  return {
    queues,
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
    attributions: {
      decided: (attribution) => later({ is: 'attribution', attribution }),
      preview: drivers.givenBy,
    } satisfies Attributions,
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

/** Who was found to have driven, as far back as hours count. */
const decidedBefore = ({ register, world }: IntakeDeps) =>
  register === undefined ? [] : attributionsSince(register, world.nowMs() - keptMs)

function shadowOf({ shadow, rules, log }: IntakeDeps, metrics: Metrics): ShadowWatch['settled'] | undefined {
  if (shadow === undefined) return undefined
  const count = (difference: string): void => metrics.count('shadow_differences_total', { difference })
  return createShadowWatch({ ...shadow, rules, count, complain: log }).settled
}
