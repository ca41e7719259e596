import { existsSync } from 'node:fs'
import { canLine, gnssLine, type Line } from '../../../device/decoders/index.ts'
import type { CanFrame, CanMessage, GroupMessage, NmeaMessage } from '../../../device/decoders/messages.ts'

/** Recordings made by others; tests that need them skip where they are absent. */
export const recordings = new URL('../../../../shared/data/', import.meta.url)
export const haveRecordings = existsSync(recordings)

export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

/** A sentence as a receiver would end it, from what stands between `$` and `*`. */
export function sealed(body: string): string {
  return `$${body}*${sumOf(body)}`
}

export function sumOf(body: string): string {
  let sum = 0
  for (const letter of body) sum ^= letter.charCodeAt(0)
  return sum.toString(16).toUpperCase().padStart(2, '0')
}

/** Everything a line says, its bytes given in one piece or cut at the given places. */
export function readLine<State, Message>(
  line: Line<State, Message>,
  bytes: Uint8Array,
  cuts: readonly number[] = [],
): Message[] {
  const messages: Message[] = []
  let state = line.initial
  let from = 0
  for (const cut of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    const step = line.step(state, bytes.slice(from, cut))
    messages.push(...step.messages)
    state = step.state
    from = cut
  }
  return [...messages, ...line.end(state)]
}

export const readNmea = (text: string): NmeaMessage[] => readLine(gnssLine, bytesOf(text))
export const readSlcan = (text: string): CanMessage[] => readLine(canLine('slcan'), bytesOf(text))
export const readCandump = (text: string): CanMessage[] => readLine(canLine('candump'), bytesOf(text))

/** The only message of one sealed sentence. */
export function oneSentence(body: string): NmeaMessage {
  const [message, ...more] = readNmea(`${sealed(body)}\r\n`)
  if (message === undefined || more.length > 0) throw new Error(`${1 + more.length} messages of ${body}`)
  return message
}

/** A frame from `18FEF100#8FF0050FFFFFFFFFF`. */
export function frame(text: string, t: number | null = null): CanFrame {
  const [id = '', hex = ''] = text.split('#')
  const data = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
  return { t, id: Number.parseInt(id, 16), extended: id.length === 8, data }
}

/** What one frame in SLCAN says. */
export function oneGroup(text: string): GroupMessage {
  const [id = '', hex = ''] = text.split('#')
  const [message] = readSlcan(`T${id}${hex.length / 2}${hex}\r`)
  if (message?.kind !== 'message') throw new Error(`no group in ${text}`)
  return message
}

/** Chance that a failing test can repeat: mulberry32. */
export function seeded(seed: number): () => number {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Damages bytes as a bad line would: bits flip, bytes vanish, double or come from elsewhere, pieces swap. */
export function damaged(bytes: Uint8Array, chance: () => number): Uint8Array {
  let list = [...bytes]
  const pick = (): number => Math.floor(chance() * list.length)
  for (let faults = 1 + Math.floor(chance() * 4); faults > 0; faults--) {
    const at = pick()
    const kind = Math.floor(chance() * 5)
    if (kind === 0) list[at] = list[at]! ^ (1 << Math.floor(chance() * 8))
    else if (kind === 1) list.splice(at, 1 + Math.floor(chance() * 8))
    else if (kind === 2) list.splice(at, 0, Math.floor(chance() * 256))
    else if (kind === 3) list.splice(at, 0, ...list.slice(at, at + Math.floor(chance() * 40)))
    else list = [...list.slice(at), ...list.slice(0, at)]
  }
  return Uint8Array.from(list)
}
