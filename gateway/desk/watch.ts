import type { Alert } from '../../proto/model.ts'
import { type CaseAction, caseOf } from '../alerts/case.ts'
import type { Register } from '../journal/register.ts'
import { escalatesAtMs } from './escalation.ts'
import type { Office } from './office.ts'
import { quietOf } from './quiet.ts'
import type { QuietBook } from './quiet-book.ts'
import type { Rosters } from './roster.ts'

/**
 * What the register does by itself: a case that nobody takes up goes up the roster, and what late data replaced or took
 * back is not left for somebody to work off. Each of these is a step like any other, under the gateway's own name.
 */
export type CaseWatch = {
  /** Alerts were journaled. */
  readonly took: (alerts: readonly Alert[]) => void
  /** Alerts of before this start. */
  readonly recall: (alerts: readonly Alert[]) => void
  /** A second of the host has gone. */
  readonly tick: () => void
}

export type WatchDeps = {
  readonly register: Register
  readonly office: Office
  readonly rosters: Rosters | null
  readonly quiet: QuietBook
  readonly nowMs: () => number
  /** A roster written by hand cannot be read, or the register cannot be written. */
  readonly complain: (reason: string) => void
}

/** More than this nobody can work off; the oldest are let go. */
const watchedMax = 20_000
/** Seconds of the host. */
const lookEvery = 5

type Watched = { readonly alert: Alert; dueMs: number | null; revision: number }

export function watchCases(deps: WatchDeps): CaseWatch {
  const { office, rosters, nowMs } = deps
  const watched = new Map<string, Watched>()
  const watch = (alert: Alert): void => {
    watched.delete(alert.id)
    if (alert.withdrawn === true || rosters === null) return
    watched.set(alert.id, { alert, dueMs: null, revision: -1 })
    if (watched.size > watchedMax) watched.delete(watched.keys().next().value!)
  }
  const byItself = (alert: Alert, action: CaseAction, words: string, successor?: string): void => {
    const { revision, status } = office.viewOf(alert)
    const isUntouched = status === 'raised' || status === 'acknowledged'
    if (!isUntouched && !(action === 'supersede' && status === 'assigned')) return
    const fields = successor === undefined ? {} : { successor }
    office.take({ alert, revision, action, words, fields, by: 'gateway', from: 'gateway', role: undefined })
  }
  const follow = (alert: Alert): void => {
    if (alert.withdrawn === true) byItself(alert, 'falseAlarm', '补传数据不支持，系统撤回')
    if (alert.supersedes === null || alert.revision !== 1) return
    const before = office.alertOf(alert.supersedes)
    if (before !== null) byItself(before, 'supersede', '补传数据更正，转入新报警', alert.id)
  }
  // Alerts are journaled and told whatever becomes of the register; who cannot write there is told in the log.
  const safely = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      deps.complain(error instanceof Error ? error.message : String(error))
    }
  }
  for (const alert of atWork(deps)) watch(alert)
  let ticks = 0
  return {
    took: (alerts) => {
      for (const alert of alerts)
        safely(() => {
          watch(alert)
          follow(alert)
        })
    },
    recall: (alerts) => {
      for (const alert of alerts) watch(alert)
    },
    tick: () => {
      if (ticks++ % lookEvery !== 0) return
      for (const one of [...watched.values()])
        safely(() => {
          if (!isWaiting(deps, one, nowMs())) watched.delete(one.alert.id)
        })
    },
  }
}

/** Cases with a deadline, and untaken ones that somebody wrote a line about: the journal may not have them open. */
function atWork({ register, office }: WatchDeps): readonly Alert[] {
  const standing = (['raised', 'assigned'] as const).flatMap((status) =>
    register.handledAfter(0, watchedMax, status),
  )
  return standing.flatMap(({ alertId }) => office.alertOf(alertId) ?? [])
}

/** False: nobody waits for it any more. Read anew only when somebody took a step, or when it is due. */
function isWaiting(deps: WatchDeps, one: Watched, nowMs: number): boolean {
  const { register } = deps
  const revision = register.standing(one.alert.id)?.revision ?? 0
  if (revision !== one.revision || one.dueMs === null) {
    one.dueMs = dueOf(deps, one.alert)
    one.revision = revision
  }
  if (one.dueMs === null) return isOpen(deps, one.alert)
  if (nowMs >= one.dueMs && quietOf(deps.quiet.all(), one.alert) === null) escalate(deps, one.alert)
  return true
}

/** Without a roster nobody is due, but one may be filled in while the case is open. */
function isOpen({ register }: WatchDeps, { id }: Alert): boolean {
  const status = register.standing(id)?.status ?? 'raised'
  return ['raised', 'acknowledged', 'assigned'].includes(status)
}

function dueOf({ register, rosters, office }: WatchDeps, alert: Alert): number | null {
  const roster = rosters?.of(alert.fleet) ?? null
  return escalatesAtMs(roster, alert, office.raisedMs(alert), caseOf(register.of(alert.id)))
}

function escalate({ office }: WatchDeps, alert: Alert): void {
  const { revision } = office.viewOf(alert)
  const words = '超时未处理，按值班表上报'
  office.take({
    ...{ alert, revision, action: 'escalate', words, fields: {} },
    ...{ by: 'roster', from: 'gateway', role: undefined },
  })
}
