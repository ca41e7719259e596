import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it, onTestFinished } from 'vitest'
import { openSqliteOutbox } from '../../../device/outbox/sqlite.ts'
import { decodeEnvelope } from '../../../proto/codec.ts'
import { coach } from '../../contract/outbox.ts'
import { sampleAt } from '../../help/drive.ts'
import { ackOf, alarm, noon, seal } from '../../help/envelopes.ts'

it('an outbox with a table that lost a column is set aside, instead of ending the terminal at every start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'damaged-'))
  const first = openSqliteOutbox(folder, coach, () => noon)
  const checkpoint = { atMs: noon, states: {}, openFindings: {}, signals: null }
  first.append([alarm(noon)], checkpoint, seal)
  const { epoch } = first
  first.close()
  const db = new DatabaseSync(join(folder, 'outbox.db'))
  db.exec('ALTER TABLE telemetry RENAME COLUMN to_ms TO tn_ms')
  db.close()
  const again = openSqliteOutbox(folder, coach, () => noon)
  expect(again.reset).toMatchObject({ reason: 'damaged', previousEpoch: epoch })
  expect(again.append([alarm(noon)], checkpoint, seal).sealed.map(({ seq }) => seq)).toEqual([1])
  again.close()
  rmSync(folder, { recursive: true })
})

it.each([
  ['meta', 'boot_count', 'boot_Count'],
  ['telemetry', 'bytes', 'bYtes'],
  ['chain', 'last_hash', 'last_hAsh'],
])('an outbox whose %s.%s became %s by one flipped bit starts with everything it held', (_, was, became) => {
  const folder = mkdtempSync(join(tmpdir(), 'damaged-'))
  const first = openSqliteOutbox(folder, coach, () => noon)
  const checkpoint = { atMs: noon, states: {}, openFindings: {}, signals: null }
  first.append([alarm(noon)], checkpoint, seal)
  const { epoch } = first
  first.close()
  const file = join(folder, 'outbox.db')
  const bytes = readFileSync(file)
  for (let at = bytes.indexOf(was); at >= 0; at = bytes.indexOf(was, at + 1)) bytes.write(became, at)
  writeFileSync(file, bytes)
  const again = openSqliteOutbox(folder, coach, () => noon)
  expect([again.reset, again.epoch, again.bootCount]).toEqual([null, epoch, 2])
  expect(again.append([alarm(noon)], checkpoint, seal).sealed.map(({ seq }) => seq)).toEqual([2])
  expect(again.take('alarm', 0, 10).map(({ seq }) => seq)).toEqual([1, 2])
  again.close()
  rmSync(folder, { recursive: true })
})

/** An outbox with some of both streams waiting, closed; spoiled by hand in its tables. */
function spoiled(change: (db: DatabaseSync) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'damaged-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const first = openSqliteOutbox(folder, coach, () => noon)
  for (let n = 0; n < 6; n++) {
    const checkpoint = { atMs: noon + n, states: {}, openFindings: {}, signals: null }
    first.pend([sampleAt(noon + n * 1000, { speedKmh: 70 })])
    first.sealPending(checkpoint, seal)
    if (n < 4) first.append([alarm(noon + n)], checkpoint, seal)
  }
  first.close()
  const db = new DatabaseSync(join(folder, 'outbox.db'))
  change(db)
  db.close()
  const outbox = openSqliteOutbox(folder, coach, () => noon)
  onTestFinished(() => outbox.close())
  return { epoch: first.epoch, outbox }
}

const checkpoint = { atMs: noon, states: {}, openFindings: {}, signals: null }

it('an envelope in the place of another is a gap that says so, and is not sent under its number', () => {
  const { epoch, outbox } = spoiled((db) => {
    db.exec(
      'UPDATE alarm SET (bytes, hash) = (SELECT bytes, hash FROM telemetry WHERE seq = 2) WHERE seq = 2',
    )
    db.exec(
      'UPDATE telemetry SET (bytes, hash) = (SELECT bytes, hash FROM telemetry WHERE seq = 5) WHERE seq = 3',
    )
  })
  expect([outbox.reset, outbox.epoch]).toEqual([null, epoch])
  expect(outbox.take('alarm', 0, 10).map(({ seq }) => seq)).toEqual([1, 3, 4])
  expect(outbox.take('telemetry', 0, 10).map(({ seq }) => seq)).toEqual([1, 2, 4, 5, 6])
  outbox.append([alarm(noon + 9)], checkpoint, seal)
  const gaps = (['alarm', 'telemetry'] as const).flatMap((stream) =>
    outbox.take(stream, 0, 20).flatMap(({ bytes }) => {
      const decoded = decodeEnvelope(bytes)
      return decoded.ok && decoded.value.body.is === 'gap' ? [[stream, decoded.value.body.gap] as const] : []
    }),
  )
  expect(gaps).toMatchObject([
    ['alarm', { reason: 'damaged', firstSeq: 2, lastSeq: 2 }],
    ['telemetry', { reason: 'damaged', firstSeq: 3, lastSeq: 3 }],
  ])
})

it('an outbox that holds more than it ever sealed is set aside: the next would be a second one of its number', () => {
  const { epoch, outbox } = spoiled((db) => {
    db.exec('ALTER TABLE alarm RENAME TO other; ALTER TABLE telemetry RENAME TO alarm;')
    db.exec('ALTER TABLE other RENAME TO telemetry')
  })
  expect(outbox.reset).toMatchObject({ reason: 'damaged', previousEpoch: epoch })
})

it('an outbox with a broken index goes on with all it held, instead of ending the terminal at its first eviction', () => {
  const { epoch, outbox } = spoiled((db) => {
    db.enableDefensive(false)
    db.exec('PRAGMA writable_schema = ON')
    // The index no longer is one of the rows that it was made of.
    db.exec(
      "UPDATE sqlite_master SET sql = replace(sql, 'is_gap = 0', 'is_gap = 2') WHERE name = 'alarm_low'",
    )
    db.exec(
      "UPDATE sqlite_master SET sql = replace(sql, 'is_gap = 1', 'is_gap = 0') WHERE name = 'alarm_gap'",
    )
  })
  expect([outbox.reset, outbox.epoch]).toEqual([null, epoch])
  expect(outbox.take('alarm', 0, 10).map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
  outbox.acknowledge(ackOf(epoch, { alarm: { upto: 2, ranges: [] } }))
  expect(outbox.take('alarm', 0, 10).map(({ seq }) => seq)).toEqual([3, 4])
})
