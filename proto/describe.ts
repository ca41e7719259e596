import type { Words } from './catalog/entry.ts'
import { articleOf, explain } from './catalog.ts'
import type { Alert, Finding } from './model.ts'
import type { Vehicle } from './shapes/vehicle.ts'
import { isoUtc } from './time.ts'

/** What every program that shows a finding needs to know besides it. */
export type Describing = {
  readonly vehicle: Vehicle
  readonly zone: string
  readonly policyDigest: string
  readonly serviceClass: string | null
}

/** An alert without what only the gateway's journal can give it: the line that `replay` prints. */
export type Described = Omit<Alert, 'id' | 'revision' | 'cursor' | 'receivedAt'>

/** A finding as an officer's program reads it, keys in the documented order (design 5). */
export function describe(
  finding: Finding,
  { vehicle, zone, policyDigest, serviceClass }: Describing,
): Described {
  const words: Words = { plate: vehicle.plate ?? vehicle.id, zone, vehicleClass: vehicle.class, serviceClass }
  return {
    kind: finding.kind,
    reason: finding.reason,
    phase: finding.phase,
    subject: finding.subject,
    severity: finding.severity,
    grade: finding.grade,
    fleet: vehicle.fleet,
    vehicle: vehicle.id,
    plate: vehicle.plate ?? null,
    driver: finding.driver,
    trip: finding.trip,
    at: isoUtc(finding.atMs),
    decidedAt: isoUtc(finding.decidedAtMs),
    late: false,
    supersedes: null,
    place: finding.place,
    rule: finding.rule,
    policyDigest,
    article: articleOf(finding, words),
    evidence: finding.evidence,
    explain: explain(finding, words),
  }
}
