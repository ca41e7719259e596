import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openSqliteJournal } from '../gateway/journal/sqlite.ts'
import type { Journal, StreamKey } from '../gateway/journal.ts'
import type { StreamName } from '../proto/model.ts'

/** The count after a drive, taken from the two databases when both processes are gone: what was sealed, what arrived. */
export type Ledger = {
  readonly sealed: number
  readonly journaled: number
  /** Sealed and still in the outbox. */
  readonly waiting: number
  /** Sealed, not journaled and not in the outbox: there must be none. */
  readonly lost: number
}

export async function takeLedger(
  terminalDir: string,
  gatewayDir: string,
  { fleet, vehicle, zone }: { fleet: string; vehicle: string; zone: string },
): Promise<Ledger> {
  const outbox = readOutbox(join(terminalDir, 'outbox.db'))
  const journal = openSqliteJournal({ dataDir: gatewayDir, zone, nowMs: Date.now })
  const ledger = { sealed: 0, journaled: 0, waiting: 0, lost: 0 }
  for (const { stream, sealed, waiting } of outbox.streams) {
    const rows = await journaledSeqs(journal, { fleet, vehicle, epoch: outbox.epoch, stream })
    ledger.sealed += sealed
    ledger.journaled += rows.size
    ledger.waiting += waiting.size
    for (let seq = 1; seq <= sealed; seq++) if (!rows.has(seq) && !waiting.has(seq)) ledger.lost++
  }
  await journal.close()
  return ledger
}

const pageRows = 500

/** The rows themselves, not what the watermarks claim. */
async function journaledSeqs(journal: Journal, key: StreamKey): Promise<ReadonlySet<number>> {
  const seqs = new Set<number>()
  for (let from = 1; ; ) {
    const rows = await journal.read(key, from, pageRows)
    for (const { envelope } of rows) seqs.add(envelope.seq)
    const last = rows.at(-1)
    if (last === undefined) return seqs
    from = last.envelope.seq + 1
  }
}

type OutboxView = {
  readonly epoch: number
  readonly streams: readonly {
    readonly stream: StreamName
    readonly sealed: number
    readonly waiting: ReadonlySet<number>
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
    waiting: new Set(
      db
        .prepare(`SELECT seq FROM ${stream}`)
        .all()
        .map((row) => Number(row['seq'])),
    ),
  }))
  db.close()
  return { epoch, streams }
}
