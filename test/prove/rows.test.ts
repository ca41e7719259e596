import { describe, expect, it } from 'vitest'
import { scratchFolder } from '../help/tool.ts'
import { diedRow, type Row } from './parts.ts'
import { appendRow, rowsIn } from './rows.ts'
import { type Told, tableOf, talliedOf } from './table.ts'

const row: Row = {
  part: 'SIGKILL',
  runs: 200,
  faults: 200,
  acknowledged: 700,
  lost: 0,
  doubled: 0,
  foreign: 0,
  worstRecoveryMs: 900,
  worstRssMb: 150,
  complaints: [],
  counts: { terminals: 100, 'alert revisions': 40 },
  note: '',
}
const told = (changed: Partial<Row>, seed = 1): Told => ({
  name: 'kills',
  seed,
  tookMs: 61_000,
  row: { ...row, ...changed },
})
const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim())
const lineOf = (all: readonly Told[], n = 0): string[] => cells(tableOf(all).split('\n')[2 + n]!).slice(1, -1)

describe('pieces of one part', () => {
  it('add up to one line: sums are summed, the worst stays the worst', () => {
    const all = [told({}), told({ worstRecoveryMs: 12_340, lost: 2, complaints: ['lost: a', 'lost: b'] }, 2)]
    const sums = ['SIGKILL', '400', '400', '1,400', '2', '0', '0', '12.3 s', '150 MB', '2', '122 s']
    expect(lineOf(all)).toEqual([...sums, '200 terminals, 80 alert revisions'])
  })

  it('tell apart what cannot be added up, of a few of them', () => {
    const all = ['p99 3 ms', 'p99 4 ms', 'p99 3 ms', 'p99 9 ms', 'p99 1 ms'].map((note) => told({ note }))
    expect(lineOf(all).at(-1)).toContain('p99 3 ms / p99 4 ms / p99 9 ms / 1 pieces more')
  })

  it('that do not measure a thing say so, and do not say nought', () => {
    const silent = told({ lost: null, doubled: null, foreign: null })
    expect(lineOf([silent, silent]).slice(4, 7)).toEqual(['-', '-', '-'])
    expect(lineOf([silent, told({ lost: 2 })]).slice(4, 7)).toEqual(['2', '0', '0'])
  })

  it('that fell over stay wrong, whatever the others did', () => {
    expect(lineOf([told({}), { ...told({}), row: diedRow('kills') }]).at(-3)).toBe('1')
  })
})

it('a part that was not reached is named and has no figures', () => {
  const line = lineOf([told({}), { name: 'soak', seed: 1, tookMs: 0, row: null }], 1)
  expect(line[0]).toBe('soak')
  expect(new Set(line.slice(1, -1))).toEqual(new Set(['-']))
  expect(line.at(-1)).toContain('not reached')
})

it('in the short form a part that was not reached has failed', () => {
  const all = [told({}), told({ complaints: ['lost: one'] }), { ...told({}), row: null }]
  expect(talliedOf(all, false)).toEqual({ passed: 1, failed: 1 })
  expect(talliedOf(all, true)).toEqual({ passed: 1, failed: 2 })
})

describe('a file of rows', () => {
  const files = scratchFolder()
  it('is read as it was written, run after run', () => {
    const file = files.write('rows.jsonl', '')
    const all = [told({}), told({ lost: 1 }, 2), { ...told({}), row: null }]
    for (const one of all) appendRow(file, one)
    expect(rowsIn(file)).toEqual(all)
  })

  it('with a line that is no row is refused by its number', () => {
    const file = files.write('torn.jsonl', `${JSON.stringify(told({}))}\n{"name":`)
    expect(() => rowsIn(file)).toThrow('line 2')
    expect(() => rowsIn(`${file}.none`)).toThrow('cannot be read')
  })
})
