import type { Sample, Sky } from '../../proto/model.ts'
import type { Policy } from '../../proto/policy.ts'
import type { CanMessage, NmeaMessage, PeripheralMessage } from '../decoders/messages.ts'
import { type CameraState, noCameras, restoreCameras } from './cameras.ts'
import { type CanState, silentCan } from './can-state.ts'
import { type ConductState, silentConduct } from './conduct.ts'
import type { Accuracy, Dated, Motion, Undated } from './epoch.ts'
import { type JumpState, noPosition } from './jump-filter.ts'
import { emptySky, type SkyState } from './sky.ts'
import { type TimeConfig, type TimeState, untrustedTime } from './time-quality.ts'

/** What goes into the signals, and what they keep between two inputs. */

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

export type Result = { readonly state: SignalState; readonly samples: readonly Sample[] }
export const none: readonly Sample[] = []
