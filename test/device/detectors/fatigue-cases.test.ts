import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fatigue } from '../../../device/detectors/fatigue.ts'
import { drive } from '../../../proto/detector.ts'
import type { Finding, Phase } from '../../../proto/model.ts'
import { type CaseFile, type DrivingCase, instant, samplesOf, told, written } from '../../help/driving-day.ts'
import { coachSettings } from '../../help/driving-settings.ts'

/** Every case of `test/cases/driving-time`, at every sample spacing it names. */

const folder = new URL('../../cases/driving-time/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.json'))

function run(one: DrivingCase, everyS: number): readonly Finding[] {
  const settings = coachSettings(one.policy ?? null, one.vehicle ?? 'coach')
  return drive(fatigue, samplesOf(one.drive, everyS), settings).findings
}

/** Expected and found lines; of each found line only what the expected one at its place says. */
function compare(findings: readonly Finding[], phase: Phase, lines: readonly string[]): void {
  const expected = lines.map(written).toSorted()
  const found = findings.filter((finding) => finding.phase === phase)
  const byStart = found.toSorted((a, b) => (told(a, '') < told(b, '') ? -1 : 1))
  expect(byStart.map((finding, index) => told(finding, expected[index] ?? ''))).toEqual(expected)
}

function seconds(text: string): number {
  return text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
}

for (const name of files) {
  const file = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as CaseFile
  describe(name, () => {
    for (const one of file.cases)
      for (const everyS of one.everyS ?? file.everyS)
        test(`${one.title} (a Sample every ${everyS} s)`, () => {
          const findings = run(one, everyS)
          compare(findings, 'started', one.starts)
          if (one.ends !== undefined) compare(findings, 'ended', one.ends)
          if (one.worsens !== undefined) compare(findings, 'updated', one.worsens)
          if (one.driven === undefined) return
          const [at, driven] = one.driven.split(' ') as [string, string]
          const found = findings.find(({ atMs, kind }) => atMs === instant(at) && kind === 'fatigue')
          expect(found?.evidence['drivenAtS']).toBe(seconds(driven))
        })
  })
}
