import { z } from 'zod'
import type { Corridor, SegmentLimit } from '../geo/corridor.ts'
import { buildCorridor, type LineParts } from '../geo/corridor-build.ts'
import { fromGcj02 } from '../geo/gcj02.ts'
import { defaultPolicy } from '../policy.ts'
import { BadInput, parseDocument } from '../problem.ts'

/**
 * File shape of a route (design 10): GeoJSON with LineString features. Properties that are not ours belong to
 * whoever drew the line and are let pass; keys inside ours are refused when unknown.
 */

const verticesMax = 200_000
const kmhSchema = z.number().positive().max(250).nullable().default(null)
const metresSchema = z.number().min(0).max(10_000_000)
const secondsSchema = z.number().min(0).max(864_000).nullable().default(null)
const textSchema = z.union([z.string().min(1).max(128), z.number()])

const limitSchema = z
  .strictObject({
    fromM: metresSchema,
    toM: metresSchema,
    dayKmh: kmhSchema,
    nightKmh: kmhSchema,
    roadClass: z.enum(['motorway', 'other']).nullable().default(null),
    minS: secondsSchema,
    maxS: secondsSchema,
  })
  .refine(({ fromM, toM }) => fromM < toM, { message: 'fromM must be below toM', path: ['fromM'] })

const ordered = { message: 'fromM must be below toM', path: ['fromM'] }
const widthSchema = z
  .strictObject({ fromM: metresSchema, toM: metresSchema, halfWidthM: z.number().min(1).max(10_000) })
  .refine(({ fromM, toM }) => fromM < toM, ordered)
const sectionSchema = z
  .strictObject({
    fromM: metresSchema,
    toM: metresSchema,
    name: z.string().min(1).max(128).nullable().default(null),
  })
  .refine(({ fromM, toM }) => fromM < toM, ordered)

const areaIdSchema = z.string().min(1).max(128)
const stopSchema = z.union([
  areaIdSchema,
  z.strictObject({ areaId: areaIdSchema, arrive: z.string().optional(), depart: z.string().optional() }),
])

const positionSchema = z
  .array(z.number())
  .min(2, 'a position is [longitude, latitude]')
  .refine(
    ([lon]) => Math.abs(lon ?? 0) <= 180,
    'a longitude lies in [-180, 180]; positions are [longitude, latitude]',
  )
  .refine(
    ([, lat]) => Math.abs(lat ?? 0) <= 90,
    'a latitude lies in [-90, 90]; positions are [longitude, latitude]',
  )

const featureSchema = z.object({
  type: z.literal('Feature'),
  id: textSchema.optional(),
  properties: z
    .object({
      id: textSchema.optional(),
      name: z.string().min(1).max(128).optional(),
      halfWidthM: z.number().min(1).max(10_000).optional(),
      limits: z.array(limitSchema).max(10_000).optional(),
      widths: z.array(widthSchema).max(10_000).optional(),
      sections: z.array(sectionSchema).max(10_000).optional(),
      /** `forward`: against the order of its positions is the wrong way. */
      direction: z.enum(['forward', 'both']).optional(),
      stops: z.array(stopSchema).max(1000).optional(),
      crs: z.enum(['wgs84', 'gcj02']).optional(),
    })
    .nullable()
    .default(null),
  geometry: z.object({
    type: z.literal('LineString', 'a route is made of LineString features; split a MultiLineString'),
    coordinates: z.array(positionSchema).min(2, 'a line has at least two positions').max(verticesMax),
  }),
})
type RouteFeature = z.infer<typeof featureSchema>

const collectionSchema = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(featureSchema).min(1, 'at least one LineString feature').max(1000),
})

/** Our own keys of a feature's properties; the others are foreign. */
export const routeProperties: readonly string[] = [
  'id',
  'name',
  'halfWidthM',
  'limits',
  'widths',
  'sections',
  'direction',
  'stops',
  'crs',
]

