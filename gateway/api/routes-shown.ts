import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import type { Corridor } from '../../proto/geo/corridor.ts'
import type { LatLon } from '../../proto/geo/earth.ts'
import { roundDeg } from '../../proto/round.ts'
import { type Facts, fleetsOf, isId } from './facts.ts'
import { limitSchema, pageOf } from './lists.ts'
import { ok, type Route, route } from './route.ts'
import { thinned } from './thinned.ts'

/** The approved roads of fleets' trips, for their maps. */

const featureSchema = z.looseObject({ type: z.literal('Feature') })

export const shownRoutes = (facts: Facts): readonly Route[] => [roadsRoute(facts), fleetRoute(facts)]

/**
 * Of thousands of vehicles one answer, as fine as its size allows: a map of a whole fleet is looked at from afar, and of a
 * few roads near by.
 */
function roadsRoute(facts: Facts): Route {
  return route({
    method: 'GET',
    path: '/api/v1/routes',
    summary: 'The routes that trips name, as GeoJSON features, as exact as some 50,000 points in all can be',
    role: 'look',
    body: null,
    query: z.object({
      fleet: z.string().optional(),
      after: z.string().max(200).optional(),
      limit: limitSchema(500, 200),
    }),
    answer: z.object({
      items: z
        .array(featureSchema)
        .describe('`properties`: `id`, `name`, and `fleets` of the own that drive it'),
      withinM: z.number().describe('how far a line may be off at most'),
      next: z.string().nullable().describe('`after` of the next page'),
    }),
    handle: async ({ who, query: { fleet, after = '', limit } }) => {
      const found = [...roadsOf(facts, fleetsOf(facts, who, 'look', fleet)).values()]
        .filter(({ road }) => road.id > after)
        .toSorted((a, b) => (a.road.id < b.road.id ? -1 : 1))
      const { items, next } = pageOf(found, limit, ({ road }) => road.id)
      const { withinM, lines } = await drawable(items.map(({ road }) => road))
      const features = items.map(({ road, fleets }, at) => featureOf(road, lines[at]!, { fleets }))
      return ok({ items: features, withinM, next })
    },
  })
}

function fleetRoute(facts: Facts): Route {
  return route({
    method: 'GET',
    path: '/api/v1/routes/:fleet',
    summary: 'The routes that trips of a fleet name, as GeoJSON features; of one vehicle with `vehicle`',
    role: 'look',
    body: null,
    query: z.object({ vehicle: z.string().optional() }),
    answer: z.object({ items: z.array(featureSchema), next: z.null() }),
    handle: ({ who, params: { fleet = '' }, query }) => {
      const mine = isId(fleet) ? fleetsOf(facts, who, 'look', fleet) : []
      const found = [...roadsOf(facts, mine, query.vehicle).values()]
      const items = found.map(({ road }) =>
        featureOf(
          road,
          road.lines.map(({ points }) => points),
        ),
      )
      return ok({ items, next: null })
    },
  })
}

type Road = { readonly road: Corridor; readonly fleets: string[] }

/** By their ids; a road that several fleets drive is one. */
function roadsOf(facts: Facts, fleets: readonly string[], only?: string): ReadonlyMap<string, Road> {
  const mine = new Set(fleets)
  const found = new Map<string, Road>()
  for (const { vehicle, routes } of facts.vehicles()) {
    if (!mine.has(vehicle.fleet) || (only !== undefined && vehicle.id !== only)) continue
    for (const road of routes) {
      const known = found.get(road.id)
      if (known === undefined) found.set(road.id, { road, fleets: [vehicle.fleet] })
      else if (!known.fleets.includes(vehicle.fleet)) known.fleets.push(vehicle.fleet)
    }
  }
  return found
}

type Line = readonly LatLon[]
const pointsMax = 50_000
const finestM = 10
const coarsestM = 100_000

/** Ever coarser until all of them together are small enough; at the coarsest a line is little more than its ends. */
async function drawable(roads: readonly Corridor[]): Promise<{ withinM: number; lines: readonly Line[][] }> {
  for (let withinM = finestM; ; withinM *= 4) {
    const lines: Line[][] = []
    for (const road of roads) lines.push(await linesOf(road, withinM))
    const points = lines.flat().reduce((sum, line) => sum + line.length, 0)
    if (points <= pointsMax || withinM > coarsestM) return { withinM, lines }
  }
}

/** Of each road as long as its file is the same. */
const known = new WeakMap<Corridor, Map<number, Line[]>>()

/** Reckoned once, and others have their turn between two roads. */
async function linesOf(road: Corridor, withinM: number): Promise<Line[]> {
  const own = known.get(road) ?? new Map<number, Line[]>()
  known.set(road, own)
  let lines = own.get(withinM)
  if (lines === undefined) {
    lines = road.lines.map(({ points }) => thinned(points, withinM))
    own.set(withinM, lines)
    await nextTurn()
  }
  return lines
}

const featureOf = ({ id, name }: Corridor, lines: readonly Line[], more: object = {}) => ({
  type: 'Feature',
  properties: { id, name, ...more },
  geometry: {
    type: 'MultiLineString',
    coordinates: lines.map((points) => points.map(({ lat, lon }) => [roundDeg(lon), roundDeg(lat)])),
  },
})
