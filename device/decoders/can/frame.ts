import type { CanFrame } from '../messages.ts'

/** What a line was: nothing (blank, comment, a reply of the adapter), a frame, or not of this format. */
export type LineVerdict = 'nothing' | 'frame' | 'malformed'

/** One frame as a line parser fills it in: one for all lines, because copying eight bytes per frame costs more than reading them. */
export type FrameScratch = {
  /** Seconds; NaN where the line has no time. */
  t: number
  id: number
  extended: boolean
  special: NonNullable<CanFrame['special']> | null
  length: number
  readonly data: Uint8Array
}

export const fdBytesMax = 64

export function newScratch(): FrameScratch {
  return { t: Number.NaN, id: 0, extended: false, special: null, length: 0, data: new Uint8Array(fdBytesMax) }
}

/** A frame that may be kept. */
export function frameOf(scratch: FrameScratch): CanFrame {
  const { id, extended, special } = scratch
  const t = Number.isNaN(scratch.t) ? null : scratch.t
  const data = scratch.data.slice(0, scratch.length)
  return special === null ? { t, id, extended, data } : { t, id, extended, data, special }
}

/** Value of each hexadecimal digit, 16 for every other byte. */
export const hexValue: Uint8Array = new Uint8Array(256).fill(16)
for (let digit = 0; digit < 16; digit++) {
  const text = digit.toString(16)
  hexValue[text.charCodeAt(0)] = digit
  hexValue[text.toUpperCase().charCodeAt(0)] = digit
}

/** Reads `digits` hexadecimal digits; -1 when one of them is none. The caller has checked that they are there. */
export function hexNumber(bytes: Uint8Array, from: number, digits: number): number {
  let value = 0
  for (let at = from; at < from + digits; at++) {
    const digit = hexValue[bytes[at]!]!
    if (digit > 15) return -1
    value = value * 16 + digit
  }
  return value
}

export const standardIdMax = 0x7ff
export const extendedIdMax = 0x1fffffff
