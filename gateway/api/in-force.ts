import { z } from 'zod'
import { type Facts, fleetsOf } from './facts.ts'
import { ok, type Route, route } from './route.ts'

/** Which terminals have taken what was pushed to them. */

const stateSchema = z.enum(['asWanted', 'waiting', 'refused', 'own', 'unknown'])
const documentSchema = z.looseObject({ state: stateSchema }).nullable()
const rowSchema = z.object({
  fleet: z.string(),
  vehicle: z.string(),
  plate: z.string().nullable(),
  reportedAt: z.string().nullable(),
  policy: documentSchema,
  areas: documentSchema,
  route: documentSchema,
  trip: documentSchema,
})

export function inForceRoute(facts: Facts): Route {
  return route({
    method: 'GET',
    path: '/api/v1/in-force',
    summary: 'What is in force on each terminal, and what it refused and why',
    role: 'devices',
    body: null,
    query: z.object({ fleet: z.string().optional() }),
    answer: z.object({
      items: z.array(rowSchema),
      next: z.null(),
      counts: z.record(z.string(), z.record(z.string(), z.number())),
    }),
    handle: ({ who, query }) => {
      const fleets = new Set(fleetsOf(facts, who, 'devices', query.fleet))
      const own = facts.vehicles().filter(({ vehicle }) => fleets.has(vehicle.fleet))
      const items = own.map(({ vehicle: { fleet, id, plate } }) => {
        const state = facts.inForce(fleet, id)
        const { policy = null, areas = null, route: way = null, trip = null } = state ?? {}
        const reportedAt = state?.reportedAt ?? null
        return { fleet, vehicle: id, plate: plate ?? null, reportedAt, policy, areas, route: way, trip }
      })
      const counts = Object.fromEntries(
        (['policy', 'areas', 'route', 'trip'] as const).map((name) => [
          name,
          Object.fromEntries(
            [...Map.groupBy(items, (item) => item[name]?.state ?? 'unknown')].map(([state, all]) => [
              state,
              all.length,
            ]),
          ),
        ]),
      )
      return ok({ items, next: null, counts })
    },
  })
}
