import { bytesOf, Cursor, crc32 } from './tape-bytes.ts'

/**
 * A tape: the raw bytes of a vehicle's lines with the times at which they came. A file is a row of blocks, so it can
 * only grow, is whole up to wherever it was torn, and tapes may be laid end to end (`cat a b > c`).
 *
 *   block    "RWT" kind · u32 length of the body · u32 CRC-32 of the body · u32 CRC-32 of the twelve bytes before · body
 *   H header   JSON (UTF-8), see `TapeHeader`; the first block, and again where another tape was laid behind
 *   S segment  u32 number from 1 · u32 records · f64 wall us of its first and of its last record · f64 monotonic us
 *              of its first · its records, deflated (zlib)
 *   X index    f64 bytes of the tape before this block · for each segment f64 offset from the tape's beginning, f64 first and
 *              last wall us · u32 length of this whole block · "RWTE": the last eight bytes of a tape that was closed, from
 *              which its index is found; before the tape another one may end likewise
 *
 *   record   u8 kind · varint wall us since the record before · varint monotonic us likewise (both zigzag; the first of
 *            a segment counts from the segment's own) · varint length · that many bytes
 *
 * All numbers are little endian. Kinds of records: 1 bytes of the GNSS line, 2 of the CAN line, 3 of a peripheral; 16 the
 * terminal's look at a second in which nothing may have come; 17 a line went up, 18 down (payload: kind of its bytes); 19 from
 * here on arrival times are believed only so far (f64 ms); 20 a switched input (u8 1 on 0 off, its name); 32 a document came
 * into force, 33 a checkpoint (both JSON). A reader leaves out kinds it does not know.
 */

export type TapeLine = 'gnss' | 'can' | 'peripheral'

export type TapeTimes = {
  /** The terminal's world clock when the bytes were read, in ms with whole microseconds: what "arrived" means. */
  readonly wallMs: number
  /** The host's monotonic clock at the same moment: shows where the wall clock was set. */
  readonly monoMs: number
}

export type TapeEntry =
  | { readonly is: 'bytes'; readonly line: TapeLine; readonly bytes: Uint8Array }
  | { readonly is: 'tick' }
  | { readonly is: 'line'; readonly line: TapeLine; readonly up: boolean }
  | { readonly is: 'slack'; readonly slackMs: number }
  | { readonly is: 'input'; readonly name: string; readonly on: boolean }
  | { readonly is: 'document'; readonly value: unknown }
  | { readonly is: 'checkpoint'; readonly value: unknown }

export type TapeRecord = TapeTimes & TapeEntry

const lines: readonly TapeLine[] = ['gnss', 'can', 'peripheral']
const kindTick = 16
const kindUp = 17
const kindDown = 18
const kindSlack = 19
const kindInput = 20
const kindDocument = 32
const kindCheckpoint = 33

const codeOf = (line: TapeLine): number => lines.indexOf(line) + 1
const usOf = (ms: number): number => Math.round(ms * 1000)

/** A record after another one (null: the first of its segment). */
export function packRecord(record: TapeRecord, before: TapeTimes | null): Uint8Array {
  const from = before ?? record
  const { kind, payload } = payloadOf(record)
  const out = new Cursor(new Uint8Array(32 + payload.length))
  out.u8(kind)
  out.signed(usOf(record.wallMs) - usOf(from.wallMs))
  out.signed(usOf(record.monoMs) - usOf(from.monoMs))
  out.unsigned(payload.length)
  out.raw(payload)
  return out.written()
}

const text = new TextEncoder()
const nothing = new Uint8Array(0)

