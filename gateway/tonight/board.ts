import { type Documents, settingsAt } from '../../proto/in-force.ts'
import type { Sample } from '../../proto/model.ts'
import { roundKm } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import type { Trip } from '../../proto/shapes/trip.ts'
import { type Interval, localClock, nextWindow, windowAt } from '../../proto/time.ts'
import type { RelayState } from '../rules/relay.ts'
import { boardSettings } from './board-settings.ts'
import { type Plan, planOf } from './plan.ts'
import { type Seen, type Verdict, verdictOf } from './verdict.ts'
import { areaAt, isSafeStop, type Way, wayOf } from './way.ts'

/**
 * Tonight's board: every coach that will still be out when the night begins, what is planned for it, and whether that
 * will hold. It is looked at before anything happened, so that nothing does. Pure.
 */

export type TonightInput = {
  readonly documents: Documents
  readonly sample: Sample | null
  /** Metres to the end of the route as the terminal told them lately; null: it did not. */
  readonly toldRemainingM: number | null
  /** Of the last hour, standing included; null: unknown. */
  readonly averageKmh: number | null
  /** What the rule of the night has seen of a relay. */
  readonly relayed: RelayState
  readonly nowMs: number
}

export type TonightRow = {
  readonly fleet: string
  readonly vehicle: string
  readonly plate: string | null
  readonly trip: string | null
  readonly line: string | null
  readonly driver: string | null
  readonly plan: 'stop' | 'relay' | 'exempt' | 'none'
  /** Where the plan is to happen. */
  readonly place: string | null
  /** When it gets there, local; null: nobody can tell. */
  readonly etaAt: string | null
  readonly verdict: Verdict['is']
  readonly why: Verdict['why']
  readonly safeStops: readonly { area: string; areaId: string; distanceKm: number; etaAt: string }[]
}

/** Null: not a coach, or it will not be out. */
export function tonightOf(input: TonightInput): TonightRow | null {
  const { documents, nowMs } = input
  if (documents.vehicle.class !== 'coach') return null
  const night = nightOf(documents, nowMs)
  if (night === null) return null
  const trip = tripFor(documents.trips, night, nowMs)
  const settings = settingsAt(documents, instantOf(trip, nowMs))
  const way = wayOf(input.sample, settings)
  const plan = planOf({ trip, night, nowMs, relayed: input.relayed }, settings)
  const seen = seenOf(input, way, night, settings)
  if (!willBeOut(trip, plan, seen, night)) return null
  return rowOf(input, { trip, settings, way, plan, seen, night })
}

/** The window we are in, else the next one: until 05:00 the board is of the night that goes on. */
function nightOf({ policy }: Documents, nowMs: number): Interval | null {
  const { from, to } = policy.curfew
  return windowAt(nowMs, { from, to }, policy.zone) ?? nextWindow(nowMs, { from, to }, policy.zone)
}

/** The trip that is to be under way when the night begins; else the one of now, which may be late. */
function tripFor(trips: readonly Trip[], night: Interval, nowMs: number): Trip | null {
  const at = (ms: number): Trip | null =>
    trips.find(({ from, to }) => Date.parse(from) <= ms && ms < Date.parse(to)) ?? null
  return at(night.fromMs) ?? at(nowMs)
}

/** Papers hold for their trip: one that begins later is looked at as it will be. */
const instantOf = (trip: Trip | null, nowMs: number): number =>
  trip === null ? nowMs : Math.min(Math.max(nowMs, Date.parse(trip.from)), Date.parse(trip.to) - 1)

function seenOf(input: TonightInput, way: Way, night: Interval, settings: Settings): Seen {
  const { sample, averageKmh, nowMs, toldRemainingM } = input
  const isFresh = sample !== null && nowMs - sample.atMs <= boardSettings.staleMs
  const known = averageKmh !== null && averageKmh >= boardSettings.averageMinKmh
  const kmh = known ? averageKmh : boardSettings.assumedKmh
  const speedKmh = isFresh ? sample.speedKmh : null
  return {
    ...{ nowMs, night, isFresh },
    etaMs: (metres) => Math.max(nowMs, sample?.atMs ?? nowMs) + (metres * 3600) / kmh,
    moving: speedKmh === null ? null : speedKmh >= settings.policy.curfew.movingKmh,
    at: areaAt(isFresh ? sample : null, settings, isSafeStop),
    ahead: way.ahead,
    remainingM: toldRemainingM ?? way.remainingM,
  }
}

/** By its papers, because it is late, or because it drives in the night already. */
function willBeOut(trip: Trip | null, plan: Plan, seen: Seen, night: Interval): boolean {
  if (trip !== null && Date.parse(trip.from) <= night.fromMs && night.fromMs < Date.parse(trip.to))
    return true
  if (seen.nowMs >= night.fromMs && seen.moving === true) return true
  if (trip === null) return seen.moving === true
  const endMs = seen.remainingM === null ? null : seen.etaMs(seen.remainingM)
  return plan.is !== 'exempt' && endMs !== null && endMs > night.fromMs - boardSettings.marginMs
}

type Parts = {
  readonly trip: Trip | null
  readonly settings: Settings
  readonly way: Way
  readonly plan: Plan
  readonly seen: Seen
  readonly night: Interval
}

function rowOf({ documents, sample }: TonightInput, { trip, settings, plan, seen }: Parts): TonightRow {
  const { vehicle, policy } = documents
  const verdict = verdictOf(plan, seen, settings.areas, policy.zone)
  const clock = (ms: number): string => localClock(ms, policy.zone).slice(0, 5)
  const stops = seen.ahead.filter(({ area }) => isSafeStop(area)).slice(0, boardSettings.safeStops)
  return {
    fleet: vehicle.fleet,
    vehicle: vehicle.id,
    plate: vehicle.plate ?? null,
    trip: trip?.id ?? null,
    line: settings.route?.id ?? trip?.route ?? null,
    driver: sample?.driver ?? trip?.drivers[0] ?? null,
    plan: plan.is === 'arrive' ? 'stop' : plan.is,
    place: verdict.place,
    etaAt: verdict.etaMs === null ? null : clock(verdict.etaMs),
    verdict: verdict.is,
    why: verdict.why,
    safeStops: stops.map(({ area, distanceM }) => ({
      area: area.name,
      areaId: area.id,
      distanceKm: roundKm(distanceM / 1000),
      etaAt: clock(seen.etaMs(distanceM)),
    })),
  }
}
