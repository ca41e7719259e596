import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { decodeEnvelope } from '../../proto/codec.ts'
import type { Alert, EnvelopeKey } from '../../proto/model.ts'
import type { JournalEnvelope, Quarantined, StreamKey, StreamState, Watermark } from '../journal.ts'

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
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
`

/** A sender of rubbish fills no disk: what is beyond this, per day, is counted and not kept. */
const quarantinedMax = 10_000

type Row = Record<string, unknown>

export type Day = ReturnType<typeof openDay>

export function openDay(file: string) {
  const db = new DatabaseSync(file, { timeout: 0 })
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;')
  db.exec(schema)
  const statements = new Map<string, StatementSync>()
  const sql = (text: string): StatementSync => {
    let statement = statements.get(text)
    if (statement === undefined) statements.set(text, (statement = db.prepare(text)))
    return statement
  }
  const streamIds = new Map<string, number>()

  const streamId = ({ fleet, vehicle, epoch, stream }: StreamKey): number | null => {
    const text = `${fleet}/${vehicle}/${epoch}/${stream}`
    const known = streamIds.get(text)
    if (known !== undefined) return known
    const row = sql('SELECT id FROM stream WHERE fleet = ? AND vehicle = ? AND epoch = ? AND name = ?').get(
      fleet,
      vehicle,
      epoch,
      stream,
    )
    if (row === undefined) return null
    const id = Number(row['id'])
    streamIds.set(text, id)
    return id
  }

  return {
    /** Runs the writes as one transaction; whatever fails, nothing of it stays. */
    transaction: (write: () => void): void => {
      db.exec('BEGIN IMMEDIATE')
      try {
        write()
        db.exec('COMMIT')
      } catch (error) {
        streamIds.clear()
        if (db.isTransaction) db.exec('ROLLBACK')
        throw error
      }
    },
    putState: ({ fleet, vehicle, epoch, stream }: StreamKey, state: StreamState): void => {
      sql(
        `INSERT INTO stream (fleet, vehicle, epoch, name, upto, ranges) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET upto = excluded.upto, ranges = excluded.ranges`,
      ).run(fleet, vehicle, epoch, stream, state.upto, JSON.stringify(state.ranges))
    },
    /** The stream's state must be stored before its envelopes. */
    putEnvelope: ({ envelope, bytes, hash, receivedAtMs }: JournalEnvelope): void => {
      sql('INSERT INTO envelope (stream, seq, received_at, hash, bytes) VALUES (?, ?, ?, ?, ?)').run(
        streamId(envelope),
        envelope.seq,
        Math.round(receivedAtMs),
        hash,
        bytes,
      )
    },
    putAlert: (alert: Alert): void => {
      const open = alert.phase !== 'ended' && alert.withdrawn !== true ? 1 : 0
      sql('INSERT INTO alert (cursor, id, revision, fleet, open, json) VALUES (?, ?, ?, ?, ?, ?)').run(
        alert.cursor,
        alert.id,
        alert.revision,
        alert.fleet,
        open,
        JSON.stringify(alert),
      )
    },
    putQuarantined: (item: Quarantined, hash: Uint8Array): void => {
      const kept = Number(sql('SELECT count(*) AS n FROM quarantine').get()?.['n'])
      if (kept >= quarantinedMax) return
      sql(
        'INSERT OR IGNORE INTO quarantine (hash, fleet, vehicle, kind, reason, received_at, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)',
      ).run(hash, item.fleet, item.vehicle, item.kind, item.reason, Math.round(item.receivedAtMs), item.bytes)
    },
    putSnapshot: (fleet: string, vehicle: string, state: unknown): void => {
      sql('INSERT OR REPLACE INTO snapshot (fleet, vehicle, state) VALUES (?, ?, ?)').run(
        fleet,
        vehicle,
        JSON.stringify(state),
      )
    },
    putMeta: (key: string, value: number): void => {
      sql('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)').run(key, value)
    },
    meta: (key: string): number | null => {
      const row = sql('SELECT value FROM meta WHERE key = ?').get(key)
      return row === undefined ? null : Number(row['value'])
    },
    states: (): Watermark[] => sql('SELECT * FROM stream ORDER BY id').all().map(toWatermark),
    hashOf: (key: EnvelopeKey): Uint8Array | null => {
      const id = streamId(key)
      if (id === null) return null
      const row = sql('SELECT hash FROM envelope WHERE stream = ? AND seq = ?').get(id, key.seq)
      return row === undefined ? null : (row['hash'] as Uint8Array)
    },
    read: (key: StreamKey, fromSeq: number, limit: number): JournalEnvelope[] => {
      const id = streamId(key)
      if (id === null) return []
      return sql('SELECT * FROM envelope WHERE stream = ? AND seq >= ? ORDER BY seq LIMIT ?')
        .all(id, fromSeq, limit)
        .map(toEnvelope)
    },
    snapshot: (fleet: string, vehicle: string): string | null => {
      const row = sql('SELECT state FROM snapshot WHERE fleet = ? AND vehicle = ?').get(fleet, vehicle)
      return row === undefined ? null : String(row['state'])
    },
    alert: (id: string): Alert | null =>
      toAlert(sql('SELECT json FROM alert WHERE id = ? ORDER BY revision DESC LIMIT 1').get(id)),
    revision: (id: string, revision: number): Alert | null =>
      toAlert(sql('SELECT json FROM alert WHERE id = ? AND revision = ?').get(id, revision)),
    openAlerts: (): Alert[] =>
      sql(
        `SELECT json FROM alert AS a WHERE open = 1
         AND revision = (SELECT max(revision) FROM alert WHERE id = a.id) ORDER BY cursor`,
      )
        .all()
        .flatMap((row) => toAlert(row) ?? []),
    alertsAfter: (cursor: number, limit: number, fleet: string | null): Alert[] =>
      sql('SELECT json FROM alert WHERE cursor > ? AND (? IS NULL OR fleet = ?) ORDER BY cursor LIMIT ?')
        .all(cursor, fleet, fleet, limit)
        .flatMap((row) => toAlert(row) ?? []),
    lastCursor: (): number => Number(sql('SELECT max(cursor) AS last FROM alert').get()?.['last'] ?? 0),
    quarantined: (): Row[] => sql('SELECT * FROM quarantine').all(),
    close: (): void => db.close(),
  }
}

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
  return {
    envelope: decoded.value,
    bytes,
    hash: row['hash'] as Uint8Array,
    receivedAtMs: Number(row['received_at']),
  }
}

const toAlert = (row: Row | undefined): Alert | null =>
  row === undefined ? null : (JSON.parse(String(row['json'])) as Alert)
