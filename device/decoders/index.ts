import { type CanFormat, type CanLineState, canLineEnd, canLineInitial, canLineStep } from './can/line.ts'
import type { DbcReader } from './dbc/read.ts'
import { type PeripheralState, peripheralEnd, peripheralInitial, peripheralStep } from './jsatl/framer.ts'
import type { CanMessage, NmeaMessage, PeripheralMessage } from './messages.ts'
import { type NmeaState, nmeaEnd, nmeaInitial, nmeaStep } from './nmea/framer.ts'

/**
 * The door of this shelf: the bytes of a line, cut anywhere, become messages. Every step is pure: the caller keeps the
 * state, and neither the state nor the bytes given are changed or kept.
 */
export type LineStep<State, Message> = {
  readonly state: State
  readonly messages: readonly Message[]
  /** Whole good units (sentences, frames) that were read: the line is alive even when nobody reads their kind. */
  readonly frames: number
}

export type Line<State, Message> = {
  readonly initial: State
  /** `arrivalMs`: any forward clock; it times CAN transport sessions where the frames carry no time of their own. */
  readonly step: (state: State, bytes: Uint8Array, arrivalMs?: number | null) => LineStep<State, Message>
  /** What the last, unended bytes were, for inputs that do end. */
  readonly end: (state: State) => readonly Message[]
}

export type GnssLineState = NmeaState
export type { CanFormat, CanLineState }

export const gnssLine: Line<GnssLineState, NmeaMessage> = {
  initial: nmeaInitial,
  step: (state, bytes) => {
    const { state: next, messages } = nmeaStep(state, bytes)
    return { state: next, messages, frames: goodOf(messages) }
  },
  end: nmeaEnd,
}

function goodOf(messages: readonly NmeaMessage[]): number {
  let good = 0
  for (const { kind } of messages) if (kind !== 'discarded') good++
  return good
}

/** The line of an SLCAN adapter, or a candump log read as if it were one; a DBC file adds signals to it. */
export function canLine(format: CanFormat, dbc: DbcReader | null = null): Line<CanLineState, CanMessage> {
  return {
    initial: canLineInitial,
    step: (state, bytes, arrivalMs = null) => canLineStep(format, state, bytes, arrivalMs, dbc),
    end: (state) => canLineEnd(format, state, dbc),
  }
}

/** The line of the cameras (T/JSATL 12 peripherals). */
export const peripheralLine: Line<PeripheralState, PeripheralMessage> = {
  initial: peripheralInitial,
  step: (state, bytes) => peripheralStep(state, bytes),
  end: peripheralEnd,
}
