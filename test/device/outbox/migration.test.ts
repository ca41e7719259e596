import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createMemoryOutbox, memoryDisk } from '../../../device/outbox/memory.ts'
import { timesOf } from '../../../device/outbox/seal.ts'
import { openSqliteOutbox } from '../../../device/outbox/sqlite.ts'
import type { EnvelopeBody } from '../../../proto/model.ts'
import { checkpointAt, coach } from '../../contract/outbox.ts'
import { cruise } from '../../help/drive.ts'
import { alarm, chainProblem, noon, opened, seal, speedingAt } from '../../help/envelopes.ts'

/** The outbox of a terminal that ran the program of before. */
const version1 = `
  CREATE TABLE meta (
    id INTEGER PRIMARY KEY CHECK (id = 1), fleet TEXT NOT NULL, vehicle TEXT NOT NULL, epoch INTEGER NOT NULL,
    boot_count INTEGER NOT NULL, thin_second INTEGER, folded_id INTEGER NOT NULL, checkpoint TEXT,
    evicted INTEGER NOT NULL) STRICT;
  CREATE TABLE chain (stream TEXT PRIMARY KEY, next_seq INTEGER NOT NULL, last_hash BLOB NOT NULL) STRICT;
  CREATE TABLE alarm (
    seq INTEGER PRIMARY KEY, is_gap INTEGER NOT NULL, damaged INTEGER NOT NULL DEFAULT 0,
    from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE telemetry (
    seq INTEGER PRIMARY KEY, is_gap INTEGER NOT NULL, damaged INTEGER NOT NULL DEFAULT 0,
    from_ms INTEGER NOT NULL, to_ms INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE pending (id INTEGER PRIMARY KEY AUTOINCREMENT, sample TEXT NOT NULL) STRICT;
  CREATE TABLE dead_letter (
    stream TEXT NOT NULL, seq INTEGER NOT NULL, reason TEXT NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (stream, seq)) STRICT;
  PRAGMA user_version = 1;`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'migration-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Alarms, records of class low, telemetry and gap records, as the version before had them on the disk. */
function oldOutbox(): ReturnType<typeof memoryDisk> {
  const disk = memoryDisk()
  const outbox = createMemoryOutbox({ ...coach, bytesMax: 9000 }, disk)
  const info: EnvelopeBody = {
    is: 'finding',
    finding: { ...speedingAt(noon, 'started'), severity: 'info' },
    findingId: null,
  }
  for (let i = 0; i < 60; i++) {
    outbox.pend(cruise(noon + i * 10_000, noon + (i + 1) * 10_000))
    outbox.sealPending(checkpointAt(noon), seal)
    if (i % 10 === 0) outbox.append([alarm(noon + i), info], checkpointAt(noon + i), seal)
  }
  const db = new DatabaseSync(join(folder, 'outbox.db'))
  db.exec(version1)
  db.prepare('INSERT INTO meta VALUES (1, ?, ?, ?, 4, NULL, 0, ?, 7)').run(
    coach.fleet,
    coach.vehicle,
    disk.epoch,
    disk.checkpoint,
  )
  for (const stream of ['alarm', 'telemetry'] as const) {
    const { nextSeq, lastHash } = disk.chain[stream]
    db.prepare('INSERT INTO chain VALUES (?, ?, ?)').run(stream, nextSeq, lastHash)
    const insert = db.prepare(`INSERT INTO ${stream} VALUES (?, ?, 0, ?, ?, ?, ?)`)
    for (const { seq, envelope, hash, bytes } of disk.rows[stream].values()) {
      const { fromMs, toMs } = timesOf(envelope.body)
      insert.run(seq, envelope.body.is === 'gap' ? 1 : 0, fromMs, toMs, hash, bytes)
    }
  }
  db.close()
  return disk
}

it('an outbox of the version before opens with all that waits in it, in its epoch', () => {
  const disk = oldOutbox()
  const outbox = openSqliteOutbox(folder, coach, () => noon)
  expect(outbox).toMatchObject({ epoch: disk.epoch, bootCount: 5, reset: null })
  for (const stream of ['alarm', 'telemetry'] as const)
    expect(outbox.take(stream, 0, 1e6).map(({ bytes }) => Buffer.from(bytes).toString('hex'))).toEqual(
      [...disk.rows[stream].values()].map(({ bytes }) => Buffer.from(bytes).toString('hex')),
    )
  expect(outbox.stats()).toMatchObject({ evicted: 7, evictedBy: [], waiting: { alarm: 12 } })
  expect(outbox.restore().checkpoint?.atMs).toBe(noon)
  outbox.close()
})

it('what it has is of the classes of now: low goes before alarms, gap records become one', () => {
  oldOutbox()
  const bytesMax = 6000
  const outbox = openSqliteOutbox(folder, { ...coach, bytesMax }, () => noon)
  const gapsBefore = outbox.take('telemetry', 0, 1e6).filter(({ bytes }) => opened(bytes).body.is === 'gap')
  expect(gapsBefore.length).toBeGreaterThanOrEqual(2)
  for (let i = 0; i < 12; i++) outbox.append([alarm(noon + 100 + i)], checkpointAt(noon), seal)
  const gaps = outbox.take('telemetry', 0, 1e6).filter(({ bytes }) => opened(bytes).body.is === 'gap')
  expect(gaps.length).toBeLessThan(gapsBefore.length)
  for (const stream of ['alarm', 'telemetry'] as const)
    expect(chainProblem(outbox.take(stream, 0, 1e6), outbox.lastSeq(stream))).toBeNull()
  expect(outbox.stats().bytes).toBeLessThanOrEqual(bytesMax)
  outbox.close()
  const db = new DatabaseSync(join(folder, 'outbox.db'))
  const classes = db.prepare('SELECT DISTINCT class FROM alarm WHERE is_gap = 0 ORDER BY class').all()
  db.close()
  expect(classes.map((row) => row['class'])).toEqual(['alarm', 'low'])
})
