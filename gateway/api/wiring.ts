import path from 'node:path'
import type { WorldClock } from '../../proto/clocks.ts'
import type { AnyDetector } from '../../proto/detector.ts'
import type { Documents } from '../../proto/in-force.ts'
import type { Alert } from '../../proto/model.ts'
import { isoUtc } from '../../proto/time.ts'
import { type CaseStatus, isSettled } from '../alerts/case.ts'
import { viewOfCase } from '../desk/case-view.ts'
import type { DocumentStore } from '../documents.ts'
import type { DriverLedger } from '../drivers/contract.ts'
import type { Fleet } from '../fleet.ts'
import { type AlertIndex, openAlertIndex } from '../journal/alert-index.ts'
import type { Escalated, Register } from '../journal/register.ts'
import type { Journal } from '../journal.ts'
import { masked } from '../masking.ts'
import type { Paperwork } from '../paperwork.ts'
import type { PushOffice } from '../push/office.ts'
import type { StateBoard } from '../state.ts'
import { type Courier, createCourier, type EscalationSource } from '../webhooks/courier.ts'
import type { Escalation } from '../webhooks/letter.ts'
import { postLetter } from '../webhooks/post.ts'
import { memoryHookStore, openHookStore } from '../webhooks/store.ts'
import { alertRoutes } from './alerts.ts'
import { areaRoutes } from './areas.ts'
import { driverRoutes } from './drivers.ts'
import { evidenceRoute } from './evidence.ts'
import type { Facts } from './facts.ts'
import { inForceRoute } from './in-force.ts'
import type { Route } from './route.ts'
import { shownRoutes } from './routes-shown.ts'
import { tonightRoute } from './tonight.ts'
import { trackRoutes } from './tracks.ts'
import { tripRoutes } from './trips.ts'
import { vehicleRoutes } from './vehicles.ts'
import { webhookRoutes } from './webhooks.ts'

/** What the API is made of, and nothing else. */

/** What a gateway with files has besides: absent in gateways of tests that need none of it. */
export type ApiParts = {
  readonly dataDir: string
  readonly zone: string
  readonly store: Pick<DocumentStore, 'all' | 'areasOf' | 'of'>
  readonly paperwork: Paperwork
}

export type ApiIntake = {
  readonly states: Pick<StateBoard, 'of'>
  readonly fleet: Pick<Fleet, 'lastSample' | 'stateOfRule'>
  readonly drivers: Pick<DriverLedger, 'outlook' | 'hours' | 'attributedTo' | 'driversOf'>
  readonly push: Pick<PushOffice, 'books' | 'stateOf'>
}

export type WiringDeps = {
  readonly journal: Journal
  readonly register: Register | undefined
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  readonly rules: readonly AnyDetector[]
  readonly world: WorldClock
  readonly monoMs: () => number
  readonly hostMs: () => number
  readonly count: (name: string, labels: { readonly [label: string]: string }) => void
  readonly parts: ApiParts | undefined
  readonly intake: ApiIntake
}

export type ApiSide = {
  readonly facts: Facts
  readonly routes: readonly Route[]
  /** Somebody was called: webhooks are told at once. */
  readonly poke: () => void
  readonly webhooks: Pick<Courier, 'behind'>
  readonly close: () => void
}

const noPapers: Paperwork = { trips: null, putAreas: () => {}, drivers: () => [] }

export function apiSide(deps: WiringDeps): ApiSide {
  const { intake, parts } = deps
  const index = indexOf(deps)
  const facts = factsOf(deps, index)
  const hooks = hooksOf(deps)
  const zone = parts?.zone ?? 'Asia/Shanghai'
  const paperwork = parts?.paperwork ?? noPapers
  return {
    facts,
    routes: [
      ...alertRoutes(facts),
      evidenceRoute(facts, parts?.dataDir ?? null),
      ...vehicleRoutes(facts),
      ...trackRoutes(facts),
      tonightRoute({ facts, stateOfRule: (...asked) => intake.fleet.stateOfRule(...asked) }),
      ...tripRoutes({ facts, paperwork, zone }),
      ...areaRoutes({
        facts,
        store: parts?.store ?? null,
        paperwork,
        rules: deps.rules,
        monoMs: deps.monoMs,
      }),
      inForceRoute(facts),
      ...shownRoutes(facts),
      ...webhookRoutes({ ...hooks, nowMs: deps.world.nowMs, monoMs: deps.monoMs }),
      ...driverRoutes({ facts, ledger: intake.drivers, paperwork, zone }),
    ],
    poke: hooks.courier.poke,
    webhooks: hooks.courier,
    close: () => {
      hooks.courier.stop()
      index.close()
    },
  }
}

/** Receivers are asked again on host time, whatever the world's clock does. */
function hooksOf({ journal, register, parts, hostMs, count }: WiringDeps) {
  const store = parts === undefined ? memoryHookStore() : openHookStore(parts.dataDir)
  const lastCursor = (): number => journal.lastAlertCursor()
  const courier = createCourier({
    store,
    alertsAfter: (cursor, limit, fleet) => journal.alertsAfter(cursor, limit, fleet),
    lastCursor,
    escalations: register === undefined ? undefined : escalationsOf(register),
    revision: (id, revision) => journal.revision(id, revision),
    // What leaves the house names no driver: it is read by whoever is in the chat.
    outward: (alert) => masked(alert) as Alert,
    post: postLetter,
    nowMs: hostMs,
    count: (outcome) => count('webhook_posts_total', { outcome }),
  })
  return { store, courier, lastCursor, lastLine: () => register?.lastLine() ?? 0 }
}

/** As the register has it: durable before anybody is told, so a call outlives the process that made it. */
function escalationsOf(register: Register): EscalationSource {
  const shown = ({ cursor, line: { atMs, by, words, fields, alert } }: Escalated): Escalation => ({
    ...{ line: cursor, at: isoUtc(atMs), by, to: fields?.to ?? '', words, alert },
  })
  return {
    after: (line, limit, fleet) => register.escalationsAfter(line, limit, fleet).map(shown),
    of: (line) => {
      const found = register.escalation(line)
      return found === null ? null : shown(found)
    },
    last: register.lastLine,
  }
}

function indexOf({ journal, register, parts }: WiringDeps): AlertIndex {
  const file = parts === undefined ? null : path.join(parts.dataDir, 'alert-index.db')
  const index = openAlertIndex(file, {
    alertsAfter: (cursor, limit, fleet) => journal.alertsAfter(cursor, limit, fleet),
    handledAfter: (cursor, limit) => register?.handledAfter(cursor, limit) ?? [],
    isSettled: (status) => isSettled(status as CaseStatus) || status === 'superseded',
  })
  // A long journal is read in slices from the start on: the first officer should not wait for it.
  index.follow().catch(() => {})
  return index
}

function factsOf(
  { journal, register, documents, world, parts, intake }: WiringDeps,
  index: AlertIndex,
): Facts {
  const { states, fleet, drivers, push } = intake
  return {
    ...{ journal, index, world },
    caseOf: (alert) => (register === undefined ? null : viewOfCase(alert, register.of(alert.id), null)),
    state: (fleetId, vehicle) => states.of(fleetId, vehicle),
    lastSample: (fleetId, vehicle) => fleet.lastSample(fleetId, vehicle),
    outlook: (fleetId, vehicle) => drivers.outlook(fleetId, vehicle),
    vehicles: () => parts?.store.all() ?? [],
    documents: (fleetId, vehicle) =>
      documents(fleetId, vehicle) === null ? null : push.books.documents(fleetId, vehicle),
    inForce: push.stateOf,
  }
}
