import { withRun } from './clock.ts'
import { driverChange, noDriver } from './findings.ts'
import { settle } from './ledger.ts'
import { cardSwapMs, type Rules } from './rules.ts'
import { type Bound, bounds, type Clock, type DrivingTime, type Ledger, newLedger } from './state.ts'
import {
  answering,
  beginAll,
  type Context,
  dissolve,
  endAll,
  ledgerOf,
  type Work,
  withLedgers,
} from './work.ts'

/**
 * Who drives (words.md, "Semantics that practice demands"). Driving by nobody identified stays with the last known
 * driver; the next one to log in without a rest between inherits that part and no more. A card changed at speed
 * resets nothing: until the vehicle stops, the driver before answers as well.
 */

/** The driver of this Sample takes over. `onTheMove`: driving before and after, with no stop between. */
export function changeDriver(work: Work, driver: string | null, onTheMove: boolean, cx: Context): Work {
  const atMs = cx.sample.atMs
  const ended = onTheMove ? endAll(work, atMs, cx) : work
  const doubted = onTheMove ? doubt(ended, driver, cx) : ended
  const heir = driver === null ? doubted : logIn(doubted, driver, answering(work).includes(driver), cx)
  const changed: Work = {
    ...heir,
    driver,
    lastKnown: driver ?? heir.lastKnown,
    cardOutMs: driver === null && onTheMove ? atMs : null,
  }
  return onTheMove ? beginAll(changed, atMs, cx) : changed
}

/** Somebody is identified: the unidentified part becomes his, unless it has counted to him all along. */
function logIn(work: Work, driver: string, answered: boolean, cx: Context): Work {
  const part = ledgerOf(work, '')
  if (part === undefined) return work
  const heir = answered
    ? work
    : withLedgers(withLedger(work, driver), [driver], (own) => inherit(own, part, cx))
  return dissolve(endNoDriver(heir, cx), '', cx)
}

function withLedger(work: Work, driver: string): Work {
  if (ledgerOf(work, driver) !== undefined) return work
  return { ...work, ledgers: [...work.ledgers, newLedger(driver)] }
}

function inherit(own: Ledger, part: Ledger, cx: Context): Ledger {
  const heir = bounds.reduce((left, bound) => inheritBound(left, part[bound], bound, cx.rules), own)
  // The cautious clock rests last, and nobody has driven since the part was.
  if (part.cautious.stintMs === null) return heir
  return { ...heir, unsureMs: part.cautious.endMs, heldMs: cx.sample.atMs }
}

/** Only what was driven since the last rest is inherited: a rest in between frees the next driver of it. */
function inheritBound(own: Ledger, part: Clock, bound: Bound, rules: Rules): Ledger {
  if (part.stintMs === null) return own
  const rested = settle(own, bound, own[bound].endMs, part.stintMs, rules)
  let runs = rested[bound].runs
  for (let i = 0; part.runs[i] !== undefined; i += 2)
    if (part.runs[i]! >= part.stintMs) runs = withRun(runs, part.runs[i]!, part.runs[i + 1]!, bound)
  const clock: Clock = {
    stintMs: rested[bound].stintMs ?? part.stintMs,
    runMs: null,
    endMs: part.endMs,
    runs,
  }
  return { ...rested, [bound]: clock }
}

/** Unidentified driving is over: somebody logged in, or the vehicle rested. */
export function endNoDriver(work: Work, cx: Context): Work {
  const told = work.noDriver
  if (told === null) return work
  if (told.told === null) return { ...work, noDriver: null }
  const endMs = Math.max(told.fromMs, ledgerOf(work, '')!.proven.endMs!)
  const finding = noDriver('ended', told, told.told, endMs, work.lastKnown, cx.sample, cx.settings)
  return { ...work, noDriver: null, findings: [...work.findings, finding] }
}

/** A change of cards at speed. The card of the driver who answers coming back resolves it. */
function doubt(work: Work, driver: string | null, cx: Context): Work {
  const atMs = cx.sample.atMs
  const before = work.driver ?? (isSwap(work, atMs) ? work.lastKnown : null)
  if (driver === null || before === null || before === driver) return work
  if (work.doubt !== null && work.doubt.driver === driver) return resolve(work, atMs, cx)
  const held = work.doubt?.driver ?? before
  // Cards are looked at only on Samples that know a speed.
  const next = { driver: held, to: driver, atMs, speedKmh: cx.sample.speedKmh! }
  const phase = work.doubt === null ? 'started' : 'updated'
  const finding = driverChange(phase, next, atMs, cx.sample, cx.settings)
  return { ...work, doubt: next, findings: [...work.findings, finding] }
}

/** The card was out only as long as it takes to put in another. */
function isSwap(work: DrivingTime, atMs: number): boolean {
  return work.cardOutMs !== null && atMs - work.cardOutMs <= cardSwapMs
}

/** The vehicle stopped, or the card is back: from here on the driver whose card is in answers alone. */
export function resolve(work: Work, atMs: number, cx: Context): Work {
  if (work.doubt === null) return work
  const finding = driverChange('ended', work.doubt, atMs, cx.sample, cx.settings)
  return { ...work, doubt: null, findings: [...work.findings, finding] }
}
