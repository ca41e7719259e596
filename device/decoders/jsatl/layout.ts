import { bsdOwnBytes, bsdTypes } from './bsd.ts'

/**
 * The peripheral line of T/JSATL 12-2017 (active safety cameras beside the terminal), layout by our reading of vendors'
 * texts; this table is the one place to correct it. Words are big-endian, `.n` counts bytes from 0 of the payload.
 *
 *   frame     7E | sum | sequence WORD | vendor WORD | peripheral | function | payload | 7E
 *             sum = low byte of all bytes from the vendor to the end of the payload; 7E travels as 7D 02, 7D as 7D 01
 *   alarm     function 36: .0 alarm id DWORD, .4 flag, .5 type, [.6 level], the peripheral's own bytes, the common tail
 *   ADAS own  front speed km/h, distance 0.1 s, side, sign type, sign value
 *   DSM own   fatigue degree 1-10, four reserved
 *   BSD own   none (`bsd.ts`)
 *   TPMS      has no type and no own bytes: a list of tyres behind the tail (`tpms.ts`)
 *   tail      speed km/h, altitude WORD m, latitude and longitude DWORD 1e-6 deg, time BCD6 (UTC+8), vehicle state WORD,
 *             number of attachments n, n times (type BYTE, id DWORD)
 *   status    function 38: .0 working state, .1 faults DWORD, one bit each
 *
 * The level byte of the platform's record (JT/T 808 item 64, 65) is on the line with some makers and not with others. An
 * attachment has five bytes, so what the length leaves by five tells which: 1 without, 2 with the level.
 */
export const flagByte = 0x7e
export const escapeByte = 0x7d
/** What follows the escape, by what it stands for. */
export const escapes: { readonly [code: number]: number } = { 1: escapeByte, 2: flagByte }

export const headBytes = 7
/** The longest payload is a slice of a picture (half a KiB and its head). */
export const frameBytesMax = 1024

export const peripherals = { 100: 'adas', 101: 'dsm', 102: 'tpms', 103: 'bsd' } as const
export type Peripheral = (typeof peripherals)[keyof typeof peripherals]
/** Those whose report names one thing that was seen. */
export type Watcher = keyof typeof ownBytes

export const functions = { heartbeat: 0x2f, alarm: 0x36, status: 0x38 } as const

export const flags = { 0: 'event', 1: 'start', 2: 'end' } as const
export type AlarmFlag = (typeof flags)[keyof typeof flags]

type Types = { readonly [type: number]: string }

/** Alarm types by peripheral. 0x10 and above are events of the camera itself (a picture taken, a driver changed). */
export const alarmTypes: { readonly [name in Watcher]: Types } = {
  adas: {
    1: 'forward-collision',
    2: 'lane-departure',
    3: 'headway',
    4: 'pedestrian',
    5: 'lane-changes',
    6: 'sign-exceeded',
    7: 'obstacle',
    16: 'sign-recognised',
    17: 'capture',
  },
  dsm: {
    1: 'fatigue',
    2: 'phone',
    3: 'smoking',
    4: 'distraction',
    5: 'driver-absent',
    16: 'capture',
    17: 'driver-change',
  },
  bsd: bsdTypes,
}

export const alarmHeadBytes = 6
/** Own bytes between head and tail, of those whose report has a type. */
export const ownBytes = { adas: 5, dsm: 5, bsd: bsdOwnBytes } as const
export const tailBytes = 20
export const attachmentBytes = 5

export const workingStates: Types = { 1: 'normal', 2: 'standby', 3: 'upgrading', 4: 'abnormal' }
export const faultBits: readonly (readonly [bit: number, name: string])[] = [
  [0, 'camera'],
  [1, 'main-memory'],
  [2, 'auxiliary-memory'],
  [3, 'infrared-lamp'],
  [4, 'speaker'],
  [5, 'battery'],
  [10, 'communication'],
  [11, 'positioning'],
]
