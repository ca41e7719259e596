import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeDurably } from '../../device/durable-file.ts'
import { diskErrors, failIo } from './failing-io.ts'
import { failingJournal, failingOutbox, type RunReport } from './failing-runs.ts'

/** The k-th call for every k, the errors taking turns; every error at every k is for `npm run prove`. */

const well = { call: 0, error: 'EIO', forGood: false } as const
const failingAt = (call: number) => ({
  call,
  error: diskErrors[call % diskErrors.length]!,
  forGood: Math.floor(call / diskErrors.length) % 2 === 1,
})

it('an outbox whose k-th call to the disk fails keeps what it called durable, for every k', () => {
  const { calls, complaints, refused } = failingOutbox(well)
  expect({ complaints, refused }).toEqual({ complaints: [], refused: 0 })
  expect(calls).toBeGreaterThan(50)
  const reports = Array.from({ length: calls }, (_, index) => failingOutbox(failingAt(index + 1)))
  expect(reports.flatMap((report) => report.complaints)).toEqual([])
  // The failures were felt.
  expect(reports.filter(({ refused: some }) => some > 0).length).toBeGreaterThan(calls / 4)
})

it('a journal whose k-th call to the disk fails keeps what it promised, for every k', async () => {
  const { calls, complaints, refused } = await failingJournal(well)
  expect({ complaints, refused }).toEqual({ complaints: [], refused: 0 })
  const reports: RunReport[] = []
  for (let call = 1; call <= calls; call++) reports.push(await failingJournal(failingAt(call)))
  expect(reports.flatMap((report) => report.complaints)).toEqual([])
  expect(reports.filter(({ refused: some }) => some > 0).length).toBeGreaterThan(calls / 4)
})

it('a file that was written in part only does not replace the whole one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'short-'))
  const file = join(folder, 'document.json')
  writeDurably(file, 'the whole of the first')
  for (let call = 1; call <= 8; call++) {
    const io = failIo({ call, error: 'short write', forGood: false })
    try {
      writeDurably(file, `the whole of number ${call}`)
    } finally {
      io.restore()
    }
    expect(readFileSync(file, 'utf8')).toBe(`the whole of number ${call}`)
  }
  rmSync(folder, { recursive: true })
})
