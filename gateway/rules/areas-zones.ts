import { hasHours, isInForce, nextTurn } from '../../proto/geo/area-hours.ts'
import type { Area } from '../../proto/geo/areas.ts'
import type { LatLon } from '../../proto/geo/earth.ts'
import { transitions } from '../../proto/geo/transitions.ts'
import type { Settings } from '../../proto/settings.ts'
import type { Ground } from './areas-presence.ts'

/** What the rule watches: single areas to be in, and the outside of unions of areas to stay within. */
export type Zone = {
  readonly key: string
  readonly is: 'area' | 'union'
  readonly areas: readonly Area[]
  /** In force from and until; null: open. */
  readonly sinceMs: number | null
  readonly untilMs: number | null
  /** Number of the charter plate whose agreement it is. */
  readonly plate: string | null
}

/** Areas that are told of by themselves; the others are context for other rules. */
export function isWatched(area: Area, settings: Settings): boolean {
  const speaks =
    area.role === 'noEntry' ||
    area.role === 'noStopping' ||
    area.dwellS !== null ||
    area.more?.doorForbidden === true
  return speaks && isFor(area, settings)
}

const isFor = (area: Area, { vehicle }: Settings): boolean =>
  area.classes === null || area.classes.includes(vehicle.class)

export function areaZone(area: Area, settings: Settings): Zone {
  const sinceMs = settings.areasSinceMs
  return { key: `in ${area.id}`, is: 'area', areas: [area], sinceMs, untilMs: null, plate: null }
}

/** The unions in force: the fleet's stay-within areas, and those the charter of the trip names. */
export function unionsOf(settings: Settings): readonly Zone[] {
  const zones: Zone[] = []
  const sinceMs = settings.areasSinceMs
  const within = stayWithin(settings).filter((area) => isFor(area, settings))
  if (within.length > 0)
    zones.push({ key: 'within', is: 'union', areas: within, sinceMs, untilMs: null, plate: null })
  const { trip } = settings
  const agreed = (trip?.charter?.areas ?? []).flatMap((id) => settings.areas.byId.get(id) ?? [])
  if (trip?.charter !== undefined && agreed.length > 0)
    zones.push({
      key: `charter ${trip.id}`,
      is: 'union',
      areas: agreed,
      sinceMs: Math.max(Date.parse(trip.from), sinceMs ?? 0),
      untilMs: Date.parse(trip.to),
      plate: trip.charter.plate,
    })
  return zones
}

/** A set of areas does not change, so its stay-within ones are looked for once, not with every Sample. */
const known = new WeakMap<object, readonly Area[]>()

function stayWithin({ areas }: Settings): readonly Area[] {
  let found = known.get(areas)
  if (found === undefined) {
    found = areas.all.filter(({ role }) => role === 'stayWithin')
    known.set(areas, found)
  }
  return found
}

/** Where the zone is at an instant; null when nothing of it is in force then. */
export function groundAt(zone: Zone, atMs: number, settings: Settings): Ground | null {
  const { zone: clock } = settings.policy
  const active = zone.areas.filter((area) => isInForce(area, atMs, clock))
  if (active.length === 0) return null
  return zone.is === 'area' ? insideOf(active[0]!) : outsideOf(active, settings)
}

function insideOf(area: Area): Ground {
  return {
    holds: (point) => area.contains(point),
    depthM: (point) => -area.signedDistanceM(point),
    crossings: (a, b) => area.crossings(a, b),
  }
}

/** Everything outside a union. Passing from one member into another crosses nothing. */
function outsideOf(members: readonly Area[], settings: Settings): Ground {
  const own = new Set(members)
  const holds = (point: LatLon): boolean => !settings.areas.at(point).some((area) => own.has(area))
  return {
    holds,
    depthM: (point) => {
      let nearest = Infinity
      for (const area of members) nearest = Math.min(nearest, area.signedDistanceM(point))
      return nearest
    },
    crossings: (a, b) => {
      const met = settings.areas.along(a, b).filter((area) => own.has(area))
      const fractions = met.flatMap((area) => area.crossings(a, b))
      return transitions(a, b, fractions, holds)
    },
  }
}

/** More openings and closings than this between two positions are not looked at one by one. */
const turnsMax = 500

/** The instants in (fromMs, toMs] at which something of the zone comes into force or goes out of it. */
export function turnsOf(zone: Zone, fromMs: number, toMs: number, settings: Settings): readonly number[] {
  const dated = zone.areas.filter(hasHours)
  const turns = new Set<number>()
  if (zone.sinceMs !== null && zone.sinceMs > fromMs && zone.sinceMs <= toMs) turns.add(zone.sinceMs)
  for (let at = fromMs; turns.size < turnsMax; ) {
    const next = nextTurn(dated, at, settings.policy.zone)
    if (next > toMs) break
    turns.add(next)
    at = next
  }
  return [...turns].sort((a, b) => a - b)
}
