import { between, type LatLon } from '../../proto/geo/earth.ts'
import type { Settings } from '../../proto/settings.ts'
import { type Leg, timeAt } from './areas-leg.ts'

/**
 * Being in a place, with both margins: in at the border, but only once proven by more than the accuracy claimed;
 * out when `leaveM` outside, at the last crossing of the border. The place is an area, or everything outside a
 * union of areas: then in is out and all else stays the same.
 */
export type Ground = {
  readonly holds: (point: LatLon) => boolean
  /** Metres inside its border; negative outside. */
  readonly depthM: (point: LatLon) => number
  readonly crossings: (a: LatLon, b: LatLon) => readonly number[]
}

/**
 * How an instant is known: a crossing of the border on a believed line; the first position that proves it; the
 * first position of all; a window that opened; the first movement after a push.
 */
export type Basis = 'crossing' | 'fix' | 'first' | 'window' | 'push'

/** An instant, and since when it may have been so where it is not exact. Plain JSON. */
export type Moment = {
  readonly atMs: number
  readonly fromMs: number | null
  readonly basis: Basis
  readonly place: { readonly lat: number; readonly lon: number }
}

/** Plain JSON; null: out. */
export type Presence =
  /** Over the border by position, not yet by more than the accuracy. */
  | { readonly is: 'touched'; readonly since: Moment }
  /** In when the place came into force: counts from the first movement. */
  | { readonly is: 'waiting' }
  | { readonly is: 'in'; readonly since: Moment; readonly out: Moment | null }
  | null

export type PresenceEvent =
  | { readonly is: 'entered'; readonly at: Moment }
  | { readonly is: 'left'; readonly at: Moment }

export type Followed = { readonly presence: Presence; readonly events: readonly PresenceEvent[] }

/** What to make of a leg whose beginning is in the place although nothing is known of it there. */
export type Opening = 'window' | 'push'

/** The first position of all. */
export function arrive(ground: Ground, leg: Leg, waits: boolean): Followed {
  if (!ground.holds(leg.b)) return nowhere
  if (waits) return { presence: { is: 'waiting' }, events: [] }
  const since: Moment = { atMs: leg.toMs, fromMs: null, basis: 'first', place: leg.b }
  return prove({ is: 'touched', since }, ground, leg.b, leg.accuracyM.b)
}

const nowhere: Followed = { presence: null, events: [] }

/** Follows a leg of which every point is believed. */
export function follow(
  presence: Presence,
  ground: Ground,
  leg: Leg,
  opening: Opening,
  settings: Settings,
): Followed {
  const fractions = ground.crossings(leg.a, leg.b)
  let inside = ground.holds(leg.b) === (fractions.length % 2 === 0)
  let current = opened(presence, inside, leg, opening)
  const events: PresenceEvent[] = []
  const take = (followed: Followed): void => {
    current = followed.presence
    events.push(...followed.events)
  }
  // The window opened on the way and the line leaves again: what lies between is proof enough.
  if (fractions.length > 0 && current?.is === 'touched' && current.since.basis === 'window')
    take(prove(current, ground, between(leg.a, leg.b, fractions[0]! / 2), leg.accuracyM.a))
  for (const [i, fraction] of fractions.entries()) {
    const place = between(leg.a, leg.b, fraction)
    const at: Moment = { atMs: timeAt(leg, fraction), fromMs: null, basis: 'crossing', place }
    inside = !inside
    current = inside ? inward(current, at) : outward(current, at)
    const next = fractions[i + 1]
    if (next === undefined) break
    // Between two crossings the middle stands for how deep in, or how far out, the line went.
    const middle = between(leg.a, leg.b, (fraction + next) / 2)
    const accuracyM = worse(leg.accuracyM.a, leg.accuracyM.b)
    take(inside ? prove(current, ground, middle, accuracyM) : release(current, ground, middle, settings))
  }
  take(inside ? prove(current, ground, leg.b, leg.accuracyM.b) : release(current, ground, leg.b, settings))
  return { presence: current, events }
}

/** Makes what is known fit where the leg begins: the place itself may have changed in that instant. */
function opened(presence: Presence, inside: boolean, leg: Leg, opening: Opening): Presence {
  if (!inside) return outward(presence, { atMs: leg.fromMs, fromMs: null, basis: 'window', place: leg.a })
  if (presence !== null) return presence
  if (opening === 'push') return { is: 'waiting' }
  return { is: 'touched', since: { atMs: leg.fromMs, fromMs: null, basis: 'window', place: leg.a } }
}

