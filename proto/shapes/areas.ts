import { z } from 'zod'
import { type AreaShape, type AreaSpec, indexAreas } from '../geo/area-index.ts'
import { type AreaIndex, type AreaMore, areaRoles } from '../geo/areas.ts'
import { fromGcj02 } from '../geo/gcj02.ts'
import { BadInput, problemLine, problemOf } from '../problem.ts'
import { type Fault, readShape, type Transform } from './area-shape.ts'
import { clockSchema, validitySchema, vehicleClasses } from './vehicle.ts'

/** File shape of areas: GeoJSON features with a few properties of ours (design 10). */

export type AreaProblem = {
  readonly id: string | null
  /** Place of the feature in its collection; null when the file as a whole is meant. */
  readonly index: number | null
  readonly path: string
  readonly reason: AreaReason
  readonly remedy: string
}
export type AreaReason = Fault['reason'] | 'duplicate-id'

const crsNames = ['wgs84', 'gcj02'] as const
const kmh = z.number().positive().max(250)
/** Numbers are taken for names too: exporters write them so. */
const nameSchema = z.union([z.string().min(1).max(128), z.number()]).transform(String)

const propertiesSchema = z.object({
  id: nameSchema.optional(),
  name: nameSchema.optional(),
  role: z.enum(areaRoles).default('noEntry'),
  classes: z.array(z.enum(vehicleClasses)).min(1).optional(),
  windows: z
    .array(
      z.strictObject({
        from: clockSchema,
        to: clockSchema,
        days: z.array(z.number().int().min(1).max(7)).min(1).optional(),
      }),
    )
    .min(1)
    .max(100)
    .optional(),
  limitKmh: kmh.optional(),
  nightLimitKmh: kmh.optional(),
  dwellS: z.number().min(0).max(604_800).optional(),
  approachM: z.number().positive().max(10_000).optional(),
  validFrom: validitySchema.optional(),
  validTo: validitySchema.optional(),
  doorForbidden: z.boolean().optional(),
  province: z.string().min(1).max(64).optional(),
  crs: z.enum(crsNames).optional(),
  radiusM: z.number().positive().max(1_000_000).optional(),
  halfWidthM: z.number().positive().max(100_000).optional(),
})
type Properties = z.infer<typeof propertiesSchema>
const ownKeys = new Set(Object.keys(propertiesSchema.shape))

export type ReadAreas = {
  readonly specs: readonly AreaSpec[]
  readonly problems: readonly AreaProblem[]
  /** Features in the file, valid or not. */
  readonly features: number
  /** Properties that are not ours, over all features: ignored. */
  readonly foreign: number
  /** Their names, each once, in the order in which they were met. */
  readonly foreignNames: readonly string[]
}

/** Reads a parsed GeoJSON value: the valid areas, and what is wrong with the others. */
export function readAreas(value: unknown): ReadAreas {
  const file = featuresOf(value)
  if ('reason' in file)
    return {
      specs: [],
      problems: [{ id: null, index: null, ...file }],
      features: 0,
      foreign: 0,
      foreignNames: [],
    }
  const specs: AreaSpec[] = []
  const problems: AreaProblem[] = []
  const seen = new Map<string, number>()
  const names: string[] = []
  for (const [index, feature] of file.features.entries()) {
    const path = file.path(index)
    const read = readFeature(feature, index, path, file.crs)
    names.push(...read.foreign)
    const first = seen.get(read.id)
    seen.set(read.id, first ?? index)
    for (const fault of read.faults) problems.push({ id: read.id, index, ...fault })
    if (first !== undefined) problems.push(duplicate(read.id, index, `${path}properties.id`, first))
    else if (read.spec !== null) specs.push(read.spec)
  }
  const foreignNames = [...new Set(names)]
  return { specs, problems, features: file.features.length, foreign: names.length, foreignNames }
}

/** Features that do not say what they are: each is a place that may not be entered, for which nobody may have drawn it. */
type Roleless = {
  readonly count: number
  /** Lines among them: a route given for an area looks like that. */
  readonly lines: number
}

