import { existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { BadInput } from '../proto/problem.ts'
import { isoUtc } from '../proto/time.ts'
import { asksForHelp } from '../proto/usage.ts'
import type { Evidence } from './evidence.ts'
import { evidenceKeyName, isPublicKey, publicKeyIn, voucherTrouble } from './evidence-key.ts'
import { readText } from './files.ts'
import { dayFiles, openDayReader } from './journal/reader.ts'
import type { Tombstone } from './journal/retention.ts'
import { type Counts, type Note, type Trust, verifyChain, verifyDay } from './journal/verify.ts'
import type { TerminalKey } from './journal.ts'

/**
 * `npm run -s verify -- FILE [--key HEX|FILE]`: a day of the journal, an exported evidence file or a tombstone. One JSON
 * line per note and a summary; the first bad record is named first, exit 1 when there is one. Whoever alters a file can
 * sign it anew with a key of his own: what it says is worth as much as the key it is compared with, which the summary names.
 */

function* verifyFile(file: string, counts: Counts, trust: Trust): Generator<Note> {
  try {
    yield* isDatabase(file) ? verifyDay(file, counts, trust) : verifyStatement(file, counts, trust)
  } catch (error) {
    if (error instanceof BadInput) throw error
    const why = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 200) : 'not readable'
    yield { is: 'bad', record: 'the file', why: `cannot be read on: ${why}` }
  }
}

function* verifyStatement(file: string, counts: Counts, trust: Trust): Generator<Note> {
  const statement = parsed(file)
  if (statement?.is === 'evidence') yield* verifyEvidence(statement, counts, trust)
  else if (statement?.is === 'tombstone') yield* verifyTombstone(statement, counts, trust)
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

function* verifyEvidence(evidence: Evidence, counts: Counts, { key }: Trust): Generator<Note> {
  const untrusted = voucherTrouble(evidence, key)
  counts.sealed = untrusted === null
  counts.vouchedBy = evidence.key
  const recorded = new Set(evidence.terminalKeys)
  const { id, revisions } = evidence.alert
  counts.alerts = revisions.length
  for (const { fleet, vehicle, epoch, stream, envelopes } of evidence.streams) {
    const own = `${fleet}/${vehicle}/${epoch}/${stream}`
    const rows = envelopes.map(({ seq, hash, bytes }) => ({
      ...{ seq, bytes: Buffer.from(bytes, 'base64'), hash: Buffer.from(hash, 'hex') },
      name: `${fleet}/${vehicle} epoch ${epoch} ${stream} seq ${seq}`,
    }))
    yield* verifyChain(rows, own, counts, recorded)
  }
  for (const [index, revision] of revisions.entries())
    if (revision.id !== id)
      yield { is: 'bad', record: `alert revision ${index + 1}`, why: 'is of another alert' }
  for (const { day, seal } of evidence.seals) {
    if (seal === null)
      yield { is: 'gap', record: `day ${day}`, why: 'was not over, or not sealed, when this was exported' }
    else if (seal.key !== (key ?? evidence.key))
      yield { is: 'bad', record: `the seal of day ${day}`, why: 'is by another key' }
  }
  if (untrusted !== null) yield { is: 'bad', record: 'the whole file', why: untrusted }
}

function* verifyTombstone(tombstone: Tombstone, counts: Counts, { key }: Trust): Generator<Note> {
  counts.vouchedBy = tombstone.key
  const untrusted = voucherTrouble(tombstone, key)
  if (untrusted !== null) yield { is: 'bad', record: 'the tombstone', why: untrusted }
  else {
    const why = `removed ${tombstone.removedAt} by the gateway of key ${tombstone.key.slice(0, 16)}`
    yield { is: 'gap', record: `day ${tombstone.day}`, why }
  }
}

/** The key to compare with, and where it is from. */
type Trusted = { readonly key: string | null; readonly from: string | null }

/** As named, else that of the gateway beside whose files this one lies. */
function trustedBy(file: string, named: string | undefined, from: string): Trusted {
  if (named !== undefined) {
    const key = isPublicKey(named) ? named.toLowerCase() : publicKeyIn(path.resolve(from, named))
    return { key, from: 'as named with --key' }
  }
  const beside = path.join(path.dirname(file), evidenceKeyName)
  if (!existsSync(beside)) return { key: null, from: null }
  return { key: publicKeyIn(beside), from: `${evidenceKeyName} beside the file` }
}

const dayNamed = (name: string): string | undefined =>
  /^journal-(\d{4}-\d\d-\d\d)\.(db|tombstone\.json)$/.exec(name)?.[1]

/** In the last time zone of the world, and then some time to seal it. */
const overMs = 37 * 3_600_000

/**
 * A gateway seals a day when it begins the next one; the last day of one that was stopped has no seal yet. Whoever names
 * the key asks that everything be signed with it, but for a day that may still be going on.
 */
function isOver(file: string, isKeyNamed: boolean): boolean {
  const day = dayNamed(path.basename(file))
  if (day === undefined) return isKeyNamed
  if (isKeyNamed && Date.now() > Date.parse(day) + overMs) return true
  return readdirSync(path.dirname(file)).some((name) => (dayNamed(name) ?? '') > day)
}

/** A terminal's key is recorded on the day it was first seen: the days beside this one may know it. */
function keysBeside(file: string): Trust['keysOf'] {
  let known: readonly TerminalKey[] | null = null
  return (fleet, vehicle) => {
    known ??= dayFiles(path.dirname(file)).flatMap((one) => (one.file === file ? [] : keysIn(one.file)))
    return known
      .filter((one) => one.fleet === fleet && one.vehicle === vehicle)
      .map(({ key }) => Buffer.from(key).toString('hex'))
  }
}

function keysIn(file: string): readonly TerminalKey[] {
  try {
    const reader = openDayReader(file)
    try {
      return reader.terminalKeys()
    } finally {
      reader.close()
    }
  } catch {
    // What is wrong with another day is told when that one is asked about.
    return []
  }
}

const say = (line: object): boolean => process.stdout.write(`${JSON.stringify(line)}\n`)

const usage = 'usage: npm run -s verify -- FILE [--key HEX|FILE]'

function argumentsOf(argv: readonly string[]): { name: string; key: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { key: { type: 'string' } },
    })
    const [name, ...more] = positionals
    if (name !== undefined && more.length === 0 && values.key !== '') return { name, key: values.key }
  } catch {
    // An option nobody knows: the line of usage says which there are.
  }
  throw new BadInput(usage)
}

