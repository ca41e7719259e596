import type { SignalValue } from '../messages.ts'
import type { GroupBytes, Readings } from './field.ts'

/** A parameter group: its number, the name the standard gives it, and how its bytes are read. */
export type Group = {
  readonly pgn: number
  readonly name: string
  readonly read: (d: GroupBytes) => Readings
}

export type Signals = { readonly [name: string]: SignalValue }
export type Decoded = { readonly signals: Signals; readonly errors: readonly string[] }

const noErrors: readonly string[] = []
/** One for all groups: it only lives while one is read. */
const view: GroupBytes = { bytes: new Uint8Array(0), length: 0, failed: false }

/** Reads a group from the first `length` bytes. */
export function readGroup(group: Group, bytes: Uint8Array, length: number): Decoded {
  view.bytes = bytes
  view.length = length
  view.failed = false
  const readings = group.read(view)
  return view.failed ? withoutErrors(readings) : { signals: readings as Signals, errors: noErrors }
}

function withoutErrors(readings: Readings): Decoded {
  const signals: { [name: string]: SignalValue } = {}
  const errors: string[] = []
  for (const [name, value] of Object.entries(readings)) {
    if (value === undefined) errors.push(name)
    else signals[name] = value
  }
  return { signals, errors }
}
