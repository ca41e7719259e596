import { readFileSync } from 'node:fs'
import type { Finding, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import type { Trip } from '../../proto/shapes/trip.ts'
import type { VehicleClass } from '../../proto/shapes/vehicle.ts'
import { beijing, sampleAt } from './drive.ts'
import { boxAreas, type RoadShape, roadPoint, roadRoute, settingsFor } from './road.ts'

/** Off-route cases as a safety officer writes them: so many seconds, ending so far beside the road. */

export type RouteStep = {
  for: number
  to: number
  mps?: number
  kmh?: number
  silent?: boolean
  refused?: boolean
  reseeded?: boolean
  accuracyM?: number
  jitterM?: number
}
export type RouteCase = {
  title: string
  class?: VehicleClass
  everyS?: number
  beside?: number
  reach?: boolean
  odometer?: boolean
  alternatives?: RoadShape[]
  goodsClass?: string
  charter?: { validTo: string }
  routeGoneAt?: number
  drive: RouteStep[]
  expect: [Finding['phase'], number, number, object?][]
}

export const routeFile = JSON.parse(
  readFileSync(new URL('../cases/route/off-route.json', import.meta.url), 'utf8'),
) as { about: string; start: string; cases: RouteCase[] }
export const startMs = beijing(routeFile.start)

export function samplesOf(one: RouteCase): Sample[] {
  const samples: Sample[] = one.reach === true ? [sampleAt(startMs - 1000, { fix: fixAt(0, 0, null) })] : []
  const everyS = one.everyS ?? 1
  let besideM = one.beside ?? 0
  let alongM = 0
  let odometerM = 0
  let s = 0
  let due = 0
  for (const step of one.drive) {
    const perS = (step.to - besideM) / step.for
    const mps = step.mps ?? 20
    for (let left = step.for; left > 0; left--, s++) {
      if (s === due) {
        due += everyS
        if (step.silent !== true)
          samples.push(sampleOf(step, s, alongM, besideM, one.odometer === true ? odometerM : null))
      }
      besideM += perS
      alongM += mps
      odometerM += Math.hypot(mps, perS)
    }
  }
  return samples
}

export function fixAt(alongM: number, besideM: number, accuracyM: number | null): Sample['fix'] {
  return { ...roadPoint(alongM, besideM), accuracyM, satellites: null }
}

let firstSeeded = -1
function sampleOf(
  step: RouteStep,
  s: number,
  alongM: number,
  besideM: number,
  odometerM: number | null,
): Sample {
  const jitter = step.jitterM === undefined ? 0 : (s % 2) * step.jitterM
  if (step.reseeded === true && firstSeeded === -1) firstSeeded = s
  if (step.reseeded !== true) firstSeeded = -1
  return sampleAt(startMs + s * 1000, {
    fix: step.refused === true ? null : fixAt(alongM + jitter, besideM, step.accuracyM ?? null),
    positionRefused: step.refused === true,
    reseeded: firstSeeded === s,
    speedKmh: step.kmh ?? null,
    odometerM,
  })
}

function tripOf(one: RouteCase): Trip | null {
  if (one.goodsClass === undefined && one.charter === undefined) return null
  const base: Trip = {
    id: 'trip-1',
    vehicle: 'bus-1',
    from: '2026-11-01T00:00:00+08:00',
    to: '2026-12-01T00:00:00+08:00',
    drivers: [],
    serviceClass: null,
    oneWayKm: null,
  }
  if (one.goodsClass !== undefined) return { ...base, waybill: { goodsClass: one.goodsClass, escort: null } }
  return {
    ...base,
    charter: { plate: 'C1', validFrom: '2026-11-01', validTo: one.charter?.validTo ?? '', areas: ['county'] },
  }
}

export function settingsOf(one: RouteCase): Settings {
  return settingsFor(one.class ?? 'coach', null, {
    route: roadRoute({ halfWidthM: 205 }, ...(one.alternatives ?? [])),
    trip: tripOf(one),
    areas: boxAreas([{ id: 'county', role: 'hub', fromM: -1e6, toM: 1e6, halfWidthM: 1005 }]),
  })
}
