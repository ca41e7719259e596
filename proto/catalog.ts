import { areaKinds } from './catalog/areas.ts'
import { cameraKinds } from './catalog/camera.ts'
import { conductKinds } from './catalog/conduct.ts'
import { curfewKinds } from './catalog/curfew.ts'
import { drivingTimeKinds } from './catalog/driving-time.ts'
import type { CatalogEntry, Sentence, Words } from './catalog/entry.ts'
import { integrityKinds } from './catalog/integrity.ts'
import { onlineKinds } from './catalog/online.ts'
import { peripheralKinds } from './catalog/peripheral.ts'
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
  ...cameraKinds,
  ...peripheralKinds,
  ...conductKinds,
  ...onlineKinds,
}

/** Which side raises it: a kind has one owner, but for reasons that only the other side can see. */
export function ownerOf({ kind, reason }: Pick<Finding, 'kind' | 'reason'>): 'terminal' | 'gateway' | null {
  const entry = catalog[kind]
  if (entry === undefined) return null
  if (reason === null || entry.otherOwner?.has(reason) !== true) return entry.owner
  return entry.owner === 'terminal' ? 'gateway' : 'terminal'
}

const gradeWords = {
  sufficient: { zh: '证据充分', en: 'evidence sufficient' },
  'to-verify': { zh: '待核实', en: 'to be verified' },
} as const

/**
 * The sentences of a finding, each ending with its evidence grade. Evidence that came over the wire is foreign data:
 * what no sentence can be made of is told by the kind's name.
 */
export function explain(finding: Finding, words: Words): Sentence {
  const grade = gradeWords[finding.grade]
  const sentence =
    attempt(() => catalog[finding.kind]?.sentence(finding, words), undefined) ?? nameOf(finding)
  return { zh: `${sentence.zh}【疑似，${grade.zh}】`, en: `${sentence.en} [suspected, ${grade.en}]` }
}

/** The article to cite; null where none is certain. */
export function articleOf(finding: Finding, words: Words): string | null {
  return attempt(() => catalog[finding.kind]?.article(finding, words), undefined) ?? null
}

function nameOf({ kind, reason }: Finding): Sentence {
  return attempt(() => catalog[kind]?.name(reason), undefined) ?? { zh: kind, en: kind }
}

function attempt<T>(make: () => T, otherwise: T): T {
  try {
    return make()
  } catch {
    return otherwise
  }
}
