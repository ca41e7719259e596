import type { CanFrame, CanMessage, GroupMessage } from '../messages.ts'
import { readGroup } from './group.ts'
import { groupOf } from './groups.ts'
import { destinationOf, pgnOf, sourceOf } from './id.ts'
import { connectionPgn, dataPgn, type TransportState, transportInitial, transportStep } from './transport.ts'

/** Frames become decoded groups; long groups are put together first. */
export type J1939State = TransportState
export type J1939Step = { readonly state: J1939State; readonly messages: readonly CanMessage[] }

export const j1939Initial: J1939State = transportInitial

/** A frame as a parser holds it: only the first `length` bytes of `data` belong to it. */
export type FrameView = { readonly id: number; readonly data: Uint8Array; readonly length: number }

/** One frame. The clock of the time-outs is the frame's own, else the time it arrived (null: none runs). */
export function j1939Step(state: J1939State, frame: CanFrame, arrivalMs: number | null = null): J1939Step {
  const messages: CanMessage[] = []
  if (!frame.extended || frame.special !== undefined) return { state, messages }
  const { id, data, t } = frame
  return { state: foldFrame(state, { id, data, length: data.length }, t, arrivalMs, messages), messages }
}

/** One 29-bit data frame, in place: what came of it is pushed to `out`, nothing of `frame` is kept. */
export function foldFrame(
  state: J1939State,
  frame: FrameView,
  t: number | null,
  arrivalMs: number | null,
  out: CanMessage[],
): J1939State {
  const { id, data, length } = frame
  const pgn = pgnOf(id)
  if (pgn === connectionPgn || pgn === dataPgn) {
    const nowMs = t === null ? arrivalMs : t * 1000
    const tp = { pgn, sa: sourceOf(id), da: destinationOf(id), data, length, t, nowMs }
    const next = transportStep(state, tp, out)
    if (next.done === null) return next.state
    out.push(next.done)
    const { done } = next
    const message = groupMessage(done.pgn, done.sa, done.da, done.payload, done.size, t)
    if (message !== null) out.push(message)
    return next.state
  }
  const message = groupMessage(pgn, sourceOf(id), destinationOf(id), data, length, t)
  if (message !== null) out.push(message)
  return state
}

function groupMessage(
  pgn: number,
  sa: number,
  da: number,
  data: Uint8Array,
  length: number,
  t: number | null,
): GroupMessage | null {
  const group = groupOf(pgn)
  if (group === undefined) return null
  const { signals, errors } = readGroup(group, data, length)
  return { kind: 'message', t, pgn, sa, da, signals, errors }
}
