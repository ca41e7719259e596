import { distanceM } from '../../proto/geo/earth.ts'
import type { LineHealth, Sample, Sky } from '../../proto/model.ts'
import type { Policy } from '../../proto/policy.ts'
import type { CanMessage, NmeaMessage, PeripheralMessage, Rmc } from '../decoders/messages.ts'
import { type CameraState, noCameras, restoreCameras, stepCameras, viewCameras } from './cameras.ts'
import { type CanState, silentCan, stepCanState, viewCan } from './can-state.ts'
import {
  type ConductState,
  conductLineDown,
  silentConduct,
  stepConduct,
  told,
  viewConduct,
} from './conduct.ts'
import {
  type Accuracy,
  aboutMs,
  accuracyAt,
  accuracyOf,
  type Dated,
  datedOf,
  type Motion,
  motionAt,
  motionOf,
  type Undated,
  undatedOf,
} from './epoch.ts'
import { type JumpState, noPosition, shiftJumpState, stepJumpFilter, type Verdict } from './jump-filter.ts'
import { emptySky, nextEpoch, type SkyState, skyOf, takeGsa, takeGsv } from './sky.ts'
import { chooseSpeed } from './speed.ts'
import { judgeEpoch, type TimeConfig, type TimeState, untrustedTime } from './time-quality.ts'

/**
 * Messages -> Samples. Pure: one Sample for each GNSS epoch (RMC, or GGA where there is no RMC), or one for each
 * second of arrival time when none came for 1.5 s. The same code runs on the vehicle and in replay.
 */

/** One accepted row of a recorded trip: what a file knows that no receiver sentence says. */
export type Row = {
  readonly atMs: number
  readonly lat: number | null
  readonly lon: number | null
  readonly speedKmh: number | null
  readonly courseDeg: number | null
  readonly odometerM: number | null
  readonly accuracyM: number | null
  readonly satellites: number | null
  readonly driver: string | null
  readonly ignition: boolean | null
  readonly doorOpen: boolean | null
}

export type SignalInput =
  | { readonly is: 'gnss'; readonly message: NmeaMessage; readonly arrivedMs: number }
  | { readonly is: 'can'; readonly message: CanMessage; readonly arrivedMs: number }
  | { readonly is: 'peripheral'; readonly message: PeripheralMessage; readonly arrivedMs: number }
  | { readonly is: 'row'; readonly row: Row; readonly arrivedMs: number }
  | { readonly is: 'line'; readonly line: LineName; readonly up: boolean; readonly arrivedMs: number }
  /** One of the terminal's own inputs (`conduct.ts`), told at each change and at least every second. */
  | { readonly is: 'input'; readonly name: string; readonly on: boolean; readonly arrivedMs: number }
  /** The machine had lost its power before this boot. */
  | { readonly is: 'powerLoss'; readonly arrivedMs: number }
  | { readonly is: 'tick'; readonly arrivedMs: number }

export type LineName = 'gnss' | 'can' | 'peripheral'

export type SignalConfig = TimeConfig & {
  /** Peripherals that must speak, by name; those that spoke once are expected without being named. */
  readonly peripherals?: readonly string[]
  readonly policy: Policy['signals']
  readonly expects: { readonly gnss: boolean; readonly can: boolean }
}

