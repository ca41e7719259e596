import type { Sample } from '../../proto/model.ts'
import { roundMs } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { type Leg, partOf } from './areas-leg.ts'
import {
  arrive,
  close,
  type Followed,
  follow,
  jump,
  move,
  type Opening,
  type Presence,
  type PresenceEvent,
  settle,
} from './areas-presence.ts'
import { isStanding } from './areas-stop.ts'
import { groundAt, turnsOf, type Zone } from './areas-zones.ts'

/** Follows a leg through everything that came into force or went out of it on the way. */
export function followZone(
  presence: Presence,
  zone: Zone,
  leg: Leg,
  first: boolean,
  sample: Sample,
  settings: Settings,
): Followed {
  const moving = isStanding(sample, settings) === false
  const end = groundAt(zone, leg.toMs, settings)
  const passed = leg.believed
    ? through(presence, zone, leg, settings)
    : arriveOrJump(presence, zone, leg, first, settings)
  if (end === null) return { ...passed, events: lasting(passed.events) }
  const moved = move(passed.presence, end, leg, moving)
  return settle({ presence: moved.presence, events: [...lasting(passed.events), ...moved.events] }, leg)
}

/** Entering in the very millisecond of leaving is no offence: windows and areas are passed in no time. */
function lasting(events: readonly PresenceEvent[]): readonly PresenceEvent[] {
  const kept: PresenceEvent[] = []
  for (const event of events) {
    const last = kept.at(-1)
    const none =
      event.is === 'left' && last?.is === 'entered' && roundMs(last.at.atMs) === roundMs(event.at.atMs)
    if (none) kept.pop()
    else kept.push(event)
  }
  return kept
}

function arriveOrJump(
  presence: Presence,
  zone: Zone,
  leg: Leg,
  first: boolean,
  settings: Settings,
): Followed {
  const events: PresenceEvent[] = []
  let current = presence
  const turns = first ? [] : turnsOf(zone, leg.fromMs, leg.toMs, settings)
  const closed = turns.find((at) => groundAt(zone, at, settings) === null)
  if (closed !== undefined) {
    const shut = close(current, closed, 'window', leg.a)
    events.push(...shut.events)
    current = shut.presence
  }
  const ground = groundAt(zone, leg.toMs, settings)
  if (ground === null) return { presence: null, events }
  const pushed = zone.sinceMs !== null && (first || zone.sinceMs > leg.fromMs)
  const waits = pushed && current === null
  const followed =
    first || waits
      ? arrive(ground, leg, waits)
      : jump(current, ground, leg, turns.at(-1) ?? leg.fromMs, settings)
  return { presence: followed.presence, events: [...events, ...followed.events] }
}

/** Part by part, from one opening or closing to the next; the last may come in the very instant of the position. */
function through(presence: Presence, zone: Zone, leg: Leg, settings: Settings): Followed {
  const turns = turnsOf(zone, leg.fromMs, leg.toMs, settings)
  const events: PresenceEvent[] = []
  let current = presence
  for (const [i, fromMs] of [leg.fromMs, ...turns].entries()) {
    const part = partOf(leg, fromMs, turns[i] ?? leg.toMs)
    const inForce = zone.sinceMs === null || fromMs >= zone.sinceMs || presence !== null
    const ground = inForce ? groundAt(zone, fromMs, settings) : null
    const opening: Opening = i === 0 || fromMs === zone.sinceMs ? 'push' : 'window'
    const followed =
      ground === null
        ? close(current, fromMs, 'window', part.a)
        : follow(current, ground, part, opening, settings)
    events.push(...followed.events)
    current = followed.presence
  }
  return { presence: current, events }
}