function payloadOf(record: TapeEntry): { kind: number; payload: Uint8Array } {
  switch (record.is) {
    case 'bytes':
      return { kind: codeOf(record.line), payload: record.bytes }
    case 'tick':
      return { kind: kindTick, payload: nothing }
    case 'line':
      return { kind: record.up ? kindUp : kindDown, payload: Uint8Array.of(codeOf(record.line)) }
    case 'slack':
      return { kind: kindSlack, payload: bytesOf((out) => out.f64(record.slackMs), 8) }
    case 'input':
      return {
        kind: kindInput,
        payload: Uint8Array.from([record.on ? 1 : 0, ...text.encode(record.name)]),
      }
    case 'document':
      return { kind: kindDocument, payload: text.encode(JSON.stringify(record.value)) }
    case 'checkpoint':
      return { kind: kindCheckpoint, payload: text.encode(JSON.stringify(record.value)) }
  }
}

/** What a segment says of itself before it is inflated. */
export type SegmentSpan = {
  readonly number: number
  readonly records: number
  readonly fromMs: number
  readonly toMs: number
  readonly monoMs: number
}

const spanBytes = 32
/** Neither a segment nor what it inflates to may be larger: a damaged length must not fill the memory. */
export const segmentBytesMax = 64 * 2 ** 20
const bodyBytesMax = 128 * 2 ** 20

export function segmentBlock(span: SegmentSpan, deflated: Uint8Array): Uint8Array {
  const body = bytesOf((out) => {
    out.u32(span.number)
    out.u32(span.records)
    out.f64(usOf(span.fromMs))
    out.f64(usOf(span.toMs))
    out.f64(usOf(span.monoMs))
    out.raw(deflated)
  }, spanBytes + deflated.length)
  return blockOf('S', body)
}

/** The span and the deflated records of a segment's body; null when it is too short to be one. */
export function readSegment(body: Uint8Array): { span: SegmentSpan; deflated: Uint8Array } | null {
  if (body.length < spanBytes) return null
  const from = new Cursor(body)
  const span: SegmentSpan = {
    number: from.readU32(),
    records: from.readU32(),
    fromMs: from.readF64() / 1000,
    toMs: from.readF64() / 1000,
    monoMs: from.readF64() / 1000,
  }
  return { span, deflated: body.subarray(spanBytes) }
}

/** The records of a segment; null when the bytes are not exactly as many as the span says. Kinds of later versions are left out. */
export function unpackRecords(bytes: Uint8Array, span: SegmentSpan): TapeRecord[] | null {
  const from = new Cursor(bytes)
  const records: TapeRecord[] = []
  let wallUs = usOf(span.fromMs)
  let monoUs = usOf(span.monoMs)
  for (let count = 0; count < span.records; count++) {
    const kind = from.readU8()
    wallUs += from.readSigned()
    monoUs += from.readSigned()
    const payload = from.readRaw(from.readUnsigned())
    if (payload === null) return null
    const entry = entryOf(kind, payload)
    if (entry !== null) records.push({ wallMs: wallUs / 1000, monoMs: monoUs / 1000, ...entry })
  }
  return from.isAtEnd() ? records : null
}

function entryOf(kind: number, payload: Uint8Array): TapeEntry | null {
  const line = lines[kind - 1]
  if (line !== undefined) return { is: 'bytes', line, bytes: payload }
  switch (kind) {
    case kindTick:
      return { is: 'tick' }
    case kindUp:
    case kindDown: {
      const named = lines[(payload[0] ?? 0) - 1]
      return named === undefined ? null : { is: 'line', line: named, up: kind === kindUp }
    }
    case kindSlack:
      return payload.length === 8 ? { is: 'slack', slackMs: new Cursor(payload).readF64() } : null
    case kindInput:
      return { is: 'input', name: new TextDecoder().decode(payload.subarray(1)), on: payload[0] === 1 }
    case kindDocument:
      return jsonEntry('document', payload)
    case kindCheckpoint:
      return jsonEntry('checkpoint', payload)
    default:
      return null
  }
}

function jsonEntry(is: 'document' | 'checkpoint', payload: Uint8Array): TapeEntry | null {
  try {
    return { is, value: JSON.parse(new TextDecoder().decode(payload)) as unknown }
  } catch {
    return null
  }
}

