import { z } from 'zod'
import { fleetsWith, ok, type Route, route } from '../../api/route.ts'
import type { RouteDeps } from './deps.ts'
import { idSchema } from './schemas.ts'

/** Which detours hold now, and until when: whoever came on shift finds what the one before approved. */

const detourSchema = z.object({
  ...{ id: z.string(), fleet: z.string(), route: z.string(), fromM: z.number(), toM: z.number() },
  ...{ from: z.string(), to: z.string(), by: z.string() },
  alert: z.string().nullable().describe('the case under which it was approved, and can be ended'),
})

export function detourRoutes({ approvals, register, world }: RouteDeps): readonly Route[] {
  if (approvals === null) return []
  const path = '/api/v1/detours'
  return [
    route({
      ...{ method: 'GET', path, summary: 'Approved detours that hold now', role: 'look', body: null },
      query: z.object({ fleet: idSchema.optional() }),
      answer: z.object({ items: z.array(detourSchema), next: z.null() }),
      handle: ({ who, query }) => {
        const own = fleetsWith(who, 'look') ?? approvals.fleets()
        const fleets = own.filter((fleet) => query.fleet === undefined || fleet === query.fleet)
        const nowMs = world.nowMs()
        const cases = register.since('approveDetour', nowMs - keptMs)
        const items = fleets.flatMap((fleet) =>
          approvals
            .detours(fleet)
            .filter(({ from, to }) => Date.parse(from) <= nowMs && nowMs < Date.parse(to))
            .map((detour) => {
              const { id, routeId, fromM, toM, from, to, by } = detour
              const line = cases.find(({ alert }) => approvals.isOf(alert, detour))
              return { id, fleet, route: routeId, fromM, toM, from, to, by, alert: line?.alert.id ?? null }
            }),
        )
        return ok({ items, next: null })
      },
    }),
  ]
}

/** No detour holds longer than three days. */
const keptMs = 4 * 86_400_000
