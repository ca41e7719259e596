import type { RefusedReason } from '../refused.ts'
import type { Frame } from './frames.ts'

/**
 * What MQTT 3.1.1 forbids and what we allow no client, packet by packet. The broker behind lets some of it pass;
 * here a packet is right or the connection ends with a reason that is counted.
 */

export type Limits = {
  readonly connectBytesMax: number
  readonly packetBytesMax: number
  readonly payloadBytesMax: number
  readonly topicBytesMax: number
  readonly topicLevelsMax: number
  readonly filtersPerSubscribeMax: number
  readonly filtersPerClientMax: number
  /** What is tolerated; a client that asks for more or less gets the nearest. */
  readonly keepaliveS: { readonly min: number; readonly max: number } | null
  /** Other than U+0000, which no broker may take; all of them may be refused (1.5.3). */
  readonly controlCharacters: boolean
  readonly qos2: boolean
}

export const limits = {
  connectBytesMax: 4 * 1024,
  packetBytesMax: 64 * 1024,
  payloadBytesMax: 16 * 1024,
  topicBytesMax: 256,
  topicLevelsMax: 8,
  filtersPerSubscribeMax: 8,
  filtersPerClientMax: 50,
  keepaliveS: { min: 15, max: 120 },
  controlCharacters: false,
  qos2: false,
} as const satisfies Limits

/**
 * All of MQTT 3.1.1, as far as the broker behind goes (100 levels): what conformance suites of others test, and no
 * gateway lets pass.
 */
export const wholeProtocol: Limits = {
  connectBytesMax: 512 * 1024,
  packetBytesMax: 2 * 1024 * 1024,
  payloadBytesMax: 1024 * 1024,
  topicBytesMax: 65_535,
  topicLevelsMax: 100,
  filtersPerSubscribeMax: 10_000,
  filtersPerClientMax: 10_000,
  keepaliveS: null,
  controlCharacters: true,
  qos2: true,
}

export type Checked =
  | { readonly is: 'connect'; readonly keepaliveAt: number; readonly keepaliveS: number }
  | { readonly is: 'publish'; readonly qos: number }
  | { readonly is: 'subscribe'; readonly filters: readonly string[] }
  | { readonly is: 'unsubscribe'; readonly filters: readonly string[] }
  | { readonly is: 'other' }
  | {
      readonly is: 'refused'
      readonly reason: RefusedReason
      /** CONNACK return code to send before closing. */
      readonly returnCode?: number
    }

const refused = (reason: RefusedReason): Checked => ({ is: 'refused', reason })
const other: Checked = { is: 'other' }

class Refused extends Error {
  readonly reason: RefusedReason
  readonly returnCode: number | undefined
  constructor(reason: RefusedReason, returnCode?: number) {
    super(reason)
    this.reason = reason
    this.returnCode = returnCode
  }
}

const need: (condition: boolean, reason: RefusedReason) => asserts condition = (condition, reason) => {
  if (!condition) throw new Refused(reason)
}

/** Checks one packet of a client. `connected` once its CONNECT was passed on. */
export function checkFrame(frame: Frame, connected: boolean, may: Limits = limits): Checked {
  try {
    if (frame.type === 1) return connected ? refused('second-connect') : checkConnect(frame, may)
    return connected ? checkOther(frame, may) : refused('not-connected')
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    const { reason, returnCode } = error
    return returnCode === undefined ? refused(reason) : { is: 'refused', reason, returnCode }
  }
}

function checkOther(frame: Frame, may: Limits): Checked {
  switch (frame.type) {
    case 3:
      return checkPublish(frame, may)
    case 4:
      need(frame.flags === 0 && frame.bytes.length === 4, 'bad-puback')
      need(frame.bytes.readUInt16BE(2) !== 0, 'packet-id-zero')
      return other
    case 5:
    case 6:
    case 7:
      return may.qos2 ? checkHandshake(frame) : refused('qos-2')
    case 8:
      return checkSubscribe(frame, may)
    case 10:
      return checkUnsubscribe(frame, may)
    case 12:
    case 14:
      need(frame.flags === 0 && frame.bytes.length === 2, 'bad-length')
      return other
    default:
      return refused('bad-packet-type')
  }
}

/** PUBREC, PUBREL, PUBCOMP: only the second has a reserved bit set (3.6.1). */
function checkHandshake(frame: Frame): Checked {
  need(frame.flags === (frame.type === 6 ? 2 : 0) && frame.bytes.length === 4, 'bad-flags')
  need(frame.bytes.readUInt16BE(2) !== 0, 'packet-id-zero')
  return other
}

