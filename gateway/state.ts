import type { Documents } from '../proto/in-force.ts'
import { settingsAt } from '../proto/in-force.ts'
import type { StreamName } from '../proto/model.ts'
import { isoUtc } from '../proto/time.ts'
import { stateTopic } from '../proto/topics.ts'
import type { AlertRegister } from './alerts/register.ts'
import type { DriverLedger } from './drivers/contract.ts'
import type { Fleet } from './fleet.ts'
import type { Journal } from './journal.ts'
import type { InForceState } from './push/office.ts'
import type { SpokenBoard } from './spoken.ts'

/** The last known state of each vehicle, retained for officers, at most once a second (host) per vehicle. */
export type StateBoard = {
  readonly touch: (fleet: string, vehicle: string) => void
  /** As it is at this moment. */
  readonly of: (fleet: string, vehicle: string) => ReturnType<typeof stateOf>
  readonly stop: () => void
}

export type StateDeps = {
  readonly fleet: Fleet
  readonly register: AlertRegister
  readonly journal: Journal
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  readonly nowMs: () => number
  /** Which documents are wanted and which are in force; null where nothing is pushed. */
  readonly inForce: (fleet: string, vehicle: string) => InForceState | null
  /** What terminals tell of hours and road, and hours over all vehicles. */
  readonly drivers: Pick<DriverLedger, 'outlook' | 'hours'>
  /** Words of officers that were said in the cab, oldest first. */
  readonly spoken: SpokenBoard['of']
  readonly publish: (topic: string, payload: Uint8Array, retain: boolean) => Promise<void>
}

const everyMs = 1000

export function createStateBoard(deps: StateDeps): StateBoard {
  const dirty = new Map<string, { fleet: string; vehicle: string }>()
  const timer = setInterval(() => {
    for (const { fleet, vehicle } of dirty.values()) {
      const state = stateOf(deps, fleet, vehicle)
      void deps.publish(stateTopic(fleet, vehicle), Buffer.from(JSON.stringify(state)), true)
    }
    dirty.clear()
  }, everyMs)
  timer.unref()
  return {
    touch: (fleet, vehicle) => {
      dirty.set(`${fleet}/${vehicle}`, { fleet, vehicle })
    },
    of: (fleet, vehicle) => stateOf(deps, fleet, vehicle),
    stop: () => clearInterval(timer),
  }
}

function stateOf(
  { fleet: folds, register, journal, documents, nowMs, inForce: documentsIn, spoken, drivers }: StateDeps,
  fleet: string,
  vehicle: string,
) {
  const sample = folds.lastSample(fleet, vehicle)
  const inForce = documents(fleet, vehicle)
  const settings = inForce === null ? null : settingsAt(inForce, sample?.atMs ?? nowMs())
  const epoch = folds.epochOf(fleet, vehicle)
  return {
    fleet,
    vehicle,
    plate: inForce?.vehicle.plate ?? null,
    at: sample === null ? null : isoUtc(sample.atMs),
    receivedAt: isoUtc(nowMs()),
    timeTrusted: sample?.trusted ?? null,
    place: sample?.fix ? { lat: sample.fix.lat, lon: sample.fix.lon } : null,
    speedKmh: sample?.speedKmh ?? null,
    courseDeg: sample?.courseDeg ?? null,
    odometerM: sample?.odometerM ?? null,
    driver: sample?.driver ?? null,
    sky: sample?.sky ?? null,
    trip: settings?.trip?.id ?? null,
    policyDigest: settings?.policyDigest ?? null,
    inForce: documentsIn(fleet, vehicle),
    epoch,
    received: epoch === null ? null : receivedOf(journal, { fleet, vehicle, epoch }),
    spoken: spoken(fleet, vehicle),
    ...standingOf(drivers, fleet, vehicle),
    openAlerts: register.openOf(fleet, vehicle),
  }
}

/** How things stand for the driver, as the terminal told it last; null where it never did. */
function standingOf(drivers: StateDeps['drivers'], fleet: string, vehicle: string) {
  const outlook = drivers.outlook(fleet, vehicle)
  if (outlook === null)
    return { remaining: null, driverHours: null, unknownLimitShare: null, routeProgress: null, safeStops: [] }
  const { atMs, driver, confirmed, left, unknownLimitShare, route, safeStops } = outlook
  return {
    remaining: { at: isoUtc(atMs), driver, confirmed, ...left },
    driverHours: driver === null ? null : drivers.hours(fleet, vehicle, driver, atMs),
    unknownLimitShare,
    routeProgress: route,
    safeStops: safeStops.map(({ etaMs, ...stop }) => ({
      ...stop,
      eta: etaMs === null ? null : isoUtc(etaMs),
    })),
  }
}

function receivedOf(journal: Journal, key: { fleet: string; vehicle: string; epoch: number }) {
  const of = (stream: StreamName) => {
    const { upto, ranges } = journal.state({ ...key, stream })
    return { upto, holes: ranges.length }
  }
  return { alarm: of('alarm'), telemetry: of('telemetry') }
}
