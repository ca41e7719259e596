import { z } from 'zod'
import type { Corridor } from '../../proto/geo/corridor.ts'
import { roundDeg } from '../../proto/round.ts'
import { type Facts, fleetsOf, isId } from './facts.ts'
import { ok, type Route, route } from './route.ts'

/** The approved roads of a fleet's trips, for its map. */

const featureSchema = z.looseObject({ type: z.literal('Feature') })

export function shownRoutesRoute(facts: Facts): Route {
  return route({
    method: 'GET',
    path: '/api/v1/routes/:fleet',
    summary: 'The routes that trips of a fleet name, as GeoJSON features; of one vehicle with `vehicle`',
    role: 'look',
    body: null,
    query: z.object({ vehicle: z.string().optional() }),
    answer: z.object({ items: z.array(featureSchema), next: z.null() }),
    handle: ({ who, params: { fleet = '' }, query }) => {
      const mine = isId(fleet) && fleetsOf(facts, who, 'look', fleet).length > 0
      const found = new Map<string, Corridor>()
      for (const { vehicle, routes } of mine ? facts.vehicles() : [])
        if (vehicle.fleet === fleet && (query.vehicle === undefined || vehicle.id === query.vehicle))
          for (const one of routes) found.set(one.id, one)
      return ok({ items: [...found.values()].map(featureOf), next: null })
    },
  })
}

const featureOf = ({ id, name, lines }: Corridor) => ({
  type: 'Feature',
  properties: { id, name },
  geometry: {
    type: 'MultiLineString',
    coordinates: lines.map(({ points }) => points.map(({ lat, lon }) => [roundDeg(lon), roundDeg(lat)])),
  },
})
