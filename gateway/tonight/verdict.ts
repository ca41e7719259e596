import type { Area, AreaIndex } from '../../proto/geo/areas.ts'
import { type Interval, localClock } from '../../proto/time.ts'
import { boardSettings } from './board-settings.ts'
import type { Plan } from './plan.ts'

/** Whether what is planned will hold: green it will, amber nobody can say, red it will not. Pure. */

export type Seen = {
  readonly nowMs: number
  readonly night: Interval
  /** Heard lately. */
  readonly isFresh: boolean
  /** When it is so many metres on. */
  readonly etaMs: (metres: number) => number
  /** Null: nobody knows. */
  readonly moving: boolean | null
  /** The safe stop it is in. */
  readonly at: Area | null
  readonly ahead: readonly { readonly area: Area; readonly distanceM: number }[]
  readonly remainingM: number | null
}

export type Verdict = {
  readonly is: 'green' | 'amber' | 'red'
  readonly why: { readonly zh: string; readonly en: string }
  readonly place: string | null
  readonly etaMs: number | null
}

type Said = Verdict['why']

export function verdictOf(plan: Plan, seen: Seen, areas: AreaIndex, zone: string): Verdict {
  if (plan.is === 'exempt') return of('green', exempt[plan.by], null, null)
  if (plan.is === 'relay' && plan.done) return of('green', relayed, null, null)
  const begun = seen.nowMs >= seen.night.fromMs
  if (begun && seen.moving === true) return of('red', stillMoving, null, null)
  if (begun && seen.moving === false && seen.at !== null)
    return of('green', stands(seen.at), seen.at.name, null)
  switch (plan.is) {
    case 'relay':
      return relayVerdict(plan, seen, areas, zone)
    case 'stop':
      return reaching(seen, named(areas, plan.areaId), [plan.areaId], seen.night.fromMs, zone)
    case 'arrive':
      return arrival(seen, zone)
    case 'none':
      return unplanned(plan, seen, zone)
  }
}

function relayVerdict(
  { points, byMs }: Plan & { is: 'relay' },
  seen: Seen,
  areas: AreaIndex,
  zone: string,
): Verdict {
  if (seen.nowMs >= byMs) return of(seen.moving === false ? 'amber' : 'red', relayMissed, null, null)
  const next = seen.ahead.find(({ area }) => points.includes(area.id))
  const here = seen.at !== null && points.includes(seen.at.id) ? seen.at.name : null
  if (next === undefined && here !== null) return of('amber', relayHere(here), here, seen.nowMs)
  if (next === undefined && seen.ahead.length > 0) return of('red', noPointAhead, null, null)
  const place = next?.area.name ?? named(areas, points[0]!)
  return reaching(seen, place, points, byMs, zone)
}

const named = (areas: AreaIndex, id: string): string => areas.byId.get(id)?.name ?? id

/** It is there, or will be there in time, with something to spare. */
function reaching(seen: Seen, place: string, ids: readonly string[], byMs: number, zone: string): Verdict {
  if (seen.at !== null && ids.includes(seen.at.id) && seen.moving === false)
    return of('green', stands(seen.at), seen.at.name, seen.nowMs)
  const next = seen.ahead.find(({ area }) => ids.includes(area.id))
  if (next === undefined) return of('amber', unknownWay(place), place, null)
  return inTime(seen, place, seen.etaMs(next.distanceM), byMs, zone)
}

function inTime(seen: Seen, place: string, etaMs: number, byMs: number, zone: string): Verdict {
  if (etaMs >= byMs) return of('red', tooLate(place, etaMs, zone), place, etaMs)
  if (!seen.isFresh) return of('amber', notHeard, place, etaMs)
  if (etaMs > byMs - boardSettings.marginMs) return of('amber', barely(place, etaMs, zone), place, etaMs)
  return of('green', willReach(place, etaMs, zone), place, etaMs)
}

