import { areas } from '../../gateway/rules/areas.ts'
import { drive } from '../../proto/detector.ts'
import { type AreaSpec, indexAreas } from '../../proto/geo/area-index.ts'
import type { AreaIndex } from '../../proto/geo/areas.ts'
import { metresPerDegree } from '../../proto/geo/earth.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { defaultPolicy, policyDigest } from '../../proto/policy.ts'
import type { Settings } from '../../proto/settings.ts'
import type { Trip } from '../../proto/shapes/trip.ts'
import { defaultVehicle, type VehicleClass } from '../../proto/shapes/vehicle.ts'
import { isoUtc } from '../../proto/time.ts'
import { beijing, sampleAt } from './drive.ts'

/** A straight road to the east at 30 degrees north: places are metres along it and beside it. */
const origin = { lat: 30, lon: 110 }
const scale = metresPerDegree(origin.lat)

export function placeAt(x: number, y = 0): { lat: number; lon: number } {
  return { lat: origin.lat + y / scale.lat, lon: origin.lon + x / scale.lon }
}

/** An area across the road, [from, to] metres, 400 m wide unless said otherwise. */
export type RoadArea = Partial<Omit<AreaSpec, 'shape'>> & {
  readonly id: string
  readonly from: number
  readonly to: number
  readonly low?: number
  readonly high?: number
}

export function roadAreas(list: readonly RoadArea[]): AreaIndex {
  return indexAreas(
    list.map(({ from, to, low = -200, high = 200, ...rest }) => {
      const corners = [
        [from, low],
        [to, low],
        [to, high],
        [from, high],
        [from, low],
      ] as const
      const ring = corners.flatMap(([x, y]) => [placeAt(x, y).lon, placeAt(x, y).lat])
      return {
        name: rest.id,
        role: 'noEntry',
        classes: null,
        windows: null,
        limitKmh: null,
        nightLimitKmh: null,
        dwellS: null,
        ...rest,
        shape: { is: 'polygons', polygons: [[ring]] },
      }
    }),
  )
}

/** One row of a case: `x` and `y` in metres; no `x` is no position. */
export type Row = {
  readonly at: string
  readonly x?: number
  readonly y?: number
  readonly acc?: number
  readonly kmh?: number
  readonly odoM?: number
  readonly door?: boolean
  readonly reseeded?: boolean
  readonly wheel?: boolean
  /** Repeat once a second up to, not including, this local time. */
  readonly until?: string
}

export type Case = {
  readonly name: string
  readonly class?: VehicleClass
  readonly areas: readonly RoadArea[]
  readonly pushed?: string
  readonly charter?: { readonly areas: readonly string[]; readonly from: string; readonly to: string }
  readonly rows: readonly Row[]
  /** `phase kind/reason subject at`, in order. */
  readonly expect: readonly string[]
  /** What the evidence of the first finding holds. */
  readonly evidence?: Record<string, unknown>
}

const wallTime = (text: string): number => beijing(/^\d{4}-/.test(text) ? text : `2026-11-20 ${text}`)

export function samplesOf(rows: readonly Row[]): Sample[] {
  return rows.flatMap((row) => {
    const from = wallTime(row.at)
    const to = row.until === undefined ? from + 1 : wallTime(row.until)
    const samples: Sample[] = []
    for (let atMs = from; atMs < to; atMs += 1000) samples.push(rowAt(row, atMs))
    return samples
  })
}

function rowAt(row: Row, atMs: number): Sample {
  return sampleAt(atMs, {
    fix:
      row.x === undefined ? null : { ...placeAt(row.x, row.y), accuracyM: row.acc ?? null, satellites: null },
    speedKmh: row.kmh ?? null,
    speedSource: row.kmh === undefined ? null : row.wheel === true ? 'wheel' : 'gnss',
    odometerM: row.odoM ?? null,
    doorOpen: row.door ?? null,
    reseeded: row.reseeded ?? false,
  })
}

export function settingsWith(index: AreaIndex, known: Partial<Settings> = {}): Settings {
  const policy = defaultPolicy('coach')
  return {
    policy,
    policyDigest: policyDigest(policy),
    vehicle: defaultVehicle,
    trip: null,
    route: null,
    areas: index,
    areasSinceMs: null,
    ...known,
  }
}

export function charterTrip(areasAgreed: readonly string[], from: string, to: string): Trip {
  return {
    id: 'T1',
    vehicle: 'vehicle',
    from: isoUtc(wallTime(from)),
    to: isoUtc(wallTime(to)),
    drivers: [],
    serviceClass: 'charterTour',
    oneWayKm: null,
    charter: { plate: 'BC-1', validFrom: '2026-11-01', validTo: '2026-11-30', areas: [...areasAgreed] },
  }
}

/** Runs a case as the gateway would: the trip is in force while it lasts. */
export function runCase(one: Case): Finding[] {
  const index = roadAreas(one.areas)
  const none = roadAreas([])
  const pushedMs = one.pushed === undefined ? null : wallTime(one.pushed)
  const trip =
    one.charter === undefined ? null : charterTrip(one.charter.areas, one.charter.from, one.charter.to)
  const vehicle = { ...defaultVehicle, class: one.class ?? 'coach' } as const
  const settings = (sample: Sample): Settings => {
    const covered = trip !== null && sample.atMs >= Date.parse(trip.from) && sample.atMs < Date.parse(trip.to)
    const known = pushedMs === null || sample.atMs >= pushedMs
    return settingsWith(known ? index : none, {
      vehicle,
      trip: covered ? trip : null,
      areasSinceMs: known ? pushedMs : null,
    })
  }
  return drive(areas, samplesOf(one.rows), settings).findings
}

/** `started area/noEntry A 10:00:05.000` */
export function lineOf(finding: Finding): string {
  const clock = isoUtc(finding.atMs + 8 * 3_600_000)
  const day = clock.slice(0, 10) === '2026-11-20' ? '' : `${clock.slice(0, 10)} `
  const kind = finding.reason === null ? finding.kind : `${finding.kind}/${finding.reason}`
  return `${finding.phase} ${kind} ${finding.subject} ${day}${clock.slice(11, 23)}`
}
