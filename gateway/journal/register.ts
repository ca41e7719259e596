import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Alert } from '../../proto/model.ts'
import { type CaseStatus, caseOf, isSettled, type StepFields } from '../alerts/case.ts'
import type { Role } from '../identity/identity.ts'
import { bringToDisk } from './on-disk.ts'
import { openPapers, type Papers } from './papers.ts'

/**
 * The register of handling: what was done about an alert, by whom, when. Kept three years in a file of its own,
 * with the alert as it was, because the day it happened on goes after half a year. Lines are appended and never altered.
 */
export type Handling = {
  readonly alert: Alert
  readonly atMs: number
  readonly by: string
  readonly action: string
  readonly words: string
  /** The address it came from; absent where a program of this machine noted it. */
  readonly from?: string
  /** What the officer was in the fleet; absent where nobody was asked. */
  readonly role?: Role
  readonly fields?: StepFields
}

export type Register = {
  readonly note: (handling: Handling) => void
  /** Whether nothing more is to be done: closed, or a false alarm; superseded: when the one it went on under is. */
  readonly isHandled: (alertId: string) => boolean
  readonly of: (alertId: string) => readonly Handling[]
  /** Lines of one kind of decision from an instant on. */
  readonly since: (action: Decision, fromMs: number) => readonly Handling[]
  /** Escalations of a fleet above a cursor, oldest first: whom the roster named. */
  readonly escalationsAfter: (cursor: number, limit: number, fleet: string) => readonly Escalated[]
  /** One of them, by its cursor. */
  readonly escalation: (cursor: number) => Escalated | null
  /** Of the newest line there is; 0: there is none. */
  readonly lastLine: () => number
  /** Where a case stands; null: nothing was done about it. */
  readonly standing: (alertId: string) => Standing | null
  /** Alerts about which something was done above a cursor, the one dealt with longest ago first. */
  readonly handledAfter: (cursor: number, limit: number, status?: CaseStatus) => readonly Standing[]
  /** All of it is written, or none. */
  readonly together: <T>(work: () => T) => T
  /** Takes out settled cases whose last step was before an instant; says how many lines. */
  readonly forgetBefore: (beforeMs: number) => number
  /** What is kept besides cases: shift notes, quiet rules, complaints. */
  readonly papers: Papers
  readonly close: () => void
}

/** A line of the register by which somebody was called. */
export type Escalated = { readonly cursor: number; readonly line: Handling }

export type Standing = {
  readonly alertId: string
  readonly fleet: string
  readonly kind: string
  readonly status: CaseStatus
  readonly revision: number
  /** Number of its last line. */
  readonly cursor: number
}

/** What takes effect outside the case, so that it is looked for by itself: at each start, and whenever officers ask what holds. */
const decisions = ['approveDetour', 'revokeDetour', 'acceptRelay', 'attributeDriver'] as const
type Decision = (typeof decisions)[number]
/** An index of some lines is taken only where the question says the same words. */
const isDecision = `action IN (${decisions.map((action) => `'${action}'`).join(', ')})`

/** What was decided since an instant. */
export const sinceSql = `SELECT * FROM handling WHERE ${isDecision} AND action = ? AND at >= ? ORDER BY id`

const schema = `
CREATE TABLE IF NOT EXISTS handling (
  id INTEGER PRIMARY KEY, alert_id TEXT NOT NULL, at INTEGER NOT NULL, by_name TEXT NOT NULL,
  action TEXT NOT NULL, words TEXT NOT NULL, alert TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS handling_alert ON handling (alert_id);
CREATE INDEX IF NOT EXISTS handling_escalate ON handling (id) WHERE action = 'escalate';
CREATE INDEX IF NOT EXISTS handling_decided ON handling (action, at) WHERE ${isDecision};
CREATE TRIGGER IF NOT EXISTS handling_stays BEFORE UPDATE ON handling
  BEGIN SELECT RAISE(ABORT, 'a line of the register is never altered'); END;
CREATE TABLE IF NOT EXISTS standing (
  alert_id TEXT PRIMARY KEY, fleet TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL,
  revision INTEGER NOT NULL, last INTEGER NOT NULL, successor TEXT) STRICT;
CREATE INDEX IF NOT EXISTS standing_last ON standing (last);
CREATE INDEX IF NOT EXISTS standing_status ON standing (status, last);
`
/** Columns that a register of before says nothing of: where a step came from, as what, and in which fields. */
const later = ['origin', 'role', 'fields'] as const