function arrival(seen: Seen, zone: string): Verdict {
  const { remainingM } = seen
  if (remainingM === null) return of('amber', unknownWay(endOfRoute.zh), null, null)
  return inTime(seen, endOfRoute.zh, seen.etaMs(remainingM), seen.night.fromMs, zone)
}

/** Nothing is planned: it may be home by then, else somebody has to decide where it stops. */
function unplanned({ certificateEnds }: Plan & { is: 'none' }, seen: Seen, zone: string): Verdict {
  const endMs = seen.remainingM === null ? null : seen.etaMs(seen.remainingM)
  const ends = endMs !== null && endMs < seen.night.fromMs - boardSettings.marginMs
  if (ends && seen.isFresh) return of('green', willReach(endOfRoute.zh, endMs, zone), endOfRoute.zh, endMs)
  if (seen.moving === false && seen.at !== null)
    return of('amber', standsUnplanned(seen.at), seen.at.name, null)
  return of('red', certificateEnds ? certificateOver : nothingPlanned, null, endMs)
}

const of = (is: Verdict['is'], why: Said, place: string | null, etaMs: number | null): Verdict => ({
  ...{ is, why, place },
  etaMs: etaMs === null ? null : Math.round(etaMs),
})

const clock = (ms: number, zone: string): string => localClock(ms, zone).slice(0, 5)

const exempt: { readonly [by in 'service' | 'feeder']: Said } = {
  service: { zh: '班线类别豁免，可在2时至5时运行', en: 'its service is exempt from 02:00-05:00' },
  feeder: { zh: '短途接驳线路豁免', en: 'a short feeder, exempt' },
}
const relayed = { zh: '接驳已完成', en: 'relayed' }
const relayMissed = { zh: '已过2时，接驳未完成', en: '02:00 is past and the relay was not made' }
const noPointAhead = { zh: '前方没有备案接驳点', en: 'no filed relay point lies ahead' }
const relayHere = (place: string): Said => ({
  zh: `在接驳点“${place}”，接驳未完成`,
  en: `at the relay point "${place}"; the relay is not made yet`,
})
const stillMoving = { zh: '2时后仍在行驶', en: 'still moving after 02:00' }
const stands = ({ name }: Area): Said => ({ zh: `已停在“${name}”`, en: `stands at "${name}"` })
const standsUnplanned = ({ name }: Area): Said => ({
  zh: `停在“${name}”，未安排停驶或接驳`,
  en: `stands at "${name}"; neither stop nor relay is planned`,
})
const notHeard = {
  zh: '超过15分钟没有数据，位置不明',
  en: 'nothing heard for 15 minutes: where it is is unknown',
}
const nothingPlanned = {
  zh: '未安排停驶或接驳，2时仍将在途',
  en: 'neither stop nor relay is planned; it will be out at 02:00',
}
const certificateOver = {
  zh: '接驳凭证届时已过期，2时仍将在途',
  en: 'its relay certificate is over by then; it will be out at 02:00',
}
const endOfRoute = { zh: '终点' }
const unknownWay = (place: string): Said => ({
  zh: `无法推算到达“${place}”的时间`,
  en: `when it reaches "${place}" cannot be told`,
})
const willReach = (place: string, ms: number, zone: string): Said => ({
  zh: `预计${clock(ms, zone)}到达“${place}”`,
  en: `reaches "${place}" at about ${clock(ms, zone)}`,
})
const barely = (place: string, ms: number, zone: string): Said => ({
  zh: `预计${clock(ms, zone)}到达“${place}”，余量不足15分钟`,
  en: `reaches "${place}" at about ${clock(ms, zone)}, with less than 15 minutes to spare`,
})
const tooLate = (place: string, ms: number, zone: string): Said => ({
  zh: `预计${clock(ms, zone)}才到“${place}”，晚于2时`,
  en: `reaches "${place}" only at about ${clock(ms, zone)}, after 02:00`,
})
