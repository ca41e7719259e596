import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openSqliteJournal } from '../gateway/journal/sqlite.ts'
import type { StreamState } from '../gateway/journal.ts'

/** The count after a drive, taken from the two databases when both processes are gone: what was sealed, what arrived. */
export type Ledger = {
  readonly sealed: number
  readonly journaled: number
  /** Sealed and still in the outbox. */
  readonly waiting: number
  /** Sealed, not journaled and not in the outbox: there must be none. */
  readonly lost: number
}

export async function takeLedger(terminalDir: string, gatewayDir: string, zone: string): Promise<Ledger> {
  const outbox = readOutbox(join(terminalDir, 'outbox.db'))
  const journal = openSqliteJournal({ dataDir: gatewayDir, zone, nowMs: Date.now })
  const ledger = { sealed: 0, journaled: 0, waiting: 0, lost: 0 }
  for (const { stream, sealed, waiting } of outbox.streams) {
    const mark = journal.watermarks().find((one) => one.epoch === outbox.epoch && one.stream === stream)
    const state = mark?.state ?? { upto: 0, ranges: [] }
    ledger.sealed += sealed
    ledger.journaled += journaledCount(state)
    ledger.waiting += waiting.length
    ledger.lost += lostCount(sealed, state, new Set(waiting))
  }
  await journal.close()
  return ledger
}

type OutboxView = {
  readonly epoch: number
  readonly streams: readonly {
    readonly stream: string
    readonly sealed: number
    readonly waiting: number[]
  }[]
}

function readOutbox(file: string): OutboxView {
  if (!existsSync(file)) return { epoch: 0, streams: [] }
  const db = new DatabaseSync(file)
  const epoch = Number(db.prepare('SELECT epoch FROM meta').get()?.['epoch'] ?? 0)
  const streams = (['alarm', 'telemetry'] as const).map((stream) => ({
    stream,
    sealed:
      Number(db.prepare('SELECT next_seq FROM chain WHERE stream = ?').get(stream)?.['next_seq'] ?? 1) - 1,
    waiting: db
      .prepare(`SELECT seq FROM ${stream}`)
      .all()
      .map((row) => Number(row['seq'])),
  }))
  db.close()
  return { epoch, streams }
}

function journaledCount({ upto, ranges }: StreamState): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, upto)
}

function lostCount(sealed: number, state: StreamState, waiting: ReadonlySet<number>): number {
  let lost = 0
  for (let seq = state.upto + 1; seq <= sealed; seq++)
    if (!waiting.has(seq) && !state.ranges.some(({ first, last }) => seq >= first && seq <= last)) lost++
  return lost
}
