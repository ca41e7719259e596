import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { sha256 } from '../../proto/canonical.ts'
import { decodeEnvelope } from '../../proto/codec.ts'
import { keyText } from '../../proto/ids.ts'
import type { Alert, EnvelopeKey } from '../../proto/model.ts'
import type { EvidenceKey } from '../evidence-key.ts'
import { failPoint } from '../fail-point.ts'
import type {
  GapEntry,
  JournalEnvelope,
  Quarantined,
  StreamKey,
  StreamState,
  TerminalKey,
  Watermark,
} from '../journal.ts'
import { bringToDisk } from './on-disk.ts'
import { type Cap, QuarantineRoom } from './quarantine.ts'
import { type Head, headsOf, sealedTables, sealOf } from './seal.ts'

/** One day of the journal: one SQLite file that can be read, copied and kept by itself. */

const schema = `
CREATE TABLE IF NOT EXISTS stream (
  id INTEGER PRIMARY KEY, fleet TEXT NOT NULL, vehicle TEXT NOT NULL, epoch INTEGER NOT NULL, name TEXT NOT NULL,
  upto INTEGER NOT NULL, ranges TEXT NOT NULL, UNIQUE (fleet, vehicle, epoch, name)) STRICT;
CREATE TABLE IF NOT EXISTS envelope (
  stream INTEGER NOT NULL, seq INTEGER NOT NULL, received_at INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL,
  UNIQUE (stream, seq)) STRICT;
CREATE TABLE IF NOT EXISTS alert (
  cursor INTEGER PRIMARY KEY, id TEXT NOT NULL, revision INTEGER NOT NULL, fleet TEXT NOT NULL, open INTEGER NOT NULL,
  json TEXT NOT NULL, UNIQUE (id, revision)) STRICT;
CREATE TABLE IF NOT EXISTS quarantine (
  hash BLOB PRIMARY KEY, fleet TEXT NOT NULL, vehicle TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL,
  received_at INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS snapshot (
  fleet TEXT NOT NULL, vehicle TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (fleet, vehicle)) STRICT;
CREATE TABLE IF NOT EXISTS gap (
  cursor INTEGER PRIMARY KEY, fleet TEXT NOT NULL, json TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS terminal_key (
  fleet TEXT NOT NULL, vehicle TEXT NOT NULL, key BLOB NOT NULL, UNIQUE (fleet, vehicle, key)) STRICT;
CREATE TABLE IF NOT EXISTS seal (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
`

type Row = Record<string, unknown>

export class Day {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  readonly #streamIds = new Map<string, number>()
  #quarantined: QuarantineRoom | null = null

  constructor(file: string) {
    this.#db = new DatabaseSync(file, { timeout: 0 })
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;')
    this.#db.exec(schema)
    bringToDisk(this.#db, file)
  }

  close(): void {
    this.#db.close()
  }

  /**
   * Rows are read by the names of their columns, which to SQLite are the same in small and capital letters: a flipped
   * bit in one would make a stream that was received look as if it never were.
   */
  check(): void {
    const altered = this.#sql(capitalsSql).get()
    if (altered !== undefined) throw new Error(`its schema was altered at ${String(altered['name'])}`)
  }

  /** Runs the writes as one transaction; whatever fails, nothing of it stays. */
  transaction(write: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      write()
      failPoint('before-commit')
      this.#db.exec('COMMIT')
      failPoint('after-commit')
    } catch (error) {
      this.#streamIds.clear()
      this.#quarantined = null
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  putState({ fleet, vehicle, epoch, stream }: StreamKey, state: StreamState): void {
    const ranges = JSON.stringify(state.ranges)
    this.#sql(putStateSql).run(fleet, vehicle, epoch, stream, state.upto, ranges)
  }

  /** The stream's state must be stored before its envelopes. */
  putEnvelope({ envelope, bytes, hash, receivedAtMs }: JournalEnvelope): void {
    const id = this.#streamId(envelope)
    this.#sql('INSERT INTO envelope (stream, seq, received_at, hash, bytes) VALUES (?, ?, ?, ?, ?)').run(
      id,
      envelope.seq,
      Math.round(receivedAtMs),
      hash,
      bytes,
    )
  }

  putAlert(alert: Alert): void {
    const { cursor, id, revision, fleet } = alert
    const open = alert.phase !== 'ended' && alert.withdrawn !== true ? 1 : 0
    this.#sql('INSERT INTO alert (cursor, id, revision, fleet, open, json) VALUES (?, ?, ?, ?, ?, ?)').run(
      cursor,
      id,
      revision,
      fleet,
      open,
      JSON.stringify(alert),
    )
  }

