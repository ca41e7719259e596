import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSqliteJournal } from '../../gateway/journal/sqlite.ts'
import { emptyGroup, type Journal } from '../../gateway/journal.ts'
import { rowOf, startMs, telemetry } from '../gateway/help/envelopes.ts'
import { sampleAt } from './drive.ts'

/**
 * Fills the small disk it is started on while groups are journaled, gives the space back, and says what became of
 * the journal. After a refusal the journal is opened again, as by a gateway that ended and was started.
 */
const dataDir = process.argv[2]!
const filler = join(dataDir, 'filler')
const open = (): Journal => openSqliteJournal({ dataDir, zone: 'UTC', nowMs: () => startMs })
const key = { fleet: 'f1', vehicle: 'v1', epoch: 7, stream: 'telemetry' } as const

let journal = open()
let promised = 0
let refused = 0
let reopened = 0

async function tryToAppend(times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    const seq = journal.state(key).upto + 1
    const envelopes = [seq, seq + 1, seq + 2].map((one) =>
      rowOf(telemetry(one, [sampleAt(startMs + one * 1000)])),
    )
    try {
      await journal.append({ ...emptyGroup, envelopes })
      promised = seq + 2
    } catch {
      refused++
      await startAgain()
    }
  }
}

async function startAgain(): Promise<void> {
  await journal.close().catch(() => {})
  journal = open()
  reopened++
}

await tryToAppend(100)
try {
  for (;;) writeFileSync(filler, Buffer.alloc(4096), { flag: 'a' })
} catch {
  // Full, as intended.
}
// Not one byte more goes in: closing and opening would be refused too, so it is only asked to write.
let whileFull = 0
for (let n = 0; n < 2000 && whileFull < 20; n++) {
  const seq = journal.state(key).upto + 1
  try {
    await journal.append({
      ...emptyGroup,
      envelopes: [rowOf(telemetry(seq, [sampleAt(startMs + seq * 1000)]))],
    })
    promised = seq
  } catch {
    whileFull++
  }
}
rmSync(filler)
await startAgain()
const lostAtReturn = Math.max(0, promised - journal.state(key).upto)
await tryToAppend(20)
const rows = (await journal.read(key, 1, 1e6)).map(({ envelope }) => envelope.seq)
console.log(
  JSON.stringify({
    whileFull,
    refused,
    reopened,
    lost: Math.max(0, promised - journal.state(key).upto),
    lostAtReturn,
    inOrder: rows.every((seq, index) => seq === index + 1),
    rows: rows.length,
    upto: journal.state(key).upto,
  }),
)
await journal.close()
