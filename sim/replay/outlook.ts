import { type DrivingTime, fatigue, type Remaining, remaining } from '../../device/detectors/fatigue.ts'
import { follow, nowhere, type Whereabouts } from '../../device/detectors/whereabouts.ts'
import { type EffectiveLimit, effectiveLimit } from '../../proto/limits.ts'
import type { Seen } from './engine.ts'

/** What a person wants to know at one Sample besides it: the limit, the driving time left, how far along the route. */
export type Outlook = {
  readonly limit: EffectiveLimit
  readonly remaining: Remaining
  /** Null off the route, or without one. */
  readonly progress: { readonly alongM: number; readonly lengthM: number } | null
}

export function createOutlook(): (seen: Seen) => Outlook {
  let where: Whereabouts = nowhere
  return ({ sample, settings, states }) => {
    where = follow(where, sample, settings)
    const state = (states[fatigue.name] ?? fatigue.initial) as DrivingTime
    return {
      limit: effectiveLimit(sample.atMs, where, settings),
      remaining: remaining(state, sample.atMs, settings),
      progress: progressOf(where, settings),
    }
  }
}

function progressOf({ near, routeId }: Whereabouts, { route }: Seen['settings']): Outlook['progress'] {
  if (route === null || near === null || routeId !== route.id) return null
  const line = route.lines[near.line]
  if (line === undefined || near.distanceM > line.halfWidthM) return null
  return { alongM: near.alongM, lengthM: line.lengthM }
}
