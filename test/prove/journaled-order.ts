import { DatabaseSync } from 'node:sqlite'
import { dayFiles } from '../../gateway/journal/reader.ts'

/** An envelope as it stands in the journal, the one that was written first in front. */
export type Journaled = { readonly stream: string; readonly receivedAtMs: number }

export type Passings = {
  /** Alarms that stand in front of telemetry that had come before them. */
  readonly passed: number
  /** Alarms that stand behind telemetry that came after them. */
  readonly passedBy: number
}

/**
 * Who overtook whom on the way from the wire to the disk. It is read from the order in the journal and from no time
 * between a publish and its PUBACK: PUBACKs leave in the order of arrival [MQTT-4.6.0-2], so that an alarm is durable
 * and spoken of before the telemetry in front of it, and yet is acknowledged after it.
 */
export function passingsOf(rows: readonly Journaled[]): Passings {
  const isAlarm = (row: Journaled): boolean => row.stream === 'alarm'
  let newest = -Infinity
  let passedBy = 0
  for (const row of rows)
    if (!isAlarm(row)) newest = Math.max(newest, row.receivedAtMs)
    else if (newest > row.receivedAtMs) passedBy++
  let eldest = Infinity
  let passed = 0
  for (const row of rows.toReversed())
    if (!isAlarm(row)) eldest = Math.min(eldest, row.receivedAtMs)
    else if (eldest < row.receivedAtMs) passed++
  return { passed, passedBy }
}

const orderSql = `SELECT s.name, e.received_at FROM envelope AS e JOIN stream AS s ON s.id = e.stream ORDER BY e.rowid`

/** All of a journal, while its gateway runs. */
export function journaledIn(dataDir: string): Journaled[] {
  return dayFiles(dataDir).flatMap(({ file }) => {
    const db = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
    try {
      return db
        .prepare(orderSql)
        .all()
        .map((row) => ({ stream: String(row['name']), receivedAtMs: Number(row['received_at']) }))
    } finally {
      db.close()
    }
  })
}
