import { z } from 'zod'
import { BadInput, problemsOf } from '../../proto/problem.ts'
import { type Trip, tripSchema } from '../../proto/shapes/trip.ts'
import { readTripCsv, writeTripCsv } from '../../proto/shapes/trip-csv.ts'
import { masked } from '../masking.ts'
import type { Paperwork } from '../paperwork.ts'
import { lineInChinese } from './chinese.ts'
import { textAnswer } from './csv.ts'
import { type Facts, fleetsOf, isId } from './facts.ts'
import { limitSchema, pageOf, pageSchema, untilSchema } from './lists.ts'
import {
  type ApiAnswer,
  may,
  notFound,
  ok,
  problem,
  type Route,
  route,
  type Said,
  seesNames,
  type Who,
} from './route.ts'
import { notYours } from './visitors.ts'

/** Trips: what is filed, filing more as JSON or as a table, and taking one back. The gates are those of the files. */

export type TripDeps = {
  readonly facts: Facts
  readonly paperwork: Pick<Paperwork, 'trips'>
  readonly zone: string
}

const filedSchema = z.looseObject({ fleet: z.string(), id: z.string(), vehicle: z.string() })
const path = '/api/v1/trips'
const filterQuery = z.object({
  fleet: z.string().optional(),
  vehicle: z.string().optional(),
  from: untilSchema.optional(),
  to: untilSchema.optional(),
})
const fileName = 'trips'

export function tripRoutes(deps: TripDeps): readonly Route[] {
  const { facts, paperwork } = deps
  return [
    route({
      ...{
        method: 'GET',
        path,
        role: 'look',
        body: null,
        summary: 'Trips that are filed, by their beginning',
      },
      query: filterQuery.extend({
        after: z.string().max(300).optional(),
        limit: limitSchema(1000, 200),
      }),
      answer: pageSchema(filedSchema),
      handle: ({ who, query }) => {
        const { after, limit } = query
        const found = filedFor(facts, who, query)
          .filter((trip) => after === undefined || placeOf(trip) > after)
          .slice(0, limit + 1)
        const page = pageOf(found, limit, placeOf)
        const items = page.items.map((trip) => shownTo(who, trip))
        return ok({ items, next: page.next })
      },
    }),
    route({
      ...{ method: 'GET', path: `${path}.csv`, role: 'look', body: null, file: 'text/csv' },
      summary: 'The same as the table that POST takes',
      query: filterQuery,
      answer: z.string(),
      handle: ({ who, query }) => {
        const found = filedFor(facts, who, query).map((trip) => shownTo(who, trip))
        return textAnswer('trips.csv', `\uFEFF${writeTripCsv(found)}`)
      },
    }),
    route({
      ...{ method: 'POST', path, role: 'act', texts: ['text/csv'], bodyMax: 8 << 20 },
      summary: 'File trips: a trip document, a list of them, or a table; all of them or none',
      body: z.union([z.string(), z.array(z.unknown()).max(10_000), z.looseObject({})]),
      query: z.object({ fleet: z.string().optional().describe('where vehicles of that id are in several') }),
      answer: z.object({ filed: z.array(z.object({ fleet: z.string(), id: z.string() })) }),
      handle: ({ who, body, query }) => file(deps, who, query.fleet, body),
    }),
    route({
      ...{ method: 'DELETE', path: `${path}/:fleet/:id`, role: 'act', body: null, query: null },
      summary: 'Take a trip back',
      answer: z.object({ removed: z.literal(true) }),
      handle: ({ who, params: { fleet = '', id = '' } }) => {
        if (!isId(fleet) || !may(who, fleet, 'act')) return notFound('id', tripWord)
        if (paperwork.trips === null) return problem(503, 'id', noFolder)
        return paperwork.trips.remove(fleet, id) ? ok({ removed: true }) : notFound('id', tripWord)
      },
    }),
  ]
}

const tripWord = { zh: '趟次', en: 'trip' }
const noFolder = {
  zh: '未配置趟次文件夹（trips），不能登记',
  en: 'no folder of trips is configured; set "trips" in the configuration',
}

type Filed = Trip & { readonly fleet: string }
const placeOf = ({ from, fleet, id }: Filed): string => `${new Date(from).toISOString()} ${fleet}/${id}`

const shownTo = (who: Who, trip: Filed): Filed =>
  seesNames(who, trip.fleet) ? trip : (masked(trip) as Filed)

/** By their beginning. */
function filedFor(facts: Facts, who: Who, query: z.infer<typeof filterQuery>): readonly Filed[] {
  const { fleet, vehicle: wanted, from = 0, to = Number.POSITIVE_INFINITY } = query
  const fleets = new Set(fleetsOf(facts, who, 'look', fleet))
  return facts
    .vehicles()
    .filter(({ vehicle }) => fleets.has(vehicle.fleet))
    .flatMap(({ vehicle, trips }) => trips.map((trip) => ({ ...trip, fleet: vehicle.fleet })))
    .filter(({ vehicle }) => wanted === undefined || vehicle === wanted)
    .filter((trip) => Date.parse(trip.to) > from && Date.parse(trip.from) < to)
    .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))
}

