import type { CanMessage, PeripheralMessage } from '../decoders/messages.ts'
import { stepCameras } from './cameras.ts'
import { silentCan, stepCanState } from './can-state.ts'
import { conductLineDown, stepConduct } from './conduct.ts'
import { stepGnss } from './receiver.ts'
import { emit } from './sample.ts'
import { emptySky } from './sky.ts'
import {
  type LineName,
  none,
  type Result,
  type Row,
  type SignalConfig,
  type SignalInput,
  type SignalState,
} from './state.ts'

export {
  initialSignals,
  type LineName,
  type Row,
  restoreSignals,
  type SignalConfig,
  type SignalInput,
  type SignalState,
} from './state.ts'

/**
 * Messages -> Samples. Pure: one Sample for each GNSS epoch (RMC, or GGA where there is no RMC), or one for each
 * second of arrival time when none came for 1.5 s. The same code runs on the vehicle and in replay.
 */

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
