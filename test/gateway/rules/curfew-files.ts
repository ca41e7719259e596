import { compareFindings, type Detector, drive } from '../../../proto/detector.ts'
import type { Finding } from '../../../proto/model.ts'
import { type Case, type CaseFile, samplesOf, settingsOf } from './curfew-cases.ts'

/** What these rules conclude of a case, in output order. */
export function findingsOf(file: CaseFile, one: Case, rules: readonly Detector<never>[]): Finding[] {
  const samples = samplesOf(file, one)
  const settings = settingsOf(file, one)
  return rules
    .flatMap((rule) => drive(rule, samples, ({ atMs }) => settings(atMs)).findings)
    .sort(compareFindings)
}

/** Evidence of the first `started` of a kind, cut down to the keys that the case names. */
export function evidenceOf(findings: readonly Finding[], kind: string, keys: readonly string[]) {
  const first = findings.find((finding) => finding.kind === kind && finding.phase === 'started')
  return Object.fromEntries(keys.map((key) => [key, first?.evidence[key]]))
}
