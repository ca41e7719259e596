import { expect, test } from 'vitest'
import { createAlertRegister } from '../../gateway/alerts/register.ts'
import { createClerk } from '../../gateway/clerk.ts'
import { createCloneWatch } from '../../gateway/clones.ts'
import { createFleet } from '../../gateway/fleet.ts'
import { openSqliteJournal } from '../../gateway/journal/sqlite.ts'
import { createMetrics } from '../../gateway/metrics.ts'
import { sampleAt } from '../help/drive.ts'
import { cachedDocuments, rowOf, startMs, telemetry, tempFolder, toyRules } from './help/world.ts'

const of = (epoch: number, seq: number) => telemetry(seq, [sampleAt(startMs + seq * 1000)], { epoch })

test('two outboxes that speak by turns for one vehicle are a clone, said once; a lost outbox is none', () => {
  const watch = createCloneWatch()
  const told = (epochs: readonly number[]) => epochs.map((epoch, n) => watch.shows(of(epoch, n + 1)))
  expect(told([7, 7, 8, 8])).toEqual([false, false, false, false])
  // What was still in a socket of the old process.
  expect(told([7, 8, 8])).toEqual([false, true, false])
  expect(told([7, 8, 7, 8])).toEqual([false, false, false, false])
})

test('a suspected clone is still in the gap ledger after a start, and only its own fleet reads it', async () => {
  const options = { dataDir: tempFolder(), zone: 'Asia/Shanghai', nowMs: () => startMs }
  const journal = openSqliteJournal(options)
  const documents = cachedDocuments()
  const fleet = createFleet({ journal, rules: toyRules, documents, monoMs: () => 0 })
  const world = { nowMs: () => startMs, slackMs: () => 0 }
  const metrics = createMetrics()
  const register = createAlertRegister(journal)
  const clerk = createClerk({ journal, fleet, register, documents, world, metrics })
  for (const [n, epoch] of [7, 8, 7, 8, 7, 8].entries())
    await clerk([{ is: 'envelope', row: rowOf(of(epoch, 1 + (n >> 1))), settle: () => {} }])
  await journal.close()
  const again = openSqliteJournal(options)
  const gaps = (await again.gapsAfter(0, 10, 'f1')).filter(({ is }) => is === 'clone-suspected')
  expect(gaps).toMatchObject([{ vehicle: 'v1', epoch: 8, count: 0, firstSeq: 0 }])
  expect(gaps[0]?.reason).toContain('copied')
  expect(await again.gapsAfter(0, 10, 'f2')).toEqual([])
  expect(metrics.value('clones_suspected_total', { door: 'ingest' })).toBe(1)
  await again.close()
})
