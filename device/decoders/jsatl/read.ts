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
  workingStates,
} from './layout.ts'

/** One frame with a right sum: `frame` holds sum, sequence, vendor, peripheral, function, payload. Null: it contradicts itself. */
export function readFrame(frame: Uint8Array, length: number): PeripheralMessage | null {
  const view = new DataView(frame.buffer, frame.byteOffset, length)
  const peripheral = (peripherals as { readonly [id: number]: Peripheral | undefined })[frame[5]!] ?? null
  const head: PeripheralHead = { sequence: view.getUint16(1), vendor: view.getUint16(3), peripheral }
  const code = frame[6]!
  if (peripheral === null) return { kind: 'heard', ...head, code }
  const payload = new DataView(frame.buffer, frame.byteOffset + headBytes, length - headBytes)
  if (code === functions.alarm && ownBytes[peripheral] !== null) return readAlarm(head, peripheral, payload)
  if (code === functions.status) return readStatus(head, payload)
  return { kind: 'heard', ...head, code }
}

function readStatus(head: PeripheralHead, payload: DataView): PeripheralStatus | null {
  if (payload.byteLength < 5) return null
  const bits = payload.getUint32(1)
  const faults = faultBits.filter(([bit]) => ((bits >>> bit) & 1) === 1).map(([, name]) => name)
  return { kind: 'status', ...head, work: workingStates[payload.getUint8(0)] ?? null, faults }
}

function readAlarm(head: PeripheralHead, peripheral: Peripheral, payload: DataView): PeripheralAlarm | null {
  const own = ownBytes[peripheral]!
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
    speedKmh: within(payload.getUint8(tailAt), 220),
    ...placeOf(payload.getUint32(tailAt + 3), payload.getUint32(tailAt + 7)),
    sentAt: bcdTime(payload, tailAt + 11),
    attachments,
  }
}

const levelOf = (byte: number): 1 | 2 | null => (byte === 1 || byte === 2 ? byte : null)
const within = (value: number, max: number): number | null => (value <= max ? value : null)

type Own = Pick<PeripheralAlarm, 'fatigueDegree' | 'frontSpeedKmh' | 'distanceS' | 'side'>
const nothing: Own = { fatigueDegree: null, frontSpeedKmh: null, distanceS: null, side: null }

/** Bytes of one type stay unread in another: makers leave anything there. */
function readOwn(peripheral: Peripheral, payload: DataView, at: number, type: number): Own {
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

/** Both zero: the camera knows no place. */
function placeOf(lat: number, lon: number): Pick<PeripheralAlarm, 'lat' | 'lon'> {
  const known = (lat !== 0 || lon !== 0) && lat <= 90e6 && lon <= 180e6
  return known ? { lat: lat / 1e6, lon: lon / 1e6 } : { lat: null, lon: null }
}

/** `2026-11-22T02:10:00+08:00` as the camera's own clock says; null when it is no time at all. */
function bcdTime(payload: DataView, at: number): string | null {
  const digits: string[] = []
  for (let i = 0; i < 6; i++) {
    const byte = payload.getUint8(at + i)
    if (byte >> 4 > 9 || (byte & 15) > 9) return null
    digits.push(`${byte >> 4}${byte & 15}`)
  }
  const [year, month, day, hour, minute, second] = digits as [string, string, string, string, string, string]
  if (month < '01' || month > '12' || day < '01' || day > '31') return null
  if (hour > '23' || minute > '59' || second > '59') return null
  return `20${year}-${month}-${day}T${hour}:${minute}:${second}+08:00`
}
