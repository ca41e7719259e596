import type { NmeaMessage, Rmc } from '../decoders/messages.ts'
import {
  aboutMs,
  accuracyAt,
  accuracyOf,
  datedOf,
  motionAt,
  motionOf,
  type Undated,
  undatedOf,
} from './epoch.ts'
import { emit } from './sample.ts'
import { nextEpoch, takeGsa, takeGsv } from './sky.ts'
import { none, type Result, type Row, type SignalConfig, type SignalState } from './state.ts'
import { judgeEpoch } from './time-quality.ts'

/** The sentences of a receiver: epochs with a position become Samples, everything else is kept beside them. */

export function stepGnss(
  state: SignalState,
  message: NmeaMessage,
  arrivedMs: number,
  config: SignalConfig,
): Result {
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
