import { BadInput } from '../../proto/problem.ts'
import { recordingFormats } from '../replay/detect.ts'
import { entryOf, type TripEvent, type Values } from './entry.ts'
import { parsePartly } from './json-part.ts'
import { readBoolean, readName, readNumber, readTime } from './values.ts'

/**
 * Tracks as GeoJSON. A line's times stand in a list beside it (`properties.coordTimes`, `properties.times`, or
 * `properties.coordinateProperties.times`), further lists there by our column names; or each point is a Feature of its own
 * with a `time`. Longitudes come first.
 */
export type GeojsonOptions = {
  readonly file: string
  readonly zone: string
  readonly tell: (line: string) => void
}

type Dict = { readonly [key: string]: unknown }
const dict = (value: unknown): Dict =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Dict) : {}
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

export async function* readGeojson(
  source: AsyncIterable<Uint8Array>,
  { file, zone, tell }: GeojsonOptions,
): AsyncGenerator<TripEvent> {
  const parts: Uint8Array[] = []
  for await (const chunk of source) parts.push(chunk)
  const text = Buffer.concat(parts)
    .toString('utf8')
    .replace(/^\uFEFF/, '')
  const { value, brokenAt } = parsePartly(text)
  if (brokenAt === null && !geojsonTypes.has(dict(value)['type']))
    throw new BadInput(`${file}: JSON that is no GeoJSON; name ${recordingFormats}`)
  if (brokenAt !== null) tell(`${file}: character ${brokenAt + 1}: not JSON from here on; read up to there`)
  for (const feature of featuresOf(value)) yield* featureEvents(feature, zone)
}

const geojsonTypes: ReadonlySet<unknown> = new Set([
  ...['FeatureCollection', 'Feature', 'GeometryCollection'],
  ...['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon'],
])

function featuresOf(value: unknown): readonly Dict[] {
  const top = dict(value)
  if (top['type'] === 'FeatureCollection') return list(top['features']).map(dict)
  return top['type'] === 'Feature' ? [top] : []
}

function* featureEvents(feature: Dict, zone: string): Generator<TripEvent> {
  const geometry = dict(feature['geometry'])
  const properties = dict(feature['properties'])
  const coordinates = list(geometry['coordinates'])
  if (geometry['type'] === 'LineString') yield* lineEvents(coordinates, properties, null, zone)
  else if (geometry['type'] === 'MultiLineString')
    for (const [index, part] of coordinates.entries()) yield* lineEvents(list(part), properties, index, zone)
  else if (geometry['type'] === 'Point' && (properties['time'] ?? properties['timestamp']) !== undefined)
    yield pointEvent(
      coordinates,
      (name) => properties[name],
      properties['time'] ?? properties['timestamp'],
      zone,
    )
}

/** The lists beside a line; those of a MultiLineString are lists of lists. */
function* lineEvents(
  coordinates: readonly unknown[],
  properties: Dict,
  part: number | null,
  zone: string,
): Generator<TripEvent> {
  const beside = dict(properties['coordinateProperties'])
  const listOf = (value: unknown): readonly unknown[] => list(part === null ? value : list(value)[part])
  const times = listOf(properties['coordTimes'] ?? properties['times'] ?? beside['times'] ?? beside['time'])
  if (times.length === 0) return
  for (const [index, position] of coordinates.entries())
    yield pointEvent(list(position), (name) => listOf(beside[name])[index], times[index], zone)
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

function pointEvent(
  [lon, lat]: readonly unknown[],
  besideOf: (name: string) => unknown,
  time: unknown,
  zone: string,
): TripEvent {
  const number = (name: string): number | null | undefined => readNumber(textOf(besideOf(name)))
  const values = {
    atMs: readTime(textOf(time), zone),
    lat: readNumber(textOf(lat)),
    lon: readNumber(textOf(lon)),
    speedKmh: number('speedKmh'),
    courseDeg: number('courseDeg'),
    odometerKm: number('odometerKm'),
    accuracyM: number('accuracyM'),
    satellites: number('satellites'),
    driver: readName(textOf(besideOf('driver'))),
    ignition: readBoolean(textOf(besideOf('ignition'))),
    doorOpen: readBoolean(textOf(besideOf('doorOpen'))),
  }
  if (Object.values(values).includes(undefined)) return { is: 'rejected', why: 'unreadable value' }
  return entryOf(values as Values)
}
