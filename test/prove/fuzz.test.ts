import { expect, it } from 'vitest'
import { fuzzFiles, fuzzMessages } from './fuzz.ts'
import { fuzzConfigs } from './fuzz-configs.ts'
import { fuzzJournalFiles, fuzzOutboxFiles } from './fuzz-disk.ts'

it('20,000 messages gone wrong are refused, or mean the same when sent on', () => {
  const report = fuzzMessages(20_000, 1)
  expect(report.complaints).toEqual([])
  expect(report.accepted).toBeGreaterThan(500)
})

it('10,000 files gone wrong are refused in one line, or taken', () => {
  const report = fuzzFiles(10_000, 1)
  expect(report.complaints).toEqual([])
  expect(report.accepted).toBeGreaterThan(100)
})

it('configurations and lists gone wrong are refused in one line; the lists a gateway had hold, and each is read by itself', () => {
  const report = fuzzConfigs(2000, 1)
  expect(report.complaints).toEqual([])
  expect(report.accepted).toBeGreaterThan(50)
})

it('an outbox file gone wrong is opened or set aside, and never holds what was not sealed', async () => {
  const report = await fuzzOutboxFiles(40, 1)
  expect(report.complaints).toEqual([])
  expect(Math.min(report.opened, report.refused)).toBeGreaterThan(2)
})

it('a journal file gone wrong is opened or refused, and never holds what was not sent', async () => {
  const report = await fuzzJournalFiles(40, 1)
  expect(report.complaints).toEqual([])
  expect(Math.min(report.opened, report.refused)).toBeGreaterThan(2)
})
