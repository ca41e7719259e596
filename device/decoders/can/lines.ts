import { copyOf } from '../bytes.ts'

/**
 * Text lines cut anywhere, each told once, whole, where it lies in the bytes. What ends a line, and how long one may be,
 * is the format's business. A line that is too long is told as such when it ends and its bytes are not kept.
 */
export type LineFormat = {
  /** True for each byte value that ends a line. */
  readonly ends: Uint8Array
  readonly bytesMax: number
}

export type LineState =
  | { readonly is: 'line'; readonly head: Uint8Array }
  /** Inside a line that is too long: its first bytes decided whether it is one to skip. */
  | { readonly is: 'overflow'; readonly bytes: number; readonly skipped: boolean }

/** Told the line's bytes, without its end; or how many bytes an overlong line had. */
export type LineListener = {
  readonly line: (bytes: Uint8Array, start: number, end: number) => void
  readonly tooLong: (bytes: number) => void
}

const nothing = new Uint8Array(0)
export const lineInitial: LineState = { is: 'line', head: nothing }

export function lineFormat(ends: readonly number[], bytesMax: number): LineFormat {
  const table = new Uint8Array(256)
  for (const byte of ends) table[byte] = 1
  return { ends: table, bytesMax }
}

export function splitLines(
  format: LineFormat,
  state: LineState,
  bytes: Uint8Array,
  listener: LineListener,
): LineState {
  if (state.is === 'line' && state.head.length === 0) return split(format, bytes, 0, listener)
  const end = endOfLine(format, bytes, 0)
  if (end === bytes.length) return longer(format, state, bytes)
  if (state.is === 'overflow') {
    if (!state.skipped) listener.tooLong(state.bytes + end)
  } else finishLine(format, state.head, bytes, end, listener)
  return split(format, bytes, end + 1, listener)
}

/** Where a line that came in pieces is put together. It is read at once, so one place does for all formats. */
const joined = new Uint8Array(256)

function finishLine(
  format: LineFormat,
  head: Uint8Array,
  bytes: Uint8Array,
  end: number,
  listener: LineListener,
): void {
  const length = head.length + end
  if (length > format.bytesMax) {
    const line = concat(head, bytes)
    if (!isSkipped(format, line, 0)) listener.tooLong(length)
    return
  }
  joined.set(head)
  for (let at = 0, to = head.length; at < end; at++, to++) joined[to] = bytes[at]!
  listener.line(joined, 0, length)
}

/** No end yet. */
function longer(format: LineFormat, state: LineState, bytes: Uint8Array): LineState {
  if (state.is === 'overflow') return { ...state, bytes: state.bytes + bytes.length }
  return unfinished(format, concat(state.head, bytes), 0)
}

function concat(head: Uint8Array, bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + bytes.length)
  whole.set(head)
  whole.set(bytes, head.length)
  return whole
}

/** The unterminated rest, when the input ends. */
export function endLines(state: LineState, listener: LineListener): void {
  if (state.is === 'line') listener.line(state.head, 0, state.head.length)
  else if (!state.skipped) listener.tooLong(state.bytes)
}

function split(format: LineFormat, bytes: Uint8Array, from: number, listener: LineListener): LineState {
  let start = from
  for (;;) {
    const end = endOfLine(format, bytes, start)
    const length = end - start
    if (end === bytes.length) return unfinished(format, bytes, start)
    if (length <= format.bytesMax) {
      if (length > 0) listener.line(bytes, start, end)
    } else if (!isSkipped(format, bytes, start)) listener.tooLong(length)
    start = end + 1
  }
}

function unfinished(format: LineFormat, bytes: Uint8Array, start: number): LineState {
  const length = bytes.length - start
  if (length === 0) return lineInitial
  if (length <= format.bytesMax) return { is: 'line', head: copyOf(bytes, start, bytes.length) }
  return { is: 'overflow', bytes: length, skipped: isSkipped(format, bytes, start) }
}

/** Comments and blanks may be as long as they like. Decided by the bytes that are there however the line was cut. */
function isSkipped(format: LineFormat, bytes: Uint8Array, start: number): boolean {
  const stop = start + format.bytesMax + 1
  let at = start
  while (at < stop && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++
  return at === stop || bytes[at] === 0x23
}

function endOfLine(format: LineFormat, bytes: Uint8Array, from: number): number {
  const { ends } = format
  let at = from
  while (at < bytes.length && ends[bytes[at]!] === 0) at++
  return at
}
