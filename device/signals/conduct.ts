import type { Conduct, EmergencyReason } from '../../proto/model.ts'
import type { SignalValue } from '../decoders/messages.ts'

/** Drive line, load, supply and buttons, as the bus and the terminal's own inputs say them, with their age. */

type Aged<T> = { readonly value: T; readonly arrivedMs: number } | null

export type ConductState = {
  readonly gear: Aged<number>
  readonly clutch: Aged<boolean>
  readonly massKg: Aged<number>
  /** Weight by axle: each is told in a frame of its own. */
  readonly axles: { readonly [axle: string]: NonNullable<Aged<number>> }
  readonly batteryV: Aged<number>
  readonly keySwitchV: Aged<number>
  readonly mainPower: Aged<boolean>
  readonly held: Aged<EmergencyReason>
  /** Pressed since the last Sample: a short press between two of them must not be missed. */
  readonly pressed: EmergencyReason | null
  /** The machine had lost its power before this boot, and no Sample has said so yet. */
  readonly afterPowerLoss: boolean
}

export const silentConduct: ConductState = {
  gear: null,
  clutch: null,
  massKg: null,
  axles: {},
  batteryV: null,
  keySwitchV: null,
  mainPower: null,
  held: null,
  pressed: null,
  afterPowerLoss: false,
}

type Update = (state: ConductState, value: SignalValue, arrivedMs: number) => Partial<ConductState>

const number =
  (name: 'gear' | 'massKg' | 'batteryV' | 'keySwitchV'): Update =>
  (_state, value, arrivedMs) => ({ [name]: typeof value === 'number' ? { value, arrivedMs } : null })

/** A DBC file knows numbers only. */
const asFlag = (value: SignalValue): boolean | null =>
  typeof value === 'number' ? value !== 0 : typeof value === 'boolean' ? value : null

const flag =
  (name: 'clutch' | 'mainPower'): Update =>
  (_state, value, arrivedMs) => {
    const known = asFlag(value)
    return { [name]: known === null ? null : { value: known, arrivedMs } }
  }

const button =
  (reason: EmergencyReason): Update =>
  (state, value, arrivedMs) => {
    if (asFlag(value) === true) return { held: { value: reason, arrivedMs }, pressed: reason }
    return state.held?.value === reason ? { held: null } : {}
  }

/** Names of the terminal's own inputs and of the buttons a DBC file can be mapped to. */
const inputs: { readonly [name: string]: Update } = {
  mainPower: flag('mainPower'),
  emergencyAccident: button('accident'),
  emergencyAttack: button('attack'),
  emergencyIllness: button('illness'),
  emergencyButton: button('button'),
}

const updates: { readonly [signal: string]: Update } = {
  ...inputs,
  currentGear: number('gear'),
  clutchSwitch: flag('clutch'),
  poweredVehicleWeightKg: number('massKg'),
  batteryVoltageV: number('batteryV'),
  keySwitchVoltageV: number('keySwitchV'),
}

/** What a DBC file's signals and the configured inputs can be called, besides what the bus of a coach says itself. */
export const conductSignalNames: readonly string[] = Object.keys(updates)
export const inputNames: readonly string[] = Object.keys(inputs)

type Signals = { readonly [name: string]: SignalValue }

export function stepConduct(state: ConductState, signals: Signals, arrivedMs: number): ConductState {
  let next = withAxle(state, signals, arrivedMs)
  for (const name in signals) {
    const update = updates[name]
    if (update !== undefined) next = { ...next, ...update(next, signals[name] ?? null, arrivedMs) }
  }
  return next
}

/** SPN 582 with SPN 928: the axle is in the high four bits of the location. */
function withAxle(state: ConductState, signals: Signals, arrivedMs: number): ConductState {
  const { axleLocation, axleWeightKg } = signals
  if (typeof axleLocation !== 'number' || typeof axleWeightKg !== 'number') return state
  return { ...state, axles: { ...state.axles, [axleLocation >> 4]: { value: axleWeightKg, arrivedMs } } }
}

/** What a Sample took away: a press and a boot are told once. */
export function told(state: ConductState): ConductState {
  return state.pressed === null && !state.afterPowerLoss
    ? state
    : { ...state, pressed: null, afterPowerLoss: false }
}

/** An unplugged bus knows nothing any more; what was pressed was pressed. */
export function conductLineDown({ pressed, afterPowerLoss }: ConductState): ConductState {
  return { ...silentConduct, pressed, afterPowerLoss }
}

/** Switches repeat several times a second, voltages once, weights every ten seconds. */
const switchAgeMs = 5000
const weightAgeMs = 60_000

export function viewConduct(state: ConductState, nowMs: number, slackMs: number): Conduct | null {
  const fresh = <T>(aged: Aged<T>, ageMs: number): T | null =>
    aged !== null && nowMs - aged.arrivedMs <= ageMs + slackMs ? aged.value : null
  const axles = Object.values(state.axles).map((axle) => fresh(axle, weightAgeMs))
  const known = axles.filter((kg) => kg !== null)
  const sumKg = known.length === 0 ? null : known.reduce((sum, kg) => sum + kg, 0)
  const wholeKg = fresh(state.massKg, weightAgeMs)
  const view: Conduct = {
    gear: fresh(state.gear, switchAgeMs),
    clutch: fresh(state.clutch, switchAgeMs),
    massKg: sumKg === null || wholeKg === null ? (sumKg ?? wholeKg) : Math.max(sumKg, wholeKg),
    batteryV: fresh(state.batteryV, switchAgeMs),
    keySwitchV: fresh(state.keySwitchV, switchAgeMs),
    mainPower: fresh(state.mainPower, switchAgeMs),
    afterPowerLoss: state.afterPowerLoss,
    emergency: state.pressed ?? fresh(state.held, switchAgeMs),
  }
  const { afterPowerLoss, ...said } = view
  return afterPowerLoss || Object.values(said).some((value) => value !== null) ? view : null
}
