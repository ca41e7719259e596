import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Case, lineOf, runCase } from '../../help/area-road.ts'

/** Drives written as data: what happened, and what must be told of it. */
const folder = new URL('../../cases/areas/', import.meta.url)

for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const cases = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Case[]
  describe(`areas, ${file}`, () => {
    it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
      const findings = runCase(one)
      expect(findings.map(lineOf)).toEqual(one.expect)
      if (one.evidence !== undefined) expect(findings[0]?.evidence).toMatchObject(one.evidence)
    })
  })
}
