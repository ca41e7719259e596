import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { silentLog } from '../../../device/log.ts'
import { dropOldest } from '../../../device/tape/folder.ts'
import { createTap } from '../../../device/tape/tap.ts'
import { TapeWriter, type TapeWriterOptions } from '../../../device/tape/writer.ts'
import type { TapeRecord } from '../../../proto/tape.ts'
import { holesIn, partsOf, recordsIn, spoken, tapeHeader } from '../../help/tapes.ts'
import { scratchFolder } from '../../help/tool.ts'

const scratch = scratchFolder()
let folders = 0

function writerIn(folder: string, more: Partial<TapeWriterOptions> = {}): TapeWriter {
  return new TapeWriter({
    folder,
    vehicle: 'coach-1',
    capBytes: null,
    partBytes: 1e9,
    header: (part) => ({ ...tapeHeader, part }),
    beginning: () => [{ is: 'slack', slackMs: 7 }],
    log: silentLog,
    ...more,
  })
}

function newFolder(): string {
  const folder = join(scratch.path, `tapes-${++folders}`)
  mkdirSync(folder)
  return folder
}
const tapesIn = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
const linesOf = async (file: string): Promise<string[]> =>
  recordsIn(await partsOf(readFileSync(file))).map((record) =>
    record.is === 'bytes' ? Buffer.from(record.bytes).toString() : record.is,
  )

function fill(writer: TapeWriter, records: readonly TapeRecord[]): void {
  for (const record of records) writer.add(record)
}

describe('a tape being written', () => {
  it('holds what it was given, after what each file begins with', async () => {
    const folder = newFolder()
    const writer = writerIn(folder)
    fill(writer, spoken(0, 30))
    writer.close()
    const [file, ...more] = tapesIn(folder)
    expect(more).toEqual([])
    expect(file).toMatch(/coach-1-00000001\.rwtape$/)
    const parts = await partsOf(readFileSync(file!))
    expect(holesIn(parts)).toEqual([])
    expect(recordsIn(parts)).toHaveLength(31)
    expect(await linesOf(file!)).toEqual(['slack', ...spoken(0, 30).map((_, n) => `line ${n}\r\n`)])
  })

  it('gives its oldest file back, the open one too, and goes on in a new one', async () => {
    const folder = newFolder()
    const writer = writerIn(folder)
    fill(writer, spoken(0, 10))
    writer.flush()
    expect(dropOldest(folder, 'coach-2')).toBe(false)
    expect(dropOldest(folder, 'coach-1')).toBe(true)
    expect(tapesIn(folder)).toEqual([])
    fill(writer, spoken(10, 20))
    writer.close()
    const [file, ...more] = tapesIn(folder)
    expect(more).toEqual([])
    expect(await linesOf(file!)).toContain('line 19\r\n')
    expect(dropOldest(join(folder, 'file', 'below'), 'coach-1')).toBe(false)
  })

  it('loses at most the open segment when the power goes', async () => {
    const folder = newFolder()
    const writer = writerIn(folder)
    fill(writer, spoken(0, 30))
    // Nothing is closed: this is what a power cut leaves.
    const left = await linesOf(tapesIn(folder)[0]!)
    expect(left.length).toBeGreaterThanOrEqual(25)
    expect(left).toEqual(['slack', ...spoken(0, 30).map((_, n) => `line ${n}\r\n`)].slice(0, left.length))
    writer.close()
  })

  it('goes on in further files that count on, each with its own beginning, together the whole', async () => {
    const folder = newFolder()
    const writer = writerIn(folder, { partBytes: 2000 })
    fill(writer, spoken(0, 300))
    writer.close()
    const files = tapesIn(folder)
    expect(files.length).toBeGreaterThan(3)
    const whole = await partsOf(Buffer.concat(files.map((file) => readFileSync(file))))
    expect(holesIn(whole)).toEqual([])
    expect(whole.flatMap((part) => (part.is === 'header' ? [part.header.part] : []))).toEqual(
      files.map((_, index) => index + 1),
    )
    const texts = recordsIn(whole).flatMap((one) =>
      one.is === 'bytes' ? [Buffer.from(one.bytes).toString()] : [],
    )
    expect(texts).toEqual(spoken(0, 300).map((_, n) => `line ${n}\r\n`))
    const again = writerIn(folder)
    fill(again, spoken(300, 10))
    again.close()
    expect(tapesIn(folder).length).toBe(files.length + 1)
  })

  it('with a cap lets the oldest go and keeps the newest, whatever earlier starts left there', async () => {
    const folder = newFolder()
    const capBytes = 12_000
    for (const from of [0, 1000]) {
      const writer = writerIn(folder, { capBytes, partBytes: capBytes / 8 })
      for (const record of spoken(from, 1000)) {
        writer.add(record)
        const bytes = tapesIn(folder).reduce((sum, file) => sum + statSync(file).size, 0)
        // An index is written when a file is closed, and a header when one is opened: a few hundred bytes.
        expect(bytes).toBeLessThanOrEqual(capBytes + 2000)
      }
      writer.close()
    }
    const texts = (await Promise.all(tapesIn(folder).map(linesOf))).flat()
    expect(texts.at(-1)).toBe('line 1999\r\n')
    expect(texts).not.toContain('line 0\r\n')
    expect(texts.length).toBeGreaterThan(200)
  })

  it('leaves foreign files in the folder alone', () => {
    const folder = newFolder()
    const writer = writerIn(folder, { capBytes: 100, partBytes: 100 })
    fill(writer, spoken(0, 1))
    writer.flush()
    for (const name of ['notes.txt', 'coach-10-00000001.rwtape', 'coach-1-1.rwtape'])
      writeFileSync(join(folder, name), 'x'.repeat(1000))
    fill(writer, spoken(1, 200))
    writer.close()
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining(['notes.txt', 'coach-10-00000001.rwtape', 'coach-1-1.rwtape']),
    )
  })

  it.skipIf(process.getuid?.() === 0)(
    'goes on with a new beginning when the disk takes bytes again',
    async () => {
      const folder = newFolder()
      const writer = writerIn(folder, { partBytes: 500 })
      fill(writer, spoken(0, 20))
      writer.flush()
      chmodSync(folder, 0o500)
      fill(writer, spoken(20, 40))
      chmodSync(folder, 0o700)
      fill(writer, spoken(60, 20))
      writer.close()
      const texts = (await Promise.all(tapesIn(folder).map(linesOf))).flat()
      expect(texts.at(-1)).toBe('line 79\r\n')
    },
  )
})

