/**
 * SAE J1939 frames, written from the standard: bytes are counted from 1, bits from 1 (least significant), words
 * are little-endian, and a field nobody fills is all ones ("not available"). Nothing here reads a frame.
 */

export type Frame = { readonly id: number; readonly data: Uint8Array }

/** Source addresses of the vehicle bus. */
export const sources = {
  engine: 0x00,
  gearbox: 0x03,
  brakes: 0x0b,
  body: 0x21,
  cluster: 0x17,
  tachograph: 0xee,
}

/** 29-bit identifier: priority, data page and PDU format in the PGN, specific part, source. */
export function identifier(priority: number, pgn: number, source: number, destination = 0xff): number {
  const pduFormat = (pgn >> 8) & 0xff
  // PDU1 (format below 240): the low byte is the destination, not part of the group number.
  const group = pduFormat < 240 ? (pgn & 0x3ff00) | destination : pgn
  return ((priority << 26) | (group << 8) | source) >>> 0
}

export type Field = {
  /** First byte, from 1. */
  readonly byte: number
  /** First bit, from 1. */
  readonly bit?: number
  readonly bits: number
  /** Raw value; null leaves the field at "not available". */
  readonly raw: number | null
}

/** A payload of so many bytes with its fields written over all ones. */
export function payload(fields: readonly Field[], bytes = 8): Uint8Array {
  const data = new Uint8Array(bytes).fill(0xff)
  for (const field of fields) if (field.raw !== null) put(data, field, field.raw)
  return data
}

function put(data: Uint8Array, { byte, bit = 1, bits }: Field, raw: number): void {
  const first = (byte - 1) * 8 + bit - 1
  for (let at = 0; at < bits; at++) {
    const index = (first + at) >> 3
    const mask = 1 << ((first + at) & 7)
    const set = Math.floor(raw / 2 ** at) % 2 === 1
    data[index] = set ? data[index]! | mask : data[index]! & ~mask
  }
}

/** A physical value as raw steps, held inside the valid range (top byte up to 0xFA). */
export function steps(value: number, perStep: number, offset: number, bits: 8 | 16 | 32): number {
  const highest = { 8: 0xfa, 16: 0xfaff, 32: 0xfaff_ffff }[bits]
  return Math.min(highest, Math.max(0, Math.round((value - offset) / perStep)))
}

/** Two-bit switch: 00 off, 01 on. */
const onOff = (on: boolean): number => (on ? 1 : 0)

/** CCVS1, PGN 65265: SPN 70 parking brake, 84 wheel speed 1/256 km/h, 597 brake, 598 clutch. */
export function ccvs1(
  now: { speedKmh: number; brake: boolean; clutch: boolean; parkingBrake: boolean },
  source = sources.engine,
): Frame {
  return {
    id: identifier(6, 65265, source),
    data: payload([
      { byte: 1, bit: 3, bits: 2, raw: onOff(now.parkingBrake) },
      { byte: 2, bits: 16, raw: steps(now.speedKmh, 1 / 256, 0, 16) },
      { byte: 4, bit: 5, bits: 2, raw: onOff(now.brake) },
      { byte: 4, bit: 7, bits: 2, raw: onOff(now.clutch) },
    ]),
  }
}

/** EEC1, PGN 61444: SPN 190 engine speed 0.125 rpm, 512 and 513 torque 1 % from -125. */
export function eec1(now: { rpm: number; torquePct: number }): Frame {
  const torque = steps(now.torquePct, 1, -125, 8)
  return {
    id: identifier(3, 61444, sources.engine),
    data: payload([
      { byte: 1, bits: 4, raw: 0 },
      { byte: 2, bits: 8, raw: torque },
      { byte: 3, bits: 8, raw: torque },
      { byte: 4, bits: 16, raw: steps(now.rpm, 0.125, 0, 16) },
      { byte: 6, bits: 8, raw: sources.engine },
    ]),
  }
}

