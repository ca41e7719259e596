import { expect, it } from 'vitest'
import { mustSkipRecording } from './record.ts'
import { callsOf, checkRefused } from './refused.ts'

/** A few of the calls; every one of them is for `npm run prove`. */
const trouble = mustSkipRecording()

it.for([
  ['outbox', 'fsync:EIO'],
  ['outbox', 'pwrite64:ENOSPC'],
  ['journal', 'fsync:EIO'],
  ['journal', 'pwrite64:ENOSPC'],
] as const)('%s promises nothing that %s kept from the disk', async ([subject, refusal], { skip }) => {
  if (trouble !== null) skip(trouble)
  const calls = callsOf(subject, refusal.split(':')[0]!, 1)
  // While its files are made, and when it has promised a good deal.
  const due = [0.2, 0.5, 0.89].map((share) => Math.ceil(calls * share))
  const report = await checkRefused(subject, refusal, 1, due)
  expect(report.complaints).toEqual([])
  expect(report.runs).toBe(3)
  expect(report.promises).toBeGreaterThan(5)
})
