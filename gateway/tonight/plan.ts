import type { Settings } from '../../proto/settings.ts'
import type { Trip } from '../../proto/shapes/trip.ts'
import { type Interval, validUntilMs } from '../../proto/time.ts'
import { judge, serviceOf } from '../rules/curfew-verdict.ts'
import { type RelayState, relayOf } from '../rules/relay.ts'

/** What the papers say a coach does about the night: it stops, it is relayed, it may run, or nothing is planned. Pure. */

export type Plan =
  | { readonly is: 'exempt'; readonly by: 'service' | 'feeder' }
  | {
      readonly is: 'relay'
      readonly points: readonly string[]
      /** The relay must be made by then. */
      readonly byMs: number
      readonly done: boolean
    }
  | { readonly is: 'stop'; readonly areaId: string; readonly arriveMs: number }
  /** The trip is to be over before the night begins. */
  | { readonly is: 'arrive'; readonly byMs: number }
  | { readonly is: 'none'; readonly certificateEnds: boolean }

export type Papers = {
  readonly trip: Trip | null
  readonly night: Interval
  readonly nowMs: number
  /** What was seen of a relay. */
  readonly relayed: RelayState
}

export function planOf(papers: Papers, settings: Settings): Plan {
  const { trip, night, nowMs, relayed } = papers
  const question = { nightMs: night.fromMs, atMs: night.fromMs, nowMs }
  const { exempt } = judge(relayed, question, settings)
  if (exempt === 'service' || exempt === 'feeder') return { is: 'exempt', by: exempt }
  const relay = relayPlan(night, exempt === 'relay', settings)
  if (relay?.is === 'relay') return relay
  const stop = trip === null ? null : stopFor(trip, night)
  if (stop !== null) return stop
  if (trip !== null && Date.parse(trip.to) <= night.fromMs) return { is: 'arrive', byMs: Date.parse(trip.to) }
  return relay ?? { is: 'none', certificateEnds: false }
}

/** Done as the rule itself judges it: at a filed point, in its window, by a fresh driver. */
function relayPlan(night: Interval, done: boolean, settings: Settings): Plan | null {
  const relay = relayOf(settings)
  if (serviceOf(settings).serviceClass !== 'scheduled' || relay === null || relay.certificate === null)
    return null
  const untilMs = validUntilMs(relay.validTo, settings.policy.zone)
  if (untilMs === null || untilMs <= night.fromMs) return { is: 'none', certificateEnds: true }
  if (relay.points.length === 0) return null
  return { is: 'relay', points: relay.points, byMs: night.fromMs, done }
}

/** A stop that holds the whole night is what 落地休息 asks for. */
function stopFor({ stops = [] }: Trip, night: Interval): Plan | null {
  const found = stops.find(
    ({ arrive, depart }) => Date.parse(arrive) <= night.fromMs && Date.parse(depart) >= night.toMs,
  )
  if (found === undefined) return null
  return { is: 'stop', areaId: found.areaId, arriveMs: Date.parse(found.arrive) }
}