/** Only the end of the leg counts: nobody saw the way. `sinceMs`: the place was not in force before. */
export function jump(
  presence: Presence,
  ground: Ground,
  leg: Leg,
  sinceMs: number,
  settings: Settings,
): Followed {
  const fromMs = Math.max(leg.fromMs, sinceMs)
  const at: Moment = { atMs: leg.toMs, fromMs, basis: 'fix', place: leg.b }
  if (ground.holds(leg.b)) return prove(inward(presence, at), ground, leg.b, leg.accuracyM.b)
  return release(outward(presence, at), ground, leg.b, settings)
}

function inward(presence: Presence, at: Moment): Presence {
  if (presence === null) return { is: 'touched', since: at }
  return presence.is === 'in' ? { ...presence, out: null } : presence
}

function outward(presence: Presence, at: Moment): Presence {
  if (presence === null || presence.is !== 'in') return null
  // Only a crossing that was seen replaces what is known of leaving.
  return presence.out !== null && at.basis !== 'crossing' ? presence : { ...presence, out: at }
}

/** In by more than the accuracy claimed: proven. Without a claim the border itself counts. */
function prove(presence: Presence, ground: Ground, point: LatLon, accuracyM: number | null): Followed {
  if (presence === null || presence.is !== 'touched') return { presence, events: [] }
  if (accuracyM !== null && ground.depthM(point) <= accuracyM) return { presence, events: [] }
  const { since } = presence
  return { presence: { is: 'in', since, out: null }, events: [{ is: 'entered', at: since }] }
}

function release(presence: Presence, ground: Ground, point: LatLon, settings: Settings): Followed {
  if (presence?.is !== 'in' || presence.out === null) return { presence, events: [] }
  if (-ground.depthM(point) < settings.policy.areas.leaveM) return { presence, events: [] }
  return { presence: null, events: [{ is: 'left', at: presence.out }] }
}

/** The place is in force no longer: its window closed, its trip ended. */
export function close(presence: Presence, atMs: number, basis: Basis, place: LatLon): Followed {
  if (presence === null || presence.is !== 'in') return nowhere
  const at = presence.out ?? { atMs, fromMs: null, basis, place }
  return { presence: null, events: [{ is: 'left', at }] }
}

/** A waiting one counts from the first movement. */
export function move(presence: Presence, ground: Ground, leg: Leg, moving: boolean): Followed {
  if (presence === null || presence.is !== 'waiting' || !moving) return { presence, events: [] }
  const since: Moment = { atMs: leg.toMs, fromMs: null, basis: 'push', place: leg.b }
  const proven = prove({ is: 'touched', since }, ground, leg.b, leg.accuracyM.b)
  return proven.events.length > 0 ? proven : { presence, events: [] }
}

/** A first position, or one after a gap, that was too vague is no proof: the one that proves is the moment. */
export function settle(followed: Followed, leg: Leg): Followed {
  const exact = (at: Moment): Moment =>
    at.basis === 'fix' || at.basis === 'first' ? { ...at, atMs: leg.toMs, place: leg.b } : at
  const events = followed.events.map((event) =>
    event.is === 'entered' ? { ...event, at: exact(event.at) } : event,
  )
  const { presence } = followed
  const entered = presence?.is === 'in' && events.some(({ is }) => is === 'entered')
  return { presence: entered ? { ...presence, since: exact(presence.since) } : presence, events }
}

const worse = (a: number | null, b: number | null): number | null =>
  a === null ? b : b === null ? a : Math.max(a, b)

export function shiftPresence(presence: Presence, byMs: number): Presence {
  if (presence === null || presence.is === 'waiting') return presence
  const since = shiftMoment(presence.since, byMs)
  if (presence.is === 'touched') return { is: 'touched', since }
  return { is: 'in', since, out: presence.out === null ? null : shiftMoment(presence.out, byMs) }
}

function shiftMoment(moment: Moment, byMs: number): Moment {
  return {
    ...moment,
    atMs: moment.atMs + byMs,
    fromMs: moment.fromMs === null ? null : moment.fromMs + byMs,
  }
}