function rolelessIn(value: unknown): Roleless {
  const file = featuresOf(value)
  if ('reason' in file) return { count: 0, lines: 0 }
  const silent = file.features.filter((feature) => isObject(feature) && !saysRole(feature['properties']))
  const lines = silent.filter(
    (feature) =>
      isObject(feature) && isObject(feature['geometry']) && feature['geometry']['type'] === 'LineString',
  )
  return { count: silent.length, lines: lines.length }
}

/** The line for a person; null where every feature has its role. */
export function rolelessLine(file: string, value: unknown): string | null {
  const { count, lines } = rolelessIn(value)
  if (count === 0) return null
  const [features, them] = count === 1 ? ['feature', 'it'] : ['features', 'them']
  const route = lines === 0 ? '' : `; a line that is a route belongs to --route`
  return `${file}: ${count} ${features} without a role: each is taken for noEntry, where to be is a finding; give ${them} a role${route}`
}

const saysRole = (properties: unknown): boolean =>
  isObject(properties) && properties['role'] !== undefined && properties['role'] !== null

function duplicate(id: string, index: number, path: string, first: number): AreaProblem {
  return {
    id,
    index,
    path,
    reason: 'duplicate-id',
    remedy: `feature ${first} has the id "${id}" already; give each area its own`,
  }
}

type FileFeatures = {
  readonly features: readonly unknown[]
  readonly path: (index: number) => string
  readonly crs: Properties['crs']
}

const geometryTypes = ['Polygon', 'MultiPolygon', 'Point', 'LineString']

/** The features of a collection; a single feature or geometry stands for a collection of one. */
function featuresOf(value: unknown): FileFeatures | Fault {
  if (!isObject(value))
    return { path: '', reason: 'bad-value', remedy: 'not GeoJSON; a FeatureCollection is needed' }
  const crs = crsOf(value['crs'])
  if (crs === null)
    return {
      path: 'crs',
      reason: 'bad-value',
      remedy: 'wgs84 or gcj02 is needed; convert other coordinates first',
    }
  const { type } = value
  if (type === 'Feature') return { features: [value], path: () => '', crs }
  if (typeof type === 'string' && geometryTypes.includes(type))
    return { features: [{ type: 'Feature', properties: {}, geometry: value }], path: () => '', crs }
  if (type !== 'FeatureCollection')
    return { path: 'type', reason: 'bad-value', remedy: 'FeatureCollection or Feature is needed' }
  const { features } = value
  if (!Array.isArray(features))
    return { path: 'features', reason: 'bad-value', remedy: 'a list of features is needed' }
  return { features, path: (index) => `features[${index}].`, crs }
}

/** What a whole file says of its coordinates: ours, or the old GeoJSON object naming WGS-84. null: something else. */
function crsOf(value: unknown): Properties['crs'] | null {
  if (value === undefined || value === null) return undefined
  const named = isObject(value) && isObject(value['properties']) ? value['properties']['name'] : value
  if (named === 'gcj02' || named === 'wgs84') return named
  return typeof named === 'string' && /CRS84$|EPSG:+4326$/.test(named) ? 'wgs84' : null
}

type ReadFeature = {
  readonly id: string
  readonly spec: AreaSpec | null
  readonly faults: readonly Fault[]
  /** Names of properties that are not ours. */
  readonly foreign: readonly string[]
}