/** Plain JSON. Everything that is an arrival time dies with the boot; see `restoreSignals`. */
export type SignalState = {
  readonly time: TimeState
  readonly jump: JumpState
  readonly can: CanState
  readonly conduct: ConductState
  /** Of GGA or GNS. */
  readonly gga: Undated | null
  readonly ggaArrivedMs: number | null
  readonly rmcArrivedMs: number | null
  /** Of ZDA. */
  readonly date: Dated
  readonly accuracy: Accuracy
  /** Of VTG. */
  readonly motion: Motion
  readonly sky: SkyState
  /** The sky as Samples tell it, and in which ten seconds it was looked at. */
  readonly skyTold: { readonly slot: number; readonly sky: Sky | null } | null
  readonly cameras: CameraState
  readonly antenna: 'ok' | 'open' | 'short' | null
  readonly startedMs: number | null
  readonly gnssLineMs: number | null
  readonly gnssFixMs: number | null
  readonly canMs: number | null
  readonly lastArrivedMs: number | null
  /** Event time of the last Sample whose time was trusted. */
  readonly lastAtMs: number | null
  /** Whether the jump filter refused the position of the last Sample. */
  readonly lastRefused: boolean
  /** When the receiver or the file last told a speed of its own. */
  readonly speedToldMs: number | null
  /** Time as a correction that no Sample has carried yet. */
  readonly stepMs: number
}

export const initialSignals: SignalState = {
  time: untrustedTime,
  jump: noPosition,
  can: silentCan,
  conduct: silentConduct,
  gga: null,
  ggaArrivedMs: null,
  rmcArrivedMs: null,
  date: null,
  accuracy: null,
  motion: null,
  sky: emptySky,
  skyTold: null,
  cameras: noCameras,
  antenna: null,
  startedMs: null,
  gnssLineMs: null,
  gnssFixMs: null,
  canMs: null,
  lastArrivedMs: null,
  lastAtMs: null,
  lastRefused: false,
  speedToldMs: null,
  stepMs: 0,
}

/** What survives a power cut: where the vehicle last was, when, the state of its antenna, and which cameras it has. */
export function restoreSignals(saved: SignalState): SignalState {
  return {
    ...initialSignals,
    jump: saved.jump,
    lastAtMs: saved.lastAtMs,
    antenna: saved.antenna,
    cameras: restoreCameras(saved.cameras),
  }
}

type Result = { readonly state: SignalState; readonly samples: readonly Sample[] }
const none: readonly Sample[] = []

/** No epoch for this long, and the seconds are counted by arrival time. */
const epochTimeoutMs = 1500
const tickMs = 1000

export function stepSignals(before: SignalState, input: SignalInput, config: SignalConfig): Result {
  const state = before.startedMs === null ? { ...before, startedMs: input.arrivedMs } : before
  switch (input.is) {
    case 'gnss':
      return stepGnss(state, input.message, input.arrivedMs, config)
    case 'can':
      return { state: stepCan(state, input.message, input.arrivedMs), samples: none }
    case 'peripheral':
      return { state: stepPeripheral(state, input.message, input.arrivedMs), samples: none }
    case 'row':
      return stepRow(state, input.row, input.arrivedMs, config)
    case 'line':
      return { state: input.up ? state : lineDown(state, input.line), samples: none }
    case 'input':
      return {
        state: { ...state, conduct: stepConduct(state.conduct, { [input.name]: input.on }, input.arrivedMs) },
        samples: none,
      }
    case 'powerLoss':
      return { state: { ...state, conduct: { ...state.conduct, afterPowerLoss: true } }, samples: none }
    case 'tick':
      return stepTick(state, input.arrivedMs, config)
  }
}

/** An unplugged line knows nothing any more, however fresh its last word. */
function lineDown(state: SignalState, line: LineName): SignalState {
  if (line === 'gnss') return { ...state, gga: null, accuracy: null, motion: null, sky: emptySky }
  if (line === 'peripheral') return state
  const can = { ...silentCan, driver1: state.can.driver1, driver2: state.can.driver2 }
  return { ...state, can, conduct: conductLineDown(state.conduct) }
}

function stepPeripheral(state: SignalState, message: PeripheralMessage, arrivedMs: number): SignalState {
  const cameras = stepCameras(state.cameras, message, arrivedMs)
  return cameras === state.cameras ? state : { ...state, cameras }
}

function stepCan(state: SignalState, message: CanMessage, arrivedMs: number): SignalState {
  if (message.kind === 'discarded') return state
  if (message.kind === 'transport') return { ...state, canMs: arrivedMs }
  const { signals } = message
  return {
    ...state,
    canMs: arrivedMs,
    can: stepCanState(state.can, signals, arrivedMs),
    conduct: stepConduct(state.conduct, signals, arrivedMs),
  }
}

