import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Finding, Sample } from '../proto/model.ts'
import { beijing } from './help/drive.ts'
import { type Case, caseFile, lineOf, runOn, samplesOf } from './help/road-cases.ts'

/**
 * The clock is corrected in the middle of each drive of `cases/road`: what is told from then on is what would have been
 * told had the clock been right from the beginning. A duration that moves with the clock would show.
 */

/** What hangs on the hour or on the date of a document a correction rightly moves. */
const byTheHour = new Set<string>([
  'safe-stops.json',
  'it begins while the vehicle is inside: from that instant, warned before',
  'it ends while the vehicle is inside',
  'the approval ends while beside: off from that instant',
  'the approval begins while off: over at that instant',
  'it begins at its hour: 20 s to slow down, then the hold',
])

const moved = (samples: readonly Sample[], byMs: number): Sample[] =>
  samples.map((sample) => ({ ...sample, atMs: sample.atMs + byMs }))

/** Right from the Sample of this index on. */
function corrected(samples: readonly Sample[], at: number, byMs: number): Sample[] {
  const after = moved(samples.slice(at), byMs)
  const [first, ...rest] = after
  return first === undefined
    ? [...samples]
    : [...samples.slice(0, at), { ...first, clockStepMs: byMs }, ...rest]
}

/** What is told from the Sample of an index on. */
function toldFrom(one: Case, samples: readonly Sample[], at: number): string[] {
  const line = (finding: Finding): string =>
    `${lineOf(beijing(one.start ?? ''), finding)} ${JSON.stringify(finding.evidence)}`
  const before = runOn(one, samples.slice(0, at), samples.slice(0, at)).map(line)
  const all = runOn(one, samples, samples).map(line)
  return all.filter((each) => !before.includes(each)).toSorted()
}

for (const name of readdirSync(new URL('cases/road/', import.meta.url)).sort()) {
  if (byTheHour.has(name)) continue
  const { cases, ...common } = caseFile(name)
  describe(name, () => {
    const timeless = cases.filter(({ title }) => !byTheHour.has(title))
    it.each(timeless.map((one) => [one.title, { ...common, ...one }] as const))('%s', (_, one) => {
      const samples = samplesOf(one)
      for (const [byMs, share] of [
        [7000, 0.35],
        [-7000, 0.7],
      ] as const) {
        const at = Math.floor(samples.length * share)
        const right = toldFrom(one, moved(samples, byMs), at)
        expect(toldFrom(one, corrected(samples, at, byMs), at)).toEqual(right)
      }
    })
  })
}
