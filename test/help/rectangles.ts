import type { Area, AreaIndex, AreaRole } from '../../proto/geo/areas.ts'
import { distanceM, type LatLon } from '../../proto/geo/earth.ts'
import type { Json } from '../../proto/model.ts'

/** Areas by hand: rectangles along the parallels, so that a rule's test depends on no geometry but this page. */
export type Rectangle = {
  readonly role: AreaRole
  readonly lat: readonly [number, number]
  readonly lon: readonly [number, number]
  readonly name?: string
}

export function rectangles(byId: { readonly [id: string]: Rectangle }): AreaIndex {
  const all = Object.keys(byId)
    .sort()
    .map((id) => areaOf(id, byId[id]!))
  const at = (point: LatLon) => all.filter(({ contains }) => contains(point))
  return {
    all,
    byId: new Map(all.map((area) => [area.id, area])),
    at,
    near: () => all,
    along: () => all,
  } as unknown as AreaIndex
}

function areaOf(id: string, { role, lat, lon, name }: Rectangle): Area {
  const contains = (point: LatLon): boolean =>
    point.lat >= lat[0] && point.lat <= lat[1] && point.lon >= lon[0] && point.lon <= lon[1]
  const nearest = (point: LatLon): LatLon => ({
    lat: Math.min(lat[1], Math.max(lat[0], point.lat)),
    lon: Math.min(lon[1], Math.max(lon[0], point.lon)),
  })
  const facts: Record<string, Json> = { limitKmh: null, nightLimitKmh: null, dwellS: null }
  return {
    ...facts,
    id,
    name: name ?? id,
    role,
    classes: null,
    windows: null,
    contains,
    signedDistanceM: (point: LatLon) => (contains(point) ? -1 : distanceM(point, nearest(point))),
    crossings: () => [],
  } as unknown as Area
}

export function centreOf({ lat, lon }: Rectangle): LatLon {
  return { lat: (lat[0] + lat[1]) / 2, lon: (lon[0] + lon[1]) / 2 }
}
