import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvRecords } from '../../../sim/trips/csv-records.ts'
import { readTime } from '../../../sim/trips/values.ts'

async function recordsOf(bytes: Uint8Array, size: number, delimiter = ',') {
  const records: string[][] = []
  const broke: number[] = []
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  for await (const block of csvRecords(chunks(), delimiter, (line) => broke.push(line)))
    records.push(...block.map((record) => [...record]))
  return { records, broke }
}

/** The same file through the parser alone, which knows nothing of easy lines. */
function parsedWhole(bytes: Uint8Array, delimiter = ','): string[][] | null {
  try {
    return parse(Buffer.from(bytes), {
      bom: true,
      comment: '#',
      comment_no_infix: true,
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: 65_536,
    }) as string[][]
  } catch {
    return null
  }
}

const cell = fc.stringMatching(/^[a-z0-9 .#é汉-]{0,6}$/)
const quoted = fc.stringMatching(/^[a-z,#\n ]{0,8}$/).map((text) => `"${text}"`)
const line = fc
  .array(fc.oneof({ weight: 6, arbitrary: cell }, { weight: 1, arbitrary: quoted }), { maxLength: 4 })
  .map((cells) => cells.join(','))

describe('records of a CSV file', () => {
  it('are those of the parser alone, in pieces of any size, whatever ends a line', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.boolean(),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (lines, eol, bom, last, size) => {
          const text = `${bom ? '\uFEFF' : ''}${lines.join(eol)}${last ? eol : ''}`
          const bytes = new TextEncoder().encode(text)
          const whole = parsedWhole(bytes)
          fc.pre(whole !== null)
          expect((await recordsOf(bytes, size)).records).toEqual(whole)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('end at an unclosed quote, whose line is told, and all before it stand', async () => {
    const { records, broke } = await recordsOf(new TextEncoder().encode('a,b\n1,2\n3,4\n"5,6\n7,8\n'), 7)
    expect(records).toEqual([
      ['a', 'b'],
      ['1', '2'],
      ['3', '4'],
    ])
    expect(broke).toHaveLength(1)
    expect(broke[0]).toBeGreaterThanOrEqual(4)
  })

  it('end at a line without an end, and memory is not filled with it', async () => {
    const { records, broke } = await recordsOf(Buffer.from(`a,b\n1,2\n${'x'.repeat(300_000)}`), 65_536)
    expect(records).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ])
    expect(broke).toHaveLength(1)
  })
})

describe('a time in UTC', () => {
  it('is what a calendar says, and nothing else is taken for one', () => {
    const digits = fc.stringMatching(/^\d\d$/)
    fc.assert(
      fc.property(
        fc.stringMatching(/^\d{4}$/),
        digits,
        digits,
        fc.tuple(digits, digits, digits),
        fc.option(fc.stringMatching(/^\d{3}$/)),
        (year, month, day, [hour, minute, second], ms) => {
          const text = `${year}-${month}-${day}T${hour}:${minute}:${second}${ms === null ? '' : `.${ms}`}Z`
          // With a second digit group of nine figures it is read with more care: the same instant.
          const careful = `${text.slice(0, 19)}${ms === null ? '.000000' : `.${ms}000`}Z`
          expect(readTime(text, 'UTC')).toBe(readTime(careful, 'UTC'))
        },
      ),
      { numRuns: 2000 },
    )
    expect(readTime('2026-11-22T15:40:00.5:Z', 'UTC')).toBeNull()
  })
})
