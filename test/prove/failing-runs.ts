import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outbox, Sealed, Witness } from '../../device/outbox/outbox.ts'
import { openSqliteOutbox } from '../../device/outbox/sqlite.ts'
import { openSqliteJournal } from '../../gateway/journal/sqlite.ts'
import { emptyGroup, type Journal } from '../../gateway/journal.ts'
import { sha256Hex } from '../../proto/canonical.ts'
import { rowOf, startMs, telemetry } from '../gateway/help/envelopes.ts'
import { sampleAt } from '../help/drive.ts'
import { alarm, chainProblem, noon, seal } from '../help/envelopes.ts'
import { type Failing, type FailingIo, failIo } from './failing-io.ts'

/** One scripted run each of outbox and journal in which the k-th call to the disk fails, and what is there afterwards. */

export type RunReport = {
  readonly calls: number
  readonly refused: number
  readonly complaints: readonly string[]
}

const hashOf = (bytes: Uint8Array): string => sha256Hex(bytes).slice(0, 12)

function attempt(work: () => void): boolean {
  try {
    work()
    return true
  } catch {
    return false
  }
}

/** A start that fails is tried again, as whatever watches over a process does. */
function opened<T>(open: () => T, io: FailingIo): T | null {
  for (let tries = 0; tries < 3; tries++) {
    try {
      return open()
    } catch {
      io.endProcess()
    }
  }
  return null
}

export function failingOutbox(failing: Failing): RunReport {
  const folder = mkdtempSync(join(tmpdir(), 'failing-'))
  const intended = new Map<string, string>()
  const durable = new Map<string, string>()
  const note = (map: Map<string, string>) => (rows: readonly Sealed[]) => {
    for (const { stream, seq, bytes } of rows)
      map.set(`${stream}/${seq}/${hashOf(bytes)}`, `${stream}/${seq}`)
  }
  const witness: Witness = { intended: note(intended), durable: note(durable) }
  const open = () =>
    openSqliteOutbox(folder, { fleet: 'north', vehicle: 'coach-1', bytesMax: 2 ** 24, witness }, () => noon)
  const io = failIo(failing)
  let refused = 0
  try {
    const outbox = opened(open, io)
    if (outbox !== null) refused = scriptOf(outbox).filter((step) => !attempt(step)).length
    const calls = io.calls()
    io.restore()
    io.endProcess()
    return { calls, refused, complaints: afterOutbox(open, intended, durable) }
  } finally {
    io.restore()
    rmSync(folder, { recursive: true, force: true })
  }
}

function scriptOf(outbox: Outbox): (() => void)[] {
  const at = (n: number) => noon + n * 1000
  const checkpoint = (n: number) => ({ atMs: at(n), states: { n }, openFindings: {}, signals: null })
  const drive = (n: number) => outbox.pend([sampleAt(at(n), { speedKmh: 80 })])
  return [
    () => void outbox.append([alarm(at(1))], checkpoint(1), seal),
    () => drive(2),
    () => outbox.sync(),
    () => void outbox.append([alarm(at(3), 'ended'), alarm(at(3))], checkpoint(3), seal),
    () => drive(4),
    () => void outbox.sealPending(checkpoint(4), seal),
    () => outbox.acknowledgeEach([]),
    () => void outbox.take('alarm', 0, 10),
    () => drive(5),
    () => void outbox.append([alarm(at(5), 'ended')], checkpoint(5), seal),
    () => void outbox.restore(),
    () => drive(6),
    () => void outbox.sealPending(checkpoint(6), seal),
  ]
}

/** With the disk well again: everything that was called durable is there, nothing else but what was meant. */
function afterOutbox(
  open: () => Outbox,
  intended: ReadonlyMap<string, string>,
  durable: ReadonlyMap<string, string>,
): string[] {
  const outbox = open()
  try {
    const complaints: string[] = []
    if (outbox.reset !== null) complaints.push(`set aside: ${JSON.stringify(outbox.reset)}`)
    const rows = (['alarm', 'telemetry'] as const).flatMap((stream) => outbox.take(stream, 0, 1e6))
    const found = new Set(rows.map(({ stream, seq, bytes }) => `${stream}/${seq}/${hashOf(bytes)}`))
    for (const row of durable.keys()) if (!found.has(row)) complaints.push(`lost: ${row}`)
    for (const row of found) if (!intended.has(row)) complaints.push(`never meant: ${row}`)
    for (const stream of ['alarm', 'telemetry'] as const) {
      const problem = chainProblem(
        rows.filter((row) => row.stream === stream),
        outbox.lastSeq(stream),
      )
      if (problem !== null) complaints.push(`${stream}: ${problem}`)
    }
    const checkpoint = { atMs: noon, states: {}, openFindings: {}, signals: null }
    if (!attempt(() => outbox.append([alarm(noon)], checkpoint, seal))) complaints.push('it does not go on')
    return complaints
  } finally {
    outbox.close()
  }
}

export async function failingJournal(failing: Failing): Promise<RunReport> {
  const folder = mkdtempSync(join(tmpdir(), 'failing-'))
  let nowMs = startMs
  const open = (): Journal =>
    openSqliteJournal({ dataDir: folder, zone: 'Asia/Shanghai', nowMs: () => nowMs })
  const promised = new Set<number>()
  const io = failIo(failing)
  let refused = 0
  try {
    let journal = opened(open, io)
    for (let group = 1; group <= 6 && journal !== null; group++) {
      // The fourth is of the next day: a file that has to be made.
      if (group === 4) nowMs += 86_400_000
      const seqs = [2 * group - 1, 2 * group]
      const envelopes = seqs.map((seq) => rowOf(telemetry(seq, [sampleAt(startMs + seq * 1000)])))
      try {
        await journal.append({ ...emptyGroup, envelopes })
        for (const seq of seqs) promised.add(seq)
        journal.markPublished(group)
      } catch {
        // As the gateway does: it ends, and the next one finds its state in the files.
        refused++
        io.endProcess()
        journal = opened(open, io)
        if (journal !== null && journal.state(key).upto >= 2 * group) continue
        group--
        if (failing.forGood || refused > 3) break
      }
    }
    const calls = io.calls()
    io.restore()
    io.endProcess()
    return { calls, refused, complaints: await afterJournal(open, promised) }
  } finally {
    io.restore()
    rmSync(folder, { recursive: true, force: true })
  }
}

const key = { fleet: 'f1', vehicle: 'v1', epoch: 7, stream: 'telemetry' } as const

async function afterJournal(open: () => Journal, promised: ReadonlySet<number>): Promise<string[]> {
  const journal = open()
  try {
    const complaints: string[] = []
    const { upto, ranges } = journal.state(key)
    const rows = (await journal.read(key, 1, 1000)).map(({ envelope }) => envelope.seq)
    for (const seq of promised) if (!rows.includes(seq)) complaints.push(`lost: ${seq}`)
    if (upto % 2 !== 0 || ranges.length > 0)
      complaints.push(`a group in part: ${upto}, ${JSON.stringify(ranges)}`)
    if (rows.length !== upto) complaints.push(`${rows.length} rows under a watermark of ${upto}`)
    if (new Set(rows).size !== rows.length) complaints.push('rows twice')
    return complaints
  } finally {
    await journal.close()
  }
}
