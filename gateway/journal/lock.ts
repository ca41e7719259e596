import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { BadInput } from '../../proto/problem.ts'

/**
 * One gateway per data folder. SQLite's own file lock is held for the life of the process, so the system gives it
 * back whatever way the process ends, and no stale lock file ever has to be removed by hand.
 */
export function lockFolder(dataDir: string): { readonly release: () => void } {
  const db = new DatabaseSync(path.join(dataDir, 'lock.db'), { timeout: 0 })
  try {
    db.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if ((error as { errcode?: number }).errcode === notADatabase)
      throw new BadInput(`${path.join(dataDir, 'lock.db')}: damaged; it holds nothing, remove it`)
    throw new BadInput(
      `${dataDir}: another gateway is running on this folder; stop it or use another dataDir`,
    )
  }
  return {
    release: () => {
      db.exec('ROLLBACK')
      db.close()
    },
  }
}

const notADatabase = 26
