import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { beijing } from './help/drive.ts'
import { caseFile, lineOf, runCase } from './help/road-cases.ts'

/** Routes, sections, timetables, tunnels and areas along a road: what happened, and what must be told of it. */
for (const name of readdirSync(new URL('cases/road/', import.meta.url)).sort()) {
  const { about, cases, ...common } = caseFile(name)
  describe(`${name}: ${about}`, () => {
    it.each(cases.map((one) => [one.title, { ...common, ...one }] as const))('%s', (_, one) => {
      const findings = runCase(one)
      const startMs = beijing(one.start ?? '')
      expect(findings.map((finding) => lineOf(startMs, finding))).toEqual(one.expect)
      if (one.evidence !== undefined) expect(findings[0]?.evidence).toMatchObject(one.evidence)
    })
  })
}