function stepGnss(state: SignalState, message: NmeaMessage, arrivedMs: number, config: SignalConfig): Result {
  if (message.kind === 'discarded') return { state, samples: none }
  const heard: SignalState = { ...state, gnssLineMs: arrivedMs }
  switch (message.kind) {
    case 'antenna':
      return { state: { ...heard, antenna: message.state }, samples: none }
    case 'rmc':
      return stepRmc({ ...newEpoch(heard), rmcArrivedMs: arrivedMs }, message, arrivedMs, config)
    case 'gga':
    case 'gns': {
      const gga = undatedOf(message)
      return stepGga({ ...newEpoch(heard), gga, ggaArrivedMs: arrivedMs }, gga, arrivedMs, config)
    }
    default:
      return { state: besides(heard, message, arrivedMs), samples: none }
  }
}

function newEpoch(state: SignalState): SignalState {
  const sky = nextEpoch(state.sky)
  return sky === state.sky ? state : { ...state, sky }
}

/** Sentences that make no Sample of their own. */
function besides(state: SignalState, message: NmeaMessage, arrivedMs: number): SignalState {
  switch (message.kind) {
    case 'zda':
      return { ...state, date: datedOf(message, arrivedMs, state.date) }
    case 'vtg':
      return { ...state, motion: motionOf(message, arrivedMs) }
    case 'gst':
      return { ...state, accuracy: accuracyOf(message, arrivedMs) }
    case 'gsa':
      return { ...state, sky: takeGsa(state.sky, message, arrivedMs) }
    case 'gsv':
      return { ...state, sky: takeGsv(state.sky, message, arrivedMs) }
    default:
      return state
  }
}

function stepRmc(state: SignalState, rmc: Rmc, arrivedMs: number, config: SignalConfig): Result {
  if (!rmc.valid || rmc.utcMs === null || rmc.lat === null || rmc.lon === null)
    return { state, samples: none }
  const gga = recentGga(state, arrivedMs, config)
  return observe(
    state,
    {
      utcMs: rmc.utcMs,
      lat: rmc.lat,
      lon: rmc.lon,
      speedKmh: rmc.speedKmh,
      courseDeg: rmc.courseDeg,
      satellites: gga?.satellites ?? null,
    },
    arrivedMs,
    config,
  )
}

const recentGga = (state: SignalState, nowMs: number, config: SignalConfig): Undated | null =>
  state.ggaArrivedMs !== null && nowMs - state.ggaArrivedMs <= 2000 + config.slackMs ? state.gga : null

/** GGA and GNS have no date. Where no RMC speaks they are an epoch of the day that ZDA names, else arrival time. */
function stepGga(state: SignalState, gga: Undated, arrivedMs: number, config: SignalConfig): Result {
  const rmcSilent = state.rmcArrivedMs === null || arrivedMs - state.rmcArrivedMs > 3000 + config.slackMs
  if (!rmcSilent || gga.timeOfDayMs === null || gga.lat === null || gga.lon === null)
    return { state, samples: none }
  const motion = motionAt(state.motion, arrivedMs, config.slackMs)
  const heldMs = arrivedMs + (state.time.offsetMs ?? 0)
  const utcMs = nearestDay(gga.timeOfDayMs, aboutMs(state.date, arrivedMs, heldMs))
  return observe(
    state,
    { utcMs, lat: gga.lat, lon: gga.lon, ...motion, satellites: gga.satellites },
    arrivedMs,
    config,
  )
}

const dayMs = 86_400_000

function nearestDay(timeOfDayMs: number, nearMs: number): number {
  return Math.round((nearMs - timeOfDayMs) / dayMs) * dayMs + timeOfDayMs
}

