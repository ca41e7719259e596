import type { Severity } from '../../../proto/model.ts'
import { dayStartMs, type Interval, nextWindow, windowAt } from '../../../proto/time.ts'
import { beginRun, countedSince, drivenIn, endRun, nextDayMs } from './clock.ts'
import { isContinuous, isOpen, marksOf } from './limits.ts'
import { continuousWorseMs, isByDay, type Rules, rollingWorseMs, windowMs } from './rules.ts'
import type { Bound, Clock, Episode, Figures, Ledger, Mark, News, Reason } from './state.ts'

/** What happens to one driver's ledger. Each change is a new ledger; what it has to tell waits in `news`. */

/** Driving begins for this driver, on both clocks. */
export function begin(ledger: Ledger, atMs: number, rules: Rules): Ledger {
  const begun = {
    ...ledger,
    proven: beginRun(ledger.proven, atMs),
    cautious: beginRun(ledger.cautious, atMs),
  }
  return { ...begun, marks: marksOf(begun, rules) }
}

/** Driving ends for this driver, on both clocks. `identified` says whether his card proves it. */
export function end(ledger: Ledger, atMs: number, identified: boolean): Ledger {
  const proven = endBound(ledger, 'proven', atMs, identified)
  return { ...endBound(proven, 'cautious', atMs, identified), marks: [] }
}

/** Driving ends on one clock. The cautious interval is told only where it is not the proven one. */
export function endBound(ledger: Ledger, bound: Bound, atMs: number, identified: boolean): Ledger {
  const clock = ledger[bound]
  if (clock.runMs === null) return ledger
  const ended = { ...ledger, [bound]: endRun(clock, atMs, bound), marks: [] }
  if (atMs <= clock.runMs) return ended
  const { proven } = ledger
  const same = bound === 'cautious' && proven.endMs === atMs && proven.runs.at(-2)! <= clock.runMs
  if (same) return ended
  const interval = {
    driver: ledger.driver === '' ? null : ledger.driver,
    fromMs: clock.runMs,
    toMs: atMs,
    proven: bound === 'proven' && identified,
  }
  return { ...ended, news: [...ledger.news, { do: 'interval', interval }] }
}

/**
 * A stop from `sinceMs` has lasted until `untilMs`: if that is a rest, the stint is over, and with it every open
 * episode that rests on this clock, at the last driving end.
 */
export function settle(
  ledger: Ledger,
  bound: Bound,
  sinceMs: number | null,
  untilMs: number,
  rules: Rules,
): Ledger {
  const clock = ledger[bound]
  if (clock.stintMs === null || clock.runMs !== null || sinceMs === null) return ledger
  if (untilMs - sinceMs < rules.restMs) return ledger
  const kind = bound === 'proven' ? 'fatigue' : 'fatigue-warning'
  const told = ledger.open.filter((episode) => episode.kind === kind)
  return {
    ...ledger,
    [bound]: { ...clock, stintMs: null },
    open: ledger.open.filter((episode) => episode.kind !== kind),
    news: [...ledger.news, ...told.map((episode) => endOf(ledger, episode, clock, rules))],
  }
}

function endOf(ledger: Ledger, episode: Episode, clock: Clock, rules: Rules): News {
  const atMs = Math.max(episode.atMs, clock.endMs!)
  const figures = figuresOf(ledger, episode.kind, episode.reason, episode.atMs, clock.endMs!, rules)
  return { do: 'tell', phase: 'ended', episode: graded(worst(episode, figures), figures), atMs, figures }
}

/** What the last seconds before the end may have made worse without a moving Sample to tell it. */
function worst(episode: Episode, figures: Figures): Episode {
  if (episode.kind !== 'fatigue') return episode
  const overMs = (figures.drivenS - figures.limitS) * 1000
  if (episode.reason === 'continuousDay' && overMs >= continuousWorseMs)
    return { ...episode, severity: 'critical' }
  if (episode.reason === 'rolling24h' && overMs >= rollingWorseMs) return { ...episode, severity: 'major' }
  return episode
}

/** A finding once in doubt stays to be verified. */
function graded(episode: Episode, figures: Figures): Episode {
  const doubtful = figures.unsure || (episode.kind === 'fatigue-warning' && figures.suspected)
  return doubtful ? { ...episode, grade: 'to-verify' } : episode
}

/** A moving Sample has come while driving: every mark that lies behind it is told. */
export function fire(ledger: Ledger, atMs: number, unsureNow: boolean, rules: Rules): Ledger {
  let told = ledger
  for (const mark of ledger.marks) if (isDue(mark, atMs)) told = tell(told, mark, atMs, unsureNow, rules)
  if (told === ledger) return ledger
  // What makes a finding worse waits for the finding.
  const waits = (mark: Mark): boolean => mark.is === 'worse' && !isOpen(told, 'fatigue', mark.reason)
  return { ...told, marks: ledger.marks.filter((mark) => !isDue(mark, atMs) || waits(mark)) }
}

