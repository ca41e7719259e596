import { DatabaseSync } from 'node:sqlite'
import { sha256 } from '../../proto/canonical.ts'
import { decodeEnvelope } from '../../proto/codec.ts'
import type { Envelope, Gap, SeqRange } from '../../proto/model.ts'
import { signatureOf } from '../../proto/signature.ts'
import { isSigned, voucherTrouble } from '../evidence-key.ts'
import { addRange, hasSeq, nothing } from './ranges.ts'
import { chunkDigests, chunkRows, headsOf, type Seal, sealedTables } from './seal.ts'

/** What is wrong with a kept record, or worth naming in passing. Reads only; a copy on a stick is as good. */
export type Note =
  | { readonly is: 'bad'; readonly record: string; readonly why: string }
  | { readonly is: 'gap'; readonly record: string; readonly why: string }

export type Counts = {
  envelopes: number
  signed: number
  alerts: number
  sealed: boolean
  /** Signed envelopes of terminals of which no key is recorded: their signatures fit, and nobody can say whose they are. */
  uncompared: number
  /** Whose signature is under the whole, in hex, good or not. */
  vouchedBy: string | null
}

/** With what a record is compared besides itself. */
export type Trust = {
  /** The public key of the gateway, in hex; null: the one inside is believed. */
  readonly key: string | null
  /** The day is over, so that it has to be sealed. */
  readonly isOver: boolean
  /** Recorded keys of a terminal, in hex, from outside of this file. */
  readonly keysOf: (fleet: string, vehicle: string) => readonly string[]
}

/** One link of a chain, wherever it is kept. */
export type ChainRow = { readonly bytes: Uint8Array; readonly hash: Uint8Array; readonly name: string }

export function* verifyDay(file: string, counts: Counts, trust: Trust): Generator<Note> {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    const streams = db.prepare('SELECT id, fleet, vehicle, epoch, name FROM stream ORDER BY id').all()
    for (const stream of streams) yield* verifyStream(db, stream, counts, trust)
    yield* verifyOrphans(db)
    yield* verifyAlerts(db, counts)
    yield* verifySeal(db, counts, trust)
  } finally {
    db.close()
  }
}

type Row = Record<string, unknown>

function* verifyStream(db: DatabaseSync, stream: Row, counts: Counts, trust: Trust): Generator<Note> {
  const [fleet, vehicle, epoch, word] = ['fleet', 'vehicle', 'epoch', 'name'].map((field) =>
    String(stream[field]),
  )
  const name = `${fleet}/${vehicle} epoch ${epoch} ${word}`
  const rows = db.prepare('SELECT seq, hash, bytes FROM envelope WHERE stream = ? ORDER BY seq')
  const links = function* (): Generator<ChainRow & { seq: number }> {
    for (const row of rows.iterate(stream['id'] as number)) {
      const seq = Number(row['seq'])
      const bytes = row['bytes'] as Uint8Array
      yield { seq, bytes, hash: row['hash'] as Uint8Array, name: `${name} seq ${seq}` }
    }
  }
  const own = `${fleet}/${vehicle}/${epoch}/${word}`
  const recorded = new Set([...keysIn(db, fleet!, vehicle!), ...trust.keysOf(fleet!, vehicle!)])
  yield* verifyChain(links(), own, counts, recorded)
}

/** Hex. A day of before there were keys has no table of them. */
function keysIn(db: DatabaseSync, fleet: string, vehicle: string): string[] {
  if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'terminal_key'").get() === undefined) return []
  return db
    .prepare('SELECT key FROM terminal_key WHERE fleet = ? AND vehicle = ?')
    .all(fleet, vehicle)
    .map((row) => Buffer.from(row['key'] as Uint8Array).toString('hex'))
}

type Walk = {
  last: Envelope | null
  lastHash: Uint8Array | null
  gaps: Gap[]
  missing: SeqRange[]
  readonly recorded: ReadonlySet<string>
}

/** Envelopes of one stream in seq order: each what its hash says, naming the one before, signed by a recorded key (hex). */
export function* verifyChain(
  rows: Iterable<ChainRow & { readonly seq: number }>,
  own: string,
  counts: Counts,
  recorded: ReadonlySet<string>,
): Generator<Note> {
  const walk: Walk = { last: null, lastHash: null, gaps: [], missing: [], recorded }
  for (const row of rows) {
    counts.envelopes++
    const bad = (why: string): Note => ({ is: 'bad', record: row.name, why })
    if (!same(sha256(row.bytes), row.hash)) {
      yield bad('its bytes are not those that were journaled')
      walk.last = null
      continue
    }
    const decoded = decodeEnvelope(row.bytes)
    if (!decoded.ok) {
      yield bad(`cannot be read: ${decoded.reason}`)
      walk.last = null
      continue
    }
    const why = troubleOf(decoded.value, row, own, walk, counts)
    if (why !== null) yield bad(why)
    if (decoded.value.body.is === 'gap') walk.gaps.push(decoded.value.body.gap)
    walk.last = decoded.value
    walk.lastHash = row.hash
  }
  yield* missing(walk, own)
}

