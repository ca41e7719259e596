import type { SignalValue } from '../messages.ts'
import type { SignalName } from './names.ts'

/**
 * How raw values are read (SAE J1939-71, 5.1.4). Bytes and bits are counted from 1, as the standard writes them.
 *
 *   width        value          specific   reserved   error       not available
 *   2 bits       00, 01                               10          11
 *   n bits       0 to all - 2                         all - 1     all ones
 *   8 bits       00-FA          FB         FC-FD      FE          FF
 *   16, 32 bits  by the top byte, as above
 *
 * A parameter that is not available, or beyond the end of a short frame, is null. An error leaves it out and names it. A
 * "specific" or reserved value has no meaning that the standard lets a reader use: it is null too, never a value.
 *
 * A group is read by one object literal that calls these, which is both its map and the quickest code there is.
 */
export type GroupBytes = {
  bytes: Uint8Array
  length: number
  /** Set by a field that says error. */
  failed: boolean
}

/** What a field says; undefined is the error code. */
export type Reading = SignalValue | undefined
export type Readings = { readonly [Name in SignalName]?: Reading }

function fail(d: GroupBytes): undefined {
  d.failed = true
  return undefined
}

/** A two-bit switch: true, false or null. */
export function pair(d: GroupBytes, byte: number, bit: number): boolean | null | undefined {
  if (byte > d.length) return null
  const raw = (d.bytes[byte - 1]! >> (bit - 1)) & 3
  return raw < 2 ? raw === 1 : raw === 2 ? fail(d) : null
}

/** A state of 3 to 8 bits inside one byte. */
export function state(d: GroupBytes, byte: number, bit: number, bits: number): number | null | undefined {
  if (byte > d.length) return null
  const all = (1 << bits) - 1
  const raw = (d.bytes[byte - 1]! >> (bit - 1)) & all
  return raw < all - 1 ? raw : raw === all ? null : fail(d)
}

/** A state that gives a meaning of its own to the code which elsewhere says error. */
export function stateNoError(d: GroupBytes, byte: number, bit: number, bits: number): number | null {
  if (byte > d.length) return null
  const all = (1 << bits) - 1
  const raw = (d.bytes[byte - 1]! >> (bit - 1)) & all
  return raw < all ? raw : null
}

/** What a top byte beyond FA says. */
function beyond(d: GroupBytes, top: number): null | undefined {
  return top === 0xfe ? fail(d) : null
}

/** A measured value of one byte: raw x scale + offset. */
export function byte(d: GroupBytes, at: number, scale: number, offset = 0): number | null | undefined {
  if (at > d.length) return null
  const raw = d.bytes[at - 1]!
  return raw <= 0xfa ? raw * scale + offset : beyond(d, raw)
}

/** Two bytes, least significant first. */
export function word(d: GroupBytes, at: number, scale: number, offset = 0): number | null | undefined {
  if (at + 1 > d.length) return null
  const top = d.bytes[at]!
  return top <= 0xfa ? (d.bytes[at - 1]! | (top << 8)) * scale + offset : beyond(d, top)
}

/** Four bytes, least significant first. */
export function long(d: GroupBytes, at: number, scale: number): number | null | undefined {
  if (at + 3 > d.length) return null
  const { bytes } = d
  const top = bytes[at + 2]!
  if (top > 0xfa) return beyond(d, top)
  return (bytes[at - 1]! + bytes[at]! * 0x100 + bytes[at + 1]! * 0x10000 + top * 0x1000000) * scale
}

/** An address or another code of one byte that may be anything up to 253. */
export function code(d: GroupBytes, at: number): number | null | undefined {
  if (at > d.length) return null
  const raw = d.bytes[at - 1]!
  return raw <= 0xfd ? raw : beyond(d, raw)
}