/** So many are told; of the others, how many there are. */
const faultsMax = 50

type Fault = { readonly field: string; readonly remedy: Said }
type Read = { readonly trips: readonly Filed[]; readonly faults: readonly Fault[] }

function file(deps: TripDeps, who: Who, fleet: string | undefined, body: unknown): ApiAnswer {
  const { paperwork } = deps
  if (paperwork.trips === null) return problem(503, 'body', noFolder)
  if (fleet !== undefined && !may(who, fleet, 'act')) return problem(403, 'fleet', notYours)
  const { trips, faults } = readTrips(deps, who, fleet, body)
  const [first] = faults
  if (first !== undefined) {
    const problems = faults.slice(0, faultsMax)
    return problem(400, first.field, first.remedy, { problems, more: faults.length - problems.length })
  }
  for (const [of, own] of Map.groupBy(trips, (trip) => trip.fleet)) paperwork.trips.put(of, own)
  return ok({ filed: trips.map((trip) => ({ fleet: trip.fleet, id: trip.id })) })
}

function readTrips(deps: TripDeps, who: Who, fleet: string | undefined, body: unknown): Read {
  if (typeof body === 'string') return readTable(deps, who, fleet, body)
  const values = Array.isArray(body) ? body : [body]
  const place = (index: number): string => (Array.isArray(body) ? `[${index}].` : '')
  const parsed = values.map((value) => tripSchema.safeParse(value))
  const faults = parsed.flatMap(({ error }, index): Fault[] =>
    error === undefined
      ? []
      : problemsOf(error, tripSchema).map(({ path: where, remedy }) => ({
          field: `${place(index)}${where}`,
          remedy: inBoth(remedy),
        })),
  )
  const trips = parsed.flatMap(({ data }, index) =>
    data === undefined ? [] : [{ data, place: place(index) }],
  )
  const read = owned(deps, who, fleet, trips)
  return { trips: read.trips, faults: [...faults, ...read.faults] }
}

/** What is wrong with each row, and whose vehicle it is: all of it at once, in the order of the rows. */
function readTable(deps: TripDeps, who: Who, fleet: string | undefined, text: string): Read {
  try {
    const { rows, problems } = readTripCsv(text, fileName, deps.zone)
    const faults = problems.map(({ line, column, remedy }) => ({
      field:
        [line === null ? null : `line ${line}`, column].filter((part) => part !== null).join(': ') || 'body',
      remedy: inBoth(remedy),
    }))
    const read = owned(
      deps,
      who,
      fleet,
      rows.map(({ trip, line }) => ({ data: trip, place: `line ${line}: ` })),
    )
    const all = [...faults, ...read.faults]
    return { trips: read.trips, faults: all.toSorted((a, b) => lineOf(a) - lineOf(b)) }
  } catch (error) {
    if (!(error instanceof BadInput)) throw error
    return { trips: [], faults: [faultOf(error.message)] }
  }
}

const lineOf = ({ field }: Fault): number => Number(/^line (\d+)/.exec(field)?.[1] ?? 0)

/** `trips: remedy`: of a file that is no table at all. */
function faultOf(message: string): Fault {
  const [, field, remedy] = /^trips: (?:(line \d+: [^:]+|[^:]+): )?(.*)$/s.exec(message) ?? []
  return { field: field ?? 'body', remedy: inBoth(remedy ?? message) }
}

const inBoth = (en: string): Said => ({ zh: lineInChinese(en), en })

type Placed = { readonly data: Trip; readonly place: string }

/** Each trip with the fleet of its vehicle, which must be one of the officer's. */
function owned({ facts }: TripDeps, who: Who, fleet: string | undefined, trips: readonly Placed[]): Read {
  const known = Map.groupBy(facts.vehicles(), ({ vehicle }) => vehicle.id)
  const faults: Fault[] = []
  const found = trips.flatMap(({ data: trip, place }): Filed[] => {
    const wanted = fleet ?? trip.fleet
    const fleets = (known.get(trip.vehicle) ?? [])
      .map(({ vehicle }) => vehicle.fleet)
      .filter((of) => may(who, of, 'act') && (wanted === undefined || of === wanted))
    const [only, ...more] = fleets
    if (Date.parse(trip.from) >= Date.parse(trip.to)) faults.push({ field: `${place}to`, remedy: endsBefore })
    if (only !== undefined && more.length === 0) return [{ ...trip, fleet: only }]
    const field = `${place}${only === undefined ? 'vehicle' : 'fleet'}`
    faults.push({ field, remedy: only === undefined ? unknownVehicle(trip.vehicle) : whichFleet(fleets) })
    return []
  })
  return { trips: found, faults }
}

const endsBefore = { zh: '结束时间应晚于开始时间', en: 'must be after "from"' }
const unknownVehicle = (id: string): Said => ({
  zh: `车队中没有车辆“${id}”`,
  en: `no vehicle "${id}" in your fleets; add its file first`,
})
const whichFleet = (fleets: readonly string[]): Said => ({
  zh: `多个车队有此车辆，请指明 fleet：${fleets.join('、')}`,
  en: `several fleets have it; name one: ${fleets.join(', ')}`,
})
