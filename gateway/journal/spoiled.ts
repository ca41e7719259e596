import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sha256 } from '../../proto/canonical.ts'
import { BadInput } from '../../proto/problem.ts'

/**
 * Which file of a data folder cannot be read, when a start has failed over one: a person needs its name and what to do.
 * Looked for only then, because reading all of half a year takes minutes. Null when every file is sound: then the fault
 * is ours.
 */
export function spoiledFile(dataDir: string): BadInput | null {
  if (!existsSync(dataDir)) return null
  const names = readdirSync(dataDir).filter((name) => /^(journal-\d{4}-\d\d-\d\d|register)\.db$/.test(name))
  for (const name of names.sort().reverse()) {
    const file = path.join(dataDir, name)
    const why = troubleOf(file)
    if (why !== null) return new BadInput(`${file}: damaged (${oneLine(why)}); ${remedy(name)}`)
  }
  return null
}

/** Nothing is taken away here: what is left in the file is evidence, and terminals still have what was not acknowledged. */
const remedy = (name: string): string =>
  name === 'register.db'
    ? 'restore it from a copy, or move it away, keep it, and begin a new register'
    : 'restore it from a copy, or move it away and keep it: npm run verify names the first bad record'

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 200)

function troubleOf(file: string): string | null {
  let db: DatabaseSync | null = null
  try {
    db = new DatabaseSync(file, { readOnly: true })
    const check = String(db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'])
    return check === 'ok' ? contentTrouble(db) : check
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    db?.close()
  }
}

/** SQLite has no checksum of its pages: what a flipped bit did shows against the hash, and in what is no JSON any more. */
function contentTrouble(db: DatabaseSync): string | null {
  if (!hasTable(db, 'envelope')) return null
  for (const { hash, bytes, rowid } of db.prepare('SELECT rowid, hash, bytes FROM envelope').iterate())
    if (Buffer.compare(sha256(bytes as Uint8Array), hash as Uint8Array) !== 0)
      return `envelope ${String(rowid)} is not what was received`
  for (const [table, column] of [
    ['alert', 'json'],
    ['gap', 'json'],
    ['snapshot', 'state'],
    ['stream', 'ranges'],
  ] as const)
    for (const row of db.prepare(`SELECT ${column} AS text FROM ${table}`).iterate())
      if (!isJson(String(row['text']))) return `a row of ${table} cannot be read`
  return null
}

const hasTable = (db: DatabaseSync, name: string): boolean =>
  db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