function troubleOf(
  envelope: Envelope,
  { bytes, seq }: ChainRow & { readonly seq: number },
  own: string,
  walk: Walk,
  counts: Counts,
): string | null {
  const { fleet, vehicle, epoch, stream, prevHash } = envelope
  if (`${fleet}/${vehicle}/${epoch}/${stream}` !== own || envelope.seq !== seq)
    return 'is kept under the key of another envelope'
  const unsigned = signatureTrouble(bytes, walk.recorded, counts)
  if (unsigned !== null) return unsigned
  const { last, lastHash } = walk
  if (last === null || lastHash === null) return null
  if (last.seq + 1 < seq) walk.missing.push({ first: last.seq + 1, last: seq - 1 })
  else if (!same(prevHash, lastHash)) return 'names another envelope before it than the one that is kept'
  return null
}

function signatureTrouble(bytes: Uint8Array, recorded: ReadonlySet<string>, counts: Counts): string | null {
  const signed = signatureOf(bytes)
  if (signed === null) return null
  counts.signed++
  if (!isSigned(signed.over, signed.signature, signed.publicKey)) return 'its signature does not fit'
  if (recorded.size === 0) counts.uncompared++
  else if (!recorded.has(Buffer.from(signed.publicKey).toString('hex')))
    return 'is signed with another key than is recorded of its terminal'
  return null
}

/** What is not there: under a gap record of the terminal, or kept in the file of another day. */
function* missing({ missing: holes, gaps }: Walk, own: string): Generator<Note> {
  const covered = gaps.reduce((state, gap) => addRange(state, gap.firstSeq, gap.lastSeq), nothing)
  const isCovered = ({ first, last }: SeqRange): boolean => hasSeq(covered, first) && hasSeq(covered, last)
  for (const hole of holes) {
    const why = isCovered(hole) ? 'under a gap record of the terminal' : 'not in this file'
    yield { is: 'gap', record: `${own} seq ${hole.first} to ${hole.last}`, why }
  }
}

function* verifyOrphans(db: DatabaseSync): Generator<Note> {
  const sql = 'SELECT seq, stream FROM envelope WHERE stream NOT IN (SELECT id FROM stream) ORDER BY rowid'
  for (const row of db.prepare(sql).iterate())
    yield { is: 'bad', record: `envelope seq ${Number(row['seq'])}`, why: 'its stream is not in the file' }
}

function* verifyAlerts(db: DatabaseSync, counts: Counts): Generator<Note> {
  for (const row of db
    .prepare('SELECT cursor, id, revision, fleet, json FROM alert ORDER BY cursor')
    .iterate()) {
    counts.alerts++
    const record = `alert cursor ${Number(row['cursor'])}`
    try {
      const { id, revision, cursor, fleet } = JSON.parse(String(row['json'])) as Row
      if (
        id !== row['id'] ||
        revision !== row['revision'] ||
        cursor !== row['cursor'] ||
        fleet !== row['fleet']
      )
        yield { is: 'bad', record, why: 'its columns are not those of its text' }
    } catch {
      yield { is: 'bad', record, why: 'its text cannot be read' }
    }
  }
}

function* verifySeal(db: DatabaseSync, counts: Counts, trust: Trust): Generator<Note> {
  const bad = (why: string): Note => ({ is: 'bad', record: 'the seal of the day', why })
  const seal = readSeal(db)
  if (seal === null) {
    if (trust.isOver) yield bad('is not there, although the day is over')
    return
  }
  counts.sealed = true
  if (seal === 'unreadable') {
    yield bad('its signature does not fit')
    return
  }
  counts.vouchedBy = seal.key
  const why = voucherTrouble(seal, trust.key)
  if (why === null) yield* verifySealed(db, seal)
  else yield bad(why)
}

function* verifySealed(db: DatabaseSync, seal: Seal): Generator<Note> {
  for (const table of sealedTables) yield* verifyTable(db, table, seal)
  const heads = new Set(headsOf(db).map((head) => JSON.stringify(head)))
  for (const head of seal.heads)
    if (!heads.has(JSON.stringify(head)))
      yield {
        is: 'bad',
        record: `${head.fleet}/${head.vehicle} epoch ${head.epoch} ${head.stream} seq ${head.seq}`,
        why: 'was the head of its stream when the day was sealed',
      }
}

function* verifyTable(db: DatabaseSync, table: string, seal: Seal): Generator<Note> {
  const { rows, chunks } = seal.tables[table] ?? { rows: 0, chunks: [] }
  let index = 0
  let seen = 0
  for (const { digest, rows: found } of chunkDigests(db, table)) {
    const from = index * chunkRows + 1
    if (digest !== chunks[index]) {
      yield { is: 'bad', record: `${table} rows ${from} to ${from + found - 1}`, why: 'are not as sealed' }
      return
    }
    index++
    seen += found
  }
  if (seen !== rows)
    yield { is: 'bad', record: `${table} row ${seen + 1}`, why: 'was there when the day was sealed' }
}

function readSeal(db: DatabaseSync): Seal | 'unreadable' | null {
  const table = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'seal'").get()
  const row = table === undefined ? undefined : db.prepare('SELECT json FROM seal').get()
  if (row === undefined) return null
  try {
    return JSON.parse(String(row['json'])) as Seal
  } catch {
    return 'unreadable'
  }
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
