import { readBlock, readSegment, segmentBlock, type TapeRecord } from '../../proto/tape.ts'
import { type TapeHeader, tapeFormat, tapeVersion } from '../../proto/tape-header.ts'
import { readTape, type TapePart } from '../../sim/tapes/read.ts'
import { tapeBlocks } from '../../sim/tapes/write.ts'

/** Tapes for tests: made by hand, read back whole. */

export const tapeHeader: TapeHeader = {
  format: tapeFormat,
  version: tapeVersion,
  program: '0.0.0',
  kind: 'recording',
  origin: 'made by a test',
  session: '1-1',
  part: 1,
  startedAt: '2026-11-22T15:40:00.000Z',
  zone: 'Asia/Shanghai',
  vehicle: 'coach-1',
  trip: null,
  policyDigest: '',
  lines: { gnss: true, can: 'slcan', peripheral: false },
  notBeforeMs: 0,
  documents: {
    vehicle: {
      id: 'coach-1',
      fleet: 'north',
      class: 'coach',
      serviceClass: null,
      oneWayKm: null,
      relay: null,
    },
    trips: [],
    policy: {},
    route: null,
    areas: [],
  },
}

export function tapeBytes(records: Iterable<TapeRecord>, header: TapeHeader = tapeHeader): Buffer {
  return Buffer.concat([...tapeBlocks(header, records)])
}

/** A tape of several small segments. */
export function tapeOfSegments(groups: readonly (readonly TapeRecord[])[], header = tapeHeader): Buffer {
  const whole = groups.map((records) => [...tapeBlocks(header, records)])
  // The segments of tapes of one segment each, renumbered, make a tape of several: numbers are the first of a body.
  return Buffer.concat([whole[0]![0]!, ...whole.map((blocks, index) => renumbered(blocks[1]!, index + 1))])
}

function renumbered(block: Uint8Array, number: number): Uint8Array {
  const read = readBlock(block, 0)
  if (read.is !== 'block') throw new Error('not a block')
  const { span, deflated } = readSegment(read.body)!
  return segmentBlock({ ...span, number }, deflated)
}

export async function partsOf(bytes: Uint8Array, chunkBytes = 4096, anywhere = false): Promise<TapePart[]> {
  const parts: TapePart[] = []
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes)
  }
  for await (const part of readTape(chunks(), 'some.rwtape', anywhere)) parts.push(part)
  return parts
}

export const recordsIn = (parts: readonly TapePart[]): TapeRecord[] =>
  parts.flatMap((part) => (part.is === 'records' ? part.records : []))
export const holesIn = (parts: readonly TapePart[]): string[] =>
  parts.flatMap((part) => (part.is === 'hole' ? [part.told] : []))

const secondMs = 1000
const start = Date.parse('2026-11-22T15:40:00.000Z')

/** So many seconds of a line that says its number. */
export function spoken(from: number, count: number): TapeRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    wallMs: start + (from + index) * secondMs,
    monoMs: (from + index) * secondMs + 0.5,
    is: 'bytes',
    line: 'gnss',
    bytes: new TextEncoder().encode(`line ${from + index}\r\n`),
  }))
}
