import { z } from 'zod'
import type { Documents } from '../../proto/in-force.ts'
import { settingsAt } from '../../proto/in-force.ts'
import { localText } from '../../proto/time.ts'
import type { GapEntry } from '../journal.ts'
import { masked } from '../masking.ts'
import { type Column, languageQuery, tableOf } from './csv.ts'
import { type Facts, fleetsOf, nameFor, vehicleOf } from './facts.ts'
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
        const found = ownOf(facts, who, query.fleet)
          .filter((one) => query.after === undefined || keyOf(one) > query.after)
          .slice(0, query.limit + 1)
        const page = pageOf(found, query.limit, keyOf)
        return ok({ items: page.items.map((one) => shown(facts, who, one)), next: page.next })
      },
    }),
    route({
      ...{ method: 'GET', path: '/api/v1/vehicles.csv', role: 'look', body: null, file: 'text/csv' },
      summary: 'All of them as a table',
      query: z.object({ fleet: z.string().optional(), ...languageQuery }),
      answer: z.string(),
      handle: ({ who, query }) => {
        const rows = ownOf(facts, who, query.fleet).map((one) => rowOf(facts, who, one))
        return tableOf('vehicles.csv', columns, rows, query.lang)
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

function ownOf(facts: Facts, who: Who, fleet: string | undefined): readonly Documents[] {
  const fleets = new Set(fleetsOf(facts, who, 'look', fleet))
  return facts
    .vehicles()
    .filter(({ vehicle }) => fleets.has(vehicle.fleet))
    .toSorted(byKey)
}

type Row = ReturnType<typeof rowOf>
function rowOf(facts: Facts, who: Who, { vehicle, policy }: Documents) {
  const { fleet, id, plate, serviceClass, oneWayKm } = vehicle
  const sample = facts.lastSample(fleet, id)
  const open = facts.state(fleet, id)['openAlerts']
  return {
    ...{ fleet, id, plate, serviceClass, oneWayKm, class: vehicle.class },
    at: sample === null ? null : localText(sample.atMs, policy.zone),
    place: sample?.fix ?? null,
    speedKmh: sample?.speedKmh ?? null,
    driver: nameFor(who, fleet, sample?.driver ?? null),
    trusted: sample?.trusted ?? null,
    open: Array.isArray(open) ? open.length : 0,
    areas: facts.inForce(fleet, id)?.areas?.state ?? null,
    policy: facts.inForce(fleet, id)?.policy?.state ?? null,
  }
}

const column = (zh: string, en: string, of: Column<Row>['of']): Column<Row> => ({ name: { zh, en }, of })
const columns: readonly Column<Row>[] = [
  column('车队', 'fleet', ({ fleet }) => fleet),
  column('编号', 'id', ({ id }) => id),
  column('车牌', 'plate', ({ plate }) => plate ?? null),
  column('车型', 'class', (row) => row.class),
  column('营运类别', 'serviceClass', ({ serviceClass }) => serviceClass),
  column('单程公里', 'oneWayKm', ({ oneWayKm }) => oneWayKm),
  column('最后定位', 'lastFixAt', ({ at }) => at),
  column('纬度', 'lat', ({ place }) => place?.lat ?? null),
  column('经度', 'lon', ({ place }) => place?.lon ?? null),
  column('车速km/h', 'speedKmh', ({ speedKmh }) => speedKmh),
  column('驾驶员', 'driver', ({ driver }) => driver),
  column('时钟可信', 'timeTrusted', ({ trusted }) => (trusted === null ? null : String(trusted))),
  column('未处理报警', 'openAlerts', ({ open }) => open),
  column('围栏生效', 'areasInForce', ({ areas }) => areas),
  column('策略生效', 'policyInForce', ({ policy }) => policy),
]

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
