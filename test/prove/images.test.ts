import { expect, it } from 'vitest'
import { journalSubject, outboxSubject } from './image-subjects.ts'
import { checkImages } from './images.ts'

/** 300 of the thousands that `npm run prove` makes. */

it('an outbox after a power cut is the one before the last commit or the one after it: 170 crash images', async () => {
  const report = await checkImages(outboxSubject(1, 400), 170, 1, 1)
  expect(report.complaints).toEqual([])
  expect(report).toMatchObject({ images: 170 })
  // Both are met: the cuts do reach into what was written.
  expect(report.before).toBeGreaterThan(30)
  expect(report.after).toBeGreaterThan(10)
})

it('so is a journal: 130 crash images', async () => {
  const report = await checkImages(journalSubject(2, 400), 130, 2, 1)
  expect(report.complaints).toEqual([])
  expect(report).toMatchObject({ images: 130 })
  expect(report.before).toBeGreaterThan(20)
  expect(report.after).toBeGreaterThan(10)
})
