import { describe, expect, it } from 'vitest'
import { curfew } from '../../../gateway/rules/curfew.ts'
import type { Detector } from '../../../proto/detector.ts'
import { casesOf, lineOf } from './curfew-cases.ts'
import { evidenceOf, findingsOf } from './curfew-files.ts'

const file = casesOf('relay')
const rules = [curfew] as unknown as readonly Detector<never>[]

describe(file.about, () => {
  it.each(file.cases.map((one) => [one.case, one] as const))('%s', (_, one) => {
    const findings = findingsOf(file, one, rules)
    expect(findings.map(lineOf)).toEqual(one.expect)
    for (const [kind, evidence] of Object.entries(one.evidence ?? {}))
      expect(evidenceOf(findings, kind, Object.keys(evidence))).toEqual(evidence)
  })
})
