import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Alert } from '../../proto/model.ts'

/**
 * The register of handling: what was done about an alert, by whom, when. Kept three years in a file of its own,
 * with the alert as it was, because the day it happened on goes after half a year.
 */
export type Handling = {
  readonly alert: Alert
  readonly atMs: number
  readonly by: string
  readonly action: string
  readonly words: string
  /** The address it came from; absent where a program of this machine noted it. */
  readonly from?: string
}

export type Register = {
  readonly note: (handling: Handling) => void
  readonly isHandled: (alertId: string) => boolean
  readonly of: (alertId: string) => readonly Handling[]
  /** Alerts about which something was done above a cursor, the one dealt with longest ago first. */
  readonly handledAfter: (cursor: number, limit: number) => readonly Handled[]
  /** Takes out what was done before an instant; says how much. */
  readonly forgetBefore: (beforeMs: number) => number
  readonly close: () => void
}

export type Handled = { readonly alertId: string; readonly cursor: number }

const schema = `
CREATE TABLE IF NOT EXISTS handling (
  id INTEGER PRIMARY KEY, alert_id TEXT NOT NULL, at INTEGER NOT NULL, by_name TEXT NOT NULL,
  action TEXT NOT NULL, words TEXT NOT NULL, alert TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS handling_alert ON handling (alert_id);
`

export function openRegister(dataDir: string): Register {
  const db = new DatabaseSync(path.join(dataDir, 'register.db'), { timeout: 1000 })
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
  db.exec(schema)
  // A register of before officers had a desk says of no step where it came from.
  const columns = db.prepare('PRAGMA table_info(handling)').all()
  if (!columns.some(({ name }) => name === 'origin')) db.exec('ALTER TABLE handling ADD COLUMN origin TEXT')
  const insert = db.prepare(
    'INSERT INTO handling (alert_id, at, by_name, action, words, alert, origin) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const after = db.prepare(
    'SELECT alert_id, max(id) AS last FROM handling WHERE id > ? GROUP BY alert_id ORDER BY last LIMIT ?',
  )
  const find = db.prepare('SELECT * FROM handling WHERE alert_id = ? ORDER BY id')
  const forget = db.prepare('DELETE FROM handling WHERE at < ?')
  return {
    note: ({ alert, atMs, by, action, words, from }) => {
      insert.run(alert.id, Math.round(atMs), by, action, words, JSON.stringify(alert), from ?? null)
    },
    isHandled: (alertId) => find.get(alertId) !== undefined,
    of: (alertId) => find.all(alertId).map(toHandling),
    handledAfter: (cursor, limit) =>
      after.all(cursor, limit).map((row) => ({
        alertId: String(row['alert_id']),
        cursor: Number(row['last']),
      })),
    forgetBefore: (beforeMs) => Number(forget.run(Math.round(beforeMs)).changes),
    close: () => db.close(),
  }
}

const toHandling = (row: Record<string, unknown>): Handling => ({
  alert: JSON.parse(String(row['alert'])) as Alert,
  atMs: Number(row['at']),
  by: String(row['by_name']),
  action: String(row['action']),
  words: String(row['words']),
  ...(typeof row['origin'] === 'string' ? { from: row['origin'] } : {}),
})
