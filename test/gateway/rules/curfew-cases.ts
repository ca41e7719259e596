import { readFileSync } from 'node:fs'
import { noAreas } from '../../../proto/geo/areas.ts'
import type { LatLon } from '../../../proto/geo/earth.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import { mergePolicy, policyDigest, policyFileSchema } from '../../../proto/policy.ts'
import type { Settings } from '../../../proto/settings.ts'
import { tripAt, tripSchema } from '../../../proto/shapes/trip.ts'
import { vehicleSchema } from '../../../proto/shapes/vehicle.ts'
import { localText } from '../../../proto/time.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { centreOf, type Rectangle, rectangles } from '../../help/rectangles.ts'

/**
 * Cases as a safety officer would write them: a coach, a drive of legs that each last until the next, and the
 * lines that must come out, `kind phase at .. known .. severity reason`. Times are Beijing time.
 */
export type Leg = {
  readonly from: string
  readonly kmh?: number | null
  readonly driver?: string | null
  readonly coDriver?: string | null
  /** An area's id (its centre), `road` (outside every area), a position, or null for none. */
  readonly at?: string | readonly [number, number] | null
  readonly everyS?: number
  /** Nothing is heard until the next leg, which begins so many km on. */
  readonly silentKm?: number
  readonly accuracyM?: number | null
}

export type Case = {
  readonly case: string
  readonly vehicle?: Record<string, unknown>
  readonly trips?: readonly Record<string, unknown>[]
  readonly policy?: Record<string, unknown>
  readonly odometer?: boolean
  readonly drive: readonly Leg[]
  readonly expect: readonly string[]
  /** Evidence that the first `started` of a kind must hold. */
  readonly evidence?: { readonly [kind: string]: Record<string, unknown> }
}

export type CaseFile = {
  readonly about: string
  readonly vehicle: Record<string, unknown>
  readonly areas: { readonly [id: string]: Rectangle }
  readonly cases: readonly Case[]
}

export function casesOf(name: string): CaseFile {
  return JSON.parse(
    readFileSync(new URL(`../../cases/curfew/${name}.json`, import.meta.url), 'utf8'),
  ) as CaseFile
}

/** A point on the road, far from every area of the cases. */
export const road: LatLon = { lat: 30, lon: 110 }

export function settingsOf(file: CaseFile, one: Case): (atMs: number) => Settings {
  const vehicle = vehicleSchema.parse({ id: 'coach-1', fleet: 'f', ...file.vehicle, ...one.vehicle })
  const trips = (one.trips ?? []).map((trip) =>
    tripSchema.parse({ id: 'trip-1', vehicle: 'coach-1', drivers: [], ...trip }),
  )
  const policy = mergePolicy(vehicle.class, policyFileSchema.parse(one.policy ?? {}))
  const digest = policyDigest(policy)
  const areas = Object.keys(file.areas).length === 0 ? noAreas : rectangles(file.areas)
  const base = { policy, policyDigest: digest, vehicle, route: null, areas, areasSinceMs: null }
  const made = new Map<unknown, Settings>()
  return (atMs) => {
    const trip = tripAt(trips, atMs)
    const known = made.get(trip) ?? { ...base, trip }
    made.set(trip, known)
    return known
  }
}

export function samplesOf(file: CaseFile, one: Case): Sample[] {
  const samples: Sample[] = []
  let leg: Leg = { from: '', kmh: null, driver: null, at: 'road', everyS: 1 }
  let odometerM = 1_000_000
  one.drive.forEach((next, index) => {
    const { silentKm: _, ...before } = leg
    leg = { ...before, ...next }
    const toMs = index + 1 < one.drive.length ? beijing(one.drive[index + 1]!.from) : beijing(leg.from) + 1
    if (leg.silentKm !== undefined) odometerM += leg.silentKm * 1000
    else odometerM = drive(samples, leg, toMs, odometerM, file, one.odometer === true)
  })
  return samples
}

function drive(
  samples: Sample[],
  leg: Leg,
  toMs: number,
  odometerM: number,
  file: CaseFile,
  known: boolean,
): number {
  const everyS = leg.everyS ?? 1
  let metres = odometerM
  for (let atMs = beijing(leg.from); atMs < toMs; atMs += everyS * 1000) {
    const at = placeOf(leg, file)
    samples.push(
      sampleAt(atMs, {
        fix: at === null ? null : { ...at, accuracyM: leg.accuracyM ?? null, satellites: null },
        speedKmh: leg.kmh ?? null,
        driver: leg.driver ?? null,
        coDriver: leg.coDriver ?? null,
        odometerM: known ? Math.round(metres) : null,
      }),
    )
    metres += ((leg.kmh ?? 0) / 3.6) * everyS
  }
  return metres
}

function placeOf({ at }: Leg, file: CaseFile): LatLon | null {
  if (at === null || at === undefined) return null
  if (typeof at !== 'string') return { lat: at[0], lon: at[1] }
  if (at === 'road') return road
  const rectangle = file.areas[at]
  if (rectangle === undefined) throw new Error(`no area ${at} in this file of cases`)
  return centreOf(rectangle)
}

const ms = (atMs: number): string =>
  `${localText(atMs, 'Asia/Shanghai')}.${String(atMs % 1000).padStart(3, '0')}`

/** `curfew started 2026-11-23 02:00:00.000 known 02:00:30.000 critical noCertificate`. */
export function lineOf(finding: Finding): string {
  const { kind, phase, atMs, decidedAtMs, severity, reason } = finding
  const known = ms(decidedAtMs).slice(11)
  return `${kind} ${phase} ${ms(atMs)} known ${known} ${severity}${reason === null ? '' : ` ${reason}`}`
}