export function openRegister(dataDir: string): Register {
  const file = path.join(dataDir, 'register.db')
  const db = new DatabaseSync(file, { timeout: 1000 })
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
  db.exec(schema)
  bringToDisk(db, file)
  const columns = db.prepare('PRAGMA table_info(handling)').all()
  for (const column of later)
    if (!columns.some(({ name }) => name === column))
      db.exec(`ALTER TABLE handling ADD COLUMN ${column} TEXT`)
  const lines = linesOf(db)
  const standings = standingsOf(db, lines)
  for (const alertId of standings.stale()) standings.renew(alertId)
  const papers = openPapers(db)
  return {
    papers,
    note: (handling) =>
      inOne(db, () => {
        lines.add(handling)
        standings.renew(handling.alert.id)
      }),
    isHandled: (alertId) => standings.isHandled(alertId),
    of: lines.of,
    since: lines.since,
    escalationsAfter: lines.escalationsAfter,
    escalation: lines.escalation,
    lastLine: lines.last,
    standing: standings.of,
    handledAfter: standings.after,
    together: (work) => inOne(db, work),
    forgetBefore: (beforeMs) =>
      inOne(db, () => {
        papers.forgetBefore(beforeMs)
        return standings.forgetBefore(Math.round(beforeMs))
      }),
    close: () => db.close(),
  }
}

