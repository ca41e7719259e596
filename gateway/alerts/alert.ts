import type { Words } from '../../proto/catalog/entry.ts'
import { articleOf, catalog, explain } from '../../proto/catalog.ts'
import { alertId } from '../../proto/ids.ts'
import type { Alert, Finding } from '../../proto/model.ts'
import { isoUtc } from '../../proto/time.ts'

/**
 * The alert machine: finding phases in, revisions of alerts out. Pure, and free of order: whatever order the phases
 * of a finding arrive in, and however often, the last revision says the same.
 */

/** An alert before the journal gave it its place in the feed. */
export type AlertDraft = Omit<Alert, 'cursor'>

/** What an alert says besides the finding. */
export type About = {
  readonly fleet: string
  readonly vehicle: string
  readonly plate: string | null
  readonly words: Words
  readonly policyDigest: string
  readonly receivedAtMs: number
  readonly late: boolean
  /** Id of the alert that this one replaces. */
  readonly supersedes: string | null
}

/** Kinds that are for the driver's ear alone never become alerts; kinds nobody knows cannot be explained. */
export function becomesAlert(kind: string): boolean {
  const entry = catalog[kind]
  return entry !== undefined && entry.driverOnly !== true
}

/** The next revision; null when the finding says nothing that the alert does not say already. */
export function revise(
  previous: AlertDraft | null,
  finding: Finding,
  findingId: string,
  about: About,
): AlertDraft | null {
  if (previous !== null && !isNews(previous, finding)) return null
  const { kind, reason, phase, subject, severity, grade, place, driver, trip, rule, evidence } = finding
  return {
    id: alertId(rule, findingId),
    revision: (previous?.revision ?? 0) + 1,
    kind,
    reason,
    phase,
    subject,
    severity,
    grade,
    fleet: about.fleet,
    vehicle: about.vehicle,
    plate: about.plate,
    driver,
    trip,
    at: isoUtc(finding.atMs),
    decidedAt: isoUtc(finding.decidedAtMs),
    receivedAt: isoUtc(about.receivedAtMs),
    late: about.late,
    supersedes: about.supersedes ?? previous?.supersedes ?? null,
    place,
    rule,
    policyDigest: about.policyDigest,
    article: articleOf(finding, about.words),
    evidence,
    explain: explain(finding, about.words),
  }
}

/** The last revision of an alert that late data took back; null when it was taken back already. */
export function withdraw(previous: AlertDraft, receivedAtMs: number): AlertDraft | null {
  if (previous.withdrawn === true) return null
  const { revision } = previous
  return {
    ...withoutCursor(previous),
    revision: revision + 1,
    receivedAt: isoUtc(receivedAtMs),
    late: true,
    withdrawn: true,
  }
}

const withoutCursor = (alert: AlertDraft & { cursor?: number }): AlertDraft => {
  const { cursor: _cursor, ...draft } = alert
  return draft
}

const phaseRank = { started: 0, updated: 1, ended: 2 } as const

/** An end is final; before it the later decision holds, and of two at once the later phase. */
function isNews(previous: AlertDraft, finding: Finding): boolean {
  if (previous.withdrawn === true) return false
  const ended = (phase: Finding['phase']): boolean => phase === 'ended'
  if (ended(previous.phase) !== ended(finding.phase)) return ended(finding.phase)
  const decidedAtMs = Date.parse(previous.decidedAt)
  if (decidedAtMs !== finding.decidedAtMs) return finding.decidedAtMs > decidedAtMs
  return phaseRank[finding.phase] > phaseRank[previous.phase]
}
