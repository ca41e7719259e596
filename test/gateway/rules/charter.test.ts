import { describe, expect, it } from 'vitest'
import { charter } from '../../../gateway/rules/charter.ts'
import { catalog, explain } from '../../../proto/catalog.ts'
import { type Detector, drive } from '../../../proto/detector.ts'
import { casesOf, lineOf, samplesOf, settingsOf } from './curfew-cases.ts'
import { evidenceOf, findingsOf } from './curfew-files.ts'

const file = casesOf('b3')
const rules = [charter] as unknown as readonly Detector<never>[]

describe(file.about, () => {
  it.each(file.cases.map((one) => [one.case, one] as const))('%s', (_, one) => {
    const findings = findingsOf(file, one, rules)
    expect(findings.map(lineOf)).toEqual(one.expect)
    for (const [kind, evidence] of Object.entries(one.evidence ?? {}))
      expect(evidenceOf(findings, kind, Object.keys(evidence))).toEqual(evidence)
  })

  it.each(file.cases.map((one) => [one.case, one] as const))('%s: state is plain JSON', (_, one) => {
    const inForce = settingsOf(file, one)
    const through: Detector<unknown> = {
      ...charter,
      step: (state, sample, settings) => {
        const { state: next, findings } = charter.step(state as never, sample, settings)
        return { state: JSON.parse(JSON.stringify(next)), findings }
      },
    }
    const { findings } = drive(through, samplesOf(file, one), ({ atMs }) => inForce(atMs))
    expect(findings.map(lineOf)).toEqual(one.expect)
  })
})

describe('words', () => {
  const words = {
    plate: '京A12345',
    zone: 'Asia/Shanghai',
    vehicleClass: 'coach',
    serviceClass: 'charterTour',
  }
  it('says which plate and why it is none', () => {
    const [started] = findingsOf(file, file.cases[0]!, rules)
    expect(explain(started!, words)).toEqual({
      zh: '2026-11-23 00:00:00，京A12345在30.00000,110.00000运行，包车牌已过有效期（包-88，有效期至2026-11-22）。【疑似，证据充分】',
      en: '2026-11-23 00:00:00: 京A12345 running at 30.00000,110.00000; the charter plate has expired (包-88, valid to 2026-11-22). [suspected, evidence sufficient]',
    })
    expect(catalog['charter-no-plate']?.article(started!, words)).toBe(
      '道路旅客运输及客运站管理规定第57条第1项',
    )
  })
  it('without any plate it says so', () => {
    const [started] = findingsOf(file, file.cases[2]!, rules)
    expect(explain(started!, words).zh).toContain('运行，当日无有效包车牌。')
  })
})
