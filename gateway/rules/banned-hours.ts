import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import { pointAt } from '../../proto/geo/along.ts'
import type { CorridorPosition } from '../../proto/geo/corridor.ts'
import type { LatLon } from '../../proto/geo/earth.ts'
import type { Evidence, Finding, Sample } from '../../proto/model.ts'
import type { BannedHours } from '../../proto/policy.ts'
import { roundS } from '../../proto/round.ts'
import { safeStopsEvidence } from '../../proto/safe-stops.ts'
import type { Settings } from '../../proto/settings.ts'
import { isoUtc, nextWindow, windowAt } from '../../proto/time.ts'
import { areaOf, isThere, type Whereabouts, whereabouts } from './banned-hours-place.ts'
import { isMoving } from './moving-run.ts'
import { abandon, type Forbidden, noWatch, type RunWatch, shiftWatch, watch } from './run-episode.ts'

/**
 * Banned hours (禁行时段) of local notices: which classes, on which evenings, on which roads, in which areas, with
 * which goods. Data, not code; the notice's number is in every finding. A kind of its own: a tanker never reads
 * the coach's article.
 */
export type BannedHoursState = {
  readonly hint: CorridorPosition | null
  readonly entries: { readonly [id: string]: EntryState }
}

type EntryState = {
  readonly watch: RunWatch
  /** The last notice that was given, by the instant it was due. */
  readonly warnedMs: number | null
}

const kind = 'banned-hours'
const fresh: EntryState = { watch: noWatch, warnedMs: null }

export const bannedHours: Detector<BannedHoursState> = {
  name: 'banned-hours',
  initial: { hint: null, entries: {} },
  step(state, sample, settings) {
    const shifted = shift(state, sample.clockStepMs)
    if (!sample.trusted) return { state: shifted, findings: [] }
    const binding = settings.policy.bannedHours.filter((entry) => binds(entry, settings))
    const where = whereabouts(sample, shifted.hint, settings)
    const ahead = (): Evidence => safeStopsEvidence(sample, placeOf(shifted.hint, settings), settings)
    const entries: Record<string, EntryState> = {}
    const findings: Finding[] = [...orphans(shifted, binding, sample, settings)]
    for (const entry of binding) {
      const result = stepEntry(shifted.entries[entry.id] ?? fresh, entry, where, ahead, sample, settings)
      entries[entry.id] = result.state
      findings.push(...result.findings)
    }
    return { state: { hint: where.hint, entries }, findings }
  },
}

/** Where the vehicle last was on the route: from there to here is the direction it drives in. */
function placeOf(hint: CorridorPosition | null, { route }: Settings): LatLon | null {
  return hint === null || route === null || route.lines[hint.line] === undefined ? null : pointAt(route, hint)
}

/** For this class and, where the notice names goods, for what the waybill says is on board. */
function binds(entry: BannedHours, { vehicle, trip }: Settings): boolean {
  if (!entry.classes.includes(vehicle.class)) return false
  const goods = trip?.waybill?.goodsClass
  return entry.goods === undefined || (goods !== undefined && entry.goods.includes(goods))
}

/** An entry that left the policy, or a waybill that ended, ends what it had begun. */
function orphans(
  state: BannedHoursState,
  binding: readonly BannedHours[],
  sample: Sample,
  settings: Settings,
): Finding[] {
  return Object.entries(state.entries)
    .filter(([id]) => !binding.some((entry) => entry.id === id))
    .flatMap(([subject, entry]) => abandon(entry.watch, { kind, subject }, sample, settings))
}

function stepEntry(
  state: EntryState,
  entry: BannedHours,
  where: Whereabouts,
  ahead: () => Evidence,
  sample: Sample,
  settings: Settings,
): { state: EntryState; findings: readonly Finding[] } {
  const window = windowAt(sample.atMs, entry, settings.policy.zone)
  const rule: Forbidden = {
    kind,
    subject: entry.id,
    severity: settings.vehicle.class === 'hazmat' ? 'critical' : 'major',
    there: isThere(entry, where, settings),
    now: window !== null,
    opensMs: window?.fromMs ?? null,
    closesMs: window?.toMs ?? null,
    evidence: () => evidenceOf(entry, where, settings),
  }
  const watched = watch(state.watch, rule, sample, settings)
  const due = window === null && rule.there === true ? dueAt(entry, sample, settings) : null
  const warned = due !== null && (state.warnedMs === null || due.dueMs > state.warnedMs)
  return {
    state: { watch: watched.state, warnedMs: warned ? due.dueMs : state.warnedMs },
    findings: warned
      ? [
          ...watched.findings,
          warning(entry, due, movedAcross(state, due, sample, settings), where, ahead(), sample, settings),
        ]
      : watched.findings,
  }
}

function evidenceOf(entry: BannedHours, { at }: Whereabouts, settings: Settings): Evidence {
  const areaId = at === null ? null : areaOf(entry, at, settings)
  return {
    notice: entry.notice,
    from: entry.from,
    to: entry.to,
    roadClass: entry.roadClass ?? null,
    areaId,
    areaName: areaId === null ? null : settings.areas.byId.get(areaId)!.name,
    routeId: settings.route?.id ?? null,
    goodsClass: settings.trip?.waybill?.goodsClass ?? null,
  }
}

type Due = { readonly dueMs: number; readonly fromMs: number }

/** A notice is due while it moves where the ban will hold, at the same times before it as before the curfew. */
function dueAt(entry: BannedHours, sample: Sample, settings: Settings): Due | null {
  if (isMoving(sample, settings) !== true) return null
  const window = nextWindow(sample.atMs, entry, settings.policy.zone)
  if (window === null) return null
  const due = settings.policy.curfew.warnBeforeS
    .map((s) => window.fromMs - s * 1000)
    .filter((dueMs) => dueMs <= sample.atMs)
  return due.length === 0 ? null : { dueMs: Math.max(...due), fromMs: window.fromMs }
}

/** Moving there without a break since before the notice was due. */
function movedAcross(
  { watch: { run } }: EntryState,
  due: Due,
  sample: Sample,
  { policy }: Settings,
): boolean {
  if (run === null || run.lastMs >= due.dueMs) return false
  return sample.atMs - run.lastMs <= policy.fatigue.gapS * 1000
}

function warning(
  entry: BannedHours,
  due: Due,
  moving: boolean,
  where: Whereabouts,
  ahead: Evidence,
  sample: Sample,
  settings: Settings,
): Finding {
  return makeFinding(
    {
      kind: 'banned-hours-warning',
      phase: 'started',
      subject: entry.id,
      severity: 'info',
      atMs: moving ? due.dueMs : sample.atMs,
      evidence: {
        ...evidenceOf(entry, where, settings),
        stopBy: isoUtc(due.fromMs),
        leftS: roundS((due.fromMs - sample.atMs) / 1000),
        ...ahead,
      },
    },
    sample,
    settings,
  )
}

function shift(state: BannedHoursState, byMs: number): BannedHoursState {
  if (byMs === 0) return state
  const entries = Object.entries(state.entries).map(([id, entry]) => [
    id,
    { ...entry, watch: shiftWatch(entry.watch, byMs) },
  ])
  return { ...state, entries: Object.fromEntries(entries) }
}
