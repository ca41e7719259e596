import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openSqliteOutbox } from '../../device/outbox/sqlite.ts'
import { alarm, chainProblem, noon, seal } from './envelopes.ts'

/**
 * Fills the small disk it is started on while it appends, gives the space back, and says what became of its
 * outbox. Started by the full-disk test inside its own mount.
 */
const folder = process.argv[2]!
const filler = join(folder, 'filler')
const open = () =>
  openSqliteOutbox(folder, { fleet: 'north', vehicle: 'coach-1', bytesMax: 2 ** 30 }, () => noon)
const checkpoint = { atMs: noon, states: { pad: 'x'.repeat(2000) }, openFindings: {}, signals: null }

const outbox = open()
let appended = 0
let refused = 0
const tryToAppend = (times: number): void => {
  for (let i = 0; i < times; i++) {
    try {
      outbox.append([alarm(noon + i)], checkpoint, seal)
      appended++
    } catch {
      refused++
    }
  }
}

tryToAppend(100)
try {
  for (;;) writeFileSync(filler, Buffer.alloc(4096), { flag: 'a' })
} catch {
  // Full, as intended.
}
tryToAppend(4000)
const whileFull = { appended, refused }
rmSync(filler)
const refusedBefore = refused
tryToAppend(50)
outbox.close()
const again = open()
const rows = again.take('alarm', 0, 1e6)
console.log(
  JSON.stringify({
    whileFull,
    refusedAfter: refused - refusedBefore,
    appended,
    rows: rows.length,
    reset: again.reset,
    problem: chainProblem(rows, again.lastSeq('alarm')),
  }),
)
again.close()
