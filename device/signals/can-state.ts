import type { SignalValue } from '../decoders/messages.ts'
import { conductSignalNames } from './conduct.ts'

/**
 * The latest of each signal the vehicle's bus says, with its age. A signal that is "not available" now is unknown
 * now; one whose sender says "error" is left as it was and ages.
 */

type Aged<T> = { readonly value: T; readonly arrivedMs: number } | null

export type CanState = {
  readonly wheelKmh: Aged<number>
  readonly tachographKmh: Aged<number>
  readonly odometerM: Aged<number>
  /** True once the 5 m odometer spoke: the 125 m one is then not asked any more. */
  readonly fineOdometer: boolean
  readonly engineRpm: Aged<number>
  readonly keySwitchV: Aged<number>
  readonly ignition: Aged<boolean>
  readonly brake: Aged<boolean>
  readonly doorOpen: Aged<boolean>
  /** False when the reader says that no card is in. */
  readonly card1: Aged<boolean>
  readonly card2: Aged<boolean>
  readonly driver1: Aged<string>
  readonly driver2: Aged<string>
}

export const silentCan: CanState = {
  wheelKmh: null,
  tachographKmh: null,
  odometerM: null,
  fineOdometer: false,
  engineRpm: null,
  keySwitchV: null,
  ignition: null,
  brake: null,
  doorOpen: null,
  card1: null,
  card2: null,
  driver1: null,
  driver2: null,
}

type Update = (state: CanState, value: SignalValue, arrivedMs: number) => Partial<CanState>

const number =
  (name: 'wheelKmh' | 'tachographKmh' | 'engineRpm' | 'keySwitchV'): Update =>
  (_state, value, arrivedMs) => ({ [name]: typeof value === 'number' ? { value, arrivedMs } : null })

/** A DBC file knows numbers only. */
const flag =
  (name: 'brake' | 'card1' | 'card2' | 'ignition' | 'doorOpen'): Update =>
  (_state, value, arrivedMs) => {
    const known = typeof value === 'number' ? value !== 0 : value
    return { [name]: typeof known === 'boolean' ? { value: known, arrivedMs } : null }
  }

const identity =
  (name: 'driver1' | 'driver2'): Update =>
  (_state, value, arrivedMs) => ({
    [name]: typeof value === 'string' && value !== '' ? { value, arrivedMs } : null,
  })

/** What each signal of the decoders' name table means to a Sample. */
const updates: { readonly [signal: string]: Update } = {
  wheelSpeedKmh: number('wheelKmh'),
  tachographSpeedKmh: number('tachographKmh'),
  engineSpeedRpm: number('engineRpm'),
  keySwitchVoltageV: number('keySwitchV'),
  brakeSwitch: flag('brake'),
  // Of buses that say it plainly; only a DBC file brings these two.
  ignitionOn: flag('ignition'),
  doorOpen: flag('doorOpen'),
  driver1CardPresent: flag('card1'),
  driver2CardPresent: flag('card2'),
  driver1Id: identity('driver1'),
  driver2Id: identity('driver2'),
  // SPN 1821: 0 at least one door open, 1 closing the last one, 2 all closed.
  doorsPosition: (_state, value, arrivedMs) => ({
    doorOpen: typeof value === 'number' && value <= 2 ? { value: value !== 2, arrivedMs } : null,
  }),
  highResDistanceKm: (_state, value, arrivedMs) =>
    typeof value === 'number' ? { odometerM: { value: value * 1000, arrivedMs }, fineOdometer: true } : {},
  totalDistanceKm: (state, value, arrivedMs) =>
    typeof value === 'number' && !state.fineOdometer ? { odometerM: { value: value * 1000, arrivedMs } } : {},
}

/** The names that mean something to a Sample: what a DBC file's signals can be mapped to. */
export const canSignalNames: readonly string[] = [
  ...new Set([...Object.keys(updates), ...conductSignalNames]),
]

type Signals = { readonly [name: string]: SignalValue }

export function stepCanState(state: CanState, signals: Signals, arrivedMs: number): CanState {
  let next: CanState | null = null
  for (const name in signals) {
    const update = updates[name]
    if (update === undefined) continue
    next = { ...(next ?? state), ...update(next ?? state, signals[name] ?? null, arrivedMs) }
  }
  return next ?? state
}

/** The value if it is no older than `ageMs`. */
export function fresh<T>(aged: Aged<T>, nowMs: number, ageMs: number): T | null {
  return aged !== null && nowMs - aged.arrivedMs <= ageMs ? aged.value : null
}

/** Odometers come once a second or once in ten; driver identities once in ten seconds or on request. */
const odometerAgeMs = 15_000
const identityAgeMs = 60_000

export type CanView = {
  readonly wheelKmh: number | null
  readonly tachographKmh: number | null
  readonly odometerM: number | null
  readonly ignition: boolean | null
  readonly doorOpen: boolean | null
  readonly brake: boolean | null
  readonly driver: string | null
  readonly coDriver: string | null
}

/** What the bus says at an arrival time. `speedAgeMs` includes what the host allows for late arrival. */
export function viewCan(state: CanState, nowMs: number, speedAgeMs: number, slackMs: number): CanView {
  return {
    wheelKmh: fresh(state.wheelKmh, nowMs, speedAgeMs),
    tachographKmh: fresh(state.tachographKmh, nowMs, speedAgeMs),
    odometerM: fresh(state.odometerM, nowMs, odometerAgeMs + slackMs),
    ignition: ignition(
      fresh(state.keySwitchV, nowMs, 5000 + slackMs),
      fresh(state.engineRpm, nowMs, speedAgeMs),
      fresh(state.ignition, nowMs, 5000 + slackMs),
    ),
    doorOpen: fresh(state.doorOpen, nowMs, 5000 + slackMs),
    brake: fresh(state.brake, nowMs, speedAgeMs),
    driver: driverOf(state.driver1, state.card1, nowMs, slackMs),
    coDriver: driverOf(state.driver2, state.card2, nowMs, slackMs),
  }
}

function ignition(
  keySwitchV: number | null,
  engineRpm: number | null,
  switchedOn: boolean | null,
): boolean | null {
  if (engineRpm !== null && engineRpm > 0) return true
  if (switchedOn !== null) return switchedOn
  return keySwitchV === null ? null : keySwitchV > 5
}

/** A pulled card ends an identity at once, whatever was last said of it. */
function driverOf(id: Aged<string>, card: Aged<boolean>, nowMs: number, slackMs: number): string | null {
  if (fresh(card, nowMs, identityAgeMs + slackMs) === false) return null
  return fresh(id, nowMs, identityAgeMs + slackMs)
}
