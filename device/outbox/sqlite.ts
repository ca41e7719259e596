import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { failPoint } from '../fail-point.ts'
import { isContentError, openDatabase, setAside } from './database.ts'
import { readMarker, writeMarker } from './marker.ts'
import { type MemoryDisk, randomEpoch } from './memory.ts'
import type { Checkpoint, Outbox, OutboxOptions, Reset } from './outbox.ts'
import { StreamRows } from './rows.ts'
import { SqliteOutbox } from './sqlite-outbox.ts'
import { Tables } from './tables.ts'

/**
 * The outbox on disk: node:sqlite, write-ahead log, synchronous FULL. Here is how its file is opened, whatever state it is
 * in; what it does then is in sqlite-outbox.ts.
 */
export function openSqliteOutbox(folder: string, options: OutboxOptions, nowMs: () => number): Outbox {
  const file = join(folder, 'outbox.db')
  const markerFile = join(folder, 'outbox.epoch.json')
  const outbox = openAny(file, readMarker(markerFile), options, nowMs)
  failPoint('epoch-made')
  // Written when it says something new: a full disk may still be started on.
  if (readMarker(markerFile)?.epoch !== outbox.epoch) writeMarker(markerFile, outbox.epoch)
  options.room?.keep()
  return outbox
}

/** A new outbox on the disk, with everything that one kept in memory until now. Throws while there is no room for it. */
export function openAdopted(folder: string, options: OutboxOptions, disk: MemoryDisk): Outbox {
  const opened = openDatabase(join(folder, 'outbox.db'))
  if ('unusable' in opened) throw new Error(`outbox.db: ${opened.unusable}`)
  try {
    const tables = new Tables(opened.db)
    opened.db.exec('BEGIN IMMEDIATE')
    tables.create(options, disk.epoch)
    tables.storeChain(disk.chain)
    for (const stream of ['alarm', 'telemetry'] as const) {
      const rows = new StreamRows(opened.db, stream)
      for (const row of disk.rows[stream].values()) rows.insert(row)
    }
    const [folded = [], unfolded = []] = [true, false].map((is) =>
      disk.pending.filter((entry) => entry.folded === is),
    )
    for (const { sample } of folded) tables.pend(sample)
    if (disk.checkpoint !== null) tables.storeCheckpoint(JSON.parse(disk.checkpoint) as Checkpoint)
    for (const { sample } of unfolded) tables.pend(sample)
    tables.storeThin(disk.thin)
    tables.storeEvicted(disk.evicted, disk.evictedBy)
    for (const row of disk.deadLetters) tables.bury(row, 'refused')
    opened.db.exec('COMMIT')
    writeMarker(join(folder, 'outbox.epoch.json'), disk.epoch)
    return new SqliteOutbox(tables, options, null)
  } catch (error) {
    opened.db.close()
    throw error
  }
}

type Marker = { readonly epoch: number } | null

/** What a check of the file did not find shows when it is read: a terminal that fell over it would fall at every start. */
function openAny(file: string, marker: Marker, options: OutboxOptions, nowMs: () => number): Outbox {
  const found: { db?: DatabaseSync } = {}
  try {
    const { tables, reset } = openTables(file, marker, options, nowMs, found)
    return new SqliteOutbox(tables, options, reset)
  } catch (error) {
    if (found.db?.isOpen === true) found.db.close()
    if (!isContentError(error)) throw error
    const { tables, reset } = anew('damaged', marker, file, options, nowMs)
    return new SqliteOutbox(tables, options, reset)
  }
}

function openTables(
  file: string,
  marker: Marker,
  options: OutboxOptions,
  nowMs: () => number,
  found: { db?: DatabaseSync },
): { tables: Tables; reset: Reset | null } {
  const opened = openDatabase(file)
  if ('unusable' in opened) return anew('damaged', marker, file, options, nowMs)
  found.db = opened.db
  const tables = new Tables(opened.db)
  const meta = tables.meta()
  if (meta === null) {
    tables.create(options, randomEpoch())
    const reset: Reset | null =
      marker === null ? null : { reason: 'missing', previousEpoch: marker.epoch, setAside: null }
    return { tables, reset }
  }
  if (meta.fleet === options.fleet && meta.vehicle === options.vehicle) return { tables, reset: null }
  opened.db.close()
  return anew('other-vehicle', { epoch: meta.epoch }, file, options, nowMs)
}

function anew(
  reason: Reset['reason'],
  marker: Marker,
  file: string,
  options: OutboxOptions,
  nowMs: () => number,
): { tables: Tables; reset: Reset } {
  const name = setAside(file, nowMs())
  const opened = openDatabase(file)
  if ('unusable' in opened) throw new Error(`${file}: ${opened.unusable}`)
  const tables = new Tables(opened.db)
  tables.create(options, randomEpoch())
  return { tables, reset: { reason, previousEpoch: marker?.epoch ?? null, setAside: name } }
}
