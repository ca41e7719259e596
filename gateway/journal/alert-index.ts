import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Alert, Severity } from '../../proto/model.ts'

/**
 * The last revision of every alert, by what a desk asks for. Nothing here is the truth: it is made of the journal and
 * the register, follows both, and is made anew when it does not fit them. Lists of ten million rows take one look.
 */
export type AlertIndex = {
  /** Takes in what is new; resolves when what is in the journal now can be found. */
  readonly follow: () => Promise<void>
  /** Newest first: where they are, which costs little, so that pages of several fleets are put together before any is read. */
  readonly places: (wanted: AlertsWanted) => readonly Place[]
  /** The same, read. */
  readonly list: (wanted: AlertsWanted) => readonly Listed[]
  readonly find: (id: string) => Listed | null
  /** Fleets of which there is any alert. */
  readonly fleets: () => readonly string[]
  readonly close: () => void
}

export type Listed = { readonly alert: Alert; readonly status: string }

export type AlertsWanted = {
  /** Of one fleet: whoever asks may see this one, and these kinds of it; null: all kinds. */
  readonly fleet: string
  readonly kinds: readonly string[] | null
  /** Nothing is settled about it, and it was not taken back. */
  readonly open: boolean
  readonly severities: readonly Severity[] | null
  readonly vehicle: string | null
  readonly fromMs: number | null
  readonly toMs: number | null
  /** Of the alert after which this page begins. */
  readonly after: Place | null
  readonly limit: number
}
export type Place = { readonly atMs: number; readonly id: string }

export type FollowedDeps = {
  readonly alertsAfter: (cursor: number, limit: number, fleet: null) => Promise<readonly Alert[]>
  /** Where cases stand that somebody dealt with. */
  readonly handledAfter: (cursor: number, limit: number) => readonly Dealt[]
  readonly isSettled: (status: string) => boolean
}
export type Dealt = { readonly alertId: string; readonly status: string; readonly cursor: number }

const schema = `
CREATE TABLE IF NOT EXISTS alert (
  id TEXT PRIMARY KEY, cursor INTEGER NOT NULL, fleet TEXT NOT NULL, vehicle TEXT NOT NULL, kind TEXT NOT NULL,
  severity TEXT NOT NULL, at INTEGER NOT NULL, open INTEGER NOT NULL, withdrawn INTEGER NOT NULL, status TEXT NOT NULL,
  json TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS alert_cursor ON alert (cursor);
CREATE INDEX IF NOT EXISTS alert_fleet ON alert (fleet, at, id);
CREATE INDEX IF NOT EXISTS alert_open ON alert (fleet, at, id) WHERE open = 1;
DROP INDEX IF EXISTS alert_vehicle;
CREATE INDEX IF NOT EXISTS alert_of_vehicle ON alert (fleet, vehicle, at, id, kind, severity);
CREATE INDEX IF NOT EXISTS alert_kind ON alert (fleet, kind, severity, at, id);
CREATE INDEX IF NOT EXISTS alert_severity ON alert (fleet, severity, at, id);
CREATE TABLE IF NOT EXISTS fleet (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
`
/** Rows between which everything else has its turn. */
const sliceRows = 200

/** Without a file it is in memory: for gateways of tests. */
export function openAlertIndex(file: string | null, deps: FollowedDeps): AlertIndex {
  return new SqliteAlertIndex(file, deps)
}

class SqliteAlertIndex implements AlertIndex {
  readonly #db: DatabaseSync
  readonly #deps: FollowedDeps
  readonly #statements = new Map<string, StatementSync>()
  #running: Promise<void> | null = null
  #fits: boolean

  constructor(file: string | null, deps: FollowedDeps) {
    this.#deps = deps
    this.#db = new DatabaseSync(file ?? ':memory:', { timeout: 1000 })
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768;')
    this.#db.exec(schema)
    this.#fits = this.#meta('alerts') === 0
  }

  follow(): Promise<void> {
    this.#running ??= this.#follow().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  places(wanted: AlertsWanted): readonly Place[] {
    const found = looksFor(wanted).flatMap((look) => this.#look(wanted, look))
    return found.toSorted(newestFirst).slice(0, wanted.limit)
  }

  /** Along one index, newest first. */
  #look({ fleet, vehicle, fromMs, toMs, after, limit }: AlertsWanted, look: Look): Place[] {
    const where = ['fleet = ?']
    const values: (string | number)[] = [fleet]
    const demand = (clause: string, ...more: readonly (string | number)[]): void => {
      where.push(clause)
      values.push(...more)
    }
    if (look.index === 'alert_open') demand('open = 1')
    if (vehicle !== null) demand('vehicle = ?', vehicle)
    if (look.kinds !== null) demand(`kind IN (${marks(look.kinds)})`, ...look.kinds)
    if (look.severities !== null) demand(`severity IN (${marks(look.severities)})`, ...look.severities)
    if (fromMs !== null) demand('at >= ?', fromMs)
    if (toMs !== null) demand('at < ?', toMs)
    if (after !== null) demand('(at, id) < (?, ?)', after.atMs, after.id)
    const sql = `SELECT at, id FROM alert INDEXED BY ${look.index} WHERE ${where.join(' AND ')} ORDER BY at DESC, id DESC LIMIT ?`
    return this.#sql(sql)
      .all(...values, limit)
      .map(({ at, id }) => ({ atMs: Number(at), id: String(id) }))
  }

  list(wanted: AlertsWanted): readonly Listed[] {
    return this.places(wanted).flatMap(({ id }) => this.find(id) ?? [])
  }

  find(id: string): Listed | null {
    const row = this.#sql('SELECT json, status FROM alert WHERE id = ?').get(id)
    return row === undefined ? null : toListed(row)
  }

