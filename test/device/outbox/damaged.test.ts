import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { openSqliteOutbox } from '../../../device/outbox/sqlite.ts'
import { coach } from '../../contract/outbox.ts'
import { alarm, noon, seal } from '../../help/envelopes.ts'

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
