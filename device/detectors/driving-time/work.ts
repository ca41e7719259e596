import type { DrivingInterval, Finding, Sample } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import { findingsOf, intervalsOf } from './findings.ts'
import { begin, end, settle } from './ledger.ts'
import { ledgersMax, type Rules } from './rules.ts'
import { type Bound, bounds, type DrivingTime, type Ledger, newLedger } from './state.ts'

/** The state under way through one step, with the findings it has come to so far. */
export type Work = DrivingTime & { readonly findings: readonly Finding[] }

/** What a step reads: the Sample, what is in force, and the policy's thresholds in milliseconds. */
export type Context = { readonly sample: Sample; readonly settings: Settings; readonly rules: Rules }

/**
 * The ledgers to which driving counts now: the identified driver's; without one the last known driver's and the
 * unidentified part; after a doubtful change the driver's before as well.
 */
export function answering(work: DrivingTime): readonly string[] {
  const names = work.driver === null ? ['', work.lastKnown ?? ''] : [work.driver]
  return [...new Set(work.doubt === null ? names : [...names, work.doubt.driver])]
}

export function ledgerOf(work: DrivingTime, driver: string): Ledger | undefined {
  return work.ledgers.find((ledger) => ledger.driver === driver)
}

export function withLedgers(
  work: Work,
  names: readonly string[] | null,
  change: (ledger: Ledger) => Ledger,
): Work {
  const ledgers = work.ledgers.map((ledger) =>
    names === null || names.includes(ledger.driver) ? change(ledger) : ledger,
  )
  return { ...work, ledgers }
}

/** Takes what a ledger has to tell into the work and the ledger out of it. */
export function dissolve(work: Work, driver: string, cx: Context): Work {
  const ledger = ledgerOf(work, driver)!
  const atOnce = { ...cx.rules, restMs: 0 }
  const over = bounds.reduce(
    (left, bound) => settle(left, bound, left[bound].endMs, cx.sample.atMs, atOnce),
    ledger,
  )
  const ledgers = work.ledgers.filter((other) => other !== ledger)
  return collect({ ...work, ledgers }, over, cx)
}

/** The findings and closed intervals of a ledger's news. Unidentified driving is told for the last known driver, once. */
export function collect(work: Work, ledger: Ledger, cx: Context): Work {
  const silent = ledger.driver === '' && work.lastKnown !== null
  const findings = silent ? [] : findingsOf(ledger, work.driver, cx.sample, cx.settings)
  const closed: readonly DrivingInterval[] = [...work.closed, ...intervalsOf(ledger)]
  return { ...work, closed, findings: [...work.findings, ...findings] }
}

/** Makes sure of a ledger for each of these, at the price of the one that has rested longest. */
export function withRoom(work: Work, names: readonly string[], cx: Context): Work {
  let roomy = work
  for (const name of names) {
    if (ledgerOf(roomy, name) !== undefined) continue
    while (roomy.ledgers.length >= ledgersMax) roomy = dissolve(roomy, oldest(roomy, names), cx)
    roomy = { ...roomy, ledgers: [...roomy.ledgers, newLedger(name)] }
  }
  return roomy
}

function oldest(work: Work, kept: readonly string[]): string {
  const others = work.ledgers.filter(({ driver }) => !kept.includes(driver) && driver !== '')
  // Who has not driven yet (null counts as 0) has nothing to lose.
  const by = others.toSorted((a, b) => Number(a.proven.endMs) - Number(b.proven.endMs))
  return by[0]!.driver
}

/** Driving begins for everybody to whom it counts. */
export function beginAll(work: Work, atMs: number, cx: Context): Work {
  const names = answering(work)
  const settled = settleAll(withRoom(work, names, cx), atMs, cx)
  const begun = withLedgers(settled, names, (ledger) => begin(ledger, atMs, cx.rules))
  const unidentified = begun.driver === null && begun.lastKnown !== null
  if (!unidentified || begun.noDriver !== null) return begun
  return { ...begun, noDriver: { fromMs: atMs, told: null } }
}

/** Driving ends for everybody to whom it counted. */
export function endAll(work: Work, atMs: number, cx: Context): Work {
  const sure = (ledger: Ledger): boolean => work.driver !== null && ledger.driver === work.driver
  const doubtful = isUnidentifiedFor(work, atMs) > cx.rules.startMs || work.doubt !== null
  return withLedgers(work, answering(work), (ledger) => {
    const ended = end(ledger, atMs, sure(ledger))
    return sure(ledger) || !doubtful ? ended : { ...ended, unsureMs: atMs }
  })
}

/** How long the driving under way has been unidentified: a card that is lost for a moment proves nothing. */
function isUnidentifiedFor(work: Work, atMs: number): number {
  return atMs - (ledgerOf(work, '')?.proven.runMs ?? atMs)
}

/** Stops that have become rests by then. */
export function settleAll(work: Work, untilMs: number, cx: Context): Work {
  return withLedgers(work, null, (ledger) =>
    bounds.reduce(
      (left, bound) => settle(left, bound, restSince(work, left, bound, cx.rules), untilMs, cx.rules),
      ledger,
    ),
  )
}

/** Since when this driver may be resting: his last driving end, or the vehicle's where riding along is no rest. */
export function restSince(work: DrivingTime, ledger: Ledger, bound: Bound, rules: Rules): number | null {
  if (rules.ridingIsRest) return ledger[bound].endMs
  return work.ledgers.some((other) => other[bound].runMs !== null) ? null : vehicleEnd(work, bound)
}

/** The last driving end of the vehicle, whoever drove; null when nobody has. */
export function vehicleEnd(work: DrivingTime, bound: Bound): number | null {
  const ends = work.ledgers.flatMap((ledger) => ledger[bound].endMs ?? [])
  return ends.length === 0 ? null : Math.max(...ends)
}