/** Working states of SPN 1612 and 1613. */
export const working = { rest: 0, available: 1, work: 2, driving: 3 } as const
export type Slot = { readonly state: keyof typeof working; readonly card: boolean }

/** TCO1, PGN 65132: SPN 1612/1613 working states, 1611 motion, 1615/1616 cards, 1619 direction, 1624 speed. */
export function tco1(now: { speedKmh: number; slot1: Slot; slot2: Slot }): Frame {
  return {
    id: identifier(3, 65132, sources.tachograph),
    data: payload([
      { byte: 1, bit: 1, bits: 3, raw: working[now.slot1.state] },
      { byte: 1, bit: 4, bits: 3, raw: working[now.slot2.state] },
      { byte: 1, bit: 7, bits: 2, raw: onOff(now.speedKmh > 0) },
      { byte: 2, bit: 1, bits: 4, raw: 0 },
      { byte: 2, bit: 5, bits: 2, raw: onOff(now.slot1.card) },
      { byte: 2, bit: 7, bits: 2, raw: 0 },
      { byte: 3, bit: 1, bits: 4, raw: 0 },
      { byte: 3, bit: 5, bits: 2, raw: onOff(now.slot2.card) },
      { byte: 4, bit: 1, bits: 2, raw: 0 },
      { byte: 4, bit: 7, bits: 2, raw: 0 },
      { byte: 7, bits: 16, raw: steps(now.speedKmh, 1 / 256, 0, 16) },
    ]),
  }
}

/** VDHR, PGN 65217: SPN 917 total and 918 trip distance, 5 m. */
export function vdhr(now: { odometerM: number; tripM: number }): Frame {
  return {
    id: identifier(6, 65217, sources.cluster),
    data: payload([
      { byte: 1, bits: 32, raw: steps(now.odometerM, 5, 0, 32) },
      { byte: 5, bits: 32, raw: steps(now.tripM, 5, 0, 32) },
    ]),
  }
}

/** VD, PGN 65248: SPN 244 trip and 245 total distance, 0.125 km. */
export function vd(now: { odometerM: number; tripM: number }): Frame {
  return {
    id: identifier(6, 65248, sources.cluster),
    data: payload([
      { byte: 1, bits: 32, raw: steps(now.tripM, 125, 0, 32) },
      { byte: 5, bits: 32, raw: steps(now.odometerM, 125, 0, 32) },
    ]),
  }
}

/** EBC1, PGN 61441: SPN 563 ABS active, 521 brake pedal 0.4 %, 1243 ABS operational. */
export function ebc1(now: { brakePedalPct: number }): Frame {
  return {
    id: identifier(6, 61441, sources.brakes),
    data: payload([
      { byte: 1, bit: 5, bits: 2, raw: 0 },
      { byte: 2, bits: 8, raw: steps(now.brakePedalPct, 0.4, 0, 8) },
      { byte: 6, bit: 1, bits: 2, raw: 1 },
    ]),
  }
}

/** DC1, PGN 65102: SPN 1821 position of doors (0 at least one open, 2 all closed), 3411 (1 at least one enabled). */
export function dc1(now: { doorOpen: boolean }): Frame {
  return {
    id: identifier(6, 65102, sources.body),
    data: payload([
      { byte: 1, bit: 1, bits: 4, raw: now.doorOpen ? 0 : 2 },
      { byte: 1, bit: 7, bits: 2, raw: onOff(now.doorOpen) },
    ]),
  }
}

/** ETC2, PGN 61445: SPN 524 selected and 523 current gear, 1 from -125, 0 neutral. */
export function etc2(now: { gear: number }): Frame {
  const gear = steps(now.gear, 1, -125, 8)
  return {
    id: identifier(6, 61445, sources.gearbox),
    data: payload([
      { byte: 1, bits: 8, raw: gear },
      { byte: 4, bits: 8, raw: gear },
    ]),
  }
}

