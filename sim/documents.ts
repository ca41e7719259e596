import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ringAround, rounded } from './road.ts'
import type { Plan, Scenario } from './scenario.ts'

/** The files that people would have written for this vehicle: the same shapes, read by the same gates (design 10). */
export type Documents = {
  readonly vehicle: string
  readonly trip: string
  readonly route: string
  readonly areas: string
  readonly policy: string
  readonly vehiclesDir: string
  readonly tripsDir: string
}

/** Beside the configuration of the gateway. */
export const routeFile = 'route.geojson'

export function writeDocuments(plan: Plan, dataDir: string): Documents {
  const { scenario } = plan
  const vehiclesDir = join(dataDir, 'vehicles')
  const tripsDir = join(dataDir, 'trips')
  for (const folder of [dataDir, vehiclesDir, tripsDir]) mkdirSync(folder, { recursive: true })
  const write = (path: string, value: unknown): string => {
    writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`)
    return path
  }
  return {
    vehiclesDir,
    tripsDir,
    vehicle: write(join(vehiclesDir, `${scenario.vehicle.id}.json`), scenario.vehicle),
    trip: write(join(tripsDir, `${scenario.trip.id}.json`), scenario.trip),
    route: write(join(dataDir, routeFile), routeDocument(plan)),
    areas: write(join(dataDir, 'areas.geojson'), areasDocument(plan)),
    policy: write(join(dataDir, 'policy.json'), plan.policy),
  }
}

const metres = (km: number): number => Math.round(km * 1000)

export function routeDocument({ scenario, road }: Plan): unknown {
  const { id, name, halfWidthM, limits } = scenario.road
  return {
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        properties: {
          id,
          name,
          halfWidthM,
          limits: limits.map(({ fromKm, toKm, ...limit }) => ({
            fromM: metres(fromKm),
            toM: metres(toKm),
            ...limit,
          })),
        },
        geometry: {
          type: 'LineString',
          coordinates: road.points.map(({ lat, lon }) => [rounded(lon), rounded(lat)]),
        },
      },
    ],
  }
}

export function areasDocument({ scenario, road }: Plan): unknown {
  return { type: 'FeatureCollection', features: scenario.areas.map((area) => areaFeature(area, road)) }
}

function areaFeature(area: Scenario['areas'][number], road: Plan['road']): unknown {
  const { fromKm, toKm, halfWidthM, ...properties } = area
  return {
    type: 'Feature',
    properties,
    geometry: {
      type: 'Polygon',
      coordinates: [ringAround(road, metres(fromKm), metres(toKm), halfWidthM)],
    },
  }
}
