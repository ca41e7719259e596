import { expect, it } from 'vitest'
import { checkCrashes } from './crashes.ts'
import { mustSkipRecording } from './record.ts'
import { subjects } from './subjects.ts'

/** A few hundred of the thousands that `npm run prove` makes. */
const trouble = mustSkipRecording()

it.for(Object.keys(subjects))(
  '%s: every promise holds when the power goes after any operation',
  async (name, { skip }) => {
    if (trouble !== null) skip(trouble)
    const report = await checkCrashes([name], 80, 4)
    expect(report.complaints).toEqual([])
    expect(report).toMatchObject({ images: 80, kills: 1 })
    // Promises were made, and images do miss something.
    expect(report.promises).toBeGreaterThan(1)
    expect(report.lossy).toBeGreaterThan(40)
  },
)
