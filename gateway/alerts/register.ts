import type { Words } from '../../proto/catalog/entry.ts'
import { alertId } from '../../proto/ids.ts'
import type { Documents } from '../../proto/in-force.ts'
import type { Alert, Finding } from '../../proto/model.ts'
import type { Superseded } from '../fold/vehicle.ts'
import { type AlertDraft, becomesAlert, revise, withdraw } from './alert.ts'

/** Applies the alert machine to what the journal has, remembering the latest revisions. */
export type AlertRegister = {
  readonly find: (news: News) => AlertDraft | null
  readonly withdraw: (rule: Finding['rule'], findingId: string, receivedAtMs: number) => AlertDraft | null
  /** Ids and kinds of the alerts of a vehicle that have not ended. */
  readonly openOf: (fleet: string, vehicle: string) => readonly { id: string; kind: string; at: string }[]
  readonly openCount: () => number
}

export type News = {
  readonly documents: Documents
  readonly finding: Finding
  readonly findingId: string
  readonly policyDigest: string
  readonly receivedAtMs: number
  readonly late: boolean
  readonly supersedes: Superseded | null
}

export type AlertStore = {
  readonly alert: (id: string) => Alert | null
  readonly openAlerts: () => readonly Alert[]
}

/** Revisions in memory beyond this are looked up in the journal again. */
const latestMax = 5000

export function createAlertRegister(store: AlertStore): AlertRegister {
  const latest = new Map<string, AlertDraft>()
  const open = new Map<string, Map<string, AlertDraft>>()
  for (const alert of store.openAlerts()) remember(alert)

  function remember(alert: AlertDraft): AlertDraft {
    latest.delete(alert.id)
    latest.set(alert.id, alert)
    if (latest.size > latestMax) latest.delete(latest.keys().next().value!)
    const vehicle = `${alert.fleet}/${alert.vehicle}`
    const ofVehicle = open.get(vehicle) ?? new Map<string, AlertDraft>()
    if (alert.phase === 'ended' || alert.withdrawn === true) ofVehicle.delete(alert.id)
    else ofVehicle.set(alert.id, alert)
    if (ofVehicle.size === 0) open.delete(vehicle)
    else open.set(vehicle, ofVehicle)
    return alert
  }
  const lookUp = (id: string): AlertDraft | null => latest.get(id) ?? store.alert(id)

  return {
    find: ({ documents, finding, findingId, policyDigest, receivedAtMs, late, supersedes }) => {
      if (!becomesAlert(finding.kind)) return null
      const { vehicle } = documents
      const previous = lookUp(alertId(finding.rule, findingId))
      const revision = revise(previous, finding, findingId, {
        fleet: vehicle.fleet,
        vehicle: vehicle.id,
        plate: vehicle.plate ?? null,
        words: wordsOf(documents, finding),
        policyDigest,
        receivedAtMs,
        late,
        supersedes: supersedes === null ? null : alertId(supersedes.rule, supersedes.findingId),
      })
      return revision === null ? null : remember(revision)
    },
    withdraw: (rule, findingId, receivedAtMs) => {
      const previous = lookUp(alertId(rule, findingId))
      const revision = previous === null ? null : withdraw(previous, receivedAtMs)
      return revision === null ? null : remember(revision)
    },
    openOf: (fleet, vehicle) =>
      [...(open.get(`${fleet}/${vehicle}`)?.values() ?? [])].map(({ id, kind, at }) => ({ id, kind, at })),
    openCount: () => [...open.values()].reduce((sum, alerts) => sum + alerts.size, 0),
  }
}

function wordsOf({ vehicle, trips, policy }: Documents, finding: Finding): Words {
  const trip = trips.find(({ id }) => id === finding.trip)
  return {
    plate: vehicle.plate ?? vehicle.id,
    zone: policy.zone,
    vehicleClass: vehicle.class,
    serviceClass: trip === undefined ? vehicle.serviceClass : trip.serviceClass,
  }
}

/** Whether an officer reads this as history: it was decided longer ago than a sound link needs. */
export function isLate(decidedAtMs: number, receivedAtMs: number, slackMs: number): boolean {
  return receivedAtMs - decidedAtMs > lateAfterMs + slackMs
}
const lateAfterMs = 60_000
