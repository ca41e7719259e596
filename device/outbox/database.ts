import { closeSync, existsSync, fsyncSync, openSync, renameSync } from 'node:fs'
import { basename } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { decodeEnvelope } from '../../proto/codec.ts'
import { classOf } from './evict.ts'

/** The outbox file: opening it, judging whether it can be trusted, setting it aside when it cannot. */

const schemaVersion = 2
/** Classes of what waits, where gap records begin, and what went by class and reason. */
const sinceVersion2 = `
  ALTER TABLE alarm ADD COLUMN class TEXT NOT NULL DEFAULT 'alarm';
  ALTER TABLE alarm ADD COLUMN first_seq INTEGER;
  ALTER TABLE telemetry ADD COLUMN class TEXT NOT NULL DEFAULT 'positions';
  ALTER TABLE telemetry ADD COLUMN first_seq INTEGER;
  CREATE INDEX alarm_low ON alarm (seq) WHERE class = 'low' AND is_gap = 0;
  CREATE INDEX alarm_gap ON alarm (first_seq) WHERE is_gap = 1;
  CREATE INDEX telemetry_gap ON telemetry (first_seq) WHERE is_gap = 1;
  CREATE TABLE evicted (
    class TEXT NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (class, reason)) STRICT;`
const schema = `
  CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1), fleet TEXT NOT NULL, vehicle TEXT NOT NULL, epoch INTEGER NOT NULL,
    boot_count INTEGER NOT NULL, thin_second INTEGER, folded_id INTEGER NOT NULL, checkpoint TEXT,
    evicted INTEGER NOT NULL) STRICT;
  CREATE TABLE chain (stream TEXT PRIMARY KEY, next_seq INTEGER NOT NULL, last_hash BLOB NOT NULL) STRICT;
  CREATE TABLE alarm (
    seq INTEGER PRIMARY KEY, is_gap INTEGER NOT NULL, damaged INTEGER NOT NULL DEFAULT 0,
    from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE telemetry (
    seq INTEGER PRIMARY KEY, is_gap INTEGER NOT NULL, damaged INTEGER NOT NULL DEFAULT 0,
    from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE pending (id INTEGER PRIMARY KEY AUTOINCREMENT, sample TEXT NOT NULL) STRICT;
  CREATE TABLE dead_letter (
    stream TEXT NOT NULL, seq INTEGER NOT NULL, reason TEXT NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (stream, seq)) STRICT;
  ${sinceVersion2}
  PRAGMA user_version = ${schemaVersion};`

export type Opened = { readonly db: DatabaseSync; readonly isNew: boolean }
export type Unusable = { readonly unusable: string }

/**
 * Opens the file, or says why its content cannot be trusted. What is wrong with the disk itself (full, not
 * writable, in use by another terminal) is thrown: setting a good file aside for that would lose what it holds.
 */
export function openDatabase(file: string): Opened | Unusable {
  const isNew = !existsSync(file)
  const db = new DatabaseSync(file, { timeout: 1000 })
  try {
    prepare(db, isNew)
    const problem = isNew ? null : contentProblem(db)
    if (problem === null) return { db, isNew }
    db.close()
    return { unusable: problem }
  } catch (error) {
    db.close()
    if (isContentError(error)) return { unusable: error.message }
    throw error
  }
}

function prepare(db: DatabaseSync, isNew: boolean): void {
  // One terminal per outbox: a second one would seal other envelopes under the same seq.
  db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
  db.exec('PRAGMA journal_size_limit = 8388608;')
  if (isNew || versionOf(db) === 0) db.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`)
}

const versionOf = (db: DatabaseSync): number =>
  Number(db.prepare('PRAGMA user_version').get()?.['user_version'])

/** A file of the version before goes on, with all that waits in it, or stays as it was. */
function migrate(db: DatabaseSync): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    db.exec(sinceVersion2)
    for (const stream of ['alarm', 'telemetry'] as const) {
      const change = db.prepare(`UPDATE ${stream} SET class = ?, first_seq = ? WHERE seq = ?`)
      const rows = db.prepare(`SELECT seq, bytes FROM ${stream} WHERE seq > ? ORDER BY seq LIMIT 1`)
      for (let row = rows.get(0); row !== undefined; row = rows.get(Number(row['seq']))) {
        const { seq, bytes } = row
        const decoded = decodeEnvelope(bytes as Uint8Array)
        if (!decoded.ok) continue
        const { body } = decoded.value
        const isUsual = body.is !== 'gap' && (stream === 'telemetry' || classOf(body, stream) === 'alarm')
        if (isUsual) continue
        change.run(classOf(body, stream), body.is === 'gap' ? body.gap.firstSeq : null, Number(seq))
      }
    }
    db.exec(`PRAGMA user_version = ${schemaVersion}; COMMIT`)
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function contentProblem(db: DatabaseSync): string | null {
  if (versionOf(db) === 1) migrate(db)
  const version = versionOf(db)
  if (version !== schemaVersion) return `schema version ${version}, this program knows ${schemaVersion}`
  const problem = wrongIn(db, 'integrity_check')
  if (problem !== null && !mendIndexes(db)) return problem
  mendLetters(db)
  return null
}

/** With the tables whole, an index that is not would end the terminal at its first eviction: it is made anew from them. */
function mendIndexes(db: DatabaseSync): boolean {
  if (wrongIn(db, 'quick_check') !== null) return false
  db.exec('REINDEX')
  return wrongIn(db, 'integrity_check') === null
}

/** The first thing that is wrong. */
function wrongIn(db: DatabaseSync, pragma: 'quick_check' | 'integrity_check'): string | null {
  const said = String(db.prepare(`PRAGMA ${pragma}(1)`).get()?.[pragma])
  return said === 'ok' ? null : said
}

/**
 * To SQLite a column is the same in small and capital letters, to whoever reads its rows by name it is not: one flipped
 * bit in the schema would end the terminal at every start, with every envelope still good.
 */
function mendLetters(db: DatabaseSync): void {
  for (const { tbl, col } of db.prepare(capitalsSql).all())
    db.exec(`ALTER TABLE "${String(tbl)}" RENAME COLUMN "${String(col)}" TO ${String(col).toLowerCase()}`)
}
const capitalsSql = `SELECT m.name AS tbl, p.name AS col FROM sqlite_master AS m, pragma_table_info(m.name) AS p
  WHERE m.type = 'table' AND p.name <> lower(p.name)`

/** SQLITE_ERROR (a table is not there), SQLITE_CORRUPT, SQLITE_NOTADB. */
const contentErrors = new Set([1, 11, 26])

/** The tables are readable and cannot be true together. */
export class Contradiction extends Error {
  override readonly name = 'Contradiction'
}

export function isContentError(error: unknown): error is Error {
  if (!(error instanceof Error)) return false
  if (error instanceof Contradiction) return true
  const { errcode } = error as Error & { errcode?: number }
  return errcode !== undefined && contentErrors.has(errcode & 0xff)
}

/** What was committed is on the disk after this, without a commit of one's own, for which there may be no room. */
export function bringLogToDisk(db: DatabaseSync): void {
  const log = `${db.location() ?? ''}-wal`
  if (!existsSync(log)) return
  const fd = openSync(log, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** Renames the file and its companions; returns the new name of the file. Nothing of it is deleted: it is evidence. */
export function setAside(file: string, atMs: number): string {
  const stamp = new Date(atMs).toISOString().replace(/[:.]/g, '-')
  const aside = `${file}.set-aside-${stamp}`
  for (const end of ['', '-wal', '-shm']) if (existsSync(file + end)) renameSync(file + end, aside + end)
  return basename(aside)
}