export type BlockKind = 'H' | 'S' | 'X'
export const blockHeadBytes = 16
const blockKinds: readonly string[] = ['H', 'S', 'X']
export const tapeMagic: Uint8Array = text.encode('RWT')

export function blockOf(kind: BlockKind, body: Uint8Array): Uint8Array {
  return bytesOf((out) => {
    out.raw(tapeMagic)
    out.u8(kind.charCodeAt(0))
    out.u32(body.length)
    out.u32(crc32(body))
    out.u32(crc32(out.written()))
    out.raw(body)
  }, blockHeadBytes + body.length)
}

export type BlockRead =
  | { readonly is: 'block'; readonly kind: BlockKind; readonly body: Uint8Array; readonly bytes: number }
  /** Not all of it is there: so many bytes in all are needed to go on. */
  | { readonly is: 'short'; readonly needs: number }
  | { readonly is: 'damaged'; readonly why: 'head' }
  /** The head is good, so the next block begins where it says. */
  | { readonly is: 'damaged'; readonly why: 'body'; readonly kind: BlockKind; readonly bytes: number }

/** The block that begins at `at`. */
export function readBlock(bytes: Uint8Array, at: number): BlockRead {
  if (bytes.length - at < blockHeadBytes) return { is: 'short', needs: at + blockHeadBytes }
  const from = new Cursor(bytes, at)
  const magic = from.readRaw(3)!
  const kind = String.fromCharCode(from.readU8())
  const length = from.readU32()
  const bodyCrc = from.readU32()
  const headCrc = from.readU32()
  if (crc32(bytes.subarray(at, at + 12)) !== headCrc || !isMagic(magic) || length > bodyBytesMax)
    return { is: 'damaged', why: 'head' }
  const end = at + blockHeadBytes + length
  if (bytes.length < end) return { is: 'short', needs: end }
  const body = bytes.subarray(at + blockHeadBytes, end)
  const known = blockKinds.includes(kind)
  if (!known || crc32(body) !== bodyCrc)
    return { is: 'damaged', why: 'body', kind: kind as BlockKind, bytes: end - at }
  return { is: 'block', kind: kind as BlockKind, body, bytes: end - at }
}

const isMagic = (bytes: Uint8Array): boolean => tapeMagic.every((byte, index) => bytes[index] === byte)

export type IndexEntry = { readonly offset: number; readonly fromMs: number; readonly toMs: number }
const indexEntryBytes = 24
export const indexEndBytes = 8

export function indexBlock(tapeBytes: number, entries: readonly IndexEntry[]): Uint8Array {
  const length = 8 + entries.length * indexEntryBytes + indexEndBytes
  const body = bytesOf((out) => {
    out.f64(tapeBytes)
    for (const { offset, fromMs, toMs } of entries) {
      out.f64(offset)
      out.f64(usOf(fromMs))
      out.f64(usOf(toMs))
    }
    out.u32(blockHeadBytes + length)
    out.raw(text.encode('RWTE'))
  }, length)
  return blockOf('X', body)
}

/** Length of the index block that ends with these eight bytes; null when they end no tape. */
export function indexBytes(end: Uint8Array): number | null {
  const from = new Cursor(end)
  const length = from.readU32()
  return new TextDecoder().decode(end.subarray(4, 8)) === 'RWTE' ? length : null
}

export type TapeIndex = {
  /** Bytes of the tape before its index. */
  readonly tapeBytes: number
  readonly segments: readonly IndexEntry[]
}

export function readIndex(body: Uint8Array): TapeIndex {
  const from = new Cursor(body)
  const tapeBytes = from.readF64()
  const count = Math.floor((body.length - 8 - indexEndBytes) / indexEntryBytes)
  const segments = Array.from({ length: Math.max(0, count) }, () => ({
    offset: from.readF64(),
    fromMs: from.readF64() / 1000,
    toMs: from.readF64() / 1000,
  }))
  return { tapeBytes, segments }
}