export type RouteOptions = {
  /** Of a line that names none. */
  readonly halfWidthM?: number
}

/**
 * The corridors of a route file, in the order of their first lines; LineStrings with one id, or without any, are
 * alternatives of one corridor. Throws BadInput with one line that names the path.
 */
export function parseRoute(value: unknown, file: string, options: RouteOptions = {}): Corridor[] {
  const features = featuresOf(value, file)
  const groups = new Map<string, { feature: RouteFeature; line: LineParts }[]>()
  for (const [index, feature] of features.entries()) {
    const id = idOf(feature)
    const line = lineOf(feature, `${file}: features[${index}]`, options)
    groups.set(id, [...(groups.get(id) ?? []), { feature, line }])
  }
  return [...groups].map(([id, members]) => corridorOf(id, members))
}

/** Names of properties in the file that are not ours and that nobody reads. */
export function foreignRouteProperties(value: unknown): string[] {
  const features = (value as { features?: { properties?: object | null }[] } | null)?.features
  const names = new Set<string>()
  for (const feature of Array.isArray(features) ? features : [value as { properties?: object | null }])
    for (const name of Object.keys(feature?.properties ?? {}))
      if (!routeProperties.includes(name)) names.add(name)
  return [...names].sort()
}

/** The features of the routes named, as a document of their own; null when there is none. */
export function routesNamed(
  files: readonly { readonly value: unknown; readonly file: string }[],
  ids: ReadonlySet<string>,
): { readonly type: 'FeatureCollection'; readonly features: readonly unknown[] } | null {
  const features = files.flatMap(({ value, file }) =>
    featuresOf(value, file).filter((one) => ids.has(idOf(one))),
  )
  return features.length === 0 ? null : { type: 'FeatureCollection', features }
}

function featuresOf(value: unknown, file: string): RouteFeature[] {
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined
  if (type === 'Feature') return [parseDocument(featureSchema, value, file)]
  if (type === 'LineString')
    return [parseDocument(featureSchema, { type: 'Feature', properties: null, geometry: value }, file)]
  return parseDocument(collectionSchema, value, file).features
}

function idOf({ id, properties }: RouteFeature): string {
  return String(properties?.id ?? id ?? properties?.name ?? 'route')
}

function lineOf({ properties, geometry }: RouteFeature, where: string, options: RouteOptions): LineParts {
  const shifted = properties?.crs === 'gcj02'
  const points = geometry.coordinates.map(([lon, lat]) => {
    const point = { lat: lat ?? 0, lon: lon ?? 0 }
    return shifted ? fromGcj02(point) : point
  })
  if (points.every(({ lat, lon }) => lat === points[0]?.lat && lon === points[0]?.lon))
    throw new BadInput(`${where}.geometry.coordinates: a line needs two different positions`)
  const limits: readonly SegmentLimit[] = properties?.limits ?? []
  return {
    points,
    halfWidthM: properties?.halfWidthM ?? options.halfWidthM ?? standardHalfWidthM,
    limits,
    ...(properties?.widths === undefined ? {} : { widths: properties.widths }),
    ...(properties?.sections === undefined ? {} : { sections: properties.sections }),
    ...(properties?.direction === 'forward' ? { oneWay: true } : {}),
  }
}

const standardHalfWidthM = defaultPolicy('coach').offRoute.halfWidthM

function corridorOf(id: string, members: readonly { feature: RouteFeature; line: LineParts }[]): Corridor {
  const named = members.find(({ feature }) => feature.properties?.name !== undefined)
  const stops = members.flatMap(({ feature }) => feature.properties?.stops ?? [])
  const areaIds = new Set(stops.map((stop) => (typeof stop === 'string' ? stop : stop.areaId)))
  return buildCorridor({
    id,
    name: named?.feature.properties?.name ?? id,
    lines: members.map(({ line }) => line),
    stops: [...areaIds].map((areaId) => ({ areaId })),
  })
}
