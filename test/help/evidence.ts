import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { decodeEnvelope } from '../../proto/codec.ts'
import type { Alert } from '../../proto/model.ts'
import type { AlertLine, Evidence, JournalLine, OracleLine, Receipt } from '../invariants.ts'

/** Whether an officer has received every alert that a journal holds, while both are still being written. */
export function isAllHeard(gatewayDir: string, receipts: string): boolean {
  const name = ({ id, revision }: { readonly id: string; readonly revision: number }): string =>
    `${id}#${revision}`
  const heard = new Set(lines<{ readonly alert: Alert }>(receipts).map(({ alert }) => name(alert)))
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
    .map((name) => new DatabaseSync(join(gatewayDir, name), { readOnly: true, timeout: 5000 }))

/** Reads the three logs of a finished drive for the checker, straight from the files. */
export function evidenceOf(
  paths: { oracle: string; gatewayDir: string; receipts: string },
  fleet: string,
): Evidence {
  const days = daysIn(paths.gatewayDir)
  try {
    return {
      oracle: lines<OracleLine>(paths.oracle),
      journal: days.flatMap(journalOf),
      alerts: days.flatMap(alertsOf),
      receipts: lines<{ readonly alert: Alert }>(paths.receipts).map(
        ({ alert }): Receipt => ({
          id: alert.id,
          revision: alert.revision,
          fleet: alert.fleet,
          officer: 'officer',
          officerFleets: [fleet],
        }),
      ),
    }
  } finally {
    for (const day of days) day.close()
  }
}

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

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

function journalOf(db: DatabaseSync): JournalLine[] {
  if (!hasTable(db, 'envelope')) return []
  return db
    .prepare('SELECT bytes FROM envelope')
    .all()
    .map((row) => {
      const bytes = row['bytes'] as Uint8Array
      const decoded = decodeEnvelope(bytes)
      if (!decoded.ok) throw new Error(`the journal holds what is no envelope: ${decoded.reason}`)
      const { fleet, vehicle, epoch, stream, seq, prevHash, body } = decoded.value
      const line = {
        fleet,
        vehicle,
        epoch,
        stream,
        seq,
        hash: createHash('sha256').update(bytes).digest('hex'),
        prevHash: hex(prevHash),
      }
      return body.is === 'gap' ? { ...line, gap: body.gap } : line
    })
}

function alertsOf(db: DatabaseSync): AlertLine[] {
  if (!hasTable(db, 'alert')) return []
  return db
    .prepare('SELECT json FROM alert')
    .all()
    .map((row) => {
      const { id, revision, fleet } = JSON.parse(String(row['json'])) as Alert
      return { id, revision, fleet }
    })
}