/** Reads fields in order; leaving the packet is a refusal. */
function reader(frame: Frame) {
  let at = frame.start
  const { bytes } = frame
  return {
    byte: (): number => {
      need(at < bytes.length, 'bad-length')
      return bytes[at++]!
    },
    uint16: (): number => {
      need(at + 2 <= bytes.length, 'bad-length')
      at += 2
      return bytes.readUInt16BE(at - 2)
    },
    binary: (): Buffer => {
      need(at + 2 <= bytes.length, 'bad-length')
      const length = bytes.readUInt16BE(at)
      need(at + 2 + length <= bytes.length, 'bad-length')
      at += 2 + length
      return bytes.subarray(at - length, at)
    },
    left: (): number => bytes.length - at,
    position: (): number => at,
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** MQTT text: well-formed UTF-8 without U+0000 (1.5.3); other control characters may be refused, and are. */
function textOf(bytes: Buffer, may: Limits): string {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    throw new Refused('bad-utf8')
  }
  need(!text.includes('\0'), 'bad-utf8')
  need(may.controlCharacters || !/\p{Cc}/u.test(text), 'control-character')
  return text
}

const levels = (topic: string): number => topic.split('/').length

function checkTopicName(bytes: Buffer, may: Limits): void {
  need(bytes.length > 0, 'empty-topic')
  need(bytes.length <= may.topicBytesMax, 'topic-too-long')
  const topic = textOf(bytes, may)
  need(!/[+#]/.test(topic), 'wildcard-in-topic')
  need(levels(topic) <= may.topicLevelsMax, 'too-many-levels')
}

function checkFilter(bytes: Buffer, may: Limits): string {
  need(bytes.length > 0, 'empty-topic')
  need(bytes.length <= may.topicBytesMax, 'topic-too-long')
  const filter = textOf(bytes, may)
  const parts = filter.split('/')
  need(parts.length <= may.topicLevelsMax, 'too-many-levels')
  for (const [index, part] of parts.entries()) {
    need(!part.includes('+') || part === '+', 'bad-filter')
    need(!part.includes('#') || (part === '#' && index === parts.length - 1), 'bad-filter')
  }
  return filter
}

function checkConnect(frame: Frame, may: Limits): Checked {
  need(frame.flags === 0, 'bad-flags')
  const read = reader(frame)
  const name = textOf(read.binary(), may)
  const level = read.byte()
  need(name === 'MQTT' || name === 'MQIsdp', 'bad-protocol')
  if (level !== (name === 'MQTT' ? 4 : 3)) throw new Refused('bad-protocol-level', 1)
  const flags = read.byte()
  const will = (flags & 4) !== 0
  const willQos = (flags >> 3) & 3
  need((flags & 1) === 0, 'bad-flags')
  need(willQos !== 3 && (will || (flags & 0x38) === 0), 'bad-will')
  need((flags & 0x80) !== 0 || (flags & 0x40) === 0, 'bad-flags')
  const keepaliveAt = read.position()
  const keepaliveS = read.uint16()
  const clientId = textOf(read.binary(), may)
  if (clientId === '' && (flags & 2) === 0) throw new Refused('empty-client-id', 2)
  if (will) checkWill(read, willQos, may)
  if ((flags & 0x80) !== 0) textOf(read.binary(), may)
  if ((flags & 0x40) !== 0) read.binary()
  need(read.left() === 0, 'bad-length')
  return { is: 'connect', keepaliveAt, keepaliveS }
}

function checkWill(read: ReturnType<typeof reader>, qos: number, may: Limits): void {
  checkTopicName(read.binary(), may)
  read.binary()
  need(may.qos2 || qos !== 2, 'qos-2')
}

function checkPublish(frame: Frame, may: Limits): Checked {
  const qos = (frame.flags >> 1) & 3
  need(qos !== 3, 'qos-3')
  need(may.qos2 || qos !== 2, 'qos-2')
  need(qos > 0 || (frame.flags & 8) === 0, 'bad-flags')
  const read = reader(frame)
  checkTopicName(read.binary(), may)
  if (qos > 0) need(read.uint16() !== 0, 'packet-id-zero')
  need(read.left() <= may.payloadBytesMax, 'payload-too-large')
  return { is: 'publish', qos }
}

function checkSubscribe(frame: Frame, may: Limits): Checked {
  need(frame.flags === 2, 'bad-flags')
  const read = reader(frame)
  need(read.uint16() !== 0, 'packet-id-zero')
  const filters: string[] = []
  while (read.left() > 0) {
    filters.push(checkFilter(read.binary(), may))
    need(read.byte() <= 2, 'bad-flags')
    need(filters.length <= may.filtersPerSubscribeMax, 'too-many-filters')
  }
  need(filters.length > 0, 'no-filter')
  return { is: 'subscribe', filters }
}

function checkUnsubscribe(frame: Frame, may: Limits): Checked {
  need(frame.flags === 2, 'bad-flags')
  const read = reader(frame)
  need(read.uint16() !== 0, 'packet-id-zero')
  const filters: string[] = []
  while (read.left() > 0) filters.push(checkFilter(read.binary(), may))
  need(filters.length > 0, 'no-filter')
  return { is: 'unsubscribe', filters }
}
