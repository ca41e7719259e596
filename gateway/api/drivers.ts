import { z } from 'zod'
import { bansAt, type Driver, expiriesOf } from '../../proto/shapes/driver.ts'
import type { Hours } from '../drivers/ledger.ts'
import type { Paperwork } from '../paperwork.ts'
import { type Facts, fleetsOf, isId, nameFor } from './facts.ts'
import { limitSchema, pageOf, pageSchema } from './lists.ts'
import { may, notFound, ok, type Route, route, seesNames, type Who } from './route.ts'

/** Drivers: hours over all vehicles of the fleet, papers with their ends, and bans. */

export type DriverDeps = {
  readonly facts: Facts
  readonly hours: (fleet: string, vehicle: string, driver: string, atMs: number) => Hours
  readonly paperwork: Pick<Paperwork, 'drivers'>
  readonly zone: string
}

const driverSchema = z.looseObject({
  fleet: z.string(),
  driver: z
    .string()
    .describe('as trips and findings name him; masked where the role does not speak with drivers'),
  name: z.string().nullable(),
  vehicle: z.string().nullable().describe('on which he was heard last'),
  hours: z.unknown(),
  expiries: z.array(z.object({ what: z.string(), validTo: z.string(), daysLeft: z.number() })),
  mayLogIn: z.boolean().nullable().describe('null: he has no papers here'),
})

type Known = {
  readonly fleet: string
  readonly id: string
  readonly vehicle: string | null
  readonly papers: Driver | null
}

export function driverRoutes(deps: DriverDeps): readonly Route[] {
  const { facts } = deps
  return [
    route({
      method: 'GET',
      path: '/api/v1/drivers',
      summary: 'Drivers of the fleets, by fleet and id',
      role: 'look',
      body: null,
      query: z.object({
        fleet: z.string().optional(),
        after: z.string().max(300).optional(),
        limit: limitSchema(500, 200),
      }),
      answer: pageSchema(driverSchema),
      handle: ({ who, query }) => {
        const found = fleetsOf(facts, who, 'look', query.fleet)
          .flatMap((fleet) => knownIn(deps, fleet))
          .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
          .filter((one) => query.after === undefined || keyOf(one) > query.after)
          .slice(0, query.limit + 1)
        const page = pageOf(found, query.limit, keyOf)
        return ok({ items: page.items.map((one) => shown(deps, who, one)), next: page.next })
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/drivers/:fleet/:driver',
      summary: 'One driver: hours over all vehicles, papers, qualifications, bans',
      role: 'look',
      body: null,
      query: null,
      answer: driverSchema,
      handle: ({ who, params: { fleet = '', driver = '' } }) => {
        const known =
          isId(fleet) && may(who, fleet, 'look')
            ? knownIn(deps, fleet).find(({ id }) => id === driver)
            : undefined
        if (known === undefined) return notFound('driver', { zh: '驾驶员', en: 'driver' })
        const { papers } = known
        const open = papers !== null && seesNames(who, fleet)
        return ok({ ...shown(deps, who, known), papers: open ? papers : null })
      },
    }),
  ]
}

const keyOf = ({ fleet, id }: Known): string => `${fleet}/${id}`

/** Whoever has papers, stands in a trip, or was heard. */
function knownIn({ facts, paperwork }: DriverDeps, fleet: string): readonly Known[] {
  const known = new Map<string, Known>()
  const meet = (id: string | null | undefined, more: Partial<Known> = {}): void => {
    if (typeof id !== 'string' || id === '') return
    const before = known.get(id) ?? { fleet, id, vehicle: null, papers: null }
    known.set(id, { ...before, ...more })
  }
  for (const papers of paperwork.drivers(fleet)) meet(papers.id, { papers })
  for (const { vehicle, trips } of facts.vehicles()) {
    if (vehicle.fleet !== fleet) continue
    for (const { drivers } of trips) for (const id of drivers) meet(id)
    meet(facts.outlook(fleet, vehicle.id)?.driver, { vehicle: vehicle.id })
    meet(facts.lastSample(fleet, vehicle.id)?.driver, { vehicle: vehicle.id })
  }
  return [...known.values()]
}

function shown({ facts, hours, zone }: DriverDeps, who: Who, { fleet, id, vehicle, papers }: Known) {
  const nowMs = facts.world.nowMs()
  const expiries = papers === null ? [] : expiriesOf(papers, nowMs, zone)
  const bans = papers === null ? [] : bansAt(papers, nowMs)
  const outlook = vehicle === null ? null : facts.outlook(fleet, vehicle)
  const driven = vehicle === null ? null : hours(fleet, vehicle, id, nowMs)
  return {
    ...{ fleet, vehicle, expiries },
    driver: nameFor(who, fleet, id),
    name: nameFor(who, fleet, papers?.name ?? null),
    hours: driven === null ? null : { ...driven, driver: nameFor(who, fleet, id) },
    remaining: outlook?.driver === id ? outlook.left : null,
    bans: seesNames(who, fleet) ? bans : [],
    mayLogIn: papers === null ? null : bans.length === 0 && expiries.every(({ daysLeft }) => daysLeft >= 0),
  }
}