function readFeature(value: unknown, index: number, path: string, crs: Properties['crs']): ReadFeature {
  const bad = (where: string, remedy: string): ReadFeature => ({
    id: String(index),
    spec: null,
    faults: [{ path: where, reason: 'bad-value', remedy }],
    foreign: [],
  })
  if (!isObject(value) || value['type'] !== 'Feature') return bad(`${path}type`, 'Feature is needed')
  const given = isObject(value['properties']) ? value['properties'] : {}
  // A null is how exporters write "no such property".
  const present = Object.entries(given).filter(([, known]) => known !== null && known !== undefined)
  const foreign = present.map(([key]) => key).filter((key) => !ownKeys.has(key))
  const parsed = propertiesSchema.safeParse(Object.fromEntries(present.filter(([key]) => ownKeys.has(key))))
  const id = idOf(given, value['id'], index)
  if (!parsed.success) {
    const { path: where, remedy } = problemOf(parsed.error)
    return {
      id,
      spec: null,
      faults: [{ path: `${path}properties.${where}`, reason: 'bad-value', remedy }],
      foreign,
    }
  }
  const properties = { ...parsed.data, crs: parsed.data.crs ?? crs }
  const shape = readShape(value['geometry'], properties, `${path}geometry`, transformOf(properties.crs))
  if ('reason' in shape) return { id, spec: null, faults: [locate(shape, path)], foreign }
  return { id, spec: specOf(id, properties, shape), faults: [], foreign }
}

/** A missing radius or width is missing among the properties, not in the geometry. */
function locate(fault: Fault, path: string): Fault {
  return fault.path.startsWith('properties.') ? { ...fault, path: `${path}${fault.path}` } : fault
}

function transformOf(crs: Properties['crs']): Transform | null {
  if (crs !== 'gcj02') return null
  return (lon, lat) => {
    const point = fromGcj02({ lat, lon })
    return [point.lon, point.lat]
  }
}

/** The property `id`, else the feature's id, else the name, else its place in the file. */
function idOf(given: Record<string, unknown>, featureId: unknown, index: number): string {
  for (const candidate of [given['id'], featureId, given['name']]) {
    const read = nameSchema.safeParse(candidate)
    if (read.success) return read.data
  }
  return String(index)
}

function specOf(id: string, properties: Properties, shape: AreaShape): AreaSpec {
  return {
    id,
    name: properties.name ?? id,
    role: properties.role,
    classes: properties.classes ?? null,
    windows: properties.windows ?? null,
    limitKmh: properties.limitKmh ?? null,
    nightLimitKmh: properties.nightLimitKmh ?? null,
    dwellS: properties.dwellS ?? null,
    ...moreOf(properties),
    shape,
  }
}

function moreOf(properties: Properties): { more?: AreaMore } {
  const { approachM, validFrom, validTo, doorForbidden, province } = properties
  const more: AreaMore = {
    approachM: approachM ?? null,
    validFrom: validFrom ?? null,
    validTo: validTo ?? null,
    doorForbidden: doorForbidden ?? false,
    province: province ?? null,
  }
  return Object.values(more).some((value) => value !== null && value !== false) ? { more } : {}
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Everything that is wrong with a file of areas. */
export function checkAreas(value: unknown): readonly AreaProblem[] {
  return readAreas(value).problems
}

/** Areas ready for looking up, or BadInput with the first problem of the file. */
export function parseAreas(value: unknown, file: string): AreaIndex {
  return parseAreaFiles([{ value, file }])
}

/** Several files as one set of areas: an id may occur once in all of them. */
export function parseAreaFiles(
  files: readonly { readonly value: unknown; readonly file: string }[],
): AreaIndex {
  const specs: AreaSpec[] = []
  const from = new Map<string, string>()
  for (const { value, file } of files) {
    const read = readAreas(value)
    const problem = read.problems[0]
    if (problem !== undefined) throw new BadInput(problemLine(file, remedied(problem)))
    for (const spec of read.specs) {
      const other = from.get(spec.id)
      if (other !== undefined)
        throw new BadInput(
          problemLine(file, {
            path: spec.id,
            remedy: `duplicate-id: ${other} has an area of this id already`,
          }),
        )
      from.set(spec.id, file)
      specs.push(spec)
    }
  }
  return indexAreas(specs)
}

/** The reason by name, then what to do. */
function remedied({ path, reason, remedy }: AreaProblem): { path: string; remedy: string } {
  return { path, remedy: reason === 'bad-value' ? remedy : `${reason}: ${remedy}` }
}
