import { isoUtc } from '../../proto/time.ts'
import {
  allowedActions,
  type Case,
  type CaseAction,
  type CaseStatus,
  type CaseStep,
  caseActions,
  follow,
  needsWords,
  newCase,
} from '../alerts/case.ts'
import type { Handling } from '../journal/register.ts'
import { commandDigest } from '../push/commands.ts'

/** A case as a desk is told of it: where it stands, what may be done, and everything that was done. */
export type CaseView = {
  readonly alert: string
  readonly fleet: string
  readonly kind: string
  readonly revision: number
  readonly status: CaseStatus
  readonly allowed: readonly { readonly action: CaseAction; readonly words: boolean }[]
  readonly cursor: number | null
  readonly history: readonly HistoryLine[]
}

type HistoryLine = {
  readonly at: string
  readonly by: string
  readonly from: string
  readonly action: string
  readonly words: string
  /** By which the terminal's receipt (`spoken` of its state) names words that were sent to a cab. */
  readonly digest: string | null
}

const isAction = (action: string): action is CaseAction => (caseActions as readonly string[]).includes(action)

/** Lines of others in the register, of tools of this machine, are history but no steps. */
export function caseOf(lines: readonly Handling[]): Case {
  return lines.reduce<Case>((before, line) => {
    const { atMs, by, action, words, from = '' } = line
    if (!isAction(action)) return before
    return follow(before, { atMs, by, from, action, words } satisfies CaseStep)
  }, newCase)
}

/** Null when nothing was done. */
export function caseView(lines: readonly Handling[], cursor: number | null): CaseView | null {
  const [first] = lines
  if (first === undefined) return null
  const { status, revision } = caseOf(lines)
  const { id: alert, fleet, kind } = first.alert
  return {
    ...{ alert, fleet, kind, revision, status, cursor },
    allowed: allowedWithWords(status),
    history: lines.map(historyLine),
  }
}

export const allowedWithWords = (status: CaseStatus): CaseView['allowed'] =>
  allowedActions(status).map((action) => ({ action, words: needsWords(action) }))

const historyLine = ({ atMs, by, from, action, words }: Handling): HistoryLine => ({
  at: isoUtc(atMs),
  by,
  from: from ?? '',
  action,
  words,
  digest: action === 'say' ? commandDigest(words) : null,
})