  putKey({ fleet, vehicle, key }: TerminalKey): void {
    this.#sql('INSERT OR IGNORE INTO terminal_key (fleet, vehicle, key) VALUES (?, ?, ?)').run(
      fleet,
      vehicle,
      key,
    )
  }

  keys(): TerminalKey[] {
    return this.#sql('SELECT fleet, vehicle, key FROM terminal_key ORDER BY rowid')
      .all()
      .map((row) => ({
        fleet: String(row['fleet']),
        vehicle: String(row['vehicle']),
        key: row['key'] as Uint8Array,
      }))
  }

  isSealed(): boolean {
    return this.#sql('SELECT 1 FROM seal').get() !== undefined
  }

  /** Signs what is in this file; nothing is written to it any more. */
  async seal(key: EvidenceKey, sealedAt: string): Promise<void> {
    const seal = await sealOf(this.#db, key, sealedAt)
    this.#sql('INSERT OR REPLACE INTO seal (id, json) VALUES (1, ?)').run(JSON.stringify(seal))
  }

  /** What a tombstone says of a file that is about to go. */
  summary(): { readonly rows: { readonly [table: string]: number }; readonly heads: readonly Head[] } {
    const count = (table: string): number =>
      Number(this.#sql(`SELECT count(*) AS n FROM ${table}`).get()?.['n'])
    const rows = Object.fromEntries(sealedTables.map((table) => [table, count(table)]))
    return { rows, heads: headsOf(this.#db) }
  }

  putGap(gap: GapEntry): void {
    const { cursor, fleet } = gap
    this.#sql('INSERT INTO gap (cursor, fleet, json) VALUES (?, ?, ?)').run(
      cursor,
      fleet,
      JSON.stringify(gap),
    )
  }

  /** Which cap is in the way of keeping it; null: it is kept. */
  putQuarantined(item: Quarantined, hash: Uint8Array): Cap | null {
    const { fleet, vehicle, kind, reason, bytes, receivedAtMs } = item
    if (this.#sql('SELECT 1 FROM quarantine WHERE hash = ?').get(hash) !== undefined) return null
    this.#quarantined ??= this.#roomLeft()
    const cap = this.#quarantined.capOn(item)
    if (cap !== null) return cap
    this.#sql(putQuarantinedSql).run(hash, fleet, vehicle, kind, reason, Math.round(receivedAtMs), bytes)
    this.#quarantined.add(item)
    return null
  }

  #roomLeft(): QuarantineRoom {
    const room = new QuarantineRoom()
    const sql = 'SELECT fleet, vehicle, count(*) AS kept FROM quarantine GROUP BY fleet, vehicle'
    for (const { fleet, vehicle, kept } of this.#sql(sql).all())
      room.add({ fleet: String(fleet), vehicle: String(vehicle) }, Number(kept))
    return room
  }

  snapshots(): { fleet: string; vehicle: string; state: string }[] {
    return this.#sql('SELECT fleet, vehicle, state FROM snapshot')
      .all()
      .map((row) => ({
        fleet: String(row['fleet']),
        vehicle: String(row['vehicle']),
        state: String(row['state']),
      }))
  }

  putSnapshot(fleet: string, vehicle: string, state: unknown): void {
    this.putSnapshotText(fleet, vehicle, JSON.stringify(state))
  }

  putSnapshotText(fleet: string, vehicle: string, text: string): void {
    this.#sql('INSERT OR REPLACE INTO snapshot (fleet, vehicle, state) VALUES (?, ?, ?)').run(
      fleet,
      vehicle,
      text,
    )
  }

  putMeta(key: string, value: number): void {
    this.#sql('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(key, value)
  }

  meta(key: string): number | null {
    const row = this.#sql('SELECT value FROM meta WHERE key = ?').get(key)
    return row === undefined ? null : Number(row['value'])
  }

  states(): Watermark[] {
    return this.#sql('SELECT * FROM stream ORDER BY id').all().map(toWatermark)
  }

  hashOf(key: EnvelopeKey): Uint8Array | null {
    const id = this.#streamId(key)
    if (id === null) return null
    const row = this.#sql('SELECT hash FROM envelope WHERE stream = ? AND seq = ?').get(id, key.seq)
    return row === undefined ? null : (row['hash'] as Uint8Array)
  }

  read(key: StreamKey, fromSeq: number, limit: number): JournalEnvelope[] {
    const id = this.#streamId(key)
    if (id === null) return []
    const sql = this.#sql('SELECT * FROM envelope WHERE stream = ? AND seq >= ? ORDER BY seq LIMIT ?')
    return sql.all(id, fromSeq, limit).map(toEnvelope)
  }

  snapshot(fleet: string, vehicle: string): string | null {
    const row = this.#sql('SELECT state FROM snapshot WHERE fleet = ? AND vehicle = ?').get(fleet, vehicle)
    return row === undefined ? null : String(row['state'])
  }

  alert(id: string): Alert | null {
    return toAlert(this.#sql('SELECT json FROM alert WHERE id = ? ORDER BY revision DESC LIMIT 1').get(id))
  }

  revision(id: string, revision: number): Alert | null {
    return toAlert(this.#sql('SELECT json FROM alert WHERE id = ? AND revision = ?').get(id, revision))
  }

  openAlerts(): Alert[] {
    return this.#sql(openAlertsSql)
      .all()
      .flatMap((row) => toAlert(row) ?? [])
  }

  alertsAfter(cursor: number, limit: number, fleet: string | null): Alert[] {
    const sql = this.#sql(
      'SELECT json FROM alert WHERE cursor > ? AND (? IS NULL OR fleet = ?) ORDER BY cursor LIMIT ?',
    )
    return sql.all(cursor, fleet, fleet, limit).flatMap((row) => toAlert(row) ?? [])
  }

  gapsAfter(cursor: number, limit: number, fleet: string | null): GapEntry[] {
    const sql = this.#sql(
      'SELECT json FROM gap WHERE cursor > ? AND (? IS NULL OR fleet = ?) ORDER BY cursor LIMIT ?',
    )
    return sql.all(cursor, fleet, fleet, limit).map((row) => JSON.parse(String(row['json'])) as GapEntry)
  }

  lastCursor(table: 'alert' | 'gap' = 'alert'): number {
    return Number(this.#sql(`SELECT max(cursor) AS last FROM ${table}`).get()?.['last'] ?? 0)
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text)
    if (statement === undefined) this.#statements.set(text, (statement = this.#db.prepare(text)))
    return statement
  }

  #streamId({ fleet, vehicle, epoch, stream }: StreamKey): number | null {
    const text = `${fleet}/${vehicle}/${epoch}/${stream}`
    const known = this.#streamIds.get(text)
    if (known !== undefined) return known
    const row = this.#sql(streamIdSql).get(fleet, vehicle, epoch, stream)
    if (row === undefined) return null
    const id = Number(row['id'])
    this.#streamIds.set(text, id)
    return id
  }
}

const capitalsSql = `SELECT p.name AS name FROM sqlite_master AS m, pragma_table_info(m.name) AS p
  WHERE m.type = 'table' AND p.name <> lower(p.name)`
const streamIdSql = 'SELECT id FROM stream WHERE fleet = ? AND vehicle = ? AND epoch = ? AND name = ?'
const putStateSql = `INSERT INTO stream (fleet, vehicle, epoch, name, upto, ranges) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET upto = excluded.upto, ranges = excluded.ranges`
const putQuarantinedSql = `INSERT INTO quarantine
  (hash, fleet, vehicle, kind, reason, received_at, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)`
const openAlertsSql = `SELECT json FROM alert AS a WHERE open = 1
  AND revision = (SELECT max(revision) FROM alert WHERE id = a.id) ORDER BY cursor`

function toWatermark(row: Row): Watermark {
  return {
    fleet: String(row['fleet']),
    vehicle: String(row['vehicle']),
    epoch: Number(row['epoch']),
    stream: row['name'] === 'alarm' ? 'alarm' : 'telemetry',
    state: {
      upto: Number(row['upto']),
      ranges: JSON.parse(String(row['ranges'])) as Watermark['state']['ranges'],
    },
  }
}

function toEnvelope(row: Row): JournalEnvelope {
  const bytes = row['bytes'] as Uint8Array
  const decoded = decodeEnvelope(bytes)
  if (!decoded.ok) throw new Error(`a journaled envelope cannot be read: ${decoded.reason}`)
  const hash = row['hash'] as Uint8Array
  // SQLite has no checksum of its pages: a flipped bit may leave an envelope that reads well and was never sent.
  if (Buffer.compare(sha256(bytes), hash) !== 0)
    throw new Error(`a journaled envelope was altered on the disk: ${keyText(decoded.value)}`)
  return {
    envelope: decoded.value,
    bytes,
    hash,
    receivedAtMs: Number(row['received_at']),
  }
}

const toAlert = (row: Row | undefined): Alert | null =>
  row === undefined ? null : (JSON.parse(String(row['json'])) as Alert)
