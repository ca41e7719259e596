import { catalog } from './catalog.ts'
import type { Evidence, Finding, Grade, Phase, Sample, Severity } from './model.ts'
import { roundMs, roundPlace } from './round.ts'
import type { Settings } from './settings.ts'

export type FindingParts = {
  readonly kind: string
  readonly reason?: string | null
  readonly phase: Phase
  readonly subject?: string
  readonly severity: Severity
  readonly grade?: Grade
  readonly atMs: number
  /** Defaults to the deciding Sample's. */
  readonly driver?: string | null
  readonly place?: { lat: number; lon: number } | null
  readonly evidence: Evidence
}

/**
 * A finding decided by this Sample: rounded here and nowhere else. `subject` defaults to the vehicle, `grade` to
 * sufficient; a Sample whose time is not disciplined can prove nothing, so its grade is to-verify.
 */
export function makeFinding(parts: FindingParts, sample: Sample, settings: Settings): Finding {
  const entry = catalog[parts.kind]
  if (entry === undefined) throw new Error(`no catalogue entry for kind ${parts.kind}`)
  const untrusted = !sample.trusted && parts.grade !== 'to-verify'
  return {
    kind: parts.kind,
    reason: parts.reason ?? null,
    phase: parts.phase,
    subject: parts.subject ?? settings.vehicle.id,
    severity: parts.severity,
    grade: sample.trusted ? (parts.grade ?? 'sufficient') : 'to-verify',
    atMs: roundMs(parts.atMs),
    decidedAtMs: roundMs(sample.atMs),
    place: roundPlace(parts.place === undefined ? sample.fix : parts.place),
    driver: parts.driver === undefined ? sample.driver : parts.driver,
    trip: settings.trip?.id ?? null,
    rule: { id: parts.kind, version: entry.version },
    evidence: untrusted ? { ...parts.evidence, gradeReason: 'clock not disciplined' } : parts.evidence,
  }
}
