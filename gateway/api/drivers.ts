import { createHash } from 'node:crypto'
import { z } from 'zod'
import { bansAt, type Driver, expiriesOf } from '../../proto/shapes/driver.ts'
import { isoUtc } from '../../proto/time.ts'
import type { DriverLedger } from '../drivers/contract.ts'
import type { Paperwork } from '../paperwork.ts'
import { type Column, languageQuery, tableOf } from './csv.ts'
import { type Facts, fleetsOf, isId, nameFor } from './facts.ts'
import { limitSchema, pageOf, pageSchema } from './lists.ts'
import { may, notFound, ok, type Route, route, seesNames, type Who } from './route.ts'

/** Drivers: hours over all vehicles of the fleet, papers with their ends, and bans. */

export type DriverDeps = {
  readonly facts: Facts
  readonly ledger: Pick<DriverLedger, 'hours' | 'attributedTo' | 'driversOf'>
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

/** What officers found to be his, though no card proves it. */
const attributedSchema = z.object({
  ...{ vehicle: z.string(), alert: z.string(), at: z.string(), by: z.string() },
  given: z
    .object({ from: z.string(), to: z.string(), drivenS: z.number() })
    .nullable()
    .describe('null: the terminal has told of no such driving yet'),
})

type Known = {
  readonly fleet: string
  readonly id: string
  readonly vehicle: string | null
  readonly papers: Driver | null
}

export function driverRoutes(deps: DriverDeps): readonly Route[] {
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
        const all = ownOf(deps, who, query.fleet)
        const last = query.after === undefined ? -1 : all.findIndex((one) => cursorOf(one) === query.after)
        const page = pageOf(all.slice(last + 1, last + 2 + query.limit), query.limit, cursorOf)
        return ok({ items: page.items.map((one) => shown(deps, who, one)), next: page.next })
      },
    }),
    route({
      ...{ method: 'GET', path: '/api/v1/drivers.csv', role: 'look', body: null, file: 'text/csv' },
      summary: 'All of them as a table',
      query: z.object({ fleet: z.string().optional(), ...languageQuery }),
      answer: z.string(),
      handle: ({ who, query }) => {
        const rows = ownOf(deps, who, query.fleet).map((one) => shown(deps, who, one))
        return tableOf('drivers.csv', columns, rows, query.lang)
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/drivers/:fleet/:driver',
      summary: 'One driver: hours over all vehicles, papers, qualifications, bans',
      role: 'look',
      body: null,
      query: null,
      answer: driverSchema.extend({ attributed: z.array(attributedSchema) }),
      handle: ({ who, params: { fleet = '', driver = '' } }) => {
        const known =
          isId(fleet) && may(who, fleet, 'look')
            ? knownIn(deps, fleet).find(({ id }) => id === driver)
            : undefined
        if (known === undefined) return notFound('driver', { zh: '驾驶员', en: 'driver' })
        const { papers } = known
        const open = papers !== null && seesNames(who, fleet)
        const attributed = attributedTo(deps, fleet, driver)
        return ok({ ...shown(deps, who, known), papers: open ? papers : null, attributed })
      },
    }),
  ]
}

const ownOf = (deps: DriverDeps, who: Who, fleet: string | undefined): readonly Known[] =>
  fleetsOf(deps.facts, who, 'look', fleet)
    .flatMap((one) => knownIn(deps, one))
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))

type Shown = ReturnType<typeof shown>
const column = (zh: string, en: string, of: Column<Shown>['of']): Column<Shown> => ({ name: { zh, en }, of })
const hoursOf = (seconds: number | undefined): number | null =>
  seconds === undefined ? null : Math.round(seconds / 36) / 100
const columns: readonly Column<Shown>[] = [
  column('车队', 'fleet', ({ fleet }) => fleet),
  column('驾驶员', 'driver', ({ driver }) => driver),
  column('姓名', 'name', ({ name }) => name),
  column('最近车辆', 'vehicle', ({ vehicle }) => vehicle),
  column('24小时驾驶(h)', 'driven24hH', ({ hours }) => hoursOf(hours?.rolling24hS)),
  column('7日驾驶(h)', 'driven7dH', ({ hours }) => hoursOf(hours?.rolling7dS)),
  column('最近到期证件', 'nextExpiry', ({ expiries }) => expiries[0]?.what ?? null),
  column('到期日', 'validTo', ({ expiries }) => expiries[0]?.validTo ?? null),
  column('剩余天数', 'daysLeft', ({ expiries }) => expiries[0]?.daysLeft ?? null),
  column('允许登签', 'mayLogIn', ({ mayLogIn }) => (mayLogIn === null ? null : String(mayLogIn))),
]

const keyOf = ({ fleet, id }: Known): string => `${fleet}/${id}`

/** Of whoever is last on a page, and a cursor is read by those who may not read his name. */
const cursorOf = (one: Known): string => createHash('sha256').update(keyOf(one)).digest('hex').slice(0, 32)

/** Whoever has papers, stands in a trip, or was heard. */
function knownIn({ facts, paperwork, ledger }: DriverDeps, fleet: string): readonly Known[] {
  const known = new Map<string, Known>()
  const meet = (id: string | null | undefined, more: Partial<Known> = {}): void => {
    if (typeof id !== 'string' || id === '') return
    const before = known.get(id) ?? { fleet, id, vehicle: null, papers: null }
    known.set(id, { ...before, ...more })
  }
  for (const papers of paperwork.drivers(fleet)) meet(papers.id, { papers })
  for (const [id, vehicle] of ledger.driversOf(fleet)) meet(id, { vehicle })
  for (const { vehicle, trips } of facts.vehicles()) {
    if (vehicle.fleet !== fleet) continue
    for (const { drivers } of trips) for (const id of drivers) meet(id)
    meet(facts.outlook(fleet, vehicle.id)?.driver, { vehicle: vehicle.id })
    meet(facts.lastSample(fleet, vehicle.id)?.driver, { vehicle: vehicle.id })
  }
  return [...known.values()]
}

function attributedTo({ ledger }: DriverDeps, fleet: string, driver: string) {
  return ledger.attributedTo(fleet, driver).map(({ vehicle, alert, atMs, by, given }) => ({
    ...{ vehicle, alert, at: isoUtc(atMs), by },
    given:
      given === null
        ? null
        : {
            from: isoUtc(given.fromMs),
            to: isoUtc(given.toMs),
            drivenS: Math.round(given.drivenMs / 1000),
          },
  }))
}

function shown({ facts, ledger, zone }: DriverDeps, who: Who, { fleet, id, vehicle, papers }: Known) {
  const nowMs = facts.world.nowMs()
  const expiries = papers === null ? [] : expiriesOf(papers, nowMs, zone)
  const bans = papers === null ? [] : bansAt(papers, nowMs)
  const outlook = vehicle === null ? null : facts.outlook(fleet, vehicle)
  const driven = vehicle === null ? null : ledger.hours(fleet, vehicle, id, nowMs)
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
