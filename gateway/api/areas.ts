import { z } from 'zod'
import type { AnyDetector } from '../../proto/detector.ts'
import { parseAreas, readAreas } from '../../proto/shapes/areas.ts'
import type { DocumentStore } from '../documents.ts'
import { masked } from '../masking.ts'
import type { Paperwork } from '../paperwork.ts'
import { previewAreas, previewDaysMax } from '../preview.ts'
import { lineOf } from '../shadow/watch.ts'
import { areaFault } from './area-words.ts'
import { type Facts, isId } from './facts.ts'
import { type ApiAnswer, may, notFound, ok, problem, type Route, route, seesNames } from './route.ts'

/** Areas: what a fleet has, trying others, and putting them in force. The same gate as `npm run areas -- check`. */

export type AreaDeps = {
  readonly facts: Facts
  readonly store: Pick<DocumentStore, 'areasOf' | 'of'> | null
  readonly paperwork: Pick<Paperwork, 'putAreas'>
  readonly rules: readonly AnyDetector[]
  readonly monoMs: () => number
}

/** A long drawing of a province is some megabytes. */
const bodyMax = 32 << 20
const geojsonSchema = z
  .looseObject({ type: z.string() })
  .describe('GeoJSON: a FeatureCollection with the properties of area files')
const checkedSchema = z.object({
  areas: z.number(),
  valid: z.number(),
  foreign: z.number(),
  problems: z.array(
    z.looseObject({ field: z.string(), remedy: z.object({ zh: z.string(), en: z.string() }) }),
  ),
})
const path = '/api/v1/areas'

export function areaRoutes(deps: AreaDeps): readonly Route[] {
  const { store, paperwork } = deps
  return [
    route({
      ...{ method: 'GET', path: `${path}/:fleet`, role: 'look', body: null, query: null },
      summary: 'The areas of a fleet; the etag is what a PUT shows as if-match',
      answer: geojsonSchema,
      handle: ({ who, params: { fleet = '' } }) => {
        if (!isId(fleet) || !may(who, fleet, 'look') || store === null) return notFound('fleet', fleetWord)
        const wanted = store.areasOf(fleet)
        return ok(collectionOf(wanted?.value ?? null), { etag: `"${wanted?.digest ?? 'none'}"` })
      },
    }),
    route({
      ...{ method: 'PUT', path: `${path}/:fleet`, role: 'supervise', query: null, bodyMax },
      summary: 'Put areas in force for a fleet: stored, then pushed to its terminals',
      body: geojsonSchema,
      answer: checkedSchema,
      handle: ({ who, params: { fleet = '' }, body, headers }) => {
        if (!isId(fleet) || !may(who, fleet, 'supervise')) return notFound('fleet', fleetWord)
        if (store === null) return problem(503, 'fleet', noFiles)
        const shown = headers['if-match']
        const there = `"${store.areasOf(fleet)?.digest ?? 'none'}"`
        if (shown !== undefined && shown !== there) return problem(412, 'if-match', faster)
        const checked = checkedOf(body)
        if (checked.problems.length > 0) return refusal(checked)
        paperwork.putAreas(fleet, body)
        return ok(checked)
      },
    }),
    route({
      ...{ method: 'POST', path: `${path}/check`, role: 'look', query: null, bodyMax },
      summary: 'Every problem of some areas, without storing them',
      body: geojsonSchema,
      answer: checkedSchema,
      handle: ({ body }) => ok(checkedOf(body)),
    }),
    previewRoute(deps),
  ]
}

const previewBody = z.object({
  fleet: z.string(),
  areas: geojsonSchema,
  vehicles: z.array(z.string()).max(2000).optional().describe('absent: all of the fleet'),
  days: z.number().int().min(1).max(previewDaysMax).default(previewDaysMax),
})
const budgetMs = 20_000

function previewRoute({ facts, rules, monoMs, store }: AreaDeps): Route {
  let isRunning = false
  return route({
    ...{ method: 'POST', path: `${path}/preview`, role: 'act', query: null, bodyMax },
    summary: 'Which findings of the last days other areas would have added, removed or moved',
    body: previewBody,
    answer: z.object({ differences: z.array(z.looseObject({})), coverage: z.looseObject({}) }),
    handle: async ({ who, body: { fleet, areas, vehicles, days } }) => {
      if (!isId(fleet) || !may(who, fleet, 'act')) return notFound('fleet', fleetWord)
      const checked = checkedOf(areas)
      if (checked.problems.length > 0) return refusal(checked)
      if (isRunning) return problem(429, 'areas', busy)
      isRunning = true
      try {
        const own = facts.vehicles().filter(({ vehicle }) => vehicle.fleet === fleet)
        const wanted = own.filter(({ vehicle }) => vehicles === undefined || vehicles.includes(vehicle.id))
        const preview = await previewAreas(
          { journal: facts.journal, rules, monoMs },
          {
            vehicles: wanted.map((one) => store?.of(fleet, one.vehicle.id) ?? one),
            areas: parseAreas(areas, 'areas'),
            ...{ days, nowMs: facts.world.nowMs(), budgetMs },
          },
        )
        const lines = preview.differences.map(({ vehicle, ...one }) => ({ vehicle, ...lineOf(one) }))
        return ok({
          differences: seesNames(who, fleet) ? lines : masked(lines),
          coverage: preview.coverage,
        })
      } finally {
        isRunning = false
      }
    },
  })
}

type Checked = z.infer<typeof checkedSchema>

function checkedOf(value: unknown): Checked {
  const { specs, problems, features, foreign } = readAreas(value)
  return { areas: features, valid: specs.length, foreign, problems: problems.map(areaFault) }
}

function refusal({ problems, ...counts }: Checked): ApiAnswer {
  const [first] = problems
  return problem(400, first!.field, first!.remedy, { ...counts, problems })
}

/** Several files are one collection here; what a file says of its coordinates goes to each of its features. */
function collectionOf(value: unknown): { type: 'FeatureCollection'; features: unknown[] } {
  const files = [value ?? []].flat() as Record<string, unknown>[]
  return { type: 'FeatureCollection', features: files.flatMap(featuresOf) }
}

function featuresOf(file: Record<string, unknown>): unknown[] {
  const features = Array.isArray(file['features']) ? (file['features'] as unknown[]) : [file]
  const { crs } = file
  if (crs === undefined || crs === null) return features
  const name = typeof crs === 'string' ? crs : 'wgs84'
  return features.map((feature) => {
    const one = feature as { properties?: Record<string, unknown> | null }
    return { ...one, properties: { crs: name, ...one.properties } }
  })
}

const fleetWord = { zh: '车队', en: 'fleet' }
const noFiles = { zh: '本网关没有文件', en: 'this gateway keeps no files' }
const faster = {
  zh: '另一名人员已先修改了电子围栏，请重新载入',
  en: 'somebody else changed the areas; load them again',
}
const busy = { zh: '正在进行另一次试算，请稍后再试', en: 'another preview is running; try again in a moment' }
