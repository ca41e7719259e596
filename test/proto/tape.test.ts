import { readFileSync } from 'node:fs'
import { crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { programVersion } from '../../proto/program-version.ts'
import {
  blockOf,
  indexBlock,
  indexBytes,
  packRecord,
  readBlock,
  readIndex,
  type TapeEntry,
  type TapeRecord,
  unpackRecords,
} from '../../proto/tape.ts'
import { bytesOf, Cursor, crc32 } from '../../proto/tape-bytes.ts'

const line = fc.constantFrom('gnss', 'can', 'peripheral') as fc.Arbitrary<'gnss' | 'can' | 'peripheral'>
const entry: fc.Arbitrary<TapeEntry> = fc.oneof(
  fc.record({ is: fc.constant('bytes' as const), line, bytes: fc.uint8Array({ maxLength: 300 }) }),
  fc.constant({ is: 'tick' as const }),
  fc.record({ is: fc.constant('line' as const), line, up: fc.boolean() }),
  fc.record({ is: fc.constant('slack' as const), slackMs: fc.double({ noNaN: true }) }),
  fc.record({ is: fc.constant('input' as const), name: fc.string(), on: fc.boolean() }),
  fc.record({ is: fc.constant('document' as const), value: fc.constantFrom({ name: 'policy' }, null, '路') }),
  fc.record({ is: fc.constant('checkpoint' as const), value: fc.constantFrom({ a: [1, null] }, {}) }),
)
/** Whole microseconds between 1970 and 2112, so that no step between two is more than 52 bits. */
const wallMs = fc.integer({ min: 0, max: 4_503_599_627_000 }).map((ms) => ms + 0.125)
const record = fc
  .tuple(wallMs, fc.integer({ min: 0, max: 1e9 }), entry)
  .map(([wall, mono, what]): TapeRecord => ({ wallMs: wall, monoMs: mono / 1000, ...what }))

function packed(records: readonly TapeRecord[]): Uint8Array {
  return Buffer.concat(records.map((one, index) => packRecord(one, records[index - 1] ?? null)))
}

const spanOf = (records: readonly TapeRecord[]) => ({
  number: 1,
  records: records.length,
  fromMs: records[0]?.wallMs ?? 0,
  toMs: records.at(-1)?.wallMs ?? 0,
  monoMs: records[0]?.monoMs ?? 0,
})

const comparable = (one: TapeRecord): object =>
  one.is === 'bytes' ? { ...one, bytes: Buffer.from(one.bytes).toString('hex') } : one

describe('records', () => {
  it('come back as they were, also when the clock was set back between them', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 20 }), (records) => {
        const read = unpackRecords(packed(records), spanOf(records))
        expect(read?.map(comparable)).toEqual(records.map(comparable))
      }),
    )
  })

  it('are none when a byte of them is missing or too many', () => {
    const records: TapeRecord[] = [
      { wallMs: 1, monoMs: 0, is: 'tick' },
      { wallMs: 2, monoMs: 1, is: 'bytes', line: 'can', bytes: new Uint8Array(40) },
    ]
    const bytes = packed(records)
    for (let length = 0; length < bytes.length; length++)
      expect(unpackRecords(bytes.subarray(0, length), spanOf(records))).toBeNull()
    expect(unpackRecords(Buffer.concat([bytes, Buffer.of(0)]), spanOf(records))).toBeNull()
  })

  it('of a kind that a later version brings are left out', () => {
    const known = packRecord({ wallMs: 5, monoMs: 0, is: 'tick' }, { wallMs: 5, monoMs: 0 })
    const unknown = Buffer.of(99, 0, 0, 2, 1, 2)
    const read = unpackRecords(Buffer.concat([unknown, known]), { ...spanOf([]), records: 2, fromMs: 5 })
    expect(read).toEqual([{ wallMs: 5, monoMs: 0, is: 'tick' }])
  })
})

describe('numbers of a tape', () => {
  it('hold 53 bits, with the sign', () => {
    const limits = [0, 1, -1, 63, 64, -64, -65, 2 ** 31, -(2 ** 31), 2 ** 51, -(2 ** 51), 2 ** 52 - 1]
    for (const value of limits) {
      const bytes = bytesOf((out) => out.signed(value), 16)
      expect(new Cursor(bytes).readSigned()).toBe(value)
    }
  })

  it('have the checksum that zlib has', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === zlibCrc32(bytes)))
  })
})

describe('blocks', () => {
  const block = blockOf('S', Buffer.from('abcdef'))

  it('are read where they lie', () => {
    const bytes = Buffer.concat([Buffer.from('xx'), block])
    expect(readBlock(bytes, 2)).toEqual({
      is: 'block',
      kind: 'S',
      body: Buffer.from('abcdef').subarray(0),
      bytes: block.length,
    })
  })

  it('say how many bytes they still need', () => {
    for (let length = 0; length < block.length; length++)
      expect(readBlock(block.subarray(0, length), 0)).toEqual({
        is: 'short',
        needs: length < 16 ? 16 : block.length,
      })
  })

  it('notice each flipped bit, and tell whether the next block can be found', () => {
    for (let bit = 0; bit < block.length * 8; bit++) {
      const bytes = Uint8Array.from(block)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      const read = readBlock(bytes, 0)
      expect(read.is).toBe('damaged')
      if (read.is === 'damaged') expect(read.why).toBe(bit < 16 * 8 ? 'head' : 'body')
    }
  })

  it('of an index are found from the end', () => {
    const segments = [
      { offset: 300, fromMs: 1.5, toMs: 2000.25 },
      { offset: 5e9, fromMs: 2001, toMs: 3000 },
    ]
    const index = indexBlock(6e9, segments)
    expect(indexBytes(index.subarray(-8))).toBe(index.length)
    const read = readBlock(index, 0)
    expect(read.is === 'block' && readIndex(read.body)).toEqual({ tapeBytes: 6e9, segments })
    expect(indexBytes(block.subarray(-8))).toBeNull()
  })
})

it('a tape names the version of this program', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  expect(programVersion).toBe(version)
})
