import { copyOf } from '../bytes.ts'
import type { Discarded, PeripheralMessage } from '../messages.ts'
import { escapeByte, escapes, flagByte, frameBytesMax, headBytes } from './layout.ts'
import { readFrame } from './read.ts'

/**
 * Bytes of the peripheral line, cut anywhere, become frames. Every flag ends what was before it and begins what comes
 * after: two frames may share one, noise between two frames is a frame with a wrong sum, and a lost flag costs no more than
 * the frame it belonged to.
 */
export type PeripheralState =
  /** Before the first flag. */
  | { readonly is: 'noise'; readonly bytes: number }
  /** Since a flag: what came, unescaped; `bytes` counts it as it was on the line. */
  | { readonly is: 'frame'; readonly head: Uint8Array; readonly bytes: number; readonly fault: Fault }

/** `escape`: the last byte was one. `broken`: a wrong escape or too many bytes, the frame can no longer be good. */
type Fault = 'none' | 'escape' | 'broken' | 'tooLong'

export type PeripheralStep = {
  readonly state: PeripheralState
  readonly messages: readonly PeripheralMessage[]
  readonly frames: number
}

export const peripheralInitial: PeripheralState = { is: 'noise', bytes: 0 }

/** Noise is told at least this often, so that a line which carries nothing else is seen to be alive. */
const noiseBytesMax = 4096

/** The frame being put together: one for all, because none outlives its reader. */
const frame = new Uint8Array(frameBytesMax)

export function peripheralStep(before: PeripheralState, bytes: Uint8Array): PeripheralStep {
  const messages: PeripheralMessage[] = []
  let frames = 0
  let at = 0
  if (before.is === 'noise') {
    while (at < bytes.length && bytes[at] !== flagByte) at++
    const noise = tellNoise(before.bytes + at, at < bytes.length, messages)
    if (at === bytes.length) return { state: { is: 'noise', bytes: noise }, messages, frames }
    at++
  } else frame.set(before.head)
  let length = before.is === 'frame' ? before.head.length : 0
  let raw = before.is === 'frame' ? before.bytes : 0
  let fault: Fault = before.is === 'frame' ? before.fault : 'none'
  for (; at < bytes.length; at++) {
    const byte = bytes[at]!
    if (byte === flagByte) {
      const message = raw === 0 ? null : judge(length, raw, fault)
      if (message !== null) {
        messages.push(message)
        if (message.kind !== 'discarded') frames++
      }
      length = 0
      raw = 0
      fault = 'none'
      continue
    }
    raw++
    if (fault === 'broken' || fault === 'tooLong') continue
    const value = fault === 'escape' ? escapes[byte] : byte
    if (fault === 'none' && byte === escapeByte) fault = 'escape'
    else if (value === undefined) fault = 'broken'
    else if (length === frameBytesMax) fault = 'tooLong'
    else {
      frame[length++] = value
      fault = 'none'
    }
  }
  return { state: { is: 'frame', head: copyOf(frame, 0, length), bytes: raw, fault }, messages, frames }
}

/** What the last bytes were, when the input ends: a frame without its flag is none. */
export function peripheralEnd(state: PeripheralState): readonly PeripheralMessage[] {
  if (state.bytes === 0) return []
  return [discarded(state.bytes, state.is === 'noise' ? 'noise' : 'truncated')]
}

function judge(length: number, raw: number, fault: Fault): PeripheralMessage {
  if (fault === 'tooLong') return discarded(raw, 'overflow')
  if (fault !== 'none' || length < headBytes) return discarded(raw, 'malformed')
  let sum = 0
  for (let at = 3; at < length; at++) sum += frame[at]!
  if ((sum & 0xff) !== frame[0]) return discarded(raw, 'badChecksum')
  return readFrame(frame, length) ?? discarded(raw, 'malformed')
}

/** How much noise is still untold. */
function tellNoise(bytes: number, ended: boolean, messages: PeripheralMessage[]): number {
  let rest = bytes
  for (; rest >= noiseBytesMax; rest -= noiseBytesMax) messages.push(discarded(noiseBytesMax, 'noise'))
  if (!ended) return rest
  if (rest > 0) messages.push(discarded(rest, 'noise'))
  return 0
}

function discarded(bytes: number, why: Discarded['why']): Discarded {
  return { kind: 'discarded', bytes, why }
}
