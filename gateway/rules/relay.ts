import type { LatLon } from '../../proto/geo/earth.ts'
import type { Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import type { Trip } from '../../proto/shapes/trip.ts'
import type { Relay } from '../../proto/shapes/vehicle.ts'
import { nextWindow, windowAt } from '../../proto/time.ts'
import { isMoving } from './moving-run.ts'
import {
  type DriversState,
  isFresh,
  logIn,
  noDrivers,
  shiftDrivers,
  since,
  takesOver,
} from './relay-drivers.ts'
import { accurate, type Silence } from './silence.ts'

/**
 * Relay (接驳), tracked along the trip: at a filed point, in the filed window, the vehicle standing, a fresh
 * driver takes over. It counts at the moment of that driver's first row there.
 */
export type RelayFault = 'relayOutsideWindow' | 'relayNotFiledPoint' | 'reliefNotFresh'

export type Swap = {
  /** Beginning of the curfew window that it is for. */
  readonly nightMs: number
  readonly atMs: number
  readonly driver: string
  /** Who drove before; null when the record does not say. */
  readonly relieved: string | null
  readonly areaId: string | null
  readonly nearestPoint: string | null
  readonly nearestM: number | null
  readonly standing: boolean
  /** Plate of the other coach of a segment relay (分段式接驳). */
  readonly plate: string | null
  readonly faults: readonly RelayFault[]
  /** Who had been on board before: should one of them come back, the relay is void. */
  readonly before: readonly string[]
  /** Void for the rest of the night, whatever rest follows. */
  readonly undone: boolean
}

export type RelayState = {
  readonly drivers: DriversState
  /** Where the vehicle stands or was last seen; kept while it stands without a position. */
  readonly place: LatLon | null
  /** The swap of the night that comes nearest to a relay. */
  readonly best: Swap | null
}

export const noRelay: RelayState = { drivers: noDrivers, place: null, best: null }

/** The certificate and points in force: the trip's, else the vehicle's. */
export function relayOf({ trip, vehicle }: Settings): Relay | null {
  return trip === null || trip.relay === undefined ? vehicle.relay : trip.relay
}

export function trackRelay(
  state: RelayState,
  sample: Sample,
  silence: Silence | null,
  settings: Settings,
): RelayState {
  const place = placeOf(state.place, sample, settings)
  const drivers = since(state.drivers, sample, silence, settings)
  const swap = takesOver(drivers, sample) ? swapAt(drivers, sample, place, settings) : null
  const after = logIn(drivers, sample, settings)
  const best = swap === null ? state.best : better(state.best, swap)
  return { drivers: after, place, best: best === null ? null : undone(best, after) }
}

/** A coach that stands under a roof is where it was last seen; one that moves unseen is nowhere. */
function placeOf(last: LatLon | null, sample: Sample, settings: Settings): LatLon | null {
  const { fix } = sample
  if (fix !== null && accurate(fix, settings)) return { lat: fix.lat, lon: fix.lon }
  return isMoving(sample, settings) === true ? null : last
}

function swapAt(
  drivers: DriversState,
  sample: Sample,
  place: LatLon | null,
  settings: Settings,
): Swap | null {
  const nightMs = nightOf(sample.atMs, settings)
  if (nightMs === null || sample.driver === null) return null
  const relay = relayOf(settings)
  const standing = isMoving(sample, settings) === false
  const at = pointOf(place, relay, settings)
  const faults: RelayFault[] = []
  if (!inWindow(sample.atMs, nightMs, relay, settings)) faults.push('relayOutsideWindow')
  if (at.areaId === null || !standing) faults.push('relayNotFiledPoint')
  if (settings.policy.curfew.requireFreshDriver && !isFresh(drivers, sample.driver))
    faults.push('reliefNotFresh')
  const { driver, atMs } = sample
  const relieved = drivers.lastDriver
  const before = comrades(drivers, driver, relieved, settings)
  return { nightMs, atMs, driver, relieved, ...at, standing, plate: null, faults, before, undone: false }
}

/** Everybody of before with `requireFreshDriver`; else the relieved driver alone. */
function comrades(
  drivers: DriversState,
  driver: string,
  relieved: string | null,
  { policy }: Settings,
): string[] {
  const all = policy.curfew.requireFreshDriver || relieved === null
  const ids = drivers.entries.map(({ id }) => id).filter((id) => all || id === relieved)
  const known = relieved === null || ids.includes(relieved) ? ids : [...ids, relieved]
  return known.filter((id) => id !== driver)
}

/** The curfew window that a swap belongs to: the one it is inside of, else the next. */
function nightOf(atMs: number, { policy }: Settings): number | null {
  const window = { from: policy.curfew.from, to: policy.curfew.to }
  return (windowAt(atMs, window, policy.zone) ?? nextWindow(atMs, window, policy.zone))?.fromMs ?? null
}

/** In the filed window and before that night's curfew: 22:00:00 is in, 02:00:00 is not. */
function inWindow(atMs: number, nightMs: number, relay: Relay | null, { policy }: Settings): boolean {
  if (relay === null || atMs >= nightMs) return false
  return windowAt(atMs, { from: relay.window[0], to: relay.window[1] }, policy.zone) !== null
}

type AtPoint = Pick<Swap, 'areaId' | 'nearestPoint' | 'nearestM'>

function pointOf(place: LatLon | null, relay: Relay | null, { areas }: Settings): AtPoint {
  const at: { areaId: string | null; nearestPoint: string | null; nearestM: number | null } = {
    areaId: null,
    nearestPoint: null,
    nearestM: null,
  }
  if (place === null || relay === null) return at
  for (const id of relay.points) {
    const area = areas.byId.get(id)
    if (area === undefined) continue
    if (at.areaId === null && area.contains(place)) at.areaId = id
    const metres = Math.max(0, area.signedDistanceM(place))
    if (at.nearestM === null || metres < at.nearestM) {
      at.nearestM = metres
      at.nearestPoint = id
    }
  }
  return at
}

/** The later night, else fewer faults, else the later swap. */
function better(best: Swap | null, swap: Swap): Swap {
  if (best === null || swap.nightMs !== best.nightMs) return swap
  return swap.faults.length <= best.faults.length ? swap : best
}

/**
 * The swap of a night that counts or comes nearest, records of the trip included, judged by what is known at the
 * moment. A relay is void once a driver of before is back at the wheel.
 */
export function relayOfNight(
  state: RelayState,
  nightMs: number,
  atMs: number,
  settings: Settings,
): Swap | null {
  let best = state.best?.nightMs === nightMs ? judged(state.best) : null
  for (const record of settings.trip?.relayRecords ?? []) {
    const swap = swapOf(record, nightMs, atMs, state.drivers, settings)
    if (swap !== null) best = better(best, judged(undone(swap, state.drivers)))
  }
  return best
}

type RelayRecord = NonNullable<Trip['relayRecords']>[number]

/** A relay that people recorded: the place is the area they name, the driver must not have ridden along before. */
function swapOf(
  record: RelayRecord,
  nightMs: number,
  nowMs: number,
  drivers: DriversState,
  settings: Settings,
): Swap | null {
  const atMs = Date.parse(record.at)
  if (atMs > nowMs || nightOf(atMs, settings) !== nightMs) return null
  const relay = relayOf(settings)
  const filed = relay?.points.includes(record.areaId) === true
  const rode = drivers.entries.some(
    ({ id, firstMovedMs }) => id === record.driver && firstMovedMs !== null && firstMovedMs < atMs,
  )
  const faults: RelayFault[] = []
  if (!inWindow(atMs, nightMs, relay, settings)) faults.push('relayOutsideWindow')
  if (!filed) faults.push('relayNotFiledPoint')
  if (settings.policy.curfew.requireFreshDriver && rode) faults.push('reliefNotFresh')
  return {
    nightMs,
    atMs,
    driver: record.driver,
    relieved: null,
    areaId: filed ? record.areaId : null,
    nearestPoint: null,
    nearestM: null,
    standing: true,
    plate: record.plate ?? null,
    faults,
    before: drivers.entries
      .filter(({ id, firstMs }) => id !== record.driver && firstMs < atMs)
      .map(({ id }) => id),
    undone: false,
  }
}

/** A driver of before who logs in again, or whose card is in while the vehicle moves on, undoes the relay. */
function undone(swap: Swap, { entries }: DriversState): Swap {
  if (swap.undone) return swap
  const since = (ms: number | null): boolean => ms !== null && ms > swap.atMs
  const back = entries.some(
    ({ id, loginMs, lastMovedMs }) => (since(loginMs) || since(lastMovedMs)) && swap.before.includes(id),
  )
  return back ? { ...swap, undone: true } : swap
}

function judged(swap: Swap): Swap {
  if (!swap.undone || swap.faults.includes('reliefNotFresh')) return swap
  return { ...swap, faults: [...swap.faults, 'reliefNotFresh'] }
}

/** The swap moves with the log-ins it is compared with, or a correction of the clock alone would undo it. */
export function shiftRelay(state: RelayState, byMs: number): RelayState {
  if (byMs === 0) return state
  const best = state.best === null ? null : { ...state.best, atMs: state.best.atMs + byMs }
  return { ...state, best, drivers: shiftDrivers(state.drivers, byMs) }
}
