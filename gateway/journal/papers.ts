import type { DatabaseSync } from 'node:sqlite'

/**
 * What a desk keeps besides its cases: shift notes, quiet rules, complaints. Appended and never altered: what ends a
 * quiet rule is another paper.
 */
export type PaperKind = 'note' | 'quiet' | 'quietEnded' | 'complaint'

export type Paper = {
  readonly kind: PaperKind
  /** By which it is spoken of; several may have the same. */
  readonly name: string
  readonly fleet: string
  readonly atMs: number
  readonly by: string
  readonly from: string
  /** Plain JSON. */
  readonly content: unknown
}
export type KeptPaper = Paper & { readonly cursor: number }

export type Papers = {
  readonly add: (paper: Paper) => KeptPaper
  readonly named: (kind: PaperKind, name: string) => KeptPaper | null
  /** All of a kind, oldest first. */
  readonly all: (kind: PaperKind) => readonly KeptPaper[]
  /** Newest first, below a cursor. */
  readonly before: (kind: PaperKind, cursor: number, limit: number) => readonly KeptPaper[]
  readonly forgetBefore: (beforeMs: number) => void
}

const schema = `
CREATE TABLE IF NOT EXISTS paper (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, fleet TEXT NOT NULL, at INTEGER NOT NULL,
  by_name TEXT NOT NULL, origin TEXT NOT NULL, content TEXT NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS paper_kind ON paper (kind, id);
CREATE INDEX IF NOT EXISTS paper_name ON paper (name);
CREATE TRIGGER IF NOT EXISTS paper_stays BEFORE UPDATE ON paper
  BEGIN SELECT RAISE(ABORT, 'a paper of the register is never altered'); END;
`

export function openPapers(db: DatabaseSync): Papers {
  db.exec(schema)
  const insert = db.prepare(
    'INSERT INTO paper (kind, name, fleet, at, by_name, origin, content) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const named = db.prepare('SELECT * FROM paper WHERE kind = ? AND name = ? ORDER BY id LIMIT 1')
  const all = db.prepare('SELECT * FROM paper WHERE kind = ? ORDER BY id')
  const before = db.prepare('SELECT * FROM paper WHERE kind = ? AND id < ? ORDER BY id DESC LIMIT ?')
  // A complaint stays for as long as its case does.
  const forget = db.prepare(
    `DELETE FROM paper WHERE at < ? AND NOT (kind = 'complaint' AND EXISTS
     (SELECT 1 FROM standing WHERE standing.alert_id = paper.name))`,
  )
  return {
    add: (paper) => {
      const { kind, name, fleet, atMs, by, from, content } = paper
      const at = Math.round(atMs)
      const { lastInsertRowid } = insert.run(kind, name, fleet, at, by, from, JSON.stringify(content))
      return { ...paper, cursor: Number(lastInsertRowid) }
    },
    named: (kind, name) => {
      const row = named.get(kind, name)
      return row === undefined ? null : toPaper(row)
    },
    all: (kind) => all.all(kind).map(toPaper),
    before: (kind, cursor, limit) => before.all(kind, cursor, limit).map(toPaper),
    forgetBefore: (beforeMs) => {
      forget.run(Math.round(beforeMs))
    },
  }
}

const toPaper = (row: Record<string, unknown>): KeptPaper => ({
  cursor: Number(row['id']),
  kind: row['kind'] as PaperKind,
  name: String(row['name']),
  fleet: String(row['fleet']),
  atMs: Number(row['at']),
  by: String(row['by_name']),
  from: String(row['origin']),
  content: JSON.parse(String(row['content'])) as unknown,
})