type Epoch = {
  readonly utcMs: number
  readonly lat: number
  readonly lon: number
  readonly speedKmh: number | null
  readonly courseDeg: number | null
  readonly satellites: number | null
}

/** One epoch with a position. A second sentence of the same epoch, or an older one, makes no second Sample. */
function observe(before: SignalState, epoch: Epoch, arrivedMs: number, config: SignalConfig): Result {
  const judged = judgeEpoch(before.time, epoch.utcMs, arrivedMs, config)
  const state: SignalState = { ...before, time: judged.state, gnssFixMs: arrivedMs }
  const held = arrivedMs + (state.time.offsetMs ?? 0)
  const row: Row = {
    ...epoch,
    atMs: judged.atMs ?? Math.max(held, (state.lastAtMs ?? held - 1) + 1),
    odometerM: null,
    accuracyM: accuracyAt(before.accuracy, arrivedMs, config.slackMs),
    driver: null,
    ignition: null,
    doorOpen: null,
  }
  return emit({ ...state, stepMs: state.stepMs + judged.stepMs }, row, 'gnss', arrivedMs, config)
}

function stepRow(before: SignalState, row: Row, arrivedMs: number, config: SignalConfig): Result {
  const time = before.time.offsetMs === null ? { ...before.time, offsetMs: 0 } : before.time
  return emit({ ...before, time }, row, 'file', arrivedMs, config)
}

function stepTick(state: SignalState, arrivedMs: number, config: SignalConfig): Result {
  const lastMs = state.lastArrivedMs ?? state.startedMs ?? arrivedMs
  const silent = state.gnssFixMs === null || arrivedMs - state.gnssFixMs >= epochTimeoutMs + config.slackMs
  if (!silent || arrivedMs - lastMs < tickMs) return { state, samples: none }
  const atMs = arrivedMs + (state.time.offsetMs ?? 0)
  return emit(state, { ...emptyRow, atMs }, 'gnss', arrivedMs, config)
}

const emptyRow: Omit<Row, 'atMs'> = {
  lat: null,
  lon: null,
  speedKmh: null,
  courseDeg: null,
  odometerM: null,
  accuracyM: null,
  satellites: null,
  driver: null,
  ignition: null,
  doorOpen: null,
}

/** Makes the Sample of a moment: position through the jump filter, speed by choice, the rest as the bus says. */
function emit(
  state: SignalState,
  row: Row,
  gnssName: 'gnss' | 'file',
  arrivedMs: number,
  config: SignalConfig,
): Result {
  const trusted = state.time.offsetMs !== null
  if (trusted && state.lastAtMs !== null && row.atMs <= state.lastAtMs + state.stepMs)
    return { state, samples: none }
  const jump = shiftJumpState(state.jump, state.stepMs)
  const position = judgePosition(jump, row, config)
  const can = viewCan(state.can, arrivedMs, config.policy.speedAgeS * 1000 + config.slackMs, config.slackMs)
  const speed = chooseSpeed(
    {
      wheelKmh: can.wheelKmh,
      tachographKmh: can.tachographKmh,
      gnssKmh: row.speedKmh,
      positionKmh: leftOut(state, row, arrivedMs) ? null : position.impliedKmh,
    },
    gnssName,
    config.policy.disagreeKmh,
  )
  const skyTold = lookUp(state, row.atMs, arrivedMs, config)
  const camera = viewCameras(
    state.cameras,
    config.peripherals ?? noPeripherals,
    arrivedMs,
    row.atMs,
    config.slackMs,
  )
  const sample: Sample = {
    atMs: row.atMs,
    trusted,
    clockStepMs: state.stepMs,
    fix: position.verdict === 'accepted' || position.verdict === 'reseeded' ? fixOf(row) : null,
    positionRefused: position.verdict === 'refused',
    reseeded: position.verdict === 'reseeded',
    ...speed,
    courseDeg: row.courseDeg,
    odometerM: row.odometerM ?? can.odometerM,
    driver: row.driver ?? can.driver,
    coDriver: can.coDriver,
    ignition: row.ignition ?? can.ignition,
    doorOpen: row.doorOpen ?? can.doorOpen,
    brake: can.brake,
    conduct: viewConduct(state.conduct, arrivedMs, config.slackMs),
    ...(skyTold.sky === null ? {} : { sky: skyTold.sky }),
    ...(camera === null ? {} : { camera }),
    lines: gnssName === 'file' ? null : lineHealth(state, arrivedMs, config),
  }
  return {
    state: {
      ...state,
      jump: position.state,
      conduct: told(state.conduct),
      lastArrivedMs: arrivedMs,
      lastAtMs: trusted ? row.atMs : state.lastAtMs,
      lastRefused: sample.positionRefused,
      speedToldMs: row.speedKmh === null ? state.speedToldMs : arrivedMs,
      stepMs: 0,
      skyTold,
      cameras: state.cameras.waiting.length === 0 ? state.cameras : { ...state.cameras, waiting: [] },
    },
    samples: [sample],
  }
}

