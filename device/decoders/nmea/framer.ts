import type { Discarded, NmeaMessage } from '../messages.ts'
import { newSentence, type Sentence, sentenceBytesMax } from './fields.ts'
import { readSentence } from './sentences.ts'

/**
 * Bytes of a GNSS line, cut anywhere, become sentences. The same bytes give the same messages however they are cut,
 * because nothing is decided before the byte that ends it: a sentence begins at `$` or `!` and runs to the next `$`,
 * `!`, CR or LF; it is good when it is printable, at most 255 bytes, and ends in `*HH` with the right sum. Whatever is not
 * part of a good sentence, or the line end after one, is told as discarded: binary protocols on the same line
 * (UBX, SiRF, Unicore) pass by as noise.
 */
export type NmeaState =
  /** After a good sentence: its CR and LF are still to come. */
  | { readonly is: 'settled' }
  /** Between sentences, `bytes` of noise so far. */
  | { readonly is: 'noise'; readonly bytes: number }
  /** Inside a sentence, which began with the first byte of `head`. */
  | { readonly is: 'sentence'; readonly head: Uint8Array }
  /** Inside a sentence that is already too long: counted, not kept. */
  | { readonly is: 'overflow'; readonly bytes: number }

export type NmeaStep = { readonly state: NmeaState; readonly messages: readonly NmeaMessage[] }

export const nmeaInitial: NmeaState = { is: 'noise', bytes: 0 }
const settled: NmeaState = { is: 'settled' }

/** Noise is told at least this often, so that a line which carries nothing else is seen to be alive. */
const noiseBytesMax = 4096

const dollar = 0x24
const bang = 0x21
const cr = 0x0d
const lf = 0x0a
const star = 0x2a
const comma = 0x2c

const isStart = (byte: number): boolean => byte === dollar || byte === bang

/** Reads on. `bytes` is not kept: what must wait for the next call is copied. */
export function nmeaStep(state: NmeaState, bytes: Uint8Array): NmeaStep {
  const messages: NmeaMessage[] = []
  if (state.is !== 'sentence') return { state: run(state, bytes, messages), messages }
  const joined = new Uint8Array(state.head.length + bytes.length)
  joined.set(state.head)
  joined.set(bytes, state.head.length)
  return { state: run(nmeaInitial, joined, messages), messages }
}

/** What the last bytes were, when the input ends. */
export function nmeaEnd(state: NmeaState): readonly NmeaMessage[] {
  const messages: NmeaMessage[] = []
  if (state.is === 'sentence') judge(state.head, 0, scan(state.head, 0), messages)
  if (state.is === 'noise') tellNoise(state.bytes, messages)
  if (state.is === 'overflow') messages.push(discarded(state.bytes, 'overflow'))
  return messages
}

function run(from: NmeaState, bytes: Uint8Array, messages: NmeaMessage[]): NmeaState {
  const { length } = bytes
  let state = from
  let at = 0
  while (at < length) {
    if (state.is === 'overflow') {
      const end = endOfSentence(bytes, at)
      const total = state.bytes + end - at
      if (end === length) return { is: 'overflow', bytes: total }
      messages.push(discarded(total, 'overflow'))
      state = nmeaInitial
      at = end
    } else if (isStart(bytes[at]!)) {
      if (state.is === 'noise') tellNoise(state.bytes, messages)
      const end = scan(bytes, at)
      if (end === length) return unfinished(bytes, at)
      state = judge(bytes, at, end, messages)
      at = end
    } else if (state.is === 'settled') {
      while (at < length && (bytes[at] === cr || bytes[at] === lf)) at++
      if (at < length) state = nmeaInitial
    } else {
      const end = nextStart(bytes, at)
      state = noiseOf((state.is === 'noise' ? state.bytes : 0) + end - at, messages)
      at = end
    }
  }
  return state
}

/** The sentence whose bytes are being looked at: one for all, because none outlives its reader. */
const sentence: Sentence = newSentence()
/** XOR of everything after the `$`, and whether all of it was printable: what `scan` found. */
let sum = 0
let printable = true

/** Looks at a sentence once, from its `$` to the byte that ends it (or to the end of the bytes). */
function scan(bytes: Uint8Array, start: number): number {
  const { commas } = sentence
  const stop = Math.min(bytes.length, start + sentenceBytesMax + 1)
  let fields = 0
  let xor = 0
  let odd = 0
  let at = start + 1
  for (; at < stop; at++) {
    const byte = bytes[at]!
    if (byte === comma) commas[fields++] = at
    else if (byte < 0x25 && (isStart(byte) || byte === cr || byte === lf)) break
    if (byte < 0x20 || byte > 0x7e) odd = 1
    xor ^= byte
  }
  sum = xor
  printable = odd === 0
  sentence.fields = fields
  return at === stop ? endOfSentence(bytes, at) : at
}

function endOfSentence(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length) {
    const byte = bytes[at]!
    if (isStart(byte) || byte === cr || byte === lf) break
    at++
  }
  return at
}

function nextStart(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && !isStart(bytes[at]!)) at++
  return at
}

function unfinished(bytes: Uint8Array, start: number): NmeaState {
  const length = bytes.length - start
  return length > sentenceBytesMax
    ? { is: 'overflow', bytes: length }
    : { is: 'sentence', head: bytes.slice(start) }
}

/** The sentence that `scan` has just seen: read, or discarded with the reason. */
function judge(bytes: Uint8Array, start: number, end: number, messages: NmeaMessage[]): NmeaState {
  const length = end - start
  const high = bytes[end - 2]!
  const low = bytes[end - 1]!
  const told = (hexDigit(high) << 4) | hexDigit(low)
  const shaped = printable && length >= 4 && bytes[end - 3] === star && told >= 0
  if (length > sentenceBytesMax || !shaped || told !== (sum ^ star ^ high ^ low)) {
    const why = length > sentenceBytesMax ? 'overflow' : shaped ? 'badChecksum' : 'truncated'
    messages.push(discarded(length, why))
    return nmeaInitial
  }
  sentence.bytes = bytes
  sentence.start = start
  sentence.commas[sentence.fields] = end - 3
  messages.push(readSentence(sentence))
  return settled
}

/** The value of a hexadecimal digit, or a number that stays negative whatever is joined to it. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const letter = byte | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

function noiseOf(bytes: number, messages: NmeaMessage[]): NmeaState {
  let rest = bytes
  for (; rest >= noiseBytesMax; rest -= noiseBytesMax) tellNoise(noiseBytesMax, messages)
  return { is: 'noise', bytes: rest }
}

function tellNoise(bytes: number, messages: NmeaMessage[]): void {
  if (bytes > 0) messages.push(discarded(bytes, 'noise'))
}

function discarded(bytes: number, why: Discarded['why']): Discarded {
  return { kind: 'discarded', bytes, why }
}
