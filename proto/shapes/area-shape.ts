import { alignHole, unwrapRing } from '../geo/antimeridian.ts'
import type { AreaShape } from '../geo/area-index.ts'
import { type PolygonRings, polygonVerticesMax } from '../geo/polygon.ts'
import { checkRings, type RingFault } from '../geo/ring-check.ts'

/** The geometry of one GeoJSON feature, read and checked. */
export type Fault = {
  readonly path: string
  readonly reason:
    | RingFault['reason']
    | 'open-ring'
    | 'too-few-vertices'
    | 'not-a-number'
    | 'too-many-vertices'
    | 'bad-value'
  readonly remedy: string
}

/** Longitude and latitude in another system. */
export type Transform = (lon: number, lat: number) => readonly [number, number]

/** Longitudes may run on beyond 180 (an area across the antimeridian), not once more round the earth. */
const lonMax = 540

type Sizes = { readonly radiusM?: number | undefined; readonly halfWidthM?: number | undefined }

export function readShape(
  geometry: unknown,
  sizes: Sizes,
  path: string,
  transform: Transform | null,
): AreaShape | Fault {
  if (typeof geometry !== 'object' || geometry === null)
    return { path, reason: 'bad-value', remedy: 'a geometry is needed' }
  const { type, coordinates } = geometry as { type?: unknown; coordinates?: unknown }
  const at = `${path}.coordinates`
  const positions = countPositions(coordinates)
  if (positions > polygonVerticesMax)
    return {
      path: at,
      reason: 'too-many-vertices',
      remedy: `${positions} vertices, at most ${polygonVerticesMax}; simplify the area or cut it into several`,
    }
  if (type === 'Polygon') return readPolygons([coordinates], [at], transform)
  if (type === 'MultiPolygon') {
    if (!Array.isArray(coordinates) || coordinates.length === 0)
      return { path: at, reason: 'bad-value', remedy: 'a list of polygons is needed' }
    return readPolygons(
      coordinates,
      coordinates.map((_, part) => `${at}[${part}]`),
      transform,
    )
  }
  if (type === 'Point') return readCircle(coordinates, sizes.radiusM, at, transform)
  if (type === 'LineString') return readCorridor(coordinates, sizes.halfWidthM, at, transform)
  return {
    path: `${path}.type`,
    reason: 'bad-value',
    remedy: 'Polygon, MultiPolygon, Point with radiusM or LineString with halfWidthM is needed',
  }
}

/** Positions in nested lists of coordinates, without looking deeper than a multi-polygon goes. */
function countPositions(value: unknown, depth = 0): number {
  if (!Array.isArray(value) || depth > 3) return 0
  if (!Array.isArray(value[0])) return depth === 0 ? 0 : 1
  let count = 0
  for (const item of value) count += countPositions(item, depth + 1)
  return count
}

function readPolygons(
  polygons: readonly unknown[],
  paths: readonly string[],
  transform: Transform | null,
): AreaShape | Fault {
  const parts: PolygonRings[] = []
  for (const [part, polygon] of polygons.entries()) {
    const rings = readRings(polygon, paths[part]!)
    if ('reason' in rings) return rings
    parts.push(rings)
  }
  const fault = checkRings(parts)
  if (fault !== null)
    return { path: `${paths[fault.part]}[${fault.ring}]`, reason: fault.reason, remedy: remedyOf(fault) }
  if (transform === null) return { is: 'polygons', polygons: parts }
  return { is: 'polygons', polygons: parts.map((rings) => rings.map((ring) => transformed(ring, transform))) }
}

function transformed(ring: readonly number[], transform: Transform): number[] {
  const out: number[] = []
  for (let i = 0; i < ring.length; i += 2) out.push(...transform(ring[i]!, ring[i + 1]!))
  return out
}

const remedies: Readonly<Record<RingFault['reason'], string>> = {
  'self-crossing': 'the ring crosses or touches itself; draw it without',
  'hole-outside': 'the hole lies outside its outer ring or over another hole; move it inside',
  'cut-in-two': 'holes cut the area into pieces; make each piece an area of its own',
  'parts-overlap': 'two parts overlap; merge them or make them areas of their own',
}

function remedyOf({ reason, near }: RingFault): string {
  return `${remedies[reason]} (near longitude ${round(near[0])}, latitude ${round(near[1])})`
}

