import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Evidence } from '../invariants.ts'

/** What a terminal still holds, and what its papers say of why. */

type Row = Readonly<Record<string, string | number>>

function rowsOf(file: string, sql: string): readonly Row[] {
  if (!existsSync(file)) return []
  const db = new DatabaseSync(file, { readOnly: true, timeout: 2000 })
  try {
    return db.prepare(sql).all() as Row[]
  } finally {
    db.close()
  }
}

const waitingSql = `SELECT 'alarm' AS stream, seq, to_ms FROM alarm UNION ALL
  SELECT 'telemetry', seq, to_ms FROM telemetry ORDER BY 1, 2`

export function waitingIn(outbox: string): string[] {
  return rowsOf(outbox, waitingSql).map(
    (row) => `${row['stream']}/${row['seq']} of ${new Date(Number(row['to_ms'])).toISOString()}`,
  )
}

const deadLetters = (outbox: string): number => rowsOf(outbox, 'SELECT seq FROM dead_letter').length

/** Names what waits, why the gateway set any of it aside, and the last words of both. */
export function whyStuck(
  { outbox, vehicle }: { readonly outbox: string; readonly vehicle: string },
  gatewayDir: string,
  logs: readonly string[],
): string {
  const waiting = waitingIn(outbox)
  const days = readdirSync(gatewayDir, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(^|\/)journal-[\d-]+\.db$/.test(name))
    .toSorted()
  const aside = days.flatMap((day) =>
    rowsOf(join(gatewayDir, day), 'SELECT vehicle, kind, reason FROM quarantine ORDER BY received_at')
      .filter((row) => row['vehicle'] === vehicle)
      .map(({ kind, reason }) => `${kind}: ${reason}`),
  )
  const words = logs.map((file) => readFileSync(file, 'utf8').trim().split('\n').slice(-3).join(' | '))
  return [
    `${waiting.length} of ${vehicle} never left the outbox: ${waiting.slice(0, 3).join(', ')}`,
    `set aside last: ${aside.slice(-2).join(', ') || 'nothing'}`,
    ...words.map((text) => text.slice(0, 600)),
  ].join('; ')
}

/** Twice what either program was ever seen to take; nothing of what was sealed may be given up as unsendable. */
const rssMaxMb = 400
/** What the terminal's configuration grants it, by default. */
const outboxBytesMax = 256 * 2 ** 20

export function boundsOf(
  worstRssMb: number,
  outboxes: readonly { readonly outbox: string }[],
): NonNullable<Evidence['bounds']> {
  const files = outboxes.map(({ outbox }) => outbox).filter((file) => existsSync(file))
  const sum = (of: (file: string) => number): number => files.reduce((total, file) => total + of(file), 0)
  return [
    { name: 'resident memory in MB', value: worstRssMb, cap: rssMaxMb },
    { name: 'dead letters', value: sum(deadLetters), cap: 0 },
    {
      name: 'outboxes in bytes',
      value: sum((file) => statSync(file).size),
      cap: outboxBytesMax * files.length,
    },
  ]
}