describe('a tap', () => {
  it('begins with the states and the documents so far, and tells how far times can be believed', () => {
    const records: TapeRecord[] = []
    let beginning: () => readonly object[] = () => []
    const tap = createTap(
      (ask) => {
        beginning = ask
        return [{ add: (record) => records.push(record), close: () => {} }]
      },
      { nowMs: () => 0, monoMs: () => 42 },
    )
    tap.document('policy', { version: 'old' }, 1)
    tap.begin(() => ({ states: 'as they are' }))
    tap.take({ is: 'tick' }, { arrivedMs: 10, slackMs: 0 })
    tap.take({ is: 'tick' }, { arrivedMs: 20, slackMs: 250 })
    tap.take({ is: 'tick' }, { arrivedMs: 30, slackMs: 250 })
    tap.document('policy', { version: 'new' }, 40)
    expect(records).toEqual([
      { wallMs: 10, monoMs: 42, is: 'tick' },
      { wallMs: 20, monoMs: 42, is: 'slack', slackMs: 250 },
      { wallMs: 20, monoMs: 42, is: 'tick' },
      { wallMs: 30, monoMs: 42, is: 'tick' },
      {
        wallMs: 40,
        monoMs: 42,
        is: 'document',
        value: { name: 'policy', value: { version: 'new' }, sinceMs: 40 },
      },
    ])
    expect(beginning()).toEqual([
      { is: 'checkpoint', value: { states: 'as they are' } },
      { is: 'document', value: { name: 'policy', value: { version: 'new' }, sinceMs: 40 } },
      { is: 'slack', slackMs: 250 },
    ])
  })
})
