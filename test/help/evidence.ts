import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { bareDocuments } from '../../device/documents.ts'
import type { JournalEnvelope } from '../../gateway/journal.ts'
import { decodeEnvelope } from '../../proto/codec.ts'
import type { Alert } from '../../proto/model.ts'
import { defaultVehicle, type Vehicle } from '../../proto/shapes/vehicle.ts'
import { journalLine, recomputedIds } from '../../sim/swarm/evidence.ts'
import type { Evidence, OracleLine, Receipt } from '../invariants.ts'

export type EvidencePaths = {
  readonly oracles: readonly string[]
  readonly gatewayDir: string
  readonly receipts: readonly { readonly file: string; readonly fleet: string }[]
  /** Given, the alerts are recomputed: these drove with nothing else in force. */
  readonly vehicles?: readonly (Pick<Vehicle, 'id' | 'fleet'> & Partial<Vehicle>)[]
}

/** Whether officers have received every alert of their fleets that a journal holds, while all are still being written. */
export function isAllHeard(gatewayDir: string, receipts: EvidencePaths['receipts']): boolean {
  const name = ({ fleet, id, revision }: Pick<Alert, 'fleet' | 'id' | 'revision'>): string =>
    `${fleet}/${id}#${revision}`
  const heard = new Set(receipts.flatMap(receiptsOf).map(name))
  const days = daysIn(gatewayDir)
  try {
    return days.flatMap(alertsOf).every((alert) => heard.has(name(alert)))
  } finally {
    for (const day of days) day.close()
  }
}

const daysIn = (gatewayDir: string): DatabaseSync[] =>
  readdirSync(gatewayDir, { recursive: true, encoding: 'utf8' })
    .filter((name) => /(^|\/)journal-[\d-]+\.db$/.test(name))
    .toSorted()
    .map((name) => new DatabaseSync(join(gatewayDir, name), { readOnly: true, timeout: 5000 }))

/** Reads the three logs of a finished drive for the checker, straight from the files. */
export function evidenceOf({ oracles, gatewayDir, receipts, vehicles }: EvidencePaths): Evidence {
  const days = daysIn(gatewayDir)
  try {
    const rows = days.flatMap(journalOf)
    const alerts = days.flatMap(alertsOf)
    const recomputed = vehicles === undefined ? {} : { recomputed: recomputedBy(rows, alerts, vehicles) }
    return {
      oracle: oracles.flatMap((file) => lines<OracleLine>(file)),
      journal: rows.map(journalLine),
      alerts,
      receipts: receipts.flatMap(receiptsOf),
      ...recomputed,
    }
  } finally {
    for (const day of days) day.close()
  }
}

function recomputedBy(
  rows: readonly JournalEnvelope[],
  alerts: readonly Alert[],
  vehicles: NonNullable<EvidencePaths['vehicles']>,
): string[] {
  const known = vehicles.map((vehicle) => bareDocuments({ ...defaultVehicle, ...vehicle }))
  const documents = (fleet: string, id: string) =>
    known.find(({ vehicle }) => vehicle.fleet === fleet && vehicle.id === id) ?? null
  // That nobody was heard is told by the clock of the gateway, and by nothing that is in its journal.
  const ofSilence = alerts.filter(({ rule }) => rule.id === 'silence').map(({ id }) => id)
  return [...recomputedIds(rows, alerts, documents), ...ofSilence]
}

const receiptsOf = ({ file, fleet }: EvidencePaths['receipts'][number]): Receipt[] =>
  lines<{ readonly alert: Alert }>(file).map(({ alert }) => ({
    id: alert.id,
    revision: alert.revision,
    fleet: alert.fleet,
    officer: `officer of ${fleet}`,
    officerFleets: [fleet],
  }))

/** A kill may leave a last line half written: it was not said. */
function lines<T>(file: string): T[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T)
}

const hasTable = (db: DatabaseSync, name: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined

/** The bytes as they are in the table; their hash is made here, not read. */
function journalOf(db: DatabaseSync): JournalEnvelope[] {
  if (!hasTable(db, 'envelope')) return []
  return db
    .prepare('SELECT bytes, received_at FROM envelope')
    .all()
    .map((row) => {
      const bytes = row['bytes'] as Uint8Array
      const decoded = decodeEnvelope(bytes)
      if (!decoded.ok) throw new Error(`the journal holds what is no envelope: ${decoded.reason}`)
      const hash = createHash('sha256').update(bytes).digest()
      return { envelope: decoded.value, bytes, hash, receivedAtMs: Number(row['received_at']) }
    })
}

function alertsOf(db: DatabaseSync): Alert[] {
  if (!hasTable(db, 'alert')) return []
  return db
    .prepare('SELECT json FROM alert ORDER BY cursor')
    .all()
    .map((row) => JSON.parse(String(row['json'])) as Alert)
}
