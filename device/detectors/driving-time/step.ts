import { compareFindings, type Step, stay } from '../../../proto/detector.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import { changeDriver, endNoDriver, resolve } from './drivers.ts'
import { noDriver } from './findings.ts'
import { gapOf, overGap } from './gap.ts'
import { fire } from './ledger.ts'
import { marksOf } from './limits.ts'
import { isMoving, turn } from './motion.ts'
import { noDriverWorseMs, type Rules, rulesOf } from './rules.ts'
import { shifted } from './shift.ts'
import { bounds, type DrivingTime, never, noneClosed } from './state.ts'
import {
  answering,
  beginAll,
  type Context,
  collect,
  endAll,
  ledgerOf,
  restSince,
  settleAll,
  type Work,
  withLedgers,
} from './work.ts'

/**
 * One Sample. Nearly all of them only move the last instant on: nothing can happen before `dueMs` while the
 * vehicle and its driver go on as they are.
 */
export function step(before: DrivingTime, sample: Sample, settings: Settings): Step<DrivingTime> {
  if (!sample.trusted) return unsynced(before)
  // The first trusted time of a boot corrects a clock that no stored instant came from: only durations within a
  // disciplined clock need to be kept from moving.
  const corrected = before.synced && sample.clockStepMs !== 0
  const state = corrected ? shifted(before, sample.clockStepMs) : before
  const moving = isMoving(sample, settings.policy.fatigue.noiseKmh)
  if (moving === null || (state.atMs !== null && sample.atMs <= state.atMs)) return stay(synced(state))
  if (isQuiet(state, sample, moving, settings)) return stay(onward(state, sample))
  return eventful(state, sample, moving, settings)
}

/** Without a trusted time nothing accrues and nothing is reset. */
function unsynced(state: DrivingTime): Step<DrivingTime> {
  if (!state.synced && state.closed.length === 0) return stay(state)
  return stay({ ...state, synced: false, closed: noneClosed })
}

function synced(state: DrivingTime): DrivingTime {
  return state.synced && state.closed.length === 0 ? state : { ...state, synced: true, closed: noneClosed }
}

function isQuiet(state: DrivingTime, sample: Sample, moving: boolean, settings: Settings): boolean {
  const steady = moving ? state.motion.is === 'driving' : state.motion.is === 'standing'
  return (
    steady &&
    sample.atMs < state.dueMs &&
    state.atMs !== null &&
    sample.atMs - state.atMs <= settings.policy.fatigue.gapS * 1000 &&
    (sample.driver === '' ? null : sample.driver) === state.driver &&
    settings.policyDigest === state.policyDigest
  )
}

function onward(state: DrivingTime, sample: Sample): DrivingTime {
  return {
    ...state,
    atMs: sample.atMs,
    synced: true,
    fix: sample.fix,
    odometerM: sample.odometerM,
    closed: noneClosed,
  }
}

function eventful(
  before: DrivingTime,
  sample: Sample,
  moving: boolean,
  settings: Settings,
): Step<DrivingTime> {
  const rules = rulesOf(settings)
  const cx: Context = { sample, settings, rules }
  const work: Work = { ...before, closed: noneClosed, findings: [] }
  const inForce = settings.policyDigest === before.policyDigest ? work : remarked(work, cx)
  const moved = before.atMs === null ? first(inForce, moving, cx) : follow(inForce, moving, cx)
  const told = tellAll(rested(moved, cx), cx)
  const { findings, ...state } = told.ledgers.reduce((all, ledger) => collect(all, ledger, cx), told)
  const ledgers = state.ledgers.map((ledger) => (ledger.news.length === 0 ? ledger : { ...ledger, news: [] }))
  const next = { ...onward(state, sample), ledgers, moving, closed: state.closed }
  return {
    state: { ...next, policyDigest: settings.policyDigest, dueMs: dueOf(next, rules) },
    findings: inOrder(findings),
  }
}

/** A policy came: what lies ahead is computed anew; nothing behind is back-dated. */
function remarked(work: Work, cx: Context): Work {
  return withLedgers(work, null, (ledger) => ({ ...ledger, marks: marksOf(ledger, cx.rules) }))
}

function first(work: Work, moving: boolean, cx: Context): Work {
  const driver = driverOf(cx.sample)
  const known: Work = { ...work, driver, lastKnown: driver }
  return moving ? { ...known, motion: { is: 'starting', movedMs: cx.sample.atMs } } : known
}

const driverOf = (sample: Sample): string | null => (sample.driver === '' ? null : sample.driver)

