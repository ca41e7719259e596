import type { AreaSpec } from '../../proto/geo/area-index.ts'
import type { Corridor } from '../../proto/geo/corridor.ts'
import type { LatLon } from '../../proto/geo/earth.ts'
import type { Episode } from './episodes.ts'
import type { Row } from './gather.ts'
import { xml } from './tables.ts'
import { pathOf, thinLine, type Xy } from './thin-line.ts'

/** The map of a report: route, areas, track and findings, drawn from the data alone, so that no tile is needed. */

export type MapParts = {
  readonly rows: readonly Row[]
  readonly routes: readonly Corridor[]
  readonly areas: readonly AreaSpec[]
  readonly episodes: readonly Episode[]
  readonly toleranceKmh: number
}

const width = 1040
const height = 520
const margin = 36
const metresPerDegree = 111_195
/** A track that leaves a hole longer than this is drawn as two. */
export const holeMs = 60_000

type Projection = { readonly to: (point: LatLon) => Xy; readonly metresPerUnit: number }

export function mapSvg(parts: MapParts): string {
  const track = parts.rows.flatMap(({ sample, limitKmh }) =>
    sample.fix === null
      ? []
      : [{ ...sample.fix, atMs: sample.atMs, over: isOver(sample.speedKmh, limitKmh, parts) }],
  )
  if (track.length === 0) return '<p class="none">没有位置 · no positions</p>'
  const projection = projectionFor(track)
  const body = [
    ...parts.routes.flatMap((route) => routeParts(route, projection)),
    ...parts.areas.map((area) => areaPart(area, projection)),
    ...trackParts(track, projection),
    endPart(track[0]!, projection, '起 start'),
    endPart(track.at(-1)!, projection, '止 end'),
    ...parts.episodes.map((episode) => markPart(episode, projection)),
    scalePart(projection),
  ]
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="map">${body.join('')}</svg>`
}

const isOver = (kmh: number | null, limitKmh: number, { toleranceKmh }: MapParts): boolean =>
  kmh !== null && kmh > limitKmh + toleranceKmh

/** North up, the same scale both ways in the middle of the track. */
function projectionFor(points: readonly LatLon[]): Projection {
  const bounds = { south: 90, north: -90, west: 180, east: -180 }
  for (const { lat, lon } of points) {
    bounds.south = Math.min(bounds.south, lat)
    bounds.north = Math.max(bounds.north, lat)
    bounds.west = Math.min(bounds.west, lon)
    bounds.east = Math.max(bounds.east, lon)
  }
  const midLat = (bounds.south + bounds.north) / 2
  const midLon = (bounds.west + bounds.east) / 2
  const perLon = metresPerDegree * Math.max(0.01, Math.cos((midLat * Math.PI) / 180))
  const spanX = Math.max(200, (bounds.east - bounds.west) * perLon)
  const spanY = Math.max(200, (bounds.north - bounds.south) * metresPerDegree)
  const metresPerUnit = Math.max(spanX / (width - 2 * margin), spanY / (height - 2 * margin))
  return {
    metresPerUnit,
    to: ({ lat, lon }) => ({
      x: width / 2 + ((lon - midLon) * perLon) / metresPerUnit,
      y: height / 2 - ((lat - midLat) * metresPerDegree) / metresPerUnit,
    }),
  }
}

function routeParts({ id, name, lines }: Corridor, { to, metresPerUnit }: Projection): string[] {
  return lines.map(({ points, halfWidthM }) => {
    const wide = Math.max(9, (2 * halfWidthM) / metresPerUnit)
    const path = pathOf(thinLine(points.map(to), 0.5))
    return `<path class="route" d="${path}" stroke-width="${wide.toFixed(1)}"><title>${xml(`线路 route ${id} ${name}`)}</title></path>`
  })
}

/** An area too small to be seen at this scale is a square of this many units. */
const leastArea = 9

function areaPart({ id, name, role, shape }: AreaSpec, { to, metresPerUnit }: Projection): string {
  const title = `<title>${xml(`${name} (${id}), ${role}`)}</title>`
  if (shape.is === 'polygons') {
    const rings = shape.polygons.flat().map((ring) => corners(ring).map(to))
    const small = smallSquare(rings.flat())
    const path = small ?? rings.map((ring) => `${pathOf(thinLine(ring, 0.3))}Z`).join('')
    return `<path class="area ${role}${small === null ? '' : ' small'}" fill-rule="evenodd" d="${path}">${title}</path>`
  }
  return shape.capsules
    .map(({ a, b, radiusM }) => {
      const wide = Math.max(leastArea, (2 * radiusM) / metresPerUnit)
      return `<path class="strip ${role}" d="${pathOf([to(a), to(b)])}" stroke-width="${wide.toFixed(1)}">${title}</path>`
    })
    .join('')
}

function smallSquare(points: readonly Xy[]): string | null {
  const xs = points.map(({ x }) => x)
  const ys = points.map(({ y }) => y)
  const [west, east] = [Math.min(...xs), Math.max(...xs)]
  const [north, south] = [Math.min(...ys), Math.max(...ys)]
  if (east - west >= leastArea || south - north >= leastArea) return null
  const half = leastArea / 2
  const [x, y] = [(west + east) / 2 - half, (north + south) / 2 - half]
  return `M${x.toFixed(1)} ${y.toFixed(1)}h${leastArea}v${leastArea}h-${leastArea}Z`
}

function corners(ring: readonly number[]): LatLon[] {
  const points: LatLon[] = []
  for (let at = 0; at + 1 < ring.length; at += 2) points.push({ lon: ring[at]!, lat: ring[at + 1]! })
  return points
}

type TrackPoint = LatLon & { readonly atMs: number; readonly over: boolean }

/** Pieces of one colour each; a piece begins where the one before ended. */
function trackParts(track: readonly TrackPoint[], { to }: Projection): string[] {
  const pieces: { over: boolean; points: Xy[] }[] = []
  let before: TrackPoint | null = null
  for (const point of track) {
    const last = pieces.at(-1)
    const hole = before !== null && point.atMs - before.atMs > holeMs
    if (last === undefined || hole) pieces.push({ over: point.over, points: [to(point)] })
    else if (last.over === point.over) last.points.push(to(point))
    else pieces.push({ over: point.over, points: [last.points.at(-1)!, to(point)] })
    before = point
  }
  return pieces.map(
    ({ over, points }) => `<path class="track${over ? ' over' : ''}" d="${pathOf(thinLine(points, 0.4))}"/>`,
  )
}

function endPart(point: LatLon, { to }: Projection, label: string): string {
  const { x, y } = to(point)
  return `<circle class="end" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="5"/><text class="label" x="${(x + 9).toFixed(1)}" y="${(y + 18).toFixed(1)}">${label}</text>`
}

function markPart({ number, first, last }: Episode, { to }: Projection): string {
  if (first.place === null) return ''
  const { x, y } = to(first.place)
  return `<g class="mark ${last.severity}"><title>${xml(`${number} ${first.explain.zh} ${first.explain.en}`)}</title><circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="10"/><text x="${x.toFixed(1)}" y="${(y + 4).toFixed(1)}">${number}</text></g>`
}

const steps = [1, 2, 5]

function scalePart({ metresPerUnit }: Projection): string {
  const longest = 160 * metresPerUnit
  const power = 10 ** Math.floor(Math.log10(longest))
  const metres = (steps.findLast((step) => step * power <= longest) ?? 1) * power
  const units = metres / metresPerUnit
  const text = metres >= 1000 ? `${metres / 1000} km` : `${metres} m`
  const [x, y] = [width - margin - units, height - 16]
  return `<path class="scale" d="M${x} ${y - 5}V${y}H${x + units}V${y - 5}"/><text class="label" x="${x}" y="${y - 9}">${text}</text>`
}