/** Strictly after a limit; at the instant at which an open finding becomes worse. */
function isDue(mark: Mark, atMs: number): boolean {
  return mark.is === 'worse' ? atMs >= mark.atMs : atMs > mark.atMs
}

function tell(ledger: Ledger, mark: Mark, atMs: number, unsureNow: boolean, rules: Rules): Ledger {
  const kind = mark.is === 'limit' || mark.is === 'worse' ? 'fatigue' : 'fatigue-warning'
  const before = ledger.open.find((episode) => episode.kind === kind && episode.reason === mark.reason)
  const starts = mark.is === 'limit' || mark.is === 'warn'
  if (starts !== (before === undefined)) return ledger
  if (mark.is === 'suspect' && isOpen(ledger, 'fatigue', mark.reason)) return ledger
  const base: Episode = before ?? {
    kind,
    reason: mark.reason,
    atMs: mark.atMs,
    severity: severityOf(kind, mark.reason, ledger.marks, atMs),
    grade: 'sufficient',
  }
  const severity = mark.is === 'worse' ? worseSeverity[mark.reason] : base.severity
  if (mark.is === 'worse' && base.severity === severity) return ledger
  const figures = figuresOf(ledger, kind, mark.reason, base.atMs, atMs, rules, unsureNow)
  const episode = graded({ ...base, severity }, figures)
  const phase = starts ? 'started' : 'updated'
  return {
    ...ledger,
    open: [...ledger.open.filter((other) => other !== before), episode],
    news: [...ledger.news, { do: 'tell', phase, episode, atMs: base.atMs, figures }],
  }
}

function severityOf(kind: Episode['kind'], reason: Reason, marks: readonly Mark[], atMs: number): Severity {
  if (kind === 'fatigue-warning') return 'info'
  const worse = marks.some((mark) => mark.is === 'worse' && mark.reason === reason && isDue(mark, atMs))
  return worse ? worseSeverity[reason] : firstSeverity[reason]
}

const firstSeverity: { readonly [reason in Reason]: Severity } = {
  continuousDay: 'major',
  continuousNight: 'critical',
  rolling24h: 'minor',
  rolling7d: 'minor',
}
const worseSeverity: { readonly [reason in Reason]: Severity } = {
  continuousDay: 'critical',
  continuousNight: 'critical',
  rolling24h: 'major',
  rolling7d: 'minor',
}

/** The numbers of an episode that began at `sinceMs`, as they stand at an instant. */
export function figuresOf(
  ledger: Ledger,
  kind: Episode['kind'],
  reason: Reason,
  sinceMs: number,
  atMs: number,
  rules: Rules,
  unsureNow = false,
): Figures {
  const clock = kind === 'fatigue' ? ledger.proven : ledger.cautious
  const fromMs = isContinuous(reason) ? countedFrom(clock, reason, sinceMs, rules) : atMs - windowMs[reason]
  // What was too much of one day is told as of that day.
  const day = isByDay(reason, rules) ? dayStartMs(sinceMs, rules.zone) : null
  const untilMs = day === null ? atMs : Math.min(atMs, nextDayMs(day, rules.zone))
  const spanFromMs = day ?? fromMs
  return {
    limitS: limitOf(reason, rules) / 1000,
    drivenS:
      (day === null ? countedMs(clock, reason, fromMs, atMs, rules) : drivenIn(clock, day, untilMs)) / 1000,
    drivenAtS: countedMs(clock, reason, fromMs, sinceMs, rules) / 1000,
    fromMs: spanFromMs,
    calendarDayS: drivenIn(clock, day ?? dayStartMs(atMs, rules.zone), untilMs) / 1000,
    unsure: unsureNow || (ledger.unsureMs !== null && ledger.unsureMs > spanFromMs),
    suspected: kind === 'fatigue-warning' && ledger.cautious.stintMs !== ledger.proven.stintMs,
  }
}

/** Where the counting of a continuous reason began: the stint, for the night portion not before that night. */
function countedFrom(clock: Clock, reason: Reason, sinceMs: number, rules: Rules): number {
  const stintMs = clock.stintMs!
  if (reason !== 'continuousNight' || rules.nightRule !== 'nightPortion') return stintMs
  return Math.max(stintMs, nightBy(sinceMs, rules).fromMs)
}

/** The last night that had begun by an instant. */
function nightBy(atMs: number, rules: Rules): Interval {
  const { night, zone } = rules
  return windowAt(atMs, night, zone) ?? nextWindow(atMs - windowMs.rolling24h, night, zone)!
}

function countedMs(clock: Clock, reason: Reason, fromMs: number, atMs: number, rules: Rules): number {
  if (!isContinuous(reason)) return drivenIn(clock, countedSince(reason, atMs, rules), atMs)
  if (reason !== 'continuousNight' || rules.nightRule !== 'nightPortion') return Math.max(0, atMs - fromMs)
  const untilMs = Math.min(atMs, nightBy(fromMs, rules).toMs)
  return Math.max(0, untilMs - fromMs)
}

export function limitOf(reason: Reason, rules: Rules): number {
  return rules.limits.find((limit) => limit.reason === reason)?.limitMs ?? 0
}
