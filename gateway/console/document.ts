import { catalog } from '../../proto/catalog.ts'
import type { WorldClock } from '../../proto/clocks.ts'
import { isoUtc } from '../../proto/time.ts'
import { allowedWithWords } from '../desk/case-view.ts'

/** By when somebody should have acknowledged an alert, by its severity: the desk sorts and colours by it. Minutes. */
const acknowledgeWithinMin = { critical: 5, major: 15, minor: 60, info: 240 } as const

export type DeskAbout = {
  readonly world: WorldClock
  readonly wsPort: number | null
  readonly auth: 'loopback' | 'tls'
}

/** What a desk must know of this gateway before it can show anything. Nothing in it is of a fleet. */
export function deskDocument({ world, wsPort, auth }: DeskAbout) {
  const kinds = Object.entries(catalog).map(([kind, entry]) => [kind, entry.name(null)] as const)
  return {
    wsPort,
    auth,
    now: isoUtc(Math.round(world.nowMs())),
    // A desk whose world stands must not let its clock run on.
    factor: world.isPaused?.() === true ? 0 : world.factor(),
    acknowledgeWithinMin,
    raised: allowedWithWords(),
    kinds: Object.fromEntries(kinds),
  }
}
