import { createReadStream, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { BadInput, parseJsonText } from '../proto/problem.ts'
import { parseScenario, type Scenario } from './scenario.ts'
import { readShapes } from './trips/gtfs.ts'
import { textLines } from './trips/text-lines.ts'

/** A scenario file, with the road file it may name beside itself. `name` is the file as the person wrote it. */
export async function loadScenario(path: string, name: string): Promise<Scenario> {
  const value = parseJsonText(readText(path, name, 'name a scenario file'), name)
  const road = (value as { road?: unknown } | null)?.road
  if (typeof road !== 'object' || road === null) return parseScenario(value, name)
  const waypoints = await waypointsOf(road, dirname(path), name)
  if (waypoints === null) return parseScenario(value, name)
  const { geojson: _geojson, gtfs: _gtfs, shape: _shape, ...rest } = road as Named
  return parseScenario({ ...(value as object), road: { ...rest, waypoints } }, name)
}

type Named = {
  readonly waypoints?: unknown
  readonly geojson?: unknown
  readonly gtfs?: unknown
  readonly shape?: unknown
}
type Waypoint = readonly [lat: number, lon: number]

/** Null: the road says its waypoints itself, or what it says is for the schema to refuse. */
async function waypointsOf(road: Named, folder: string, name: string): Promise<readonly Waypoint[] | null> {
  const ways = (['waypoints', 'geojson', 'gtfs'] as const).filter((way) => road[way] !== undefined)
  if (ways.length !== 1)
    throw new BadInput(
      `${name}: road: ${ways.join(' and ') || 'no line'}; give one of waypoints, geojson, gtfs`,
    )
  if (road.shape !== undefined && ways[0] !== 'gtfs')
    throw new BadInput(`${name}: road.shape: belongs to gtfs; remove it`)
  if (typeof road.geojson === 'string') return lineIn(join(folder, road.geojson), `${name}: road.geojson`)
  if (typeof road.gtfs === 'string') return shapeIn(join(folder, road.gtfs), road.shape, `${name}: road.gtfs`)
  return null
}

function lineIn(path: string, where: string): readonly Waypoint[] {
  const document = parseJsonText(readText(path, where, 'name a GeoJSON file beside the scenario'), where)
  const line = firstLine(document)
  if (line === null) throw new BadInput(`${where}: no LineString in it; name a file with one`)
  return line.map((point) => {
    const [lon, lat] = Array.isArray(point) ? point : []
    if (typeof lon === 'number' && typeof lat === 'number') return [lat, lon]
    throw new BadInput(`${where}: a coordinate that is no pair of numbers; correct the file`)
  })
}

/** The coordinates of the first LineString in a document. */
function firstLine(value: unknown): readonly unknown[] | null {
  if (typeof value !== 'object' || value === null) return null
  const { type, coordinates, geometry, features } = value as { readonly [key: string]: unknown }
  if (type === 'LineString' && Array.isArray(coordinates)) return coordinates
  if (type === 'Feature') return firstLine(geometry)
  if (!Array.isArray(features)) return null
  for (const feature of features) {
    const line = firstLine(feature)
    if (line !== null) return line
  }
  return null
}

async function shapeIn(path: string, shape: unknown, where: string): Promise<readonly Waypoint[]> {
  readText(path, where, 'name the shapes.txt of a GTFS feed beside the scenario')
  const { shapes } = await readShapes(textLines(createReadStream(path)), where)
  const chosen = shapes.filter(({ id }) => shape === undefined || id === shape)
  const ids = shapes.map(({ id }) => id).join(', ')
  if (chosen.length !== 1)
    throw new BadInput(`${where}: ${chosen.length} shapes fit; name one of ${ids} in road.shape`)
  return chosen[0]!.points.map(([lon, lat]) => [lat, lon])
}

function readText(path: string, name: string, remedy: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? `no file ${path}` : `${path} cannot be read (${code})`
    throw new BadInput(`${name}: ${why}; ${remedy}`)
  }
}
