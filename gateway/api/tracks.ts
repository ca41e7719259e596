import { z } from 'zod'
import type { Sample } from '../../proto/model.ts'
import { isoUtc, localText } from '../../proto/time.ts'
import { cell } from './csv.ts'
import { type Facts, nameFor, vehicleOf } from './facts.ts'
import { untilSchema } from './lists.ts'
import { type ApiAnswer, notFound, ok, problem, type Route, route, type Who } from './route.ts'
import { envelopesOf, samplesOf, thinned } from './stretch.ts'
import { unknownVehicle } from './vehicles.ts'

/** Where a vehicle was: thinned for a map, whole as a file. */

const pointsMax = 5000
const dayMs = 86_400_000
const shownMaxMs = 31 * dayMs
const exportedMaxMs = 7 * dayMs

const spanQuery = z.object({ from: untilSchema.optional(), to: untilSchema.optional() })
type Span = { readonly fromMs: number; readonly toMs: number }

const column = z.array(z.number().nullable())
const trackSchema = z.object({
  atMs: z.array(z.number()),
  lat: z.array(z.number()),
  lon: z.array(z.number()),
  speedKmh: column,
  courseDeg: column,
  driver: z.array(z.string().nullable()),
})

const path = '/api/v1/vehicles/:fleet/:vehicle/track'

export function trackRoutes(facts: Facts): readonly Route[] {
  return [
    route({
      ...{ method: 'GET', path, role: 'look', body: null, query: spanQuery, answer: trackSchema },
      summary: 'The track of a vehicle, at most 5000 points; the last 24 hours without from and to',
      handle: async ({ who, params, query }) => {
        const asked = askedOf(facts, who, params, query, shownMaxMs)
        if ('is' in asked) return asked
        const { fleet, vehicle, span } = asked
        const samples = await samplesOf(facts.journal, { fleet, vehicle, ...span, envelopesMax: 1500 })
        return ok(columnsOf(who, fleet, thinned(samples.filter(hasPlace), pointsMax)))
      },
    }),
    ...(['csv', 'gpx', 'geojson'] as const).map((format) => exportRoute(facts, format)),
  ]
}

const types = {
  csv: 'text/csv',
  gpx: 'application/gpx+xml',
  geojson: 'application/geo+json',
} as const

function exportRoute(facts: Facts, format: keyof typeof types): Route {
  return route({
    ...{ method: 'GET', path: `${path}.${format}`, role: 'look', body: null, query: spanQuery },
    summary: `Every point of a track of at most 7 days, as ${format.toUpperCase()}`,
    answer: z.string(),
    file: types[format],
    handle: ({ who, params, query }) => {
      const asked = askedOf(facts, who, params, query, exportedMaxMs)
      if ('is' in asked) return asked
      const { fleet, vehicle, span } = asked
      const day = localText(span.fromMs, facts.documents(fleet, vehicle)!.policy.zone).slice(0, 10)
      return {
        is: 'file',
        type: `${types[format]}; charset=utf-8`,
        name: `${fleet}-${vehicle}-${day}.${format}`,
        content: writers[format](pointsOf(facts, fleet, vehicle, span), (driver) =>
          nameFor(who, fleet, driver),
        ),
      }
    },
  })
}

type Asked = { readonly fleet: string; readonly vehicle: string; readonly span: Span }

function askedOf(
  facts: Facts,
  who: Who,
  params: { readonly [name: string]: string },
  { from, to }: z.infer<typeof spanQuery>,
  maxMs: number,
): Asked | ApiAnswer {
  const documents = vehicleOf(facts, who, params)
  if (documents === null) return notFound('vehicle', unknownVehicle)
  const toMs = to ?? facts.world.nowMs()
  const fromMs = from ?? toMs - dayMs
  if (fromMs >= toMs) return problem(400, 'from', backwards)
  if (toMs - fromMs > maxMs) return problem(400, 'from', tooLong(maxMs / dayMs))
  return { fleet: documents.vehicle.fleet, vehicle: documents.vehicle.id, span: { fromMs, toMs } }
}

const backwards = { zh: '开始时间应早于结束时间', en: 'must be before "to"' }
const tooLong = (days: number) => ({ zh: `最多 ${days} 天`, en: `at most ${days} days` })

type Placed = Sample & { readonly fix: NonNullable<Sample['fix']> }
const hasPlace = (sample: Sample): sample is Placed => sample.fix !== null

function columnsOf(who: Who, fleet: string, samples: readonly Placed[]) {
  return {
    atMs: samples.map(({ atMs }) => atMs),
    lat: samples.map(({ fix }) => fix.lat),
    lon: samples.map(({ fix }) => fix.lon),
    speedKmh: samples.map(({ speedKmh }) => speedKmh),
    courseDeg: samples.map(({ courseDeg }) => courseDeg),
    driver: samples.map(({ driver }) => nameFor(who, fleet, driver)),
  }
}

async function* pointsOf(
  { journal }: Facts,
  fleet: string,
  vehicle: string,
  { fromMs, toMs }: Span,
): AsyncGenerator<Placed> {
  const whole = { stream: 'telemetry', envelopesMax: Number.MAX_SAFE_INTEGER } as const
  for await (const { body } of envelopesOf(journal, { fleet, vehicle, fromMs, toMs, ...whole }))
    if (body.is === 'telemetry')
      for (const sample of body.samples)
        if (hasPlace(sample) && sample.atMs >= fromMs && sample.atMs <= toMs) yield sample
}

type Name = (driver: string | null) => string | null
type Writer = (points: AsyncIterable<Placed>, name: Name) => AsyncGenerator<string>

const writers: { readonly [format in keyof typeof types]: Writer } = {
  csv: async function* (points, name) {
    yield 'time,lat,lon,speedKmh,courseDeg,odometerM,driver\r\n'
    for await (const { atMs, fix, speedKmh, courseDeg, odometerM, driver } of points)
      yield `${[isoUtc(atMs), fix.lat, fix.lon, speedKmh, courseDeg, odometerM, name(driver)].map(cell).join(',')}\r\n`
  },
  gpx: async function* (points) {
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Roadwarden" xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>\n'
    for await (const { atMs, fix } of points)
      yield `<trkpt lat="${fix.lat}" lon="${fix.lon}"><time>${isoUtc(atMs)}</time></trkpt>\n`
    yield '</trkseg></trk></gpx>\n'
  },
  geojson: async function* (points, name) {
    yield '{"type":"FeatureCollection","features":['
    let before = ''
    for await (const { atMs, fix, speedKmh, driver } of points) {
      const properties = { time: isoUtc(atMs), speedKmh, driver: name(driver) }
      const geometry = { type: 'Point', coordinates: [fix.lon, fix.lat] }
      yield `${before}\n${JSON.stringify({ type: 'Feature', properties, geometry })}`
      before = ','
    }
    yield '\n]}\n'
  },
}
