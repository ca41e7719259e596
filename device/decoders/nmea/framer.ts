import { copyOf } from '../bytes.ts'
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

/** What a byte means to the framer: 0 nothing special. */
const kinds = new Uint8Array(256)
const isComma = 1
const isOdd = 2
const isEnd = 3
for (let byte = 0; byte < 256; byte++) if (byte < 0x20 || byte > 0x7e) kinds[byte] = isOdd
for (const byte of [dollar, bang, cr, lf]) kinds[byte] = isEnd
kinds[comma] = isComma

const isStart = (byte: number): boolean => byte === dollar || byte === bang

/** Reads on. `bytes` is not kept: what must wait for the next call is copied. */
export function nmeaStep(state: NmeaState, bytes: Uint8Array): NmeaStep {
  const messages: NmeaMessage[] = []
  if (state.is !== 'sentence') return { state: run(state, bytes, 0, messages), messages }
  begin(state.head[0]!)
  scan(state.head, 1)
  const end = scan(bytes, 0)
  if (end === bytes.length) return { state: unfinished(), messages }
  return { state: run(judge(messages), bytes, end, messages), messages }
}

/** What the last bytes were, when the input ends. */
export function nmeaEnd(state: NmeaState): readonly NmeaMessage[] {
  const messages: NmeaMessage[] = []
  if (state.is === 'sentence') {
    begin(state.head[0]!)
    scan(state.head, 1)
    judge(messages)
  }
  if (state.is === 'noise') tellNoise(state.bytes, messages)
  if (state.is === 'overflow') messages.push(discarded(state.bytes, 'overflow'))
  return messages
}

function run(from: NmeaState, bytes: Uint8Array, start: number, messages: NmeaMessage[]): NmeaState {
  const { length } = bytes
  let state = from
  let at = start
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
      begin(bytes[at]!)
      at = scan(bytes, at + 1)
      if (at === length) return unfinished()
      state = judge(messages)
    } else if (state.is === 'settled') {
      while (at < length && (bytes[at] === cr || bytes[at] === lf)) at++
      if (at < length && !isStart(bytes[at]!)) state = nmeaInitial
    } else {
      const end = nextStart(bytes, at)
      state = noiseOf((state.is === 'noise' ? state.bytes : 0) + end - at, messages)
      at = end
    }
  }
  return state
}

/**
 * The sentence being put together: one for all, because none outlives its reader. `size` counts its bytes, also those
 * beyond the longest one, which are not kept; `sum` is the XOR of all after the `$`.
 */
const sentence: Sentence = newSentence()
let size = 0
let sum = 0
let printable = true

function begin(first: number): void {
  sentence.bytes[0] = first
  sentence.fields = 0
  size = 1
  sum = 0
  printable = true
}

/** Looks at each byte once, up to the one that ends the sentence (not taken) or to the end of the bytes. */
function scan(bytes: Uint8Array, from: number): number {
  const { commas, bytes: kept } = sentence
  const shift = size - from
  const stop = Math.min(bytes.length, kept.length - shift)
  let { fields } = sentence
  let xor = sum
  let at = from
  for (; at < stop; at++) {
    const byte = bytes[at]!
    const kind = kinds[byte]!
    if (kind === isEnd) break
    if (kind === isComma) commas[fields++] = at + shift
    else if (kind === isOdd) printable = false
    kept[at + shift] = byte
    xor ^= byte
  }
  if (at === stop && stop < bytes.length) at = endOfSentence(bytes, at)
  sentence.fields = fields
  sum = xor
  size = at + shift
  return at
}

function endOfSentence(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && kinds[bytes[at]!] !== isEnd) at++
  return at
}

function nextStart(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && !isStart(bytes[at]!)) at++
  return at
}

function unfinished(): NmeaState {
  return size > sentenceBytesMax
    ? { is: 'overflow', bytes: size }
    : { is: 'sentence', head: copyOf(sentence.bytes, 0, size) }
}

/** The sentence that has just been scanned: read, or discarded with the reason. */
function judge(messages: NmeaMessage[]): NmeaState {
  if (size > sentenceBytesMax) {
    messages.push(discarded(size, 'overflow'))
    return nmeaInitial
  }
  const { bytes } = sentence
  const high = bytes[size - 2]!
  const low = bytes[size - 1]!
  const told = (hexDigit(high) << 4) | hexDigit(low)
  const shaped = printable && size >= 4 && bytes[size - 3] === star && told >= 0
  if (!shaped || told !== (sum ^ star ^ high ^ low)) {
    messages.push(discarded(size, shaped ? 'badChecksum' : 'truncated'))
    return nmeaInitial
  }
  sentence.commas[sentence.fields] = size - 3
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
