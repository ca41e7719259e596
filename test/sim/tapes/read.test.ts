import { describe, expect, it } from 'vitest'
import { readBlock } from '../../../proto/tape.ts'
import { fromPlain, toPlain } from '../../../sim/tapes/plain.ts'
import { readTape } from '../../../sim/tapes/read.ts'
import { chunksFrom } from '../../../sim/tapes/seek.ts'
import {
  holesIn,
  partsOf,
  recordsIn,
  spoken,
  tapeBytes,
  tapeHeader,
  tapeOfSegments,
} from '../../help/tapes.ts'
import { scratchFolder } from '../../help/tool.ts'

const groups = [spoken(0, 5), spoken(5, 5), spoken(10, 5)]
const tape = tapeOfSegments(groups)
const texts = (bytes: Awaited<ReturnType<typeof partsOf>>): string[] =>
  recordsIn(bytes).map((record) => (record.is === 'bytes' ? Buffer.from(record.bytes).toString() : record.is))
const all = texts([{ is: 'records', segment: 1, records: groups.flat() }])

/** Where each block of the tape ends. */
function ends(bytes: Uint8Array): number[] {
  const found: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const read = readBlock(bytes, at)
    if (read.is !== 'block') throw new Error('the tape of the test is damaged')
    at += read.bytes
    found.push(at)
  }
  return found
}

const [headerEnd, ...segmentEnds] = ends(tape)

describe('a tape', () => {
  it('is the same however its bytes are cut', async () => {
    for (const size of [1, 7, 16, 1000, tape.length]) expect(texts(await partsOf(tape, size))).toEqual(all)
    expect(holesIn(await partsOf(tape))).toEqual([])
  })

  it('torn at any byte is read to its last whole segment, and says where it broke', async () => {
    for (let length = headerEnd!; length < tape.length; length++) {
      const parts = await partsOf(tape.subarray(0, length), 64)
      const whole = segmentEnds.filter((end) => end <= length).length
      expect(texts(parts)).toEqual(all.slice(0, whole * 5))
      const last = [headerEnd!, ...segmentEnds][whole]!
      const told =
        last === length ? [] : [expect.stringContaining(`byte ${last}: torn after segment ${whole};`)]
      expect(holesIn(parts)).toEqual(told)
    }
  })

  it('torn within its header is refused with one line', async () => {
    for (const length of [0, 5, 15, 16, headerEnd! - 1])
      await expect(partsOf(tape.subarray(0, length))).rejects.toThrow(
        'some.rwtape: a tape without a readable header',
      )
  })

  it('with a flipped byte names the segment, leaves out that one and goes on', async () => {
    for (let at = headerEnd!; at < tape.length; at++) {
      const flipped = Uint8Array.from(tape)
      flipped[at]! ^= 0x40
      const hurt = segmentEnds.findIndex((end) => at < end)
      const parts = await partsOf(flipped, 128)
      expect(texts(parts)).toEqual([...all.slice(0, hurt * 5), ...all.slice(hurt * 5 + 5)])
      const from = [headerEnd!, ...segmentEnds][hurt]!
      expect(holesIn(parts)).toEqual([
        expect.stringContaining(`some.rwtape: byte ${from}: segment ${hurt + 1} is damaged`),
      ])
    }
  })

  it('with a segment cut out says which is missing', async () => {
    const cut = Buffer.concat([tape.subarray(0, segmentEnds[0]), tape.subarray(segmentEnds[1])])
    const parts = await partsOf(cut)
    expect(texts(parts)).toEqual([...all.slice(0, 5), ...all.slice(10)])
    expect(holesIn(parts)).toEqual([expect.stringContaining('segments 2 to 2 are missing')])
  })

  it('may be laid behind another one, and is found again after what is no tape', async () => {
    const two = Buffer.concat([
      tapeBytes(groups[0]!),
      Buffer.from('RWT not a block at all'),
      tapeBytes(groups[1]!),
    ])
    const parts = await partsOf(two, 33)
    expect(parts.map(({ is }) => is)).toEqual(['header', 'records', 'hole', 'header', 'records'])
    expect(texts(parts)).toEqual(all.slice(0, 10))
  })

  it('of a later version, or with a header that is none, is refused by its path', async () => {
    const odd = { ...tapeHeader, version: 99 }
    await expect(partsOf(tapeBytes([], odd))).rejects.toThrow(/some\.rwtape: header\.version: /)
  })
})

describe('seeking', () => {
  const files = scratchFolder()
  const far = [spoken(0, 10_000), spoken(10_000, 10_000)]
  const bytes = Buffer.concat(far.map((records) => tapeBytes(records)))
  const file = files.write('two.rwtape', bytes)
  const from = async (second: number): Promise<string[] | null> => {
    const chunks = await chunksFrom(file, spoken(second, 1)[0]!.wallMs)
    if (chunks === null) return null
    const parts = []
    for await (const part of readTape(chunks, 'two.rwtape', true)) parts.push(part)
    expect(holesIn(parts)).toEqual([])
    return texts(parts)
  }

  it('begins in the segment of the instant, in whichever tape of the file it is', async () => {
    for (const second of [0, 100, 7500, 9999, 10_000, 16_500, 19_999]) {
      const read = (await from(second))!
      expect(read).toContain(`line ${second}\r\n`)
      expect(read.at(-1)).toBe('line 19999\r\n')
      const skipped = 20_000 - read.length
      expect(skipped).toBeLessThanOrEqual(second)
      expect(read[0]).toBe(`line ${skipped}\r\n`)
    }
    expect((await from(16_500))!.length).toBeLessThan(10_000)
    expect(await from(20_001)).toBeNull()
  })

  it('is not possible in a torn tape', async () => {
    const torn = files.write('torn.rwtape', bytes.subarray(0, -3))
    expect(await chunksFrom(torn, 0)).toBeNull()
  })
})

it('states with bytes, maps and numbers that JSON has not come back', () => {
  const state = {
    head: Uint8Array.of(1, 255),
    sessions: new Map([[3, [{ payload: new Uint8Array(2) }]]]),
    ids: new Set(['a']),
    due: Number.POSITIVE_INFINITY,
    none: null,
    plain: [1, 'x', true],
  }
  expect(fromPlain(JSON.parse(JSON.stringify(toPlain(state))))).toEqual(state)
})
