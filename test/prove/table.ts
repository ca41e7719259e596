import type { Row } from './parts.ts'

/** The table of a proof, in Markdown: a line for each part, and for parts that were made in pieces their sum. */

/** What became of one part of one run; without a row it was not reached. */
export type Told = {
  readonly name: string
  readonly seed: number
  readonly tookMs: number
  readonly row: Row | null
}

/** How many passed and failed. Where all of them must be made, one that was not reached has failed. */
export function talliedOf(all: readonly Told[], mustBeMade: boolean): { passed: number; failed: number } {
  const passed = all.filter(({ row }) => row !== null && row.complaints.length === 0).length
  const unreached = all.filter(({ row }) => row === null).length
  return { passed, failed: all.length - passed - (mustBeMade ? 0 : unreached) }
}

const heads = [
  'part',
  'runs',
  'faults',
  'acknowledged',
  'lost',
  'doubled',
  'foreign',
  'worst recovery',
  'worst RSS',
  'wrong',
  'took',
  'note',
]

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const whole = (value: number): string => value.toLocaleString('en')
const seconds = (ms: number): string => `${whole(Math.round(ms / 1000))} s`

export function tableOf(told: readonly Told[]): string {
  const lines = summed(told).map((one) =>
    one.row === null ? unreached(one.name) : line(cellsOf(one.row, one.tookMs)),
  )
  return [line(heads), line(heads.map(() => '---')), ...lines].join('\n')
}

const unreached = (name: string): string =>
  line([name, ...heads.slice(2).map(() => '-'), 'not reached within the time'])

function cellsOf(row: Row, tookMs: number): string[] {
  const { worstRecoveryMs: recovery, worstRssMb: rss, counts } = row
  const said = Object.entries(counts).map(([of, count]) => `${whole(count)} ${of}`)
  return [
    row.part,
    ...[row.runs, row.faults, row.acknowledged].map(whole),
    ...[row.lost, row.doubled, row.foreign].map((count) => (count === null ? '-' : whole(count))),
    recovery === null ? '-' : `${(recovery / 1000).toFixed(1)} s`,
    rss === null ? '-' : `${whole(rss)} MB`,
    whole(row.complaints.length),
    seconds(tookMs),
    [...said, ...(row.note === '' ? [] : [row.note])].join(', '),
  ]
}

/** Pieces of the same part become one line, where the first of them stood. A piece that was not reached adds nothing. */
export function summed(told: readonly Told[]): Told[] {
  const pieces = Map.groupBy(told, ({ name }) => name)
  return [...pieces.values()].map((all) => {
    const rows = all.flatMap(({ row }) => (row === null ? [] : [row]))
    const tookMs = all.reduce((sum, one) => sum + one.tookMs, 0)
    return { ...all[0]!, tookMs, row: rows.length === 0 ? null : rowOfAll(rows) }
  })
}

function rowOfAll(rows: readonly Row[]): Row {
  const sum = (of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0)
  const worst = (of: (row: Row) => number | null): number | null =>
    rows.reduce<number | null>((most, row) => {
      const own = of(row)
      return own === null || (most !== null && most >= own) ? most : own
    }, null)
  /** Null as long as no piece measured it. */
  const sumOfMeasured = (of: (row: Row) => number | null): number | null =>
    rows.some((row) => of(row) !== null) ? sum((row) => of(row) ?? 0) : null
  const counted = new Set(rows.flatMap(({ counts }) => Object.keys(counts)))
  return {
    part: rows[0]!.part,
    runs: sum(({ runs }) => runs),
    faults: sum(({ faults }) => faults),
    acknowledged: sum(({ acknowledged }) => acknowledged),
    lost: sumOfMeasured(({ lost }) => lost),
    doubled: sumOfMeasured(({ doubled }) => doubled),
    foreign: sumOfMeasured(({ foreign }) => foreign),
    worstRecoveryMs: worst(({ worstRecoveryMs }) => worstRecoveryMs),
    worstRssMb: worst(({ worstRssMb }) => worstRssMb),
    complaints: rows.flatMap(({ complaints }) => complaints),
    counts: Object.fromEntries([...counted].map((of) => [of, sum(({ counts }) => counts[of] ?? 0)])),
    note: notesOf(rows),
  }
}

/** What cannot be summed is told of each piece, of a few of them. */
function notesOf(rows: readonly Row[]): string {
  const notes = [...new Set(rows.map(({ note }) => note).filter((note) => note !== ''))]
  const more = notes.length > notesMax ? [`${notes.length - notesMax} pieces more`] : []
  return [...notes.slice(0, notesMax), ...more].join(' / ')
}
const notesMax = 3
