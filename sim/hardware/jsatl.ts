/**
 * Devices on the peripheral line (T/JSATL 12): driver camera, forward camera, tyre and blind spot monitor, and what they write. This witness shares no line with
 * the terminal's decoder: the frame is built by appending bytes in the order of the standard's tables.
 */

const numbers = { adas: 0x64, dsm: 0x65, tpms: 0x66, bsd: 0x67 } as const
export const peripheralNames = ['adas', 'dsm', 'tpms', 'bsd'] as const
export type PeripheralName = (typeof peripheralNames)[number]

const word = (value: number): number[] => [(value >>> 8) & 0xff, value & 0xff]
const dword = (value: number): number[] => [...word(value >>> 16), ...word(value & 0xffff)]
const bcd = (value: number): number => Math.floor(value / 10) * 16 + (value % 10)

/** Puts the flags around a message, its sum before it, and hides flags and escapes inside. */
export function peripheralFrame(
  device: number,
  code: number,
  payload: readonly number[],
  sequence = 0,
  vendor = 1,
): Uint8Array {
  const summed = [...word(vendor), device, code, ...payload]
  const sum = summed.reduce((total, byte) => total + byte, 0) % 256
  const hidden = [sum, ...word(sequence), ...summed].flatMap((byte) => {
    if (byte === 0x7d) return [0x7d, 0x01]
    return byte === 0x7e ? [0x7d, 0x02] : [byte]
  })
  return Uint8Array.from([0x7e, ...hidden, 0x7e])
}

/** The answer to a poll, or the sign of life of a camera that is never polled. */
export function heartbeat(device: PeripheralName, sequence = 0): Uint8Array {
  return peripheralFrame(numbers[device], 0x2f, [], sequence)
}

/** Working state 1 is normal, 4 abnormal; faults are bits. */
export function statusReport(
  device: PeripheralName,
  work: number,
  faultBits: number,
  sequence = 0,
): Uint8Array {
  return peripheralFrame(numbers[device], 0x38, [work, ...dword(faultBits)], sequence)
}

export type AlarmReport = Where & {
  readonly device: 'adas' | 'dsm' | 'bsd'
  readonly type: number
  readonly alarmId?: number
  /** 0 an event without an end, 1 start, 2 end. */
  readonly flag?: 0 | 1 | 2
  /** Some makers send it, some leave it to the terminal. */
  readonly level?: 1 | 2
  /** Front speed, distance, side, sign type, sign value of an ADAS; fatigue degree and four zeros of a DSM. */
  readonly own?: readonly number[]
  readonly attachments?: number
  readonly sequence?: number
}

export function alarmReport(alarm: AlarmReport): Uint8Array {
  const { device, type, alarmId = 1, flag = 0, level, attachments = 0, sequence = 0 } = alarm
  const own = device === 'bsd' ? [] : (alarm.own ?? [0, 0, 0, 0, 0])
  const payload = [
    ...dword(alarmId),
    flag,
    type,
    ...(level === undefined ? [] : [level]),
    ...own,
    ...whereAndWhen(alarm),
    attachments,
    ...Array.from({ length: attachments }, (_, i) => [2, ...dword(i + 1)]).flat(),
  ]
  return peripheralFrame(numbers[device], 0x36, payload, sequence)
}

/** What the devices can see, in the words of a scenario, by the standard's tables of types. */
const seen = {
  'forward-collision': ['adas', 1],
  'lane-departure': ['adas', 2],
  headway: ['adas', 3],
  pedestrian: ['adas', 4],
  fatigue: ['dsm', 1],
  phone: ['dsm', 2],
  smoking: ['dsm', 3],
  distraction: ['dsm', 4],
  'driver-absent': ['dsm', 5],
  'rear-approach': ['bsd', 1],
  'left-rear-approach': ['bsd', 2],
  'right-rear-approach': ['bsd', 3],
} as const
export type Seen = keyof typeof seen
export const seenNames = Object.keys(seen) as [Seen, ...Seen[]]

export type SeenReport = Pick<AlarmReport, 'alarmId' | 'flag' | 'level' | keyof Where> & {
  readonly what: Seen
  readonly degree: number
  readonly frontKmh: number
  readonly distanceS: number
  readonly side: 'left' | 'right'
}

/** The report of the device that can see such a thing, with a picture. */
export function seenReport(report: SeenReport): {
  readonly device: PeripheralName
  readonly bytes: Uint8Array
} {
  const { what, degree, frontKmh, distanceS, side, ...rest } = report
  const [device, type] = seen[what]
  const ahead = [Math.round(frontKmh), Math.round(distanceS * 10), side === 'left' ? 1 : 2, 0, 0]
  const own = device === 'adas' ? ahead : [what === 'fatigue' ? degree : 0, 0, 0, 0, 0]
  return { device, bytes: alarmReport({ ...rest, device, type, own, attachments: 1 }) }
}

export type Where = {
  readonly speedKmh?: number
  readonly lat?: number
  readonly lon?: number
  readonly atMs?: number
}

function whereAndWhen({ speedKmh = 0, lat = 0, lon = 0, atMs = 0 }: Where): number[] {
  return [
    Math.round(speedKmh),
    ...word(62),
    ...dword(Math.round(lat * 1e6)),
    ...dword(Math.round(lon * 1e6)),
    ...beijingTime(atMs),
    ...word(0x0001),
  ]
}

/** Bits of a tyre in the order of the standard's table of tyre pressure events. */
const tyreBits = ['regular', 'high', 'low', 'hot', 'sensor', 'imbalance', 'slow-leak', 'battery'] as const
export type TyreBit = (typeof tyreBits)[number]
export const tyreAlarms = ['high', 'low', 'hot', 'sensor', 'imbalance', 'slow-leak', 'battery'] as const

export type Tyre = {
  /** From 0, left before right, front before rear. */
  readonly tyre: number
  readonly bits: readonly TyreBit[]
  readonly pressureKpa: number
  readonly temperatureC: number
  readonly batteryPct: number
}

export type TyreReport = Where & {
  readonly alarmId?: number
  readonly flag?: 0 | 1 | 2
  readonly tyres: readonly Tyre[]
  readonly sequence?: number
}

export function tyreReport(report: TyreReport): Uint8Array {
  const { alarmId = 1, flag = 0, tyres, sequence = 0 } = report
  const list = tyres.flatMap(({ tyre, bits, pressureKpa, temperatureC, batteryPct }) => [
    tyre,
    ...word(bits.reduce((sum, bit) => sum + 2 ** tyreBits.indexOf(bit), 0)),
    ...word(pressureKpa),
    // Below zero as the two's complement of a word.
    ...word((temperatureC + 65_536) % 65_536),
    ...word(batteryPct),
  ])
  const payload = [...dword(alarmId), flag, ...whereAndWhen(report), tyres.length, ...list]
  return peripheralFrame(numbers.tpms, 0x36, payload, sequence)
}

const beijingMs = 8 * 3_600_000

/** yy MM dd hh mm ss, eight hours ahead of UTC, as the standard wants it. */
function beijingTime(atMs: number): number[] {
  const at = new Date(atMs + beijingMs)
  const parts = [at.getUTCFullYear() % 100, at.getUTCMonth() + 1, at.getUTCDate()]
  return [...parts, at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(bcd)
}
