import { areaKinds } from './catalog/areas.ts'
import { curfewKinds } from './catalog/curfew.ts'
import { drivingTimeKinds } from './catalog/driving-time.ts'
import type { CatalogEntry, Sentence, Words } from './catalog/entry.ts'
import { integrityKinds } from './catalog/integrity.ts'
import { routeKinds } from './catalog/route.ts'
import { speedKinds } from './catalog/speed.ts'
import type { Finding } from './model.ts'

/** Every kind of finding, once: owner, names, severities, article, sentences (words.md). */
export const catalog: { readonly [kind: string]: CatalogEntry } = {
  ...speedKinds,
  ...drivingTimeKinds,
  ...routeKinds,
  ...curfewKinds,
  ...areaKinds,
  ...integrityKinds,
}

const gradeWords = {
  sufficient: { zh: '证据充分', en: 'evidence sufficient' },
  'to-verify': { zh: '待核实', en: 'to be verified' },
} as const

/** The sentences of a finding, each ending with its evidence grade. */
export function explain(finding: Finding, words: Words): Sentence {
  const entry = catalog[finding.kind]
  if (entry === undefined) return { zh: finding.kind, en: finding.kind }
  const sentence = entry.sentence(finding, words)
  const grade = gradeWords[finding.grade]
  return { zh: `${sentence.zh}【疑似，${grade.zh}】`, en: `${sentence.en} [suspected, ${grade.en}]` }
}
