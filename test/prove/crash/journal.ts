import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openEvidenceKey, voucherTrouble } from '../../../gateway/evidence-key.ts'
import { hasSeq } from '../../../gateway/journal/ranges.ts'
import type { Upkeep } from '../../../gateway/journal/retention.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { emptyGroup, type Journal } from '../../../gateway/journal.ts'
import { sha256Hex } from '../../../proto/canonical.ts'
import { localText } from '../../../proto/time.ts'
import { rowOf, startMs, telemetry } from '../../gateway/help/envelopes.ts'
import { sampleAt } from '../../help/drive.ts'
import { alertDraft } from '../alert-draft.ts'
import type { Script, Subject } from './subject.ts'

/** The journal of a gateway over a few days, the last of which take the first ones off the disk. */
export type JournalPromise =
  /** Named in an ack: the terminal forgets it. */
  | { readonly is: 'journaled'; readonly seq: number; readonly hash: string; readonly day: string }
  /** Published under this cursor. */
  | { readonly is: 'alert'; readonly id: string; readonly cursor: number; readonly day: string }
  | { readonly is: 'gap'; readonly firstSeq: number; readonly cursor: number; readonly day: string }
  /** A day that may go, when its tombstone says so. */
  | { readonly is: 'mayGo'; readonly day: string }

const dayMs = 86_400_000
const zone = 'Asia/Shanghai'
const key = { fleet: 'f1', vehicle: 'v1', epoch: 7, stream: 'telemetry' } as const
const dayOf = (atMs: number): string => localText(atMs, zone).slice(0, 10)
const rowAt = (seq: number, receivedAtMs = startMs) =>
  rowOf(telemetry(seq, [sampleAt(startMs + seq * 1000)]), receivedAtMs)
const hashOf = (bytes: Uint8Array): string => sha256Hex(bytes)

async function run(folder: string, { life, steps, dice }: Script, tell: (one: JournalPromise) => void) {
  let nowMs = startMs + life * 2 * dayMs
  const opening = (): Journal & Upkeep => openSqliteJournal({ dataDir: folder, zone, nowMs: () => nowMs })
  let journal = opening()
  const evidence = openEvidenceKey(folder)
  await tellAll(journal, tell)
  const { upto, ranges } = journal.state(key)
  let seq = Math.max(upto, ...ranges.map(({ last }) => last))
  for (let step = 0; step < steps; step++) {
    nowMs += 1000
    const act = dice.pick('act', ['group', 'group', 'group', 'hole', 'day', 'seal', 'again'] as const)
    if (act === 'day') nowMs += dayMs
    if (act === 'seal') {
      await journal.sealPast(evidence)
      const before = dayOf(nowMs - dayMs)
      for (let atMs = startMs; dayOf(atMs) < before; atMs += dayMs) tell({ is: 'mayGo', day: dayOf(atMs) })
      journal.removePast(before, () => true, evidence)
    } else if (act === 'again') {
      await journal.close()
      journal = opening()
      await tellAll(journal, tell)
    } else {
      const closed = act === 'hole' ? [{ ...key, first: seq + 1, last: seq + 2 }] : []
      if (act === 'hole') seq += 2
      const rows = Array.from({ length: dice.whole('rows', 1, 4) }, () => rowAt(++seq, nowMs))
      const drafts = dice.happens('alert', 0.5) ? [alertDraft(`a-${seq}`)] : []
      const snapshots = dice.happens('snapshot', 0.3)
        ? [{ fleet: 'f1', vehicle: 'v1', state: { seq, pad: 'x'.repeat(3000) } }]
        : []
      const alerts = await journal.append({
        ...emptyGroup,
        envelopes: rows,
        alerts: drafts,
        snapshots,
        closed,
      })
      const day = dayOf(nowMs)
      for (const { envelope, hash } of rows)
        tell({ is: 'journaled', seq: envelope.seq, hash: Buffer.from(hash).toString('hex'), day })
      for (const { id, cursor } of alerts) tell({ is: 'alert', id, cursor, day })
      journal.markPublished(alerts.at(-1)?.cursor ?? 0)
    }
  }
  await journal.close()
}

