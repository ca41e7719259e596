import type { Difference } from './compare.ts'
import type { Outcome } from './task.ts'

/** Differences summed by what an officer asks for. Only beginnings count: an end follows its beginning. */
export type Sums = { added: number; removed: number; moved: number; changed: number }
export type Row = Sums & {
  readonly by: 'all' | 'rule' | 'vehicle' | 'driver'
  readonly name: string
  readonly km: number
  /** Added less removed, per 1,000 km driven by those whom the row is about; null where nobody knows the distance. */
  readonly netPer1000Km: number | null
}

const nothing = (): Sums => ({ added: 0, removed: 0, moved: 0, changed: 0 })

const lineOf = ({ before, after }: Difference) => (after ?? before)!

export function tally(outcomes: readonly Outcome[]): Row[] {
  const known = outcomes.filter(({ failed }) => failed === null)
  const km = known.reduce((sum, one) => sum + one.km, 0)
  const started = known.flatMap(({ vehicle, differences }) =>
    differences.filter((one) => lineOf(one).phase === 'started').map((one) => ({ vehicle, one })),
  )
  const groups: Row[] = [
    rowOf(
      'all',
      'all',
      km,
      started.map(({ one }) => one),
    ),
  ]
  const by = (
    kind: Row['by'],
    nameOf: (entry: (typeof started)[number]) => string,
    kmOf: (name: string) => number,
  ) => {
    const names = [...new Set(started.map(nameOf))].toSorted()
    for (const name of names)
      groups.push(
        rowOf(
          kind,
          name,
          kmOf(name),
          started.filter((entry) => nameOf(entry) === name).map(({ one }) => one),
        ),
      )
  }
  by(
    'rule',
    ({ one }) => lineOf(one).kind,
    () => km,
  )
  by(
    'vehicle',
    ({ vehicle }) => vehicle,
    (name) => known.filter(({ vehicle }) => vehicle === name).reduce((sum, one) => sum + one.km, 0),
  )
  by(
    'driver',
    ({ one }) => lineOf(one).driver ?? 'unknown',
    () => 0,
  )
  return groups
}

function rowOf(by: Row['by'], name: string, km: number, differences: readonly Difference[]): Row {
  const sums = nothing()
  for (const { change } of differences) sums[change]++
  const net = ((sums.added - sums.removed) / km) * 1000
  return { by, name, ...sums, km: round(km, 10), netPer1000Km: km > 0 ? round(net, 100) : null }
}

const round = (value: number, per: number): number => Math.round(value * per) / per || 0

/** The rows as a table for a terminal. */
export function tableOf(rows: readonly Row[]): string {
  const head = ['', '', 'added', 'removed', 'moved', 'changed', 'per 1,000 km']
  const cells = rows.map(({ by, name, added, removed, moved, changed, netPer1000Km }) => [
    by === 'all' ? '' : by,
    name,
    ...[added, removed, moved, changed].map(String),
    netPer1000Km === null ? '' : `${netPer1000Km > 0 ? '+' : ''}${netPer1000Km}`,
  ])
  const all = [head, ...cells]
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]!.length)))
  return all
    .map((row) =>
      row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}
