import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outbox } from '../../device/outbox/outbox.ts'
import { openSqliteOutbox } from '../../device/outbox/sqlite.ts'
import { openSqliteJournal } from '../../gateway/journal/sqlite.ts'
import { emptyGroup, type Journal } from '../../gateway/journal.ts'
import { sha256, sha256Hex } from '../../proto/canonical.ts'
import { Dice } from '../../sim/swarm/dice.ts'
import { rowOf, startMs, telemetry } from '../gateway/help/envelopes.ts'
import { sampleAt } from '../help/drive.ts'
import { ackOf, alarm, noon, seal } from '../help/envelopes.ts'
import { alertDraft } from './alert-draft.ts'
import type { Subject } from './images.ts'

/** The scripted runs of which crash images are made: everything an outbox and a journal do, one commit a step. */

const digest = (parts: readonly unknown[]): string =>
  sha256Hex(Buffer.from(JSON.stringify(parts))).slice(0, 16)

function outboxState(outbox: Outbox): string {
  const waiting = (['alarm', 'telemetry'] as const).map((stream) =>
    outbox.take(stream, 0, 1e6).map(({ seq, bytes }) => `${seq}:${sha256Hex(bytes).slice(0, 12)}`),
  )
  const { checkpoint, samples } = outbox.restore()
  const { pendingSamples, deadLetters, evicted } = outbox.stats()
  const heads = (['alarm', 'telemetry'] as const).map((stream) => outbox.lastSeq(stream))
  const all = [waiting, checkpoint?.atMs, samples.length, pendingSamples, deadLetters, evicted, outbox.epoch]
  return `seqs ${heads.join('/')}, waiting ${waiting.map((rows) => rows.length).join('/')}, ${digest(all)}`
}

const vehicle = { fleet: 'north', vehicle: 'coach-1', bytesMax: 60_000 }

export function outboxSubject(seed: number, steps: number): Subject {
  const folder = mkdtempSync(join(tmpdir(), 'outbox-run-'))
  const dice = new Dice(seed)
  const outbox = openSqliteOutbox(folder, vehicle, () => noon)
  let atMs = noon
  let left = steps
  const step = (): boolean => {
    if (left-- === 0) return false
    const checkpoint = { atMs, states: { pad: 'x'.repeat(1500) }, openFindings: {}, signals: null }
    atMs += 1000
    const act = dice.pick('script/act', ['append', 'append', 'sync', 'seal', 'seal', 'ack', 'bury'] as const)
    const waiting = outbox.take('alarm', 0, 1e6)
    if (act === 'ack' && waiting.length >= 8) {
      outbox.acknowledge(ackOf(outbox.epoch, { alarm: { upto: waiting[3]!.seq, ranges: [] } }))
      return true
    }
    if (act === 'bury' && waiting.length >= 8) {
      outbox.deadLetter(waiting[1]!, 'refused three times')
      return true
    }
    outbox.pend([sampleAt(atMs, { speedKmh: dice.between('script/speed', 0, 110) })])
    if (act === 'sync') outbox.sync()
    else if (act === 'seal') outbox.sealPending(checkpoint, seal)
    else outbox.append([alarm(atMs), alarm(atMs, 'ended')], checkpoint, seal)
    return true
  }
  return {
    folder,
    step: () => Promise.resolve(step()),
    state: () => Promise.resolve(outboxState(outbox)),
    reopen: async (image) => {
      const again = openSqliteOutbox(image, vehicle, () => noon)
      try {
        if (again.reset !== null) return `set aside: ${JSON.stringify(again.reset)}`
        const state = outboxState(again)
        return state + goesOn(again)
      } finally {
        again.close()
      }
    },
    close: () => Promise.resolve(outbox.close()),
  }
}

/** The next envelope follows the last one, when that one still waits. Answers with what is wrong. */
function goesOn(outbox: Outbox): string {
  const last = outbox.lastSeq('alarm')
  const [before] = outbox.take('alarm', last - 1, 1)
  const checkpoint = { atMs: noon, states: {}, openFindings: {}, signals: null }
  const [row] = outbox.append([alarm(noon + 1e9)], checkpoint, seal).sealed
  if (row?.seq !== last + 1) return `, goes on with ${row?.seq} after ${last}`
  const follows = before === undefined || Buffer.compare(row.envelope.prevHash, sha256(before.bytes)) === 0
  return follows ? '' : ', goes on in another chain'
}

async function journalState(journal: Journal): Promise<string> {
  const marks = journal.watermarks()
  const rows = await Promise.all(marks.map((mark) => journal.read(mark, 1, 1e6)))
  const alerts = await journal.alertsAfter(0, 1e6, null)
  const all = [
    marks.map(({ state }) => state),
    rows.map((list) => list.map(({ hash }) => Buffer.from(hash).toString('hex').slice(0, 12))),
    alerts,
    journal.snapshot('f1', 'v1'),
  ]
  return `rows ${rows.map((list) => list.length).join('/')}, alerts ${alerts.length}, ${digest(all)}`
}

export function journalSubject(seed: number, steps: number): Subject {
  const folder = mkdtempSync(join(tmpdir(), 'journal-run-'))
  const dice = new Dice(seed)
  let nowMs = startMs
  const openAt = (dataDir: string): Journal =>
    openSqliteJournal({ dataDir, zone: 'Asia/Shanghai', nowMs: () => nowMs })
  const journal = openAt(folder)
  let seq = 0
  let left = steps
  const step = async (): Promise<boolean> => {
    if (left-- === 0) return false
    nowMs += dice.between('script/time', 1000, 400_000)
    const count = dice.whole('script/rows', 1, 6)
    const envelopes = Array.from({ length: count }, () => {
      seq += dice.happens('script/hole', 0.1) ? 2 : 1
      return rowOf(telemetry(seq, [sampleAt(startMs + seq * 1000)]))
    })
    const alerts = dice.happens('script/alert', 0.4) ? [alertDraft(`a-${seq}`)] : []
    const snapshots = dice.happens('script/snapshot', 0.2)
      ? [{ fleet: 'f1', vehicle: 'v1', state: { seq, pad: 'x'.repeat(3000) } }]
      : []
    await journal.append({ ...emptyGroup, envelopes, alerts, snapshots })
    return true
  }
  return {
    folder,
    step,
    state: () => journalState(journal),
    reopen: async (image) => {
      const again = openAt(image)
      try {
        const state = await journalState(again)
        const row = rowOf(telemetry(1_000_000, [sampleAt(startMs)]))
        await again.append({ ...emptyGroup, envelopes: [row] })
        return state
      } finally {
        await again.close()
      }
    },
    close: () => journal.close(),
  }
}
