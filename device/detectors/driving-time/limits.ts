import { nextWindow, windowAt } from '../../../proto/time.ts'
import { countedSince, drivenIn, sumCrossingMs } from './clock.ts'
import { continuousWorseMs, type Rules, rollingWorseMs, untoldRunsMax } from './rules.ts'
import type { Clock, Ledger, Mark, Reason } from './state.ts'

/**
 * The instants at which limits are passed. While driving goes on they do not move, so they are computed once, when
 * driving begins, and a Sample has only to be compared with them.
 */

/** What will have to be said if the driving under way goes on. */
export function marksOf(ledger: Ledger, rules: Rules): readonly Mark[] {
  // Both clocks run, or neither.
  if (ledger.proven.runMs === null) return []
  return rules.limits
    .flatMap(({ reason, limitMs }) => reasonMarks(ledger, reason, limitMs, rules))
    .toSorted((a, b) => a.atMs - b.atMs)
}

function reasonMarks(ledger: Ledger, reason: Reason, limitMs: number, rules: Rules): readonly Mark[] {
  const { proven, cautious, heldMs } = ledger
  const marks: Mark[] = []
  const add = (is: Mark['is'], atMs: number | null): void => {
    if (atMs !== null) marks.push({ is, reason, atMs })
  }
  // Looking for the limit again while its finding is open would cost much in a jam and tell nothing.
  const told = isOpen(ledger, 'fatigue', reason)
  const limit = told ? null : passedMs(proven, heldMs, reason, limitMs, rules)
  add('limit', limit)
  add('worse', worseMs(proven, reason, limitMs, rules))
  if (!isContinuous(reason) || rules.warnMs === 0) return marks
  if (!isOpen(ledger, 'fatigue-warning', reason))
    add('warn', warnMs(cautious, heldMs, reason, limitMs, rules))
  const suspect = told ? null : passedMs(cautious, heldMs, reason, limitMs, rules)
  // The cautious clock is never behind the proven one: what both pass at once is told as the limit.
  if (suspect !== limit) add('suspect', suspect)
  return marks
}

export function isOpen(ledger: Ledger, kind: 'fatigue' | 'fatigue-warning', reason: Reason): boolean {
  return ledger.open.some((episode) => episode.kind === kind && episode.reason === reason)
}

export function isContinuous(reason: Reason): reason is 'continuousDay' | 'continuousNight' {
  return reason === 'continuousDay' || reason === 'continuousNight'
}

/** When the limit is passed in the driving under way (strictly: driving goes on after that instant). */
function passedMs(
  clock: Clock,
  heldMs: number | null,
  reason: Reason,
  limitMs: number,
  rules: Rules,
): number | null {
  if (!isContinuous(reason)) return rollingMs(clock, heldMs, reason, limitMs, rules)
  if (reason === 'continuousDay') return dated(clock, heldMs, clock.stintMs! + limitMs)
  if (rules.nightRule === 'stintAtNight') return stintAtNightMs(clock, heldMs, limitMs, rules)
  const atMs = portionMs(clock.stintMs!, limitMs, rules)
  return atMs === null ? null : dated(clock, heldMs, atMs)
}

/** The night portion passes its limit in the first night of the stint that is long enough for it. */
function portionMs(stintMs: number, limitMs: number, rules: Rules): number | null {
  const { night, zone } = rules
  let window = windowAt(stintMs, night, zone) ?? nextWindow(stintMs, night, zone)!
  for (let nights = 0; nights < 2; nights++) {
    const atMs = Math.max(stintMs, window.fromMs) + limitMs
    if (atMs < window.toMs) return atMs
    window = nextWindow(window.fromMs, night, zone)!
  }
  return null
}