  fleets(): readonly string[] {
    return this.#sql('SELECT name FROM fleet ORDER BY name')
      .all()
      .map(({ name }) => String(name))
  }

  close(): void {
    this.#db.close()
  }

  async #follow(): Promise<void> {
    if (!this.#fits) await this.#fit()
    for (;;) {
      const page = await this.#deps.alertsAfter(this.#meta('alerts'), sliceRows, null)
      if (page.length > 0) this.#together(() => this.#take(page))
      if (page.length < sliceRows) break
      await new Promise((resolve) => setImmediate(resolve))
    }
    for (;;) {
      const page = this.#deps.handledAfter(this.#meta('handled'), sliceRows)
      if (page.length > 0) this.#together(() => this.#deal(page))
      if (page.length < sliceRows) return
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** A journal or a register that was restored from a copy, or made anew, says something else of where we were, or nothing. */
  async #fit(): Promise<void> {
    const [cursor, handled] = [this.#meta('alerts'), this.#meta('handled')]
    const [there] = await this.#deps.alertsAfter(cursor - 1, 1, null)
    const [first] = await this.#deps.alertsAfter(0, 1, null)
    const [dealt] = handled === 0 ? [] : this.#deps.handledAfter(handled - 1, 1)
    const known = this.#sql('SELECT json FROM alert WHERE cursor = ?').get(cursor)
    const fits = there !== undefined && JSON.stringify(there) === known?.['json']
    // A case that was dealt with again stands at its newest line: the register is behind when nothing reaches ours.
    const dealtFits = handled === 0 || dealt !== undefined
    this.#together(() => {
      if (fits && dealtFits) this.#sql('DELETE FROM alert WHERE cursor < ?').run(first?.cursor ?? 0)
      else this.#db.exec('DELETE FROM alert; DELETE FROM fleet; DELETE FROM meta;')
    })
    this.#fits = true
  }

  #take(page: readonly Alert[]): void {
    for (const alert of page) {
      const { id, cursor, fleet, vehicle, kind, severity, at, withdrawn } = alert
      const before = this.#sql('SELECT status FROM alert WHERE id = ?').get(id)
      const status = String(before?.['status'] ?? 'raised')
      const taken = withdrawn === true ? 1 : 0
      const open = taken === 0 && !this.#deps.isSettled(status) ? 1 : 0
      const ms = Date.parse(at)
      const json = JSON.stringify(alert)
      this.#sql(putSql).run(id, cursor, fleet, vehicle, kind, severity, ms, open, taken, status, json)
      this.#sql('INSERT OR IGNORE INTO fleet (name) VALUES (?)').run(fleet)
    }
    this.#put('alerts', page.at(-1)!.cursor)
  }

  #deal(page: readonly Dealt[]): void {
    for (const { alertId, status } of page) {
      const settled = this.#deps.isSettled(status) ? 1 : 0
      this.#sql(dealSql).run(status, settled, alertId)
    }
    this.#put('handled', page.at(-1)!.cursor)
  }

  #meta(key: string): number {
    return Number(this.#sql('SELECT value FROM meta WHERE key = ?').get(key)?.['value'] ?? 0)
  }

  #put(key: string, value: number): void {
    this.#sql('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(key, value)
  }

  #together(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      work()
      this.#db.exec('COMMIT')
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text)
    if (statement === undefined) {
      // Filters make as many texts as there are combinations; some dozens at most are of use at a time.
      if (this.#statements.size >= statementsMax) this.#statements.clear()
      this.#statements.set(text, (statement = this.#db.prepare(text)))
    }
    return statement
  }
}

type Look = Pick<AlertsWanted, 'kinds' | 'severities'> & {
  readonly index: 'alert_open' | 'alert_of_vehicle' | 'alert_kind' | 'alert_severity' | 'alert_fleet'
}

/**
 * Which index is walked, and how often: never one on which a page of what is wanted may lie among years of something
 * else. What is open is little, and so is what one vehicle did; of kinds and severities each is looked for by itself.
 */
function looksFor({ open, vehicle, kinds, severities }: AlertsWanted): readonly Look[] {
  if (open) return [{ index: 'alert_open', kinds, severities }]
  if (vehicle !== null) return [{ index: 'alert_of_vehicle', kinds, severities }]
  // Who names more kinds than there are asks for nearly everything.
  if (kinds !== null && kinds.length <= kindsMax)
    return unique(kinds).flatMap((kind) =>
      unique(severities ?? allSeverities).map(
        (one) => ({ index: 'alert_kind', kinds: [kind], severities: [one] }) as const,
      ),
    )
  if (kinds === null && severities !== null)
    return unique(severities).map((one) => ({ index: 'alert_severity', kinds: null, severities: [one] }))
  return [{ index: 'alert_fleet', kinds, severities }]
}
const kindsMax = 50
const allSeverities: readonly Severity[] = ['info', 'minor', 'major', 'critical']
const unique = <T>(values: readonly T[]): readonly T[] => [...new Set(values)]

const newestFirst = (a: Place, b: Place): number => b.atMs - a.atMs || (a.id < b.id ? 1 : -1)

const statementsMax = 200
const putSql = `INSERT INTO alert
  (id, cursor, fleet, vehicle, kind, severity, at, open, withdrawn, status, json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET cursor = excluded.cursor, severity = excluded.severity, at = excluded.at,
  open = excluded.open, withdrawn = excluded.withdrawn, json = excluded.json`
const dealSql = 'UPDATE alert SET status = ?, open = (withdrawn = 0 AND ? = 0) WHERE id = ?'

const marks = (values: readonly unknown[]): string => values.map(() => '?').join(', ')

const toListed = (row: Record<string, unknown>): Listed => ({
  alert: JSON.parse(String(row['json'])) as Alert,
  status: String(row['status']),
})
