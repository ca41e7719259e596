import { checkCrashes } from './crash/crashes.ts'
import { mustSkipRecording } from './crash/record.ts'
import { checkAllRefused } from './crash/refused.ts'
import { subjects } from './crash/subjects.ts'
import { diskErrors } from './failing-io.ts'
import { failingJournal, failingOutbox } from './failing-runs.ts'
import { journalSubject, outboxSubject } from './image-subjects.ts'
import { checkImages } from './images.ts'
import type { Row } from './parts.ts'

/** The parts of the proof that take the disk away: from under a run, or at a call. */
type Told = Omit<Partial<Row>, 'part'> & Pick<Row, 'complaints'>

export async function proveImages(images: number, seed: number): Promise<Told> {
  const trouble = mustSkipRecording()
  const before = trouble === null ? 0 : images
  const crashes = await checkCrashes(Object.keys(subjects), images - before, seed)
  const compared = await comparedImages(before === 0 ? Math.ceil(images / 20) : before, seed)
  const complaints = [...crashes.complaints, ...compared.complaints]
  return {
    runs: crashes.images + compared.images,
    faults: crashes.lossy + compared.images,
    acknowledged: crashes.promises + compared.steps,
    lost: complaints.filter((line) => line.includes('lost:')).length,
    doubled: complaints.filter((line) => line.includes('again')).length,
    complaints,
    counts: { 'of traced syncs': crashes.images, 'after a SIGKILL as well': crashes.kills },
    note: trouble ?? '',
  }
}

/** Before and after each commit: what runs where nothing can be traced, and a share of it everywhere. */
async function comparedImages(count: number, seed: number) {
  const half = Math.ceil(count / 2)
  const outbox = await checkImages(outboxSubject(seed, half), half, seed)
  const journal = await checkImages(journalSubject(seed, half), half, seed)
  return {
    images: outbox.images + journal.images,
    steps: outbox.steps + journal.steps,
    complaints: [...outbox.complaints, ...journal.complaints],
  }
}

export async function proveFailingDisk(refusedEvery: number, seed: number): Promise<Told> {
  const trouble = mustSkipRecording()
  const below =
    trouble === null ? await checkAllRefused(['outbox', 'journal'], refusedEvery, seed) : noneRefused
  const complaints = [...below.complaints]
  let runs = 0
  let refused = 0
  const calls = { outbox: failingOutbox(well).calls, journal: (await failingJournal(well)).calls }
  for (const error of diskErrors)
    for (const forGood of [false, true])
      for (let call = 1; call <= Math.max(calls.outbox, calls.journal); call++) {
        const failing = { call, error, forGood }
        const reports = [
          ...(call <= calls.outbox ? [failingOutbox(failing)] : []),
          ...(call <= calls.journal ? [await failingJournal(failing)] : []),
        ]
        runs += reports.length
        refused += reports.reduce((sum, report) => sum + report.refused, 0)
        for (const report of reports)
          complaints.push(...report.complaints.map((line) => `${line} (${error} at call ${call})`))
      }
  return {
    runs: runs + below.runs,
    faults: refused + below.runs,
    acknowledged: below.promises,
    lost: complaints.filter((line) => line.includes('lost:')).length,
    foreign: complaints.filter((line) => line.startsWith('never meant')).length,
    complaints,
    counts: { 'below SQLite': below.runs },
    note: `${calls.outbox} + ${calls.journal} calls, ${diskErrors.length} errors, once and for good${trouble === null ? '' : `; ${trouble}`}`,
  }
}
const noneRefused = { runs: 0, promises: 0, complaints: [] }
const well = { call: 0, error: 'EIO', forGood: false } as const
