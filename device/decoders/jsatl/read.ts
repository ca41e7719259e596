import type { PeripheralAlarm, PeripheralHead, PeripheralMessage, PeripheralStatus } from '../messages.ts'
import {
  type AlarmFlag,
  alarmHeadBytes,
  alarmTypes,
  attachmentBytes,
  faultBits,
  flags,
  functions,
  headBytes,
  ownBytes,
  type Peripheral,
  peripherals,
  tailBytes,
  type Watcher,
  workingStates,
} from './layout.ts'
import { readTail, within } from './tail.ts'
import { readTyres } from './tpms.ts'

/** One frame with a right sum: `frame` holds sum, sequence, vendor, peripheral, function, payload. Null: it contradicts itself. */
export function readFrame(frame: Uint8Array, length: number): PeripheralMessage | null {
  const view = new DataView(frame.buffer, frame.byteOffset, length)
  const peripheral = (peripherals as { readonly [id: number]: Peripheral | undefined })[frame[5]!] ?? null
  const head: PeripheralHead = { sequence: view.getUint16(1), vendor: view.getUint16(3), peripheral }
  const code = frame[6]!
  if (peripheral === null) return { kind: 'heard', ...head, code }
  const payload = new DataView(frame.buffer, frame.byteOffset + headBytes, length - headBytes)
  if (code === functions.alarm)
    return peripheral === 'tpms' ? readTyres(head, payload) : readAlarm(head, peripheral, payload)
  if (code === functions.status) return readStatus(head, payload)
  return { kind: 'heard', ...head, code }
}

function readStatus(head: PeripheralHead, payload: DataView): PeripheralStatus | null {
  if (payload.byteLength < 5) return null
  const bits = payload.getUint32(1)
  const faults = faultBits.filter(([bit]) => ((bits >>> bit) & 1) === 1).map(([, name]) => name)
  return { kind: 'status', ...head, work: workingStates[payload.getUint8(0)] ?? null, faults }
}

function readAlarm(head: PeripheralHead, peripheral: Watcher, payload: DataView): PeripheralAlarm | null {
  const own = ownBytes[peripheral]
  const plain = alarmHeadBytes + own + tailBytes
  const rest = payload.byteLength - plain
  const hasLevel = rest >= 1 && rest % attachmentBytes === 1
  if (rest < 0 || (rest % attachmentBytes !== 0 && !hasLevel)) return null
  const ownAt = alarmHeadBytes + (hasLevel ? 1 : 0)
  const tailAt = ownAt + own
  const attachments = payload.getUint8(tailAt + tailBytes - 1)
  if (attachments * attachmentBytes !== payload.byteLength - tailAt - tailBytes) return null
  const type = payload.getUint8(5)
  return {
    kind: 'alarm',
    ...head,
    peripheral,
    alarmId: payload.getUint32(0),
    flag: (flags as { readonly [code: number]: AlarmFlag | undefined })[payload.getUint8(4)] ?? 'event',
    type,
    what: alarmTypes[peripheral][type] ?? null,
    level: hasLevel ? levelOf(payload.getUint8(6)) : null,
    ...readOwn(peripheral, payload, ownAt, type),
    ...readTail(payload, tailAt),
    attachments,
  }
}

const levelOf = (byte: number): 1 | 2 | null => (byte === 1 || byte === 2 ? byte : null)

type Own = Pick<PeripheralAlarm, 'fatigueDegree' | 'frontSpeedKmh' | 'distanceS' | 'side'>
const nothing: Own = { fatigueDegree: null, frontSpeedKmh: null, distanceS: null, side: null }

/** Bytes of one type stay unread in another: makers leave anything there. */
function readOwn(peripheral: Watcher, payload: DataView, at: number, type: number): Own {
  if (peripheral === 'dsm') {
    const degree = payload.getUint8(at)
    return { ...nothing, fatigueDegree: type === 1 && degree >= 1 && degree <= 10 ? degree : null }
  }
  if (peripheral !== 'adas') return nothing
  const distance = within(payload.getUint8(at + 1), 100)
  const side = payload.getUint8(at + 2)
  return {
    ...nothing,
    // The text names types 1 and 2; a headway (3) has a vehicle ahead too.
    frontSpeedKmh: type >= 1 && type <= 3 ? within(payload.getUint8(at), 250) : null,
    distanceS: type >= 1 && type <= 4 ? tenth(distance) : null,
    side: type === 2 && (side === 1 || side === 2) ? (side === 1 ? 'left' : 'right') : null,
  }
}

const tenth = (value: number | null): number | null => (value === null ? null : value / 10)
