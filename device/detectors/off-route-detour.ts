import type { Corridor, CorridorPosition } from '../../proto/geo/corridor.ts'
import type { Settings } from '../../proto/settings.ts'
import type { Detour } from '../../proto/shapes/temporary.ts'

/** Approved detours: one approval lets every vehicle drive beside a stretch of the route for some hours. */

const none: readonly Detour[] = []

/** The detours of the route, whenever they hold. */
export function detoursOf(route: Corridor, { policy }: Settings): readonly Detour[] {
  return policy.detours.length === 0 ? none : policy.detours.filter(({ routeId }) => routeId === route.id)
}

/** Beside the diverted stretch, or a little before or after it, while the approval holds. */
export function onDetour(
  { alongM }: CorridorPosition,
  atMs: number,
  detours: readonly Detour[],
  { policy }: Settings,
): boolean {
  const { detourSlackM } = policy.offRoute
  return detours.some(
    ({ fromM, toM, from, to }) =>
      alongM >= fromM - detourSlackM &&
      alongM <= toM + detourSlackM &&
      atMs >= Date.parse(from) &&
      atMs < Date.parse(to),
  )
}

/** The last instant in (fromMs, toMs] at which an approval began or ended; null when none did. */
export function turnedBetween(detours: readonly Detour[], fromMs: number, toMs: number): number | null {
  const turns = detours.flatMap(({ from, to }) => [Date.parse(from), Date.parse(to)])
  const between = turns.filter((atMs) => atMs > fromMs && atMs <= toMs)
  return between.length === 0 ? null : Math.max(...between)
}