/** The other reading: a stint over the limit is too long as soon as it is driven at night. */
function stintAtNightMs(clock: Clock, heldMs: number | null, limitMs: number, rules: Rules): number {
  const { night, zone } = rules
  const fromMs = heldSince(heldMs, clock.stintMs! + limitMs)
  const nightFrom = (drivenMs: number): number => {
    const atMs = Math.max(fromMs, drivenMs)
    return windowAt(atMs, night, zone) === null ? nextWindow(atMs, night, zone)!.fromMs : atMs
  }
  for (let i = runsSince(clock, fromMs); clock.runs[i] !== undefined; i += 2) {
    const atMs = nightFrom(clock.runs[i]!)
    if (atMs < clock.runs[i + 1]!) return atMs
  }
  return nightFrom(clock.runMs!)
}

/** The instant itself if it was driven through, else the moment of resuming after the stop that straddled it. */
function dated(clock: Clock, heldMs: number | null, atMs: number): number {
  const fromMs = heldSince(heldMs, atMs)
  // Runs that ended on their first standing Sample have told nothing yet: the limit may lie in one of them.
  return Math.max(fromMs, clock.runs[runsSince(clock, fromMs)] ?? clock.runMs!)
}

/** Nothing inherited is dated before the driver answered for it. */
function heldSince(heldMs: number | null, atMs: number): number {
  return heldMs === null ? atMs : Math.max(heldMs, atMs)
}

/** Index of the first run that ends after an instant; that of none is their number. */
function runsSince(clock: Clock, atMs: number): number {
  let i = clock.runs.length
  while (clock.runs[i - 1]! > atMs) i -= 2
  return i
}

/** Sums of 24 h and 7 days: exact, also when an earlier run of this stint passed the limit in its last moments. */
function rollingMs(
  clock: Clock,
  heldMs: number | null,
  reason: 'rolling24h' | 'rolling7d',
  limitMs: number,
  rules: Rules,
): number | null {
  let fromMs = clock.runMs!
  const crossedMs = sumCrossingMs(clock.runs, fromMs, reason, limitMs, rules)
  if (crossedMs === null) return null
  // Whoever logs in while the vehicle moves off drives since before his login.
  let atMs = heldSince(heldMs, crossedMs)
  const first = Math.max(0, clock.runs.length - 2 * untoldRunsMax)
  for (let i = clock.runs.length - 2; i >= first; i -= 2) {
    if (atMs !== fromMs) break
    const runMs = clock.runs[i]!
    const drivenMs = drivenIn(clock, countedSince(reason, fromMs, rules), fromMs)
    if (runMs < clock.stintMs! || drivenMs <= limitMs) break
    if (heldMs !== null && heldMs >= clock.runs[i + 1]!) break
    // Over when the next run began: over already when this one ended.
    atMs = heldSince(heldMs, sumCrossingMs(clock.runs.slice(0, i), runMs, reason, limitMs, rules)!)
    fromMs = runMs
  }
  return atMs
}

/** The same limit less the time to warn; where a stint becomes too long by nightfall, that much before nightfall. */
function warnMs(
  clock: Clock,
  heldMs: number | null,
  reason: Reason,
  limitMs: number,
  rules: Rules,
): number | null {
  if (reason === 'continuousNight' && rules.nightRule === 'stintAtNight') {
    const atMs = stintAtNightMs(clock, heldMs, limitMs, rules) - rules.warnMs
    return dated(clock, heldMs, Math.max(clock.stintMs!, atMs))
  }
  return passedMs(clock, heldMs, reason, Math.max(0, limitMs - rules.warnMs), rules)
}

/** When an open finding becomes worse (words.md): 1 h over the continuous limit, 30 min over 24 h. */
function worseMs(clock: Clock, reason: Reason, limitMs: number, rules: Rules): number | null {
  if (reason === 'continuousDay') return clock.stintMs! + limitMs + continuousWorseMs
  if (reason !== 'rolling24h') return null
  // 30 min over counts as 30 min over: the sum need only reach it, and may then stay there.
  return sumCrossingMs(clock.runs, clock.runMs!, reason, limitMs + rollingWorseMs - 1, rules)
}