const noPeripherals: readonly string[] = []

/** The sky is looked at once in ten seconds: it hardly changes, and telemetry need not carry each flicker. */
const skyEveryMs = 10_000

function lookUp(
  state: SignalState,
  atMs: number,
  arrivedMs: number,
  config: SignalConfig,
): NonNullable<SignalState['skyTold']> {
  const slot = Math.floor(atMs / skyEveryMs)
  if (state.skyTold?.slot === slot) return state.skyTold
  return { slot, sky: skyOf(state.sky, arrivedMs, config.slackMs) }
}

function fixOf(row: Row): Sample['fix'] {
  if (row.lat === null || row.lon === null) return null
  return { lat: row.lat, lon: row.lon, accuracyM: row.accuracyM, satellites: row.satellites }
}

type Position = {
  readonly state: JumpState
  readonly verdict: Verdict | 'none'
  readonly impliedKmh: number | null
}

function judgePosition(jump: JumpState, row: Row, config: SignalConfig): Position {
  if (row.lat === null || row.lon === null) return { state: jump, verdict: 'none', impliedKmh: null }
  const fix = { atMs: row.atMs, lat: row.lat, lon: row.lon }
  const { state, verdict } = stepJumpFilter(jump, fix, config.policy)
  const from = jump.accepted
  const seconds = from === null ? 0 : (fix.atMs - from.atMs) / 1000
  const implied = verdict === 'accepted' && from !== null && seconds > 0 && seconds <= impliedOverMaxS
  return { state, verdict, impliedKmh: implied ? (distanceM(from, fix) / seconds) * 3.6 : null }
}

/**
 * Who tells speeds and leaves one out does not know it: such a Sample is one without speed, which neither counts nor
 * restarts a hold. Positions speak for who never tells a speed, or has stopped telling them.
 */
function leftOut({ speedToldMs }: SignalState, row: Row, arrivedMs: number): boolean {
  return row.speedKmh === null && speedToldMs !== null && arrivedMs - speedToldMs <= impliedOverMaxS * 1000
}

/** Over a longer pause two positions say where the vehicle went, not how fast it is now. */
const impliedOverMaxS = 60

function lineHealth(state: SignalState, nowMs: number, config: SignalConfig): LineHealth {
  // Ages are differences of arrival times: in fast motion what the machine's scheduling alone explains is no age.
  // A line that has not spoken yet in this boot is as old as the boot: what it said before a power cut is no silence.
  const age = (sinceMs: number | null): number => {
    const ageMs = Math.max(0, nowMs - (sinceMs ?? state.startedMs ?? nowMs))
    return ageMs <= config.slackMs ? 0 : ageMs
  }
  return {
    gnssLineAgeMs: age(state.gnssLineMs),
    gnssFixAgeMs: age(state.gnssFixMs),
    canAgeMs: age(state.canMs),
    antenna: state.antenna,
    expects: config.expects,
  }
}
