import { readFileSync } from 'node:fs'
import { detectors, driverDetectors } from '../../device/detectors/index.ts'
import { rules } from '../../gateway/rules/index.ts'
import { type AnyDetector, compareFindings, type States, stepAll } from '../../proto/detector.ts'
import { noAreas } from '../../proto/geo/areas.ts'
import { type Documents, settingsAt } from '../../proto/in-force.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { mergePolicy, policyDigest, policyFileSchema } from '../../proto/policy.ts'
import { parseAreas } from '../../proto/shapes/areas.ts'
import { parseRoute } from '../../proto/shapes/route.ts'
import { tripSchema } from '../../proto/shapes/trip.ts'
import { vehicleSchema } from '../../proto/shapes/vehicle.ts'
import { beijing, sampleAt } from './drive.ts'
import { deepFreeze, roadPoint } from './road.ts'

/**
 * Cases along a straight road to the east, as a safety officer would write them: a route, areas across it, a policy,
 * and a drive of steps. Times are seconds since the start, places metres along the road and beside it.
 */
export type Step = {
  readonly for: number
  readonly kmh?: number
  /** West instead of east. */
  readonly back?: boolean
  /** Metres beside the road at the end of the step, reached evenly. */
  readonly to?: number
  /** No fix; with `silent` nothing at all. */
  readonly lost?: boolean
  readonly silent?: boolean
  readonly door?: boolean
  readonly accuracyM?: number
}
export type Common = {
  readonly hosts?: readonly string[]
  readonly start?: string
  readonly class?: string
  readonly vehicle?: object
  readonly policy?: object
  readonly trip?: Record<string, unknown>
  readonly route?: { readonly lengthM?: number; readonly [property: string]: unknown } | null
  readonly areas?: readonly Box[]
  /** When the areas were pushed. */
  readonly pushedS?: number
  readonly atM?: number
  readonly besideM?: number
  readonly everyS?: number
  readonly odometer?: boolean
}
type Box = {
  readonly id: string
  readonly from: number
  readonly to: number
  readonly low?: number
  readonly high?: number
  readonly [property: string]: unknown
}
export type Case = Common & {
  readonly title: string
  readonly drive: readonly Step[]
  readonly expect: readonly string[]
  /** What the evidence of the first finding holds. */
  readonly evidence?: Record<string, unknown>
}
export type CaseFile = Common & { readonly about: string; readonly cases: readonly Case[] }

export function caseFile(name: string): CaseFile {
  return JSON.parse(readFileSync(new URL(`../cases/road/${name}`, import.meta.url), 'utf8')) as CaseFile
}

const lonLat = (x: number, y: number): [number, number] => {
  const { lon, lat } = roadPoint(x, y)
  return [lon, lat]
}

/** The documents of a case as the files a person would write. */
export type RoadFiles = {
  readonly vehicle: object
  readonly policy: object
  readonly trip?: object
  readonly route?: object
  readonly areas?: object
}

export function filesOf(one: Common): RoadFiles {
  const startMs = beijing(one.start ?? '')
  const vehicle = {
    ...{ id: 'v1', fleet: 'f1', class: one.class ?? 'coach' },
    ...{ serviceClass: 'scheduled', oneWayKm: null, relay: null },
    ...one.vehicle,
  }
  const areas = one.areas ?? []
  return {
    vehicle,
    policy: one.policy ?? {},
    ...(one.trip === undefined ? {} : { trip: tripOf(one.trip, startMs) }),
    ...(one.route === null || one.route === undefined ? {} : { route: routeOf(one.route) }),
    ...(areas.length === 0 ? {} : { areas: { type: 'FeatureCollection', features: areas.map(boxOf) } }),
  }
}

export function documentsOf(one: Common): Documents {
  const files = filesOf(one)
  const vehicle = vehicleSchema.parse(files.vehicle)
  const policy = mergePolicy(vehicle.class, policyFileSchema.parse(files.policy))
  const startMs = beijing(one.start ?? '')
  return {
    vehicle,
    trips: files.trip === undefined ? [] : [tripSchema.parse(files.trip)],
    policy,
    policyDigest: policyDigest(policy),
    routes: files.route === undefined ? [] : parseRoute(files.route, 'route'),
    areas: files.areas === undefined ? noAreas : parseAreas(files.areas, 'areas'),
    areasSinceMs: one.pushedS === undefined ? null : startMs + one.pushedS * 1000,
  }
}

