import type { Row } from './parts.ts'

/** The table of a proof, in Markdown, a row as soon as its part is over. */

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

const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`

export const tableHead = (): string => `${line(heads)}\n${line(heads.map(() => '---'))}`

export function tableRow(row: Row, tookMs: number): string {
  const { worstRecoveryMs: recovery, worstRssMb: rss } = row
  return line([
    row.part,
    row.runs,
    row.faults,
    row.acknowledged,
    row.lost,
    row.doubled,
    row.foreign,
    recovery === null ? '-' : `${recovery} ms`,
    rss === null ? '-' : `${rss} MB`,
    row.complaints.length,
    `${Math.round(tookMs / 1000)} s`,
    row.note,
  ])
}
