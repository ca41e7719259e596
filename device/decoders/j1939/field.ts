import type { SignalValue } from '../messages.ts'
import { type Spn, signalNames } from './names.ts'

/**
 * Where a parameter lies in its group and what its raw values mean (SAE J1939-71, 5.1.4). Bytes and bits are counted from
 * 1, as the standard writes them.
 *
 *   width        value          specific   reserved   error      not available
 *   2 bits       00, 01                               10         11
 *   n bits       0 .. all-2                           all ones-1 all ones
 *   8 bits       00-FA          FB         FC-FD      FE         FF
 *   16, 32 bits  by the top byte, as above
 *
 * A not available parameter is null. An error leaves it out and names it. A "specific" or reserved value has no meaning
 * that the standard lets a reader use: it is null too, never a value.
 */
export type Field = {
  readonly name: string
  readonly form: Form
  /** Offset of the first byte, from 0, and of the last one. */
  readonly at: number
  readonly last: number
  readonly shift: number
  readonly mask: number
  readonly scale: number
  readonly offset: number
  /** The largest raw value that is one, and the raw value that says error (none: above the mask). */
  readonly rawMax: number
  readonly errorRaw: number
}

type Form = typeof pairForm | typeof bitsForm | typeof byteForm | typeof wordForm | typeof longForm
const pairForm = 0
const bitsForm = 1
const byteForm = 2
const wordForm = 3
const longForm = 4

/** What a field says: undefined is the error code. */
type Reading = number | boolean | null | undefined

export type Signals = { [name: string]: SignalValue }
export type Decoded = { readonly signals: Signals; readonly errors: readonly string[] }

const plain = { shift: 0, mask: 0xff, scale: 1, offset: 0, rawMax: 0xfa, errorRaw: 0xfe }

/** A two-bit switch: true, false or null. */
export function pair(spn: Spn, byte: number, bit: number): Field {
  const at = byte - 1
  return { ...plain, name: signalNames[spn], form: pairForm, at, last: at, shift: bit - 1, mask: 3 }
}

/** A state of 3 to 8 bits inside one byte. `{ error: false }` where the parameter gives that code a meaning of its own. */
export function state(spn: Spn, byte: number, bit: number, bits: number, { error = true } = {}): Field {
  const at = byte - 1
  const mask = 2 ** bits - 1
  const range = { mask, rawMax: error ? mask - 2 : mask - 1, errorRaw: error ? mask - 1 : mask + 1 }
  return { ...plain, ...range, name: signalNames[spn], form: bitsForm, at, last: at, shift: bit - 1 }
}

/** A measured value of one, two or four bytes, least significant first: raw x scale + offset. */
export function scaled(spn: Spn, byte: number, bytes: 1 | 2 | 4, scale: number, offset = 0): Field {
  const at = byte - 1
  const form = bytes === 1 ? byteForm : bytes === 2 ? wordForm : longForm
  return { ...plain, name: signalNames[spn], form, at, last: at + bytes - 1, scale, offset }
}

/** An address of a controller, one byte: 0-253. */
export function address(spn: Spn, byte: number): Field {
  return { ...scaled(spn, byte, 1, 1), rawMax: 0xfd }
}

/** Reads one field. A frame too short for it says nothing about it. */
export function readField(field: Field, data: Uint8Array, length: number): Reading {
  const { at } = field
  if (field.last >= length) return null
  switch (field.form) {
    case pairForm: {
      const raw = (data[at]! >> field.shift) & 3
      return raw < 2 ? raw === 1 : raw === 2 ? undefined : null
    }
    case bitsForm: {
      const raw = (data[at]! >> field.shift) & field.mask
      return raw <= field.rawMax ? raw : raw === field.errorRaw ? undefined : null
    }
    case byteForm:
      return measured(field, data[at]!, data[at]!)
    case wordForm:
      return measured(field, data[at + 1]!, data[at]! | (data[at + 1]! << 8))
    case longForm: {
      const low = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16)
      return measured(field, data[at + 3]!, low + data[at + 3]! * 0x1000000)
    }
  }
}

function measured(field: Field, top: number, raw: number): number | null | undefined {
  if (top <= field.rawMax) return raw * field.scale + field.offset
  return top === 0xfe ? undefined : null
}

const noErrors: readonly string[] = []

/** Decodes a table of fields into an object that always has the same shape, which is what makes it quick. */
export function tableReader(fields: readonly Field[]): (data: Uint8Array, length: number) => Decoded {
  const names = fields.map(({ name }) => name)
  const shape: Signals = Object.fromEntries(names.map((name) => [name, null]))
  return (data, length) => {
    const signals: Signals = { ...shape }
    let errors: string[] | null = null
    for (let i = 0; i < fields.length; i++) {
      const value = readField(fields[i]!, data, length)
      if (value !== undefined) signals[names[i]!] = value
      else (errors ??= []).push(names[i]!)
    }
    return errors === null ? { signals, errors: noErrors } : without(signals, errors)
  }
}

function without(signals: Signals, errors: readonly string[]): Decoded {
  const kept = Object.entries(signals).filter(([name]) => !errors.includes(name))
  return { signals: Object.fromEntries(kept), errors }
}
