import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { emptyGroup } from '../../../gateway/journal.ts'
import { sampleAt } from '../../help/drive.ts'
import { rowOf, startMs, telemetry } from '../help/envelopes.ts'

/** Run as a process to be killed: appends groups and prints the last seq of each that was promised. */

const [dataDir = ''] = process.argv.slice(2)
const journal = openSqliteJournal({ dataDir, zone: 'UTC', nowMs: () => startMs })
const key = { fleet: 'f1', vehicle: 'v1', epoch: 7, stream: 'telemetry' } as const
for (let seq = journal.state(key).upto + 1; ; seq += 3) {
  const envelopes = [seq, seq + 1, seq + 2].map((one) =>
    rowOf(telemetry(one, [sampleAt(startMs + one * 1000)])),
  )
  await journal.append({ ...emptyGroup, envelopes })
  process.stdout.write(`${seq + 2}\n`)
  await new Promise((resolve) => setImmediate(resolve))
}