/** VEP1, PGN 65271: SPN 168 battery and 158 key switch voltage, 0.05 V. */
export function vep1(now: { batteryV: number | null; keySwitchV: number | null }): Frame {
  const volts = (v: number | null): number | null => (v === null ? null : steps(v, 0.05, 0, 16))
  return {
    id: identifier(6, 65271, sources.body),
    data: payload([
      { byte: 5, bits: 16, raw: volts(now.batteryV) },
      { byte: 7, bits: 16, raw: volts(now.keySwitchV) },
    ]),
  }
}

/** VW, PGN 65258: SPN 928 axle (high four bits) and tyre, 582 its weight, 0.5 kg. One frame for each axle. */
export function vw(axle: number, weightKg: number): Frame {
  return {
    id: identifier(6, 65258, sources.body),
    data: payload([
      { byte: 1, bits: 8, raw: axle << 4 },
      { byte: 2, bits: 16, raw: steps(weightKg, 0.5, 0, 16) },
    ]),
  }
}

/**
 * Buttons of a body builder: proprietary group 65345 (FF41h), one bit each. No standard says what its bits are, so a
 * terminal reads it by a DBC file: `bodyDbc`.
 */
export function buttons(pressed: 'accident' | 'attack' | 'illness' | null): Frame {
  const bit = (name: typeof pressed): number => (pressed === name ? 1 : 0)
  return {
    id: identifier(6, 65345, sources.body),
    data: payload([
      { byte: 1, bit: 1, bits: 1, raw: bit('accident') },
      { byte: 1, bit: 2, bits: 1, raw: bit('attack') },
      { byte: 1, bit: 3, bits: 1, raw: bit('illness') },
    ]),
  }
}

/** The frame of `buttons` as a body builder documents it; bit 31 of the number says 29-bit identifier. */
export const bodyDbc = `VERSION ""

BU_: Body

BO_ ${(identifier(6, 65345, sources.body) | 0x80000000) >>> 0} Buttons: 8 Body
 SG_ PanicAccident : 0|1@1+ (1,0) [0|1] "" Body
 SG_ PanicAttack : 1|1@1+ (1,0) [0|1] "" Body
 SG_ PanicIllness : 2|1@1+ (1,0) [0|1] "" Body
`

/** Its signals by the terminal's names. */
export const bodyDbcSignals = {
  PanicAccident: 'emergencyAccident',
  PanicAttack: 'emergencyAttack',
  PanicIllness: 'emergencyIllness',
} as const

export type TroubleCode = { readonly spn: number; readonly fmi: number; readonly count: number }

/** DM1, PGN 65226: lamps, then four bytes per code (SPN 19 bit, FMI 5, count 7). Without a code: one of all zeros. */
export function dm1(
  codes: readonly TroubleCode[],
  lampOn: boolean,
): { pgn: number; source: number; data: Uint8Array } {
  const bytes = [lampOn ? 0x40 : 0x00, 0xff]
  if (codes.length === 0) bytes.push(0, 0, 0, 0)
  for (const { spn, fmi, count } of codes)
    bytes.push(spn & 0xff, (spn >> 8) & 0xff, (((spn >> 16) & 7) << 5) | (fmi & 0x1f), count & 0x7f)
  while (bytes.length < 8) bytes.push(0xff)
  return { pgn: 65226, source: sources.engine, data: Uint8Array.from(bytes) }
}

/** DI, PGN 65131: driver 1 and driver 2 identification, each ended by an asterisk. */
export function driverIds(
  driver: string | null,
  coDriver: string | null,
): { pgn: number; source: number; data: Uint8Array } {
  const text = `${driver ?? ''}*${coDriver ?? ''}*`
  const bytes = Array.from(text, (letter) => letter.charCodeAt(0) & 0x7f)
  while (bytes.length < 8) bytes.push(0xff)
  return { pgn: 65131, source: sources.tachograph, data: Uint8Array.from(bytes) }
}
