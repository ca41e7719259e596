import { noReckoning, type Reckoning, reckon } from '../../proto/dead-reckoning.ts'
import type { Place } from '../../proto/limits.ts'
import type { Fix, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'

/** Where the vehicle was last known to be, for limits that hold by position. Plain JSON. */
export type Whereabouts = Place & {
  readonly fixAtMs: number
  /** Carries the place through tunnels. */
  readonly reckoning?: Reckoning
}

export const nowhere: Whereabouts = { fix: null, fixAtMs: 0, routeId: null, near: null }

/**
 * A fix that is good enough replaces what was known. Without one the last stays good for as long as a pause of
 * speeding may last (`gapS`): a refused or missing epoch must not make a limit flicker. After that the place is
 * unknown, and only what holds everywhere holds.
 */
export function follow(before: Whereabouts, sample: Sample, settings: Settings): Whereabouts {
  const { fix, carried, state: reckoning } = reckon(before.reckoning ?? noReckoning, sample, settings)
  if (fix !== null && (carried || decides(fix, settings)))
    return keeping(at(before, fix, sample.atMs, settings), reckoning)
  const fixAtMs = before.fixAtMs + sample.clockStepMs
  if (before.fix === null) return keeping(before, reckoning)
  const stale = sample.atMs - fixAtMs > settings.policy.speeding.gapS * 1000
  return { ...before, fixAtMs, fix: stale ? null : before.fix, reckoning }
}

/** Nearly nobody drives through tunnels that are drawn: then there is nothing to keep. */
function keeping(where: Whereabouts, reckoning: Reckoning): Whereabouts {
  return reckoning === (where.reckoning ?? noReckoning) ? where : { ...where, reckoning }
}

/** A fix that claims a worse accuracy than `accuracyM` decides nothing (semantics, "Areas"). */
export function decides(fix: Fix, settings: Settings): boolean {
  return fix.accuracyM === null || fix.accuracyM <= settings.policy.areas.accuracyM
}

function at(before: Whereabouts, fix: Fix, atMs: number, { route }: Settings): Whereabouts {
  if (route === null) return { fix, fixAtMs: atMs, routeId: null, near: null }
  const hint = before.routeId === route.id ? before.near : null
  return { fix, fixAtMs: atMs, routeId: route.id, near: route.nearest(fix, hint) }
}
