import { expect, it } from 'vitest'
import { fuzzFiles, fuzzMessages } from './fuzz.ts'

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
