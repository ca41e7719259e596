import { isInForce } from './geo/area-hours.ts'
import type { Area } from './geo/areas.ts'
import { type CorridorPosition, halfWidthAt, type RoadClass, type SegmentLimit } from './geo/corridor.ts'
import type { Fix, Severity } from './model.ts'
import { roundKmh } from './round.ts'
import type { Settings, TemporaryLimit } from './settings.ts'
import { isPassenger } from './shapes/vehicle.ts'
import { windowAt } from './time.ts'

/** The limit that holds for a vehicle at a moment and a place, and who set it. */

/** Where the vehicle was last known to be, for limits that hold by position. Plain JSON. */
export type Place = {
  readonly fix: Fix | null
  readonly routeId: string | null
  /** Nearest position on the route; also the hint for the next look. */
  readonly near: CorridorPosition | null
}

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
  /** Why a temporary limit was set, where its policy says so. */
  readonly cause: TemporaryLimit['cause'] | null
  /** How far one saw, where that made the limit. */
  readonly visibilityM: number | null
}

/** Proven: of what is unknown, the highest. Cautious, for warnings: the lowest (design 5). */
export type Bound = 'proven' | 'cautious'

type Source = {
  readonly id: string
  readonly source: LimitSource
  readonly dayKmh: number | null
  readonly nightKmh: number | null
  readonly temporary?: TemporaryLimit
}

/**
 * The minimum over sources. Each gives its explicit night limit at night, else for passenger vehicles `nightFactor`
 * times its day limit, else its day limit: so the factor is never applied to a night limit, nor twice.
 */
export function effectiveLimit(
  atMs: number,
  where: Place,
  settings: Settings,
  bound: Bound = 'proven',
): EffectiveLimit {
  return limitAt(atMs, segmentAt(where, settings), where.fix, settings, bound)
}

/** As `effectiveLimit`, where the stretch of the route is known. */
export function limitAt(
  atMs: number,
  segment: SegmentLimit | null,
  fix: Fix | null,
  settings: Settings,
  bound: Bound = 'proven',
): EffectiveLimit {
  const { speeding, zone } = settings.policy
  const roadClass = segment?.roadClass ?? 'unknown'
  const signs = [...areaSources(atMs, fix, settings), ...segmentSources(segment, settings)]
  const onMotorway = roadClass === 'motorway' || (roadClass === 'unknown' && bound === 'cautious')
  const posted = [...signs, ...temporarySources(atMs, fix, onMotorway, settings)]
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

type Strictest = Pick<
  EffectiveLimit,
  'limitKmh' | 'limitSetBy' | 'source' | 'factorOfKmh' | 'cause' | 'visibilityM'
>

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
    const cause = source.temporary?.cause ?? null
    const visibilityM = source.temporary?.visibilityM ?? null
    found = { limitKmh, limitSetBy: source.id, source: source.source, factorOfKmh, cause, visibilityM }
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
function segmentAt({ fix, near, routeId }: Place, { route }: Settings): SegmentLimit | null {
  if (fix === null || near === null || route === null || route.id !== routeId) return null
  return near.distanceM <= halfWidthAt(route, near) ? route.limitAt(near) : null
}

function segmentSources(segment: SegmentLimit | null, { route }: Settings): Source[] {
  if (segment === null || route === null) return []
  return [{ id: route.id, source: 'segment', dayKmh: segment.dayKmh, nightKmh: segment.nightKmh }]
}

function areaSources(atMs: number, fix: Fix | null, settings: Settings): Source[] {
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
  return isInForce(area, atMs, policy.zone)
}

/** Limits apply by position alone; a fix that admits an error must be inside by more than it. */
function provenInside(area: Area, fix: Fix): boolean {
  return fix.accuracyM === null || fix.accuracyM === 0 || area.signedDistanceM(fix) < -fix.accuracyM
}

const none: readonly Source[] = []

function temporarySources(
  atMs: number,
  fix: Fix | null,
  onMotorway: boolean,
  settings: Settings,
): readonly Source[] {
  const { temporaryLimits } = settings
  if (temporaryLimits === undefined || temporaryLimits.length === 0) return none
  return temporaryLimits
    .filter((limit) => (onMotorway || limit.visibilityM === undefined) && holds(limit, atMs, fix, settings))
    .map((temporary) => {
      const { id, limitKmh } = temporary
      return { id, source: 'temporary', dayKmh: limitKmh, nightKmh: limitKmh, temporary }
    })
}

function holds(limit: TemporaryLimit, atMs: number, fix: Fix | null, { areas }: Settings): boolean {
  if (limit.fromMs !== null && atMs < limit.fromMs) return false
  if (limit.toMs !== null && atMs >= limit.toMs) return false
  if (limit.areaId === null) return true
  const area = areas.byId.get(limit.areaId)
  return fix !== null && area?.contains(fix) === true && provenInside(area, fix)
}

const order: readonly Severity[] = ['info', 'minor', 'major', 'critical']

export function severer(a: Severity, b: Severity): boolean {
  return order.indexOf(a) > order.indexOf(b)
}

/**
 * Steps of the points table (words.md): motorways at 20 %, other roads at 10, 20 and 50 %; of an unknown road no more
 * is proven than the milder table says. At night nothing is critical that the day would have allowed.
 */
export function severityOf(speedKmh: number, limit: EffectiveLimit): Severity {
  const atLeast = (percent: number): boolean => (speedKmh - limit.limitKmh) * 100 >= percent * limit.limitKmh
  const severity = limit.roadClass === 'motorway' ? onMotorway(atLeast) : elsewhere(atLeast)
  const cappedByNight = limit.night && limit.limitKmh < limit.dayKmh && speedKmh <= limit.dayKmh
  return cappedByNight && severity === 'critical' ? 'major' : severity
}

function onMotorway(atLeast: (percent: number) => boolean): Severity {
  return atLeast(20) ? 'critical' : 'major'
}

function elsewhere(atLeast: (percent: number) => boolean): Severity {
  if (atLeast(50)) return 'critical'
  if (atLeast(20)) return 'major'
  return atLeast(10) ? 'minor' : 'info'
}
