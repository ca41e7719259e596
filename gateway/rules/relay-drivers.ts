import type { Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import { isMoving } from './moving-run.ts'
import type { Silence } from './silence.ts'

/**
 * Who was logged in on this vehicle since the trip began, or since the last long rest when there is no trip.
 * A relief driver is fresh only when not in this list (2023 Measures art. 31(1): 落地休息 is off the vehicle).
 */
export type DriverEntry = {
  readonly id: string
  readonly firstMs: number
  readonly lastMs: number
  /** The last time this driver took over. */
  readonly loginMs: number | null
  readonly firstMovedMs: number | null
  readonly lastMovedMs: number | null
}

export type DriversState = {
  /** Since when the list is kept; null: from the beginning of the data. */
  readonly sinceMs: number | null
  readonly entries: readonly DriverEntry[]
  /** The last driver identified. */
  readonly lastDriver: string | null
  /** Moved with nobody identified before anybody was. */
  readonly anonymous: boolean
  readonly standingSinceMs: number | null
}

export const noDrivers: DriversState = {
  sinceMs: null,
  entries: [],
  lastDriver: null,
  anonymous: false,
  standingSinceMs: null,
}

/** More drivers than this on one vehicle between two long rests are not worth remembering. */
const entriesMax = 64

/** True when this Sample is the first row of another driver than the one before: card out and another in. */
export function takesOver(state: DriversState, sample: Sample): boolean {
  if (sample.driver === null || sample.driver === state.lastDriver) return false
  return state.lastDriver !== null || state.anonymous
}

export function isFresh(state: DriversState, driver: string): boolean {
  return !state.entries.some(({ id }) => id === driver)
}

/** Begins the list anew when the trip changed or a long rest was had. Before the Sample's driver is looked at. */
export function since(
  state: DriversState,
  sample: Sample,
  silence: Silence | null,
  settings: Settings,
): DriversState {
  const carried = silence !== null && silence.distanceM > settings.policy.fatigue.gapMovedM
  const stoodSinceMs = carried ? null : state.standingSinceMs
  const standingSinceMs = standing(stoodSinceMs, sample, settings)
  const rested = restedMs(standingSinceMs ?? stoodSinceMs, state.sinceMs, sample, settings)
  const tripMs = settings.trip === null ? null : Date.parse(settings.trip.from)
  const sinceMs = tripMs ?? rested
  if (sinceMs === null || sinceMs === state.sinceMs) return { ...state, standingSinceMs }
  const entries = state.entries.filter(({ lastMs }) => lastMs >= sinceMs).map((entry) => cut(entry, sinceMs))
  return { ...state, sinceMs, entries, standingSinceMs }
}

function standing(sinceMs: number | null, sample: Sample, settings: Settings): number | null {
  const moving = isMoving(sample, settings)
  if (moving === true) return null
  return moving === false ? (sinceMs ?? sample.atMs) : sinceMs
}

/** The instant at which a standstill became a long rest; the first moving Sample after it tells at the latest. */
function restedMs(
  standingSinceMs: number | null,
  knownMs: number | null,
  sample: Sample,
  settings: Settings,
): number | null {
  if (standingSinceMs === null) return null
  const restMs = standingSinceMs + settings.policy.curfew.longRestS * 1000
  return sample.atMs >= restMs && (knownMs === null || restMs > knownMs) ? restMs : null
}

function cut(entry: DriverEntry, from: number): DriverEntry {
  const at = (ms: number | null): number | null => (ms === null ? null : Math.max(ms, from))
  return {
    ...entry,
    firstMs: Math.max(entry.firstMs, from),
    loginMs: at(entry.loginMs),
    firstMovedMs: at(entry.firstMovedMs),
    lastMovedMs: at(entry.lastMovedMs),
  }
}

/** Writes the Sample's driver and co-driver into the list. */
export function logIn(state: DriversState, sample: Sample, settings: Settings): DriversState {
  const { driver, coDriver } = sample
  const moving = isMoving(sample, settings) === true
  if (driver === null && coDriver === null)
    return moving && state.lastDriver === null ? { ...state, anonymous: true } : state
  let entries = state.entries
  if (driver !== null) entries = seen(entries, driver, sample.atMs, driver !== state.lastDriver, moving)
  if (coDriver !== null && coDriver !== driver) entries = seen(entries, coDriver, sample.atMs, false, moving)
  return { ...state, entries, lastDriver: driver ?? state.lastDriver }
}

function seen(
  entries: readonly DriverEntry[],
  id: string,
  atMs: number,
  login: boolean,
  moving: boolean,
): readonly DriverEntry[] {
  const known = entries.find((entry) => entry.id === id)
  const entry: DriverEntry = {
    id,
    firstMs: known?.firstMs ?? atMs,
    lastMs: atMs,
    loginMs: login ? atMs : (known?.loginMs ?? null),
    firstMovedMs: known?.firstMovedMs ?? (moving ? atMs : null),
    lastMovedMs: moving ? atMs : (known?.lastMovedMs ?? null),
  }
  if (known !== undefined) return entries.map((other) => (other.id === id ? entry : other))
  return [...entries.slice(entries.length >= entriesMax ? 1 : 0), entry]
}

export function shiftDrivers(state: DriversState, byMs: number): DriversState {
  if (byMs === 0) return state
  const at = (ms: number | null): number | null => (ms === null ? null : ms + byMs)
  return {
    ...state,
    standingSinceMs: at(state.standingSinceMs),
    entries: state.entries.map((entry) => ({
      ...entry,
      firstMs: entry.firstMs + byMs,
      lastMs: entry.lastMs + byMs,
      loginMs: at(entry.loginMs),
      firstMovedMs: at(entry.firstMovedMs),
      lastMovedMs: at(entry.lastMovedMs),
    })),
  }
}
