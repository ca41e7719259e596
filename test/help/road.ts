import type { Area, AreaIndex, AreaRole } from '../../proto/geo/areas.ts'
import { noAreas } from '../../proto/geo/areas.ts'
import type { Corridor } from '../../proto/geo/corridor.ts'
import { type LatLon, metresPerDegree } from '../../proto/geo/earth.ts'
import { mergePolicy, type PolicyFile } from '../../proto/policy.ts'
import type { Settings } from '../../proto/settings.ts'
import { parseRoute } from '../../proto/shapes/route.ts'
import { defaultVehicle, type Vehicle, type VehicleClass } from '../../proto/shapes/vehicle.ts'

/** A straight road to the east, so that a place is so many metres along it and so many beside it (north is positive). */

const origin = { lat: 30, lon: 114 }
const scale = metresPerDegree(origin.lat)

export function roadPoint(alongM: number, besideM = 0): LatLon {
  return { lat: origin.lat + besideM / scale.lat, lon: origin.lon + alongM / scale.lon }
}

export function roadMetres(point: LatLon): { alongM: number; besideM: number } {
  return { alongM: (point.lon - origin.lon) * scale.lon, besideM: (point.lat - origin.lat) * scale.lat }
}

export type RoadShape = {
  id?: string
  lengthM?: number
  halfWidthM?: number
  besideM?: number
  limits?: object[]
}

/** A route along the road; further shapes are its alternatives. */
export function roadRoute(...shapes: RoadShape[]): Corridor {
  const features = shapes.map(({ id, lengthM = 50_000, halfWidthM = 200, besideM = 0, limits = [] }) => ({
    type: 'Feature',
    properties: { id: id ?? 'route-1', name: '长沙—武汉', halfWidthM, limits },
    geometry: {
      type: 'LineString',
      coordinates: [0, lengthM / 2, lengthM].map((x) => {
        const { lat, lon } = roadPoint(x, besideM)
        return [lon, lat]
      }),
    },
  }))
  const [route] = parseRoute({ type: 'FeatureCollection', features }, 'road')
  if (route === undefined) throw new Error('a road has a route')
  return route
}

/** The same road measured to the whole metre, so that a drive can stand on a border to the last bit. */
export function ruledRoute({ halfWidthM = 200, oneWay = false } = {}): Corridor {
  const lengthM = 100_000
  return {
    id: 'ruled',
    name: '量尺线',
    lines: [{ points: [roadPoint(0), roadPoint(lengthM)], halfWidthM, lengthM, limits: [], oneWay }],
    stops: [],
    nearest: (point) => {
      const { alongM, besideM } = roadMetres(point)
      return { line: 0, distanceM: Math.round(Math.abs(besideM)), alongM: Math.round(alongM), segment: 0 }
    },
    limitAt: () => null,
  }
}

export type BoxShape = {
  id: string
  fromM: number
  toM: number
  halfWidthM?: number
  role?: AreaRole
  limitKmh?: number
  nightLimitKmh?: number
  classes?: VehicleClass[]
  windows?: { from: string; to: string; days?: number[] }[]
}

/** Areas that are boxes across the road: simple enough to be seen to be right. */
export function boxAreas(shapes: readonly BoxShape[]): AreaIndex {
  const all = shapes.map(boxArea).sort((a, b) => (a.id < b.id ? -1 : 1))
  return {
    ...noAreas,
    all,
    byId: new Map(all.map((area) => [area.id, area])),
    at: (point) => all.filter((area) => area.contains(point)),
    near: (point, metres) => all.filter((area) => area.signedDistanceM(point) <= metres),
  }
}

function boxArea(shape: BoxShape): Area {
  const { id, fromM, toM, halfWidthM = 1000, role = 'speedZone' } = shape
  const signedDistanceM = (point: LatLon): number => {
    const { alongM, besideM } = roadMetres(point)
    return Math.max(fromM - alongM, alongM - toM, Math.abs(besideM) - halfWidthM)
  }
  return {
    id,
    name: id,
    role,
    classes: shape.classes ?? null,
    windows: shape.windows ?? null,
    limitKmh: shape.limitKmh ?? null,
    nightLimitKmh: shape.nightLimitKmh ?? null,
    dwellS: null,
    contains: (point) => signedDistanceM(point) <= 0,
    signedDistanceM,
    crossings: () => [],
  }
}

export function settingsFor(
  vehicleClass: VehicleClass,
  policy: PolicyFile | null = null,
  more: Partial<Settings> = {},
): Settings {
  const vehicle: Vehicle = { ...defaultVehicle, id: 'bus-1', class: vehicleClass }
  return {
    policy: mergePolicy(vehicleClass, policy),
    policyDigest: 'digest',
    vehicle,
    trip: null,
    route: null,
    areas: noAreas,
    areasSinceMs: null,
    ...more,
  }
}

/** Nothing given to a step may be changed by it. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
