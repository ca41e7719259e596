import { z } from 'zod'
import type { CorridorPosition } from '../../proto/geo/corridor.ts'
import type { Documents } from '../../proto/in-force.ts'
import { settingsAt } from '../../proto/in-force.ts'
import { effectiveLimit } from '../../proto/limits.ts'
import type { Alert, Sample } from '../../proto/model.ts'
import { alertOf, begunOf, type Facts } from './facts.ts'
import { may, notFound, ok, problem, type Route, route } from './route.ts'
import { samplesOf } from './stretch.ts'
import { notYours } from './visitors.ts'

/** How fast a vehicle was and how fast it might have been, around an alert: what the chart of the desk draws. */

const aroundMs = 15 * 60_000
/** A night of driving at most: long episodes are drawn whole, thinned. */
const longestMs = 12 * 3_600_000

const column = z.array(z.number().nullable())
export const seriesSchema = z.object({
  atMs: z.array(z.number()),
  speedKmh: column,
  limitKmh: column,
  lat: column,
  lon: column,
})

export function seriesRoute(facts: Facts): Route {
  return route({
    method: 'GET',
    path: '/api/v1/alerts/:id/series',
    summary: 'Speed, limit and place from 15 minutes before an alert to 15 minutes after',
    role: 'devices',
    body: null,
    query: null,
    answer: seriesSchema,
    handle: async ({ who, params }) => {
      const alert = alertOf(facts, who, params['id'] ?? '')
      if (alert === null) return notFound('id', { zh: '报警', en: 'alert' })
      const { fleet, vehicle } = alert
      if (!may(who, fleet, 'look')) return problem(403, 'role', notYours)
      const samples = await samplesOf(facts.journal, {
        fleet,
        vehicle,
        ...spanOf(alert, begunOf(facts, alert)?.at),
        envelopesMax: 400,
      })
      return ok(seriesOf(samples, facts.documents(fleet, vehicle)))
    },
  })
}

export function spanOf(
  { at, decidedAt, evidence }: Alert,
  begunAt?: string,
): { fromMs: number; toMs: number } {
  const known = [begunAt, at, decidedAt, evidence['since'], evidence['startedAt'], evidence['from']].flatMap(
    (text) => (typeof text === 'string' && !Number.isNaN(Date.parse(text)) ? [Date.parse(text)] : []),
  )
  const toMs = Math.max(...known) + aroundMs
  return { fromMs: Math.max(Math.min(...known) - aroundMs, toMs - longestMs), toMs }
}

export function seriesOf(samples: readonly Sample[], documents: Documents | null) {
  let near: CorridorPosition | null = null
  const limitKmh = samples.map((sample) => {
    if (documents === null) return null
    const settings = settingsAt(documents, sample.atMs)
    const { route: way } = settings
    const { fix } = sample
    near = fix === null || way === null ? null : way.nearest(fix, near)
    return effectiveLimit(sample.atMs, { fix, routeId: way?.id ?? null, near }, settings).limitKmh
  })
  return {
    atMs: samples.map(({ atMs }) => atMs),
    speedKmh: samples.map(({ speedKmh }) => speedKmh),
    limitKmh,
    lat: samples.map(({ fix }) => fix?.lat ?? null),
    lon: samples.map(({ fix }) => fix?.lon ?? null),
  }
}