/** What is found is told to terminals and officers as what is kept. */
async function tellAll(journal: Journal, tell: (one: JournalPromise) => void): Promise<void> {
  for (const { envelope, bytes, receivedAtMs } of await journal.read(key, 1, 1e6))
    tell({ is: 'journaled', seq: envelope.seq, hash: hashOf(bytes), day: dayOf(receivedAtMs) })
  for (const { firstSeq, cursor, recordedAt } of await journal.gapsAfter(0, 1e6, null))
    tell({ is: 'gap', firstSeq, cursor, day: dayOf(Date.parse(recordedAt)) })
}

async function check(folder: string, promises: readonly JournalPromise[]): Promise<string[]> {
  const journal = openSqliteJournal({ dataDir: folder, zone, nowMs: () => startMs + 40 * dayMs })
  try {
    const mayGo = new Set(promises.flatMap((one) => (one.is === 'mayGo' ? [one.day] : [])))
    const isGone = (day: string): boolean =>
      mayGo.has(day) && !existsSync(join(folder, `journal-${day}.db`)) && hasTombstone(folder, day)
    const kept = promises.filter((one) => one.is !== 'mayGo' && !isGone(one.day))
    return [...(await rowTrouble(journal, kept)), ...(await troubleGoingOn(journal, promises))]
  } finally {
    await journal.close()
  }
}

function hasTombstone(folder: string, day: string): boolean {
  const file = join(folder, `journal-${day}.tombstone.json`)
  if (!existsSync(file)) return false
  return voucherTrouble(JSON.parse(readFileSync(file, 'utf8')), openEvidenceKey(folder).publicKey) === null
}

async function rowTrouble(journal: Journal, kept: readonly JournalPromise[]): Promise<string[]> {
  const rows = new Map((await journal.read(key, 1, 1e6)).map((row) => [row.envelope.seq, hashOf(row.bytes)]))
  const alerts = new Map((await journal.alertsAfter(0, 1e6, null)).map(({ id, cursor }) => [cursor, id]))
  const gaps = new Map((await journal.gapsAfter(0, 1e6, null)).map((gap) => [gap.cursor, gap.firstSeq]))
  return kept.flatMap((one) => {
    if (one.is === 'journaled' && rows.get(one.seq) !== one.hash) return [`lost: ${one.day} seq ${one.seq}`]
    if (one.is === 'alert' && alerts.get(one.cursor) !== one.id) return [`lost: ${one.day} alert ${one.id}`]
    if (one.is === 'gap' && gaps.get(one.cursor) !== one.firstSeq) return [`lost: the gap at ${one.firstSeq}`]
    return []
  })
}

/** Watermarks and cursors outlive the days they are of, and the next group is taken. */
async function troubleGoingOn(journal: Journal, promises: readonly JournalPromise[]): Promise<string[]> {
  const state = journal.state(key)
  const complaints: string[] = []
  let last = Math.max(state.upto, ...state.ranges.map((range) => range.last))
  let cursor = 0
  for (const one of promises) {
    if (one.is === 'journaled' && !hasSeq(state, one.seq)) complaints.push(`asks again for ${one.seq}`)
    if (one.is === 'journaled') last = Math.max(last, one.seq)
    if (one.is === 'alert') cursor = Math.max(cursor, one.cursor)
  }
  const group = { ...emptyGroup, envelopes: [rowAt(last + 1)], alerts: [alertDraft('one-more')] }
  const [alert] = await journal.append(group)
  if (alert === undefined || alert.cursor <= cursor)
    complaints.push(`gives out cursor ${alert?.cursor} again, ${cursor} was published`)
  return complaints
}

export const journalSubject: Subject<JournalPromise> = { run, check }
