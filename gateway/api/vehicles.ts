import { z } from 'zod'
import type { Documents } from '../../proto/in-force.ts'
import { settingsAt } from '../../proto/in-force.ts'
import type { GapEntry } from '../journal.ts'
import { masked } from '../masking.ts'
import { type Facts, fleetsOf, vehicleOf } from './facts.ts'
import { limitSchema, pageOf, pageSchema } from './lists.ts'
import { may, notFound, ok, type Route, route, seesNames, type Who } from './route.ts'

/** Vehicles: what is known of each now, and what is missing. */

const vehicleSchema = z.looseObject({
  fleet: z.string(),
  vehicle: z.string(),
  plate: z.string().nullable(),
  class: z.string(),
  serviceClass: z.string().nullable(),
  state: z.unknown(),
})

const listQuery = z.object({
  fleet: z.string().optional(),
  after: z.string().max(200).optional(),
  limit: limitSchema(2000, 500),
})

export const unknownVehicle = { zh: '车辆', en: 'vehicle' }

export function vehicleRoutes(facts: Facts): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/api/v1/vehicles',
      summary: 'Vehicles with their last state, by fleet and id',
      role: 'look',
      body: null,
      query: listQuery,
      answer: pageSchema(vehicleSchema),
      handle: ({ who, query }) => {
        const fleets = new Set(fleetsOf(facts, who, 'look', query.fleet))
        const found = facts
          .vehicles()
          .filter(({ vehicle }) => fleets.has(vehicle.fleet))
          .toSorted(byKey)
          .filter((one) => query.after === undefined || keyOf(one) > query.after)
          .slice(0, query.limit + 1)
        const page = pageOf(found, query.limit, keyOf)
        return ok({ items: page.items.map((one) => shown(facts, who, one)), next: page.next })
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/vehicles/:fleet/:vehicle',
      summary: 'One vehicle: papers, last state, quality of its time, what is in force, gaps',
      role: 'look',
      body: null,
      query: null,
      answer: vehicleSchema,
      handle: async ({ who, params }) => {
        const documents = vehicleOf(facts, who, params)
        if (documents === null) return notFound('vehicle', unknownVehicle)
        return ok({ ...shown(facts, who, documents), ...(await more(facts, who, documents)) })
      },
    }),
  ]
}

const keyOf = ({ vehicle }: Documents): string => `${vehicle.fleet}/${vehicle.id}`
const byKey = (a: Documents, b: Documents): number => (keyOf(a) < keyOf(b) ? -1 : 1)

function shown({ state }: Facts, who: Who, { vehicle }: Documents) {
  const { fleet, id, plate, class: vehicleClass, serviceClass } = vehicle
  const now = state(fleet, id)
  return {
    ...{ fleet, vehicle: id, plate: plate ?? null, class: vehicleClass, serviceClass },
    state: seesNames(who, fleet) ? now : masked(now),
  }
}

const gapsMax = 50

async function more(facts: Facts, who: Who, documents: Documents) {
  const { vehicle } = documents
  const { fleet, id } = vehicle
  const sample = facts.lastSample(fleet, id)
  const settings = settingsAt(documents, sample?.atMs ?? facts.world.nowMs())
  const gaps = await lastGaps(facts, fleet, id)
  const trip = settings.trip
  return {
    papers: vehicle,
    trip: trip === null || seesNames(who, fleet) ? trip : masked(trip),
    route: settings.route?.id ?? null,
    time: {
      trusted: sample?.trusted ?? null,
      heardAgoS: sample === null ? null : Math.round((facts.world.nowMs() - sample.atMs) / 1000),
    },
    inForce: facts.inForce(fleet, id),
    gaps,
    mayAct: may(who, fleet, 'act'),
  }
}

/** The newest ones of this vehicle, of the last pages of the ledger. */
async function lastGaps({ journal }: Facts, fleet: string, vehicle: string): Promise<readonly GapEntry[]> {
  const found: GapEntry[] = []
  for (let cursor = 0; ; ) {
    const page = await journal.gapsAfter(cursor, 1000, fleet)
    found.push(...page.filter((gap) => gap.vehicle === vehicle))
    if (page.length < 1000) return found.slice(-gapsMax)
    cursor = page.at(-1)!.cursor
  }
}
