import { openSync, readSync, statSync } from 'node:fs'
import path from 'node:path'
import { BadInput } from '../proto/problem.ts'
import { isoUtc } from '../proto/time.ts'
import { asksForHelp } from '../proto/usage.ts'
import type { Evidence } from './evidence.ts'
import { isVouched } from './evidence-key.ts'
import { readText } from './files.ts'
import type { Tombstone } from './journal/retention.ts'
import { type Counts, type Note, verifyChain, verifyDay } from './journal/verify.ts'

/**
 * `npm run -s verify -- FILE`: a day of the journal, an exported evidence file or a tombstone. One JSON line per
 * note and a summary; the first bad record is named first, exit 1 when there is one.
 */

function* verifyFile(file: string, counts: Counts): Generator<Note> {
  if (isDatabase(file)) {
    try {
      yield* verifyDay(file, counts)
    } catch (error) {
      const why = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 200) : 'not readable'
      yield { is: 'bad', record: 'the file', why: `cannot be read on: ${why}` }
    }
    return
  }
  const statement = parsed(file)
  if (statement?.is === 'evidence') yield* verifyEvidence(statement, counts)
  else if (statement?.is === 'tombstone') yield* verifyTombstone(statement)
  else yield { is: 'bad', record: 'the file', why: 'is no journal day, no evidence and no tombstone' }
}

function isDatabase(file: string): boolean {
  try {
    if (statSync(file).isDirectory()) throw new BadInput(`${file}: a directory; name a file`)
    const head = Buffer.alloc(16)
    readSync(openSync(file, 'r'), head)
    return head.toString('latin1') === 'SQLite format 3\0' || file.endsWith('.db')
  } catch (error) {
    if (error instanceof BadInput) throw error
    throw new BadInput(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code}); correct the path`)
  }
}

function parsed(file: string): Evidence | Tombstone | null {
  try {
    return JSON.parse(readText(file)) as Evidence | Tombstone
  } catch {
    return null
  }
}

function* verifyEvidence(evidence: Evidence, counts: Counts): Generator<Note> {
  counts.sealed = isVouched(evidence)
  const { id, revisions } = evidence.alert
  counts.alerts = revisions.length
  for (const { fleet, vehicle, epoch, stream, envelopes } of evidence.streams) {
    const own = `${fleet}/${vehicle}/${epoch}/${stream}`
    const rows = envelopes.map(({ seq, hash, bytes }) => ({
      ...{ seq, bytes: Buffer.from(bytes, 'base64'), hash: Buffer.from(hash, 'hex') },
      name: `${fleet}/${vehicle} epoch ${epoch} ${stream} seq ${seq}`,
    }))
    yield* verifyChain(rows, own, counts)
  }
  for (const [index, revision] of revisions.entries())
    if (revision.id !== id)
      yield { is: 'bad', record: `alert revision ${index + 1}`, why: 'is of another alert' }
  for (const { day, seal } of evidence.seals)
    if (seal === null)
      yield { is: 'gap', record: `day ${day}`, why: 'was not over, or not sealed, when this was exported' }
  if (!counts.sealed) yield { is: 'bad', record: 'the whole file', why: 'its signature does not fit' }
}

function* verifyTombstone(tombstone: Tombstone): Generator<Note> {
  if (!isVouched(tombstone)) yield { is: 'bad', record: 'the tombstone', why: 'its signature does not fit' }
  else {
    const why = `removed ${tombstone.removedAt} by the gateway of key ${tombstone.key.slice(0, 16)}`
    yield { is: 'gap', record: `day ${tombstone.day}`, why }
  }
}

const say = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`)

const usage = 'usage: npm run -s verify -- FILE'

function main(): void {
  const [name, ...more] = process.argv.slice(2)
  if (asksForHelp(process.argv.slice(2))) return void process.stdout.write(`${usage}\n`)
  if (name === undefined || more.length > 0) throw new BadInput(usage)
  const file = path.resolve(process.env['INIT_CWD'] ?? process.cwd(), name)
  const counts: Counts = { envelopes: 0, signed: 0, alerts: 0, sealed: false }
  let bad = 0
  let gaps = 0
  for (const { is, ...note } of verifyFile(file, counts)) {
    if (is === 'bad') bad++
    else gaps++
    say({ kind: is, ...note })
  }
  say({ kind: 'summary', file: path.basename(file), verifiedAt: isoUtc(Date.now()), ...counts, gaps, bad })
  process.exitCode = bad > 0 ? 1 : 0
}

try {
  main()
} catch (error) {
  if (!(error instanceof BadInput)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
