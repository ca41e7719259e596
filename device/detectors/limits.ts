import type { Area } from '../../proto/geo/areas.ts'
import type { RoadClass, SegmentLimit } from '../../proto/geo/corridor.ts'
import type { Fix } from '../../proto/model.ts'
import { roundKmh } from '../../proto/round.ts'
import type { Settings, TemporaryLimit } from '../../proto/settings.ts'
import { isPassenger } from '../../proto/shapes/vehicle.ts'
import { windowAt } from '../../proto/time.ts'
import type { Whereabouts } from './whereabouts.ts'

/** The limit that holds for a vehicle at a moment and a place, and who set it. */

export type LimitSource = 'area' | 'segment' | 'temporary' | 'class'

export type EffectiveLimit = {
  readonly limitKmh: number
  /** Id of the area, route or temporary limit; `class` for the cap of the vehicle class. */
  readonly limitSetBy: string
  readonly source: LimitSource
  /** What would hold here by day. */
  readonly dayKmh: number
  readonly night: boolean
  /** The day limit of which this is `nightFactor` times; null where the limit is not made so. */
  readonly factorOfKmh: number | null
  readonly roadClass: RoadClass | 'unknown'
}

/** Proven: of what is unknown, the highest. Cautious, for warnings: the lowest (design 5). */
export type Bound = 'proven' | 'cautious'

type Source = {
  readonly id: string
  readonly source: LimitSource
  readonly dayKmh: number | null
  readonly nightKmh: number | null
}

/**
 * The minimum over sources. Each gives its explicit night limit at night, else for passenger vehicles `nightFactor`
 * times its day limit, else its day limit: so the factor is never applied to a night limit, nor twice.
 */
export function effectiveLimit(
  atMs: number,
  where: Whereabouts,
  settings: Settings,
  bound: Bound = 'proven',
): EffectiveLimit {
  const { speeding, zone } = settings.policy
  const segment = segmentAt(where, settings)
  const roadClass = segment?.roadClass ?? 'unknown'
  const signs = [...areaSources(atMs, where, settings), ...segmentSources(segment, settings)]
  const posted = [...signs, ...temporarySources(atMs, where, settings)]
  const capKmh = {
    signed: capOf(roadClass, true, settings, bound),
    not: capOf(roadClass, false, settings, bound),
  }
  const strictest = (night: boolean): Strictest => {
    const signed = signs.some((sign) => kmhOf(sign, night, settings) !== null)
    return lowest([...posted, classSource(signed ? capKmh.signed : capKmh.not)], night, settings)
  }
  const night = windowAt(atMs, speeding.night, zone) !== null
  const now = strictest(night)
  return { ...now, dayKmh: night ? strictest(false).limitKmh : now.limitKmh, night, roadClass }
}

type Strictest = Pick<EffectiveLimit, 'limitKmh' | 'limitSetBy' | 'source' | 'factorOfKmh'>

function classSource(capKmh: number | null): Source {
  return { id: 'class', source: 'class', dayKmh: capKmh, nightKmh: null }
}

/** What a source demands at that time of day; null when it says nothing then. */
function kmhOf(source: Source, night: boolean, settings: Settings): number | null {
  if (!night) return source.dayKmh
  if (source.nightKmh !== null) return source.nightKmh
  return multiplied(source, settings) && source.dayKmh !== null
    ? roundKmh(source.dayKmh * settings.policy.speeding.nightFactor)
    : source.dayKmh
}

/** Temporary limits (fog, ice, works) are set for the moment as it is: never multiplied. */
function multiplied(source: Source, { vehicle }: Settings): boolean {
  return source.source !== 'temporary' && isPassenger(vehicle.class)
}