function inOne<T>(db: DatabaseSync, work: () => T): T {
  if (db.isTransaction) return work()
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

function linesOf(db: DatabaseSync) {
  const insert = db.prepare(
    'INSERT INTO handling (alert_id, at, by_name, action, words, alert, origin, role, fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const find = db.prepare('SELECT * FROM handling WHERE alert_id = ? ORDER BY id')
  const since = db.prepare(sinceSql)
  const escalated = db.prepare(
    `SELECT * FROM handling WHERE action = 'escalate' AND id > ? AND alert ->> '$.fleet' = ? ORDER BY id LIMIT ?`,
  )
  const escalation = db.prepare(`SELECT * FROM handling WHERE id = ? AND action = 'escalate'`)
  const last = db.prepare('SELECT max(id) AS last FROM handling')
  return {
    escalationsAfter: (cursor: number, limit: number, fleet: string): readonly Escalated[] =>
      escalated.all(cursor, fleet, limit).map(toEscalated),
    escalation: (cursor: number): Escalated | null => {
      const row = escalation.get(cursor)
      return row === undefined ? null : toEscalated(row)
    },
    last: (): number => Number(last.get()?.['last'] ?? 0),
    add: ({ alert, atMs, by, action, words, from, role, fields }: Handling): void => {
      const told = fields === undefined ? null : JSON.stringify(fields)
      const at = Math.round(atMs)
      const text = JSON.stringify(alert)
      insert.run(alert.id, at, by, action, words, text, from ?? null, role ?? null, told)
    },
    of: (alertId: string): readonly Handling[] => toHandlings(find.all(alertId)),
    since: (action: Decision, fromMs: number): readonly Handling[] =>
      toHandlings(since.all(action, Math.round(fromMs))),
  }
}

/** Where each case stands, made of its lines in the very transaction that appends one: it can always be made again. */
function standingsOf(db: DatabaseSync, lines: ReturnType<typeof linesOf>) {
  const put = db.prepare(
    `INSERT INTO standing SELECT ?, ?, ?, ?, ?, max(id), ? FROM handling WHERE alert_id = ?
     ON CONFLICT (alert_id) DO UPDATE SET status = excluded.status, revision = excluded.revision,
     last = excluded.last, successor = excluded.successor`,
  )
  const find = db.prepare('SELECT * FROM standing WHERE alert_id = ?')
  const after = db.prepare('SELECT * FROM standing WHERE last > ? ORDER BY last LIMIT ?')
  const afterOf = db.prepare('SELECT * FROM standing WHERE status = ? AND last > ? ORDER BY last LIMIT ?')
  const stale = db.prepare(
    `SELECT h.alert_id FROM (SELECT alert_id, max(id) AS last FROM handling GROUP BY alert_id) h
     LEFT JOIN standing s ON s.alert_id = h.alert_id WHERE s.last IS NOT h.last`,
  )
  const old = db.prepare(
    `SELECT h.alert_id, s.status FROM handling h JOIN standing s ON s.alert_id = h.alert_id
     GROUP BY h.alert_id HAVING max(h.at) < ?`,
  )
  const forget = db.prepare('DELETE FROM handling WHERE alert_id = ?')
  const forgetStanding = db.prepare('DELETE FROM standing WHERE alert_id = ?')
  const isHandled = (alertId: string, further = successorsMax): boolean => {
    const row = find.get(alertId)
    if (row === undefined || further === 0) return false
    if (row['status'] === 'superseded') return isHandled(String(row['successor']), further - 1)
    return isSettled(row['status'] as CaseStatus)
  }
  return {
    isHandled,
    renew: (alertId: string): void => {
      const all = lines.of(alertId)
      const { id, fleet, kind } = all[0]!.alert
      const { status, revision, latest } = caseOf(all)
      put.run(id, fleet, kind, status, revision, latest.supersede?.fields?.successor ?? null, id)
    },
    of: (alertId: string): Standing | null => {
      const row = find.get(alertId)
      return row === undefined ? null : toStanding(row)
    },
    after: (cursor: number, limit: number, status?: CaseStatus): readonly Standing[] =>
      (status === undefined ? after.all(cursor, limit) : afterOf.all(status, cursor, limit)).map(toStanding),
    stale: (): readonly string[] => stale.all().map((row) => String(row['alert_id'])),
    forgetBefore: (beforeMs: number): number => {
      // What nobody has settled is not old, however long ago it was touched.
      const gone = old
        .all(beforeMs)
        .map((row) => String(row['alert_id']))
        .filter((alertId) => isHandled(alertId))
      for (const alertId of gone) forgetStanding.run(alertId)
      return gone.reduce((sum, alertId) => sum + Number(forget.run(alertId).changes), 0)
    },
  }
}

/** A chain of superseded cases longer than this is a ring. */
const successorsMax = 16

/** Lines of a case mostly hold the alert in the same words: it is read once. */
function toHandlings(rows: readonly Record<string, unknown>[]): Handling[] {
  const read = new Map<string, Alert>()
  return rows.map((row) => {
    const text = String(row['alert'])
    const alert = read.get(text) ?? (JSON.parse(text) as Alert)
    read.set(text, alert)
    return toHandling(row, alert)
  })
}

const toHandling = (row: Record<string, unknown>, alert: Alert): Handling => ({
  alert,
  atMs: Number(row['at']),
  by: String(row['by_name']),
  action: String(row['action']),
  words: String(row['words']),
  ...(typeof row['origin'] === 'string' ? { from: row['origin'] } : {}),
  ...(typeof row['role'] === 'string' ? { role: row['role'] as Role } : {}),
  ...(typeof row['fields'] === 'string' ? { fields: JSON.parse(row['fields']) as StepFields } : {}),
})

const toEscalated = (row: Record<string, unknown>): Escalated => ({
  cursor: Number(row['id']),
  line: toHandling(row, JSON.parse(String(row['alert'])) as Alert),
})

const toStanding = (row: Record<string, unknown>): Standing => ({
  alertId: String(row['alert_id']),
  fleet: String(row['fleet']),
  kind: String(row['kind']),
  status: row['status'] as CaseStatus,
  revision: Number(row['revision']),
  cursor: Number(row['last']),
})