/** Stops of a case are in seconds since its start. */
function tripOf({ stops, ...more }: Record<string, unknown>, startMs: number): object {
  const instant = (s: number): string => new Date(startMs + s * 1000).toISOString()
  const timed = (stops as { areaId: string; arrive: number; depart: number }[] | undefined)?.map((stop) => ({
    areaId: stop.areaId,
    arrive: instant(stop.arrive),
    depart: instant(stop.depart),
  }))
  return {
    ...{ id: 'trip-1', vehicle: 'v1', from: instant(0), to: instant(86_400), drivers: [] },
    ...{ serviceClass: 'scheduled', oneWayKm: null },
    ...(timed === undefined ? {} : { stops: timed }),
    ...more,
  }
}

function routeOf({ lengthM = 100_000, ...properties }: NonNullable<Common['route']>): object {
  return {
    type: 'Feature',
    properties: { id: 'R', name: '测试线', halfWidthM: 100, ...properties },
    geometry: { type: 'LineString', coordinates: [lonLat(0, 0), lonLat(lengthM / 2, 0), lonLat(lengthM, 0)] },
  }
}

function boxOf({ from, to, low = -300, high = 300, ...properties }: Box): object {
  const ring = [lonLat(from, low), lonLat(to, low), lonLat(to, high), lonLat(from, high), lonLat(from, low)]
  return { type: 'Feature', properties, geometry: { type: 'Polygon', coordinates: [ring] } }
}

export function samplesOf(one: Case): Sample[] {
  const startMs = beijing(one.start ?? '')
  const everyS = one.everyS ?? 1
  const samples: Sample[] = []
  let [s, alongM, besideM] = [0, one.atM ?? 0, one.besideM ?? 0]
  let odometerM = 500_000
  for (const step of one.drive) {
    const mps = (step.kmh ?? 0) / 3.6
    const slant = step.to === undefined ? 0 : (step.to - besideM) / step.for
    for (const end = s + step.for; s < end; s += everyS) {
      if (step.silent !== true)
        samples.push(
          sampleAt(startMs + s * 1000, {
            fix:
              step.lost === true
                ? null
                : { ...roadPoint(alongM, besideM), accuracyM: step.accuracyM ?? null, satellites: 9 },
            speedKmh: step.kmh ?? 0,
            speedSource: 'wheel',
            odometerM: one.odometer === true ? Math.round(odometerM) : null,
            doorOpen: step.door ?? null,
          }),
        )
      alongM += (step.back === true ? -mps : mps) * everyS
      odometerM += mps * everyS
      besideM += slant * everyS
    }
  }
  return samples
}

/** Detectors see every Sample, rules see telemetry. */
export function runCase(one: Case): Finding[] {
  return runOn(one, samplesOf(one), samplesOf(one))
}

/** As its two hosts see it: rules get what the wire lets through. */
export function runOn(one: Case, seen: readonly Sample[], wired: readonly Sample[]): Finding[] {
  const isOurs = ({ name }: { readonly name: string }): boolean => one.hosts?.includes(name) === true
  const [onTerminal, onGateway] = [[...detectors, ...driverDetectors].filter(isOurs), rules.filter(isOurs)]
  if (onTerminal.length + onGateway.length !== one.hosts?.length)
    throw new Error(`unknown host among ${one.hosts?.join()}`)
  return [...run(onTerminal, one, seen), ...run(onGateway, one, wired)].toSorted(compareFindings)
}

function run(hosts: readonly AnyDetector[], one: Case, samples: readonly Sample[]): Finding[] {
  const documents = documentsOf(one)
  const findings: Finding[] = []
  let states: States = {}
  for (const sample of deepFreeze(samples)) {
    const step = stepAll(hosts, states, sample, settingsAt(documents, sample.atMs))
    // What is stored is JSON: a state that does not survive it would forget over a power cut.
    states = JSON.parse(JSON.stringify(step.state)) as States
    findings.push(...step.findings)
  }
  return findings
}

/** `started speeding/section R 120.5 121 major`: instant, when it was known, severity. */
export function lineOf(
  startMs: number,
  { phase, kind, reason, subject, atMs, decidedAtMs, severity, grade }: Finding,
): string {
  const seconds = (ms: number): string => String(Math.round((ms - startMs) / 10) / 100)
  const what = reason === null ? kind : `${kind}/${reason}`
  const doubt = grade === 'sufficient' ? '' : ` ${grade}`
  return `${phase} ${what} ${subject} ${seconds(atMs)} ${seconds(decidedAtMs)} ${severity}${doubt}`
}