/** Of equal ones the first: a sign names itself before the class does. */
function lowest(sources: readonly Source[], night: boolean, settings: Settings): Strictest {
  let found: Strictest | null = null
  for (const source of sources) {
    const limitKmh = kmhOf(source, night, settings)
    if (limitKmh === null || (found !== null && limitKmh >= found.limitKmh)) continue
    const byFactor = night && source.nightKmh === null && multiplied(source, settings)
    const factorOfKmh = byFactor ? source.dayKmh : null
    found = { limitKmh, limitSetBy: source.id, source: source.source, factorOfKmh }
  }
  // Where no sign gives a limit the class does, so there is always one.
  if (found === null) throw new Error('no source gives a speed limit')
  return found
}

/**
 * The cap of the class. Motorway caps bind whatever is posted (Implementing Regulations art. 78); `other` of coaches
 * and trucks is art. 45, which speaks of roads without a sign; for hazmat art. 46 of its Measures binds
 * everywhere, a lower posted limit prevailing.
 */
function capOf(
  roadClass: RoadClass | 'unknown',
  signed: boolean,
  { vehicle, policy }: Settings,
  bound: Bound,
): number | null {
  const caps = policy.speeding.capKmh
  if (roadClass === 'motorway') return caps.motorway
  const otherStandsIn = vehicle.class === 'coach' || vehicle.class === 'truck'
  if (roadClass === 'other') return otherStandsIn && signed ? null : caps.other
  const low = otherStandsIn && signed ? caps.unknown : Math.min(caps.other, caps.unknown)
  return bound === 'cautious' ? Math.min(low, caps.motorway) : caps.unknown
}

/** The stretch of the route the vehicle is on; null beside the route: its limits bind only those who drive it. */
function segmentAt({ fix, near, routeId }: Whereabouts, { route }: Settings): SegmentLimit | null {
  if (fix === null || near === null || route === null || route.id !== routeId) return null
  const line = route.lines[near.line]
  return line !== undefined && near.distanceM <= line.halfWidthM ? route.limitAt(near) : null
}

function segmentSources(segment: SegmentLimit | null, { route }: Settings): Source[] {
  if (segment === null || route === null) return []
  return [{ id: route.id, source: 'segment', dayKmh: segment.dayKmh, nightKmh: segment.nightKmh }]
}

function areaSources(atMs: number, { fix }: Whereabouts, settings: Settings): Source[] {
  if (fix === null || (settings.areasSinceMs !== null && atMs < settings.areasSinceMs)) return []
  const sources: Source[] = []
  for (const area of settings.areas.at(fix)) {
    if (area.limitKmh === null && area.nightLimitKmh === null) continue
    if (!binds(area, atMs, settings) || !provenInside(area, fix)) continue
    sources.push({ id: area.id, source: 'area', dayKmh: area.limitKmh, nightKmh: area.nightLimitKmh })
  }
  return sources
}

/** Whether an area is for this class of vehicle and in force at the moment. */
export function binds(area: Area, atMs: number, { vehicle, policy }: Settings): boolean {
  if (area.classes !== null && !area.classes.includes(vehicle.class)) return false
  return area.windows === null || area.windows.some((window) => windowAt(atMs, window, policy.zone) !== null)
}

/** Limits apply by position alone; a fix that admits an error must be inside by more than it. */
function provenInside(area: Area, fix: Fix): boolean {
  return fix.accuracyM === null || fix.accuracyM === 0 || area.signedDistanceM(fix) < -fix.accuracyM
}

function temporarySources(atMs: number, { fix }: Whereabouts, settings: Settings): Source[] {
  return (settings.temporaryLimits ?? [])
    .filter((limit) => holds(limit, atMs, fix, settings))
    .map(({ id, limitKmh }) => ({ id, source: 'temporary', dayKmh: limitKmh, nightKmh: limitKmh }))
}

function holds(limit: TemporaryLimit, atMs: number, fix: Fix | null, { areas }: Settings): boolean {
  if (limit.fromMs !== null && atMs < limit.fromMs) return false
  if (limit.toMs !== null && atMs >= limit.toMs) return false
  if (limit.areaId === null) return true
  const area = areas.byId.get(limit.areaId)
  return fix !== null && area?.contains(fix) === true && provenInside(area, fix)
}
