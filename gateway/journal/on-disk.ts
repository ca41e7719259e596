import { accessSync, closeSync, constants, fsyncSync, openSync } from 'node:fs'
import path from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { syncFolder } from '../durable-file.ts'

/**
 * What a process wrote and was killed before it synced, the next one reads as if it were on the disk: from the memory of
 * the system, out of which a power cut takes it. Whoever acknowledges what it found has promised what may still go. So all
 * of a file is brought to the disk before a row of it is believed.
 */
export function bringToDisk(db: DatabaseSync, file: string): void {
  // Folded into the file rather than synced alone: after a sync that failed the system may take the log for clean.
  if (isFolded(db)) return
  // Somebody reads it, or the disk has no room to fold it: the log is synced where it is, and folded later.
  sync(`${file}-wal`)
  syncFolder(path.dirname(file))
}

function isFolded(db: DatabaseSync): boolean {
  try {
    return db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0
  } catch (error) {
    if ((error as { errcode?: number }).errcode === sqliteFull) return false
    throw error
  }
}
const sqliteFull = 13

function sync(file: string): void {
  const fd = openSync(file, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

/** A folder, its files by name, and its own name in those above it: one that was made a moment ago is nowhere yet. */
export function bringFolderToDisk(folder: string): void {
  syncFolder(folder)
  const above = path.dirname(folder)
  if (above !== folder && mayRead(above)) bringFolderToDisk(above)
}

/** Above a folder that is not ours to read we have made nothing. */
function mayRead(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK)
    return true
  } catch {
    return false
  }
}
