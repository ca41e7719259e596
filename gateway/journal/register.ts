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
}

export type Register = {
  readonly note: (handling: Handling) => void
  readonly isHandled: (alertId: string) => boolean
  readonly of: (alertId: string) => readonly Handling[]
  /** Takes out what was done before an instant; says how much. */
  readonly forgetBefore: (beforeMs: number) => number
  readonly close: () => void
}

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
  const insert = db.prepare(
    'INSERT INTO handling (alert_id, at, by_name, action, words, alert) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const find = db.prepare('SELECT * FROM handling WHERE alert_id = ? ORDER BY id')
  const forget = db.prepare('DELETE FROM handling WHERE at < ?')
  return {
    note: ({ alert, atMs, by, action, words }) => {
      insert.run(alert.id, Math.round(atMs), by, action, words, JSON.stringify(alert))
    },
    isHandled: (alertId) => find.get(alertId) !== undefined,
    of: (alertId) => find.all(alertId).map(toHandling),
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
})