function follow(work: Work, moving: boolean, cx: Context): Work {
  const gapMs = cx.settings.policy.fatigue.gapS * 1000
  if (cx.sample.atMs - work.atMs! > gapMs) return acrossGap(work, moving, cx)
  const driver = driverOf(cx.sample)
  if (driver === work.driver) return advance(work, moving, cx)
  const advanced = halt(advance(halt(work, cx), moving, cx), cx)
  return changeDriver(settledNow(advanced, cx), driver, advanced.motion.is === 'driving', cx)
}

/** Motion goes on to this Sample, for whoever drove until now. */
function advance(work: Work, moving: boolean, cx: Context): Work {
  const { motion, beganMs, endedMs } = turn(work.motion, moving, cx.sample.atMs, cx.rules)
  const begun = beganMs === null ? work : beginAll(work, beganMs, cx)
  const ended = endedMs === null ? begun : stopped(begun, endedMs, cx)
  return ended.motion === motion ? ended : { ...ended, motion }
}

function stopped(work: Work, atMs: number, cx: Context): Work {
  return resolve(endAll(work, atMs, cx), atMs, cx)
}

/** A card changed in a halt: the halt is a stop, however short. */
function halt(work: Work, cx: Context): Work {
  if (work.motion.is !== 'stopping') return work
  return { ...stopped(work, work.motion.stoodMs, cx), motion: { is: 'standing' } }
}

function acrossGap(work: Work, moving: boolean, cx: Context): Work {
  const gap = gapOf(work, cx.sample, moving, cx.rules)
  const passed = resolve(overGap(work, gap, cx), gap.fromMs, cx)
  const driver = driverOf(cx.sample)
  const settled = settleAll(passed, gap.toMs, cx)
  const changed = driver === settled.driver ? settled : changeDriver(settled, driver, false, cx)
  if (!moving) return changed
  if (!gap.goesOn) return { ...changed, motion: { is: 'starting', movedMs: gap.toMs } }
  return { ...beginAll(changed, gap.toMs, cx), motion: { is: 'driving' } }
}

/**
 * Where the vehicle may have begun to drive, a stop has lasted only until it moved, for everybody: whoever takes over in
 * the first seconds has driven since the moving off.
 */
function settledNow(work: Work, cx: Context): Work {
  const { motion } = work
  return settleAll(work, motion.is === 'starting' ? motion.movedMs : cx.sample.atMs, cx)
}

/** Stops that are rests by now, and with them the time without a driver. */
function rested(work: Work, cx: Context): Work {
  const settled = settledNow(work, cx)
  const part = ledgerOf(settled, '')
  return part?.proven.stintMs === null ? endNoDriver(settled, cx) : settled
}

/** Findings start on moving Samples only. */
function tellAll(work: Work, cx: Context): Work {
  if (work.motion.is !== 'driving') return work
  const atMs = cx.sample.atMs
  const fired = withLedgers(work, answering(work), (ledger) =>
    fire(ledger, atMs, ledger.driver !== work.driver, cx.rules),
  )
  return tellNoDriver(fired, cx)
}

function tellNoDriver(work: Work, cx: Context): Work {
  const told = work.noDriver
  if (told === null) return work
  const forMs = cx.sample.atMs - told.fromMs
  const severity = forMs >= noDriverWorseMs ? 'minor' : forMs > cx.rules.startMs ? 'info' : null
  if (severity === null || severity === told.told) return work
  const phase = told.told === null ? 'started' : 'updated'
  const finding = noDriver(phase, told, severity, cx.sample.atMs, work.lastKnown, cx.sample, cx.settings)
  return { ...work, noDriver: { ...told, told: severity }, findings: [...work.findings, finding] }
}

/** The next instant at which something has to be looked at. */
function dueOf(state: DrivingTime, rules: Rules): number {
  let dueMs = never
  for (const ledger of state.ledgers) {
    for (const mark of ledger.marks) dueMs = Math.min(dueMs, mark.atMs)
    for (const bound of bounds) {
      const sinceMs = ledger[bound].stintMs === null ? null : restSince(state, ledger, bound, rules)
      if (ledger[bound].runMs === null && sinceMs !== null) dueMs = Math.min(dueMs, sinceMs + rules.restMs)
    }
  }
  const { noDriver: told } = state
  if (told === null || told.told === 'minor') return dueMs
  return Math.min(dueMs, told.fromMs + (told.told === null ? rules.startMs : noDriverWorseMs))
}

/** Output order; of equal kinds and phases the one that lies earlier comes first. */
function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => compareFindings(a, b) || a.atMs - b.atMs)
}
