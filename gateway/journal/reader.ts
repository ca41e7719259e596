import { readdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Alert } from '../../proto/model.ts'
import { BadInput } from '../../proto/problem.ts'
import type { TerminalKey } from '../journal.ts'
import type { Seal } from './seal.ts'

/** A day of the journal for whoever only reads: beside a running gateway, or from a copy. */
export type KeptEnvelope = {
  readonly epoch: number
  readonly stream: string
  readonly seq: number
  readonly receivedAtMs: number
  readonly hash: Uint8Array
  readonly bytes: Uint8Array
}
export type DayReader = {
  readonly revisions: (alertId: string) => Alert[]
  readonly envelopes: (fleet: string, vehicle: string) => KeptEnvelope[]
  /** With which terminals sign, first seen on this day. */
  readonly terminalKeys: () => TerminalKey[]
  readonly seal: () => Seal | null
  readonly close: () => void
}

export function dayFiles(dataDir: string): { readonly day: string; readonly file: string }[] {
  let names: string[]
  try {
    names = readdirSync(dataDir)
  } catch {
    throw new BadInput(`${dataDir}: not a folder that can be read; correct dataDir`)
  }
  return names
    .flatMap((name) => /^journal-(\d{4}-\d\d-\d\d)\.db$/.exec(name)?.[1] ?? [])
    .sort()
    .map((day) => ({ day, file: path.join(dataDir, `journal-${day}.db`) }))
}

const envelopesSql = `SELECT s.epoch, s.name, e.seq, e.received_at, e.hash, e.bytes
  FROM envelope AS e JOIN stream AS s ON s.id = e.stream WHERE s.fleet = ? AND s.vehicle = ? ORDER BY e.seq`

export function openDayReader(file: string): DayReader {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  const has = (table: string): boolean =>
    db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(table) !== undefined
  return {
    revisions: (alertId) =>
      db
        .prepare('SELECT json FROM alert WHERE id = ? ORDER BY revision')
        .all(alertId)
        .map((row) => JSON.parse(String(row['json'])) as Alert),
    envelopes: (fleet, vehicle) => db.prepare(envelopesSql).all(fleet, vehicle).map(toKept),
    terminalKeys: () =>
      has('terminal_key')
        ? db
            .prepare('SELECT fleet, vehicle, key FROM terminal_key ORDER BY rowid')
            .all()
            .map((row) => ({
              fleet: String(row['fleet']),
              vehicle: String(row['vehicle']),
              key: row['key'] as Uint8Array,
            }))
        : [],
    seal: () => {
      const row = has('seal') ? db.prepare('SELECT json FROM seal').get() : undefined
      return row === undefined ? null : (JSON.parse(String(row['json'])) as Seal)
    },
    close: () => db.close(),
  }
}

const toKept = (row: Record<string, unknown>): KeptEnvelope => ({
  epoch: Number(row['epoch']),
  stream: String(row['name']),
  seq: Number(row['seq']),
  receivedAtMs: Number(row['received_at']),
  hash: row['hash'] as Uint8Array,
  bytes: row['bytes'] as Uint8Array,
})