const noCounts = { envelopes: 0, signed: 0, alerts: 0, sealed: false, uncompared: 0, vouchedBy: null }

function main(): void {
  if (asksForHelp(process.argv.slice(2))) return void process.stdout.write(`${usage}\n`)
  const { name, key: named } = argumentsOf(process.argv.slice(2))
  const from = process.env['INIT_CWD'] ?? process.cwd()
  const file = path.resolve(from, name)
  isDatabase(file)
  const trusted = trustedBy(file, named, from)
  const trust = { key: trusted.key, isOver: isOver(file, named !== undefined), keysOf: keysBeside(file) }
  const counts: Counts = { ...noCounts }
  let bad = 0
  let gaps = 0
  for (const { is, ...note } of verifyFile(file, counts, trust)) {
    if (is === 'bad') bad++
    else gaps++
    say({ kind: is, ...note })
  }
  say(summaryOf(file, counts, { gaps, bad }, trusted))
  process.exitCode = bad > 0 ? 1 : 0
}

function summaryOf(file: string, counts: Counts, found: { gaps: number; bad: number }, trusted: Trusted) {
  const { envelopes, signed, alerts, sealed, uncompared, vouchedBy } = counts
  const fromItself = vouchedBy === null ? 'none: nobody has signed it' : 'from the file itself'
  return {
    ...{ kind: 'summary', file: path.basename(file), verifiedAt: isoUtc(Date.now()) },
    ...{ envelopes, signed, alerts, sealed, ...found },
    key: trusted.key ?? vouchedBy,
    keyTrusted: trusted.from ?? fromItself,
    signaturesWithoutRecordedKey: uncompared,
  }
}

try {
  main()
} catch (error) {
  if (!(error instanceof BadInput)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}
