import type { Alert, Severity } from '../../proto/model.ts'
import type { Case } from '../alerts/case.ts'

/** When a case goes up the roster by itself. Pure. */
export type Roster = { readonly levels: readonly Level[] }
export type Level = {
  readonly who: string
  readonly phone?: string | undefined
  readonly withinMin: { readonly [severity in Severity]: number }
}

/** Who is told next; null: nobody is above. The first level is the shift itself, which every alert reaches. */
export const nextOf = (roster: Roster | null, escalations: number): Level | null =>
  roster?.levels[escalations + 1] ?? null

/** By when somebody has to act, or the next one is told; null: nobody waits, or nobody is above. */
export function escalatesAtMs(
  roster: Roster | null,
  alert: Pick<Alert, 'severity' | 'withdrawn'>,
  /** When the alert first came: later revisions give nobody more time. */
  raisedMs: number,
  current: Case,
): number | null {
  if (nextOf(roster, current.escalations) === null || alert.withdrawn === true) return null
  const { latest, status, escalations } = current
  const withinMs = (roster?.levels[escalations]?.withinMin[alert.severity] ?? 0) * 60_000
  if (status === 'raised') return (latest.escalate?.atMs ?? raisedMs) + withinMs
  if (status !== 'assigned') return null
  // What was to be done by then was not: the next one hears at once, and the one after him when he too lets it lie.
  const deadline = Date.parse(latest.assign?.fields?.deadlineAt ?? '')
  if (Number.isNaN(deadline)) return null
  const since = latest.escalate?.atMs ?? Number.NEGATIVE_INFINITY
  return since >= deadline ? since + withinMs : deadline
}
