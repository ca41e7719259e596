import type { PeripheralHead, PeripheralTyres, TyreAlarm, TyreReading } from '../messages.ts'
import { type AlarmFlag, flags } from './layout.ts'
import { readTail, whereBytes, within } from './tail.ts'

/**
 * Tyre pressure monitor 胎压监测, peripheral 0x66 (T/JSATL 12-2017, tables 4-18 and 4-19 of the platform's record, item 0x66 of
 * JT/T 808 0x0200; on the line without the platform's alarm identifier). Words are big-endian.
 *
 *   .0  alarm id DWORD    .4 flag: 0 none, 1 start, 2 end    .5 the common tail (speed ... vehicle state, 19 bytes)
 *   .24 number of tyres n, then n times nine bytes:
 *       .0 tyre, from 0 in a Z from the left front one, whether or not it has a sensor   .1 bits WORD (`tyreBits`)
 *       .3 pressure WORD kPa   .5 temperature WORD degree C   .7 battery WORD %
 *
 * The text does not say how frost is written: a word of which the highest bit is set is read as negative, as two's complement.
 */
const flagAt = 4
const tailAt = 5
const countAt = tailAt + whereBytes
const tyreBytes = 9

/** Bit 0 says that the report is one of the regular ones, which tell all that is known of a tyre. */
const regularBit = 0
const tyreBits: readonly (readonly [bit: number, alarm: TyreAlarm])[] = [
  [1, 'high'],
  [2, 'low'],
  [3, 'hot'],
  [4, 'sensor'],
  [5, 'imbalance'],
  [6, 'slow-leak'],
  [7, 'battery'],
]

/** No tyre of a road vehicle is filled to more, no sensor in one works outside these degrees. */
const pressureMaxKpa = 2000
const temperatureMinC = -60
const temperatureMaxC = 200

/** Null where the length contradicts the number of tyres. */
export function readTyres(head: PeripheralHead, payload: DataView): PeripheralTyres | null {
  if (payload.byteLength <= countAt) return null
  const count = payload.getUint8(countAt)
  if (payload.byteLength !== countAt + 1 + count * tyreBytes) return null
  return {
    kind: 'tyres',
    ...head,
    alarmId: payload.getUint32(0),
    flag: (flags as { readonly [code: number]: AlarmFlag | undefined })[payload.getUint8(flagAt)] ?? 'event',
    ...readTail(payload, tailAt),
    tyres: Array.from({ length: count }, (_, i) => readTyre(payload, countAt + 1 + i * tyreBytes)),
  }
}

function readTyre(payload: DataView, at: number): TyreReading {
  const bits = payload.getUint16(at + 1)
  const has = (bit: number): boolean => ((bits >>> bit) & 1) === 1
  const temperatureC = payload.getInt16(at + 5)
  return {
    tyre: payload.getUint8(at),
    regular: has(regularBit),
    alarms: tyreBits.filter(([bit]) => has(bit)).map(([, alarm]) => alarm),
    pressureKpa: within(payload.getUint16(at + 3), pressureMaxKpa),
    temperatureC: temperatureC >= temperatureMinC ? within(temperatureC, temperatureMaxC) : null,
    batteryPct: within(payload.getUint16(at + 7), 100),
  }
}
