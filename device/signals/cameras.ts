import type { CameraEvent, CameraView, TyreEvent } from '../../proto/model.ts'
import type { PeripheralAlarm, PeripheralMessage, PeripheralTyres } from '../decoders/messages.ts'

/** What the peripheral line said since the last Sample, and who speaks on it. Plain JSON, bounded. */
export type CameraState = {
  readonly waiting: readonly Waiting[]
  readonly devices: readonly Device[]
  /** Of tyre pressure monitors; absent where there is none. */
  readonly tyres?: readonly WaitingTyre[]
}

type WaitingTyre = Omit<TyreEvent, 'atMs'> & { readonly arrivedMs: number }
type Waiting = Omit<CameraEvent, 'atMs'> & { readonly arrivedMs: number }
type Device = { readonly name: string; readonly heardMs: number | null; readonly faults: readonly string[] }

export const noCameras: CameraState = { waiting: [], devices: [] }

/** A camera that shouts more often than this between two Samples is not heard louder. */
const waitingMax = 64

export function stepCameras(state: CameraState, message: PeripheralMessage, arrivedMs: number): CameraState {
  if (message.kind === 'discarded' || message.peripheral === null) return state
  const name = message.peripheral
  const known = state.devices.find((device) => device.name === name)
  const faults = message.kind === 'status' ? faultsOf(message) : (known?.faults ?? [])
  const devices = [
    ...state.devices.filter((device) => device !== known),
    { name, heardMs: arrivedMs, faults },
  ]
  if (message.kind === 'tyres') {
    const tyres = [...(state.tyres ?? []), ...tyresOf(message, arrivedMs)].slice(-waitingMax)
    return { ...state, devices, tyres }
  }
  if (message.kind !== 'alarm' || message.what === null) return { ...state, devices }
  const waiting = [...state.waiting, eventOf(message, message.what, arrivedMs)].slice(-waitingMax)
  return { ...state, waiting, devices }
}

function tyresOf({ flag, tyres }: PeripheralTyres, arrivedMs: number): readonly WaitingTyre[] {
  return tyres.map(({ regular, ...reading }) => ({
    ...reading,
    tells: flag === 'end' ? 'end' : regular ? 'all' : 'some',
    arrivedMs,
  }))
}

/** A working state of its own is a fault too: the camera says that it does not watch. */
function faultsOf(message: Extract<PeripheralMessage, { kind: 'status' }>): readonly string[] {
  return message.work === 'abnormal' ? [...message.faults, 'abnormal'] : message.faults
}

function eventOf(alarm: PeripheralAlarm, what: string, arrivedMs: number): Waiting {
  const { peripheral, alarmId, flag, level, fatigueDegree, frontSpeedKmh, distanceS, side } = alarm
  const { speedKmh, sentAt, attachments } = alarm
  return {
    what,
    device: peripheral,
    alarmId,
    flag,
    level,
    fatigueDegree,
    frontSpeedKmh,
    distanceS,
    side,
    speedKmh,
    sentAt,
    attachments,
    arrivedMs,
  }
}

/** What was waiting was told with a Sample. */
export function toldCameras(state: CameraState): CameraState {
  if (state.waiting.length === 0 && state.tyres === undefined) return state
  return { waiting: [], devices: state.devices }
}

/** After a power cut the cameras that spoke before are still expected to speak. */
export function restoreCameras(saved: CameraState): CameraState {
  return { waiting: [], devices: saved.devices.map(({ name }) => ({ name, heardMs: null, faults: [] })) }
}

/** For the next Sample, at `atMs`; null where there is no camera and none is expected. */
export function viewCameras(
  state: CameraState,
  expected: readonly string[],
  nowMs: number,
  atMs: number,
  slackMs: number,
): CameraView | null {
  const silent = expected.filter((name) => !state.devices.some((device) => device.name === name))
  const devices = [...state.devices, ...silent.map((name) => ({ name, heardMs: null, faults: [] }))]
  if (devices.length === 0) return null
  const age = (heardMs: number | null): number | null => {
    if (heardMs === null) return null
    const ageMs = Math.max(0, nowMs - heardMs)
    return ageMs <= slackMs ? 0 : ageMs
  }
  const dated = <T>({ arrivedMs, ...said }: T & { readonly arrivedMs: number }) => ({
    ...said,
    atMs: atMs - Math.max(0, nowMs - arrivedMs),
  })
  return {
    events: state.waiting.map(dated<Omit<CameraEvent, 'atMs'>>),
    ...(state.tyres === undefined ? {} : { tyres: state.tyres.map(dated<Omit<TyreEvent, 'atMs'>>) }),
    devices: devices.map(({ name, heardMs, faults }) => ({ name, ageMs: age(heardMs), faults })),
  }
}