const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6

function readRings(value: unknown, path: string): PolygonRings | Fault {
  if (!Array.isArray(value) || value.length === 0)
    return { path, reason: 'bad-value', remedy: 'a list of rings is needed' }
  const rings: (readonly number[])[] = []
  for (const [index, positions] of value.entries()) {
    const ring = readRing(positions, `${path}[${index}]`)
    if (!Array.isArray(ring)) return ring as Fault
    const unwrapped = unwrapRing(ring)
    rings.push(index === 0 ? unwrapped : alignHole(unwrapped, rings[0]!))
  }
  return rings
}

function readRing(value: unknown, path: string): number[] | Fault {
  const flat = readPositions(value, path)
  if (!Array.isArray(flat)) return flat
  if (flat.length > 2 && (flat[0] !== flat.at(-2) || flat[1] !== flat.at(-1)))
    return { path, reason: 'open-ring', remedy: 'the last vertex is not the first one again; close the ring' }
  if (flat.length < 8 || distinct(flat) < 3)
    return {
      path,
      reason: 'too-few-vertices',
      remedy: 'a ring has at least three corners and its first one again',
    }
  return flat
}

function distinct(flat: readonly number[]): number {
  const corners = new Set<string>()
  for (let i = 0; i < flat.length && corners.size < 3; i += 2) corners.add(`${flat[i]} ${flat[i + 1]}`)
  return corners.size
}

function readPositions(value: unknown, path: string): number[] | Fault {
  if (!Array.isArray(value)) return { path, reason: 'bad-value', remedy: 'a list of positions is needed' }
  const flat: number[] = []
  for (const [index, position] of value.entries()) {
    const read = readPosition(position, `${path}[${index}]`)
    if ('reason' in read) return read
    flat.push(read[0], read[1])
  }
  return flat
}

function readPosition(value: unknown, path: string): readonly [number, number] | Fault {
  const [lon, lat]: unknown[] = Array.isArray(value) ? value : []
  if (typeof lon !== 'number' || typeof lat !== 'number' || !Number.isFinite(lon) || !Number.isFinite(lat))
    return { path, reason: 'not-a-number', remedy: 'a position is [longitude, latitude], both numbers' }
  if (Math.abs(lon) > lonMax || Math.abs(lat) > 90)
    return {
      path,
      reason: 'bad-value',
      remedy: 'outside the earth; a position is [longitude, latitude] in degrees',
    }
  return [lon, lat]
}

function readCircle(
  coordinates: unknown,
  radiusM: number | undefined,
  path: string,
  transform: Transform | null,
): AreaShape | Fault {
  const centre = readPosition(coordinates, path)
  if ('reason' in centre) return centre
  if (radiusM === undefined)
    return {
      path: 'properties.radiusM',
      reason: 'bad-value',
      remedy: 'missing; a Point needs a radius in metres',
    }
  const a = place(centre, transform)
  return { is: 'capsules', capsules: [{ a, b: a, radiusM }] }
}

function readCorridor(
  coordinates: unknown,
  halfWidthM: number | undefined,
  path: string,
  transform: Transform | null,
): AreaShape | Fault {
  const flat = readPositions(coordinates, path)
  if (!Array.isArray(flat)) return flat
  if (flat.length < 4)
    return { path, reason: 'too-few-vertices', remedy: 'a line has at least two positions' }
  if (halfWidthM === undefined)
    return {
      path: 'properties.halfWidthM',
      reason: 'bad-value',
      remedy: 'missing; a LineString needs half a width in metres',
    }
  const line: { lat: number; lon: number }[] = []
  for (let i = 0; i < flat.length; i += 2) line.push(place([flat[i]!, flat[i + 1]!], transform))
  const capsules = line.slice(1).map((b, i) => ({ a: line[i]!, b, radiusM: halfWidthM }))
  return { is: 'capsules', capsules }
}

function place(
  [lon, lat]: readonly [number, number],
  transform: Transform | null,
): { lat: number; lon: number } {
  const [x, y] = transform === null ? [lon, lat] : transform(lon, lat)
  const turned = ((((x + 180) % 360) + 360) % 360) - 180
  return { lat: y, lon: Math.abs(x) <= 180 ? x : turned }
}
