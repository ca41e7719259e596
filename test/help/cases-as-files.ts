import { readdirSync, readFileSync } from 'node:fs'
import { fatigue } from '../../device/detectors/fatigue.ts'
import { offRoute } from '../../device/detectors/off-route.ts'
import { speeding } from '../../device/detectors/speeding.ts'
import { charter } from '../../gateway/rules/charter.ts'
import { curfew } from '../../gateway/rules/curfew.ts'
import { displacement } from '../../gateway/rules/displacement.ts'
import { compareFindings, type Detector, drive } from '../../proto/detector.ts'
import { distanceM } from '../../proto/geo/earth.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { defaultVehicle } from '../../proto/shapes/vehicle.ts'
import { quantise } from '../../proto/telemetry.ts'
import {
  casesOf,
  samplesOf as curfewSamples,
  settingsOf as curfewSettings,
} from '../gateway/rules/curfew-cases.ts'
import * as areaRoad from './area-road.ts'
import * as day from './driving-day.ts'
import { coachSettings } from './driving-settings.ts'
import { type RoadShape, roadPoint } from './road.ts'
import * as road from './road-cases.ts'
import * as route from './route-cases.ts'
import * as speed from './speed-cases.ts'
import { csvOf, type TripFiles, unsayable } from './trip-files.ts'

/** Every case of `test/cases` as the files that say it, with what the detector or rule itself concludes of it. */
export type FiledCase = {
  readonly name: string
  readonly kinds: readonly string[]
  /** Where a kind has reasons of other detectors too: `kind/reason`, and nothing else is compared. */
  readonly whats?: ReadonlySet<string>
  /** Why no file can say it; null nearly always. */
  readonly unsayable: string | null
  readonly files: () => TripFiles
  readonly direct: () => readonly Finding[]
}

type Place = { readonly lat: number; readonly lon: number }
type Ring = readonly Place[]

const polygon = (id: string, properties: object, corners: Ring): object => ({
  type: 'Feature',
  properties: { ...properties, id },
  geometry: { type: 'Polygon', coordinates: [[...corners, corners[0]!].map(({ lat, lon }) => [lon, lat])] },
})
const collection = (features: readonly object[]): object => ({ type: 'FeatureCollection', features })
/** Keys that are null or absent say nothing in a file. */
const said = (object: object): object =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined))

const read = (folder: string, file: string): unknown =>
  JSON.parse(readFileSync(new URL(`../cases/${folder}/${file}`, import.meta.url), 'utf8'))
const filesIn = (folder: string): string[] =>
  readdirSync(new URL(`../cases/${folder}/`, import.meta.url)).filter((name) => name.endsWith('.json'))

function drivingCases(): FiledCase[] {
  return filesIn('driving-time').flatMap((file) => {
    const { cases, everyS } = read('driving-time', file) as day.CaseFile
    return cases.map((one): FiledCase => {
      // The coarsest spacing is said: the finest differs in nothing but the number of rows.
      const samples = day.samplesOf(one.drive, Math.max(...(one.everyS ?? everyS)))
      const vehicle = { ...defaultVehicle, class: one.vehicle ?? 'coach' }
      return {
        name: `driving-time/${file}: ${one.title}`,
        kinds: ['fatigue', 'fatigue-warning', 'no-driver', 'driver-change-doubtful'],
        unsayable: unsayable(samples),
        files: () => ({ csv: csvOf(samples), vehicle, policy: one.policy ?? {} }),
        direct: () =>
          drive(fatigue, samples, coachSettings(one.policy ?? null, one.vehicle ?? 'coach')).findings,
      }
    })
  })
}

/** 70 m/s is what the jump filter believes; well below it no position is in doubt. */
const believedMps = 60

/** The least speed at which every position of a drive could have been driven. */
function fastestMps(samples: readonly Sample[]): number {
  let mps = 0
  let last: Sample | null = null
  for (const sample of samples) {
    if (sample.fix === null) continue
    if (last?.fix) mps = Math.max(mps, distanceM(last.fix, sample.fix) / ((sample.atMs - last.atMs) / 1000))
    last = sample
  }
  return mps
}

/**
 * Night cases put the vehicle from one province into the next within a second, which no file may. The whole map is
 * drawn smaller about the road until that is a step one can believe: inside stays inside.
 */
function shrinking(samples: readonly Sample[]): (place: Place) => Place {
  const mps = fastestMps(samples)
  if (mps <= believedMps) return (place) => place
  const scale = believedMps / mps
  return ({ lat, lon }) => ({ lat: 30 + (lat - 30) * scale, lon: 110 + (lon - 110) * scale })
}

/** The gateway sees the first Sample of each second, wherever the drive comes from. */
function crowded(samples: readonly Sample[]): string | null {
  const seconds = new Set(samples.map(({ atMs }) => Math.floor(atMs / 1000)))
  return seconds.size < samples.length ? 'telemetry keeps the first Sample of a second' : null
}

/** Within this of a change nothing is left out. */
const nearMs = 40_000

/** Nights are long: where nothing changes, one Sample in ten seconds says the same. */
function sparse(samples: readonly Sample[]): Sample[] {
  const looks = samples.map(({ atMs: _at, odometerM: _odometer, ...rest }) => JSON.stringify(rest))
  const changes = samples.flatMap(({ atMs }, i) => (i === 0 || looks[i] !== looks[i - 1] ? [atMs] : []))
  let next = 0
  return samples.filter(({ atMs }, i) => {
    while (next + 1 < changes.length && atMs >= changes[next + 1]! - nearMs) next++
    const near = Math.abs(atMs - changes[next]!) <= nearMs
    return near || atMs % 10_000 === 0 || i === samples.length - 1
  })
}

function curfewCases(): FiledCase[] {
  return filesIn('curfew').flatMap((name) => {
    const file = casesOf(name.replace('.json', ''))
    return file.cases.map((one): FiledCase => {
      const samples = sparse(curfewSamples(file, one))
      const shrunk = shrinking(samples)
      const placed = samples.map((sample) =>
        // Two positions would say a speed where the case has none.
        sample.fix === null || sample.speedKmh === null
          ? { ...sample, fix: null }
          : { ...sample, fix: { ...sample.fix, ...shrunk(sample.fix) } },
      )
      const areas = Object.entries(file.areas).map(([id, { role, name: title, lat, lon }]) => {
        const corner = (a: number, b: number): Place => shrunk({ lat: a, lon: b })
        const corners = [
          corner(lat[0], lon[0]),
          corner(lat[0], lon[1]),
          corner(lat[1], lon[1]),
          corner(lat[1], lon[0]),
        ]
        return polygon(id, said({ role, name: title }), corners)
      })
      const trip = (one.trips ?? []).map((own) => ({ id: 'trip-1', vehicle: 'coach-1', drivers: [], ...own }))
      const rules = [curfew, displacement, charter] as unknown as readonly Detector<never>[]
      const settings = curfewSettings(file, one)
      return {
        name: `curfew/${name}: ${one.case}`,
        kinds: ['curfew', 'curfew-warning', 'displacement', 'charter-no-plate'],
        unsayable: unsayable(samples) ?? crowded(samples),
        files: () => ({
          csv: csvOf(placed),
          vehicle: { id: 'coach-1', fleet: 'f', ...file.vehicle, ...one.vehicle },
          ...(trip.length === 0 ? {} : { trip }),
          policy: one.policy ?? {},
          ...(areas.length === 0 ? {} : { areas: collection(areas) }),
        }),
        direct: () => rules.flatMap((rule) => drive(rule, samples, ({ atMs }) => settings(atMs)).findings),
      }
    })
  })
}

function areaCases(): FiledCase[] {
  return filesIn('areas').flatMap((file) =>
    (read('areas', file) as areaRoad.Case[]).map((one): FiledCase => {
      const samples = areaRoad.samplesOf(one.rows)
      const areas = one.areas.map(({ id, from, to, low = -200, high = 200, ...properties }) =>
        polygon(id, said(properties), [
          areaRoad.placeAt(from, low),
          areaRoad.placeAt(to, low),
          areaRoad.placeAt(to, high),
          areaRoad.placeAt(from, high),
        ]),
      )
      const trip =
        one.charter === undefined
          ? {}
          : { trip: areaRoad.charterTrip(one.charter.areas, one.charter.from, one.charter.to) }
      const pushed = one.pushed === undefined ? null : 'areas of a file are in force from the beginning'
      return {
        name: `areas/${file}: ${one.name}`,
        kinds: ['area', 'forbidden-stop'],
        unsayable: unsayable(samples) ?? pushed,
        files: () => ({
          csv: csvOf(samples),
          vehicle: { ...defaultVehicle, class: one.class ?? 'coach' },
          ...trip,
          ...(areas.length === 0 ? {} : { areas: collection(areas) }),
        }),
        direct: () => areaRoad.runCase(one),
      }
    }),
  )
}

const rowMps = 20

/** A temporary limit is no file; the same numbers as segments of a route, at a steady pace, are. */
function signsAlong(
  samples: readonly Sample[],
  limits: ReadonlyMap<number, number>,
  startMs: number,
  roadClass: object,
) {
  const placeM = (atMs: number): number => ((atMs - startMs) / 1000) * rowMps
  const segments: { fromM: number; toM: number; dayKmh: number; nightKmh: number }[] = []
  for (const [atMs, limitKmh] of limits) {
    const last = segments.at(-1)
    const fromM = placeM(atMs) - 1
    if (last?.dayKmh === limitKmh) last.toM = placeM(atMs) + 1
    else {
      if (last !== undefined) last.toM = fromM
      segments.push({
        fromM: Math.max(0, fromM),
        toM: placeM(atMs) + 1,
        ...roadClass,
        dayKmh: limitKmh,
        nightKmh: limitKmh,
      })
    }
  }
  const placed = samples.map((sample) => ({
    ...sample,
    // Two positions would say a speed where the case has none.
    fix:
      sample.speedKmh === null
        ? null
        : { ...roadPoint(placeM(sample.atMs)), accuracyM: null, satellites: null },
  }))
  return { placed, segments }
}

function roadLine(id: string, properties: object, besideM = 0, lengthM = 50_000): object {
  const coordinates = [0, lengthM / 2, lengthM].map((x) => {
    const { lat, lon } = roadPoint(x, besideM)
    return [lon, lat]
  })
  return {
    type: 'Feature',
    properties: { id, name: '长沙—武汉', ...properties },
    geometry: { type: 'LineString', coordinates },
  }
}

const bus = (vehicleClass: string): object => ({ ...defaultVehicle, id: 'bus-1', class: vehicleClass })

/** The class of the road on which a sign stands, when the case names one. */
function roadOf({ road }: speed.SpeedCase): object {
  const [first] = (road ?? []) as { roadClass?: string }[]
  return first?.roadClass === undefined ? {} : { roadClass: first.roadClass }
}

const longRoadM = 1_000_000

function speedCases(): FiledCase[] {
  return speed.speedFiles().flatMap(({ file, cases }) =>
    cases.map((one): FiledCase => {
      const startMs = Date.parse(`${(one.start ?? '').replace(' ', 'T')}+08:00`)
      const { samples, limits } = speed.samplesOf(one, startMs)
      const settings = speed.settingsOf(one)
      const signs = limits.size === 0 ? null : signsAlong(samples, limits, startMs, roadOf(one))
      const segments = signs?.segments ?? one.road
      const areas = (one.areas ?? []).map(
        ({ id, fromM, toM, halfWidthM = 1000, role = 'speedZone', ...more }) =>
          polygon(id, said({ role, ...more }), [
            roadPoint(fromM, -halfWidthM),
            roadPoint(toM, -halfWidthM),
            roadPoint(toM, halfWidthM),
            roadPoint(fromM, halfWidthM),
          ]),
      )
      return {
        name: `speed/${file}: ${one.title}`,
        kinds: ['speeding'],
        unsayable: unsayable(samples),
        files: () => ({
          csv: csvOf(signs?.placed ?? samples),
          vehicle: bus(one.class ?? 'coach'),
          policy: { speeding: one.policy ?? {} },
          ...(segments === undefined
            ? {}
            : {
                route: collection([
                  roadLine(
                    'route-1',
                    { halfWidthM: 200, limits: segments },
                    0,
                    signs === null ? undefined : longRoadM,
                  ),
                ]),
              }),
          ...(areas.length === 0 ? {} : { areas: collection(areas) }),
        }),
        direct: () =>
          drive(speeding, samples, ({ atMs }) => speed.signed(settings, limits.get(atMs))).findings,
      }
    }),
  )
}

/** Some cases put the vehicle beside the road within a second: the policy lets such jumps pass. */
const jumpMps = 1000
const silentJump = (one: route.RouteCase, samples: readonly Sample[]): boolean =>
  fastestMps(samples) > believedMps && one.drive.some(({ silent }) => silent === true)

function routeCases(): FiledCase[] {
  return route.routeFile.cases.map((one): FiledCase => {
    const samples = route.samplesOf(one)
    const settings = route.settingsOf(one)
    const lines = [{ halfWidthM: 205 }, ...(one.alternatives ?? [])].map((shape: RoadShape) => {
      const { id = 'route-1', halfWidthM = 200, besideM = 0, lengthM, limits = [] } = shape
      return roadLine(id, { halfWidthM, limits }, besideM, lengthM)
    })
    const county = [
      roadPoint(-1e6, -1005),
      roadPoint(1e6, -1005),
      roadPoint(1e6, 1005),
      roadPoint(-1e6, 1005),
    ]
    return {
      name: `route/off-route.json: ${one.title}`,
      kinds: ['off-route'],
      unsayable:
        unsayable(samples) ??
        (one.routeGoneAt === undefined ? null : 'a route of a file stays') ??
        (silentJump(one, samples) ? 'the silence is judged by the limit of the jump filter' : null),
      files: () => ({
        csv: csvOf(samples),
        vehicle: bus(one.class ?? 'coach'),
        ...(settings.trip === null ? {} : { trip: settings.trip }),
        policy: fastestMps(samples) > believedMps ? { signals: { jumpMps } } : {},
        route: collection(lines),
        areas: collection([polygon('county', { role: 'hub' }, county)]),
      }),
      direct: () => drive(offRoute, samples, settings).findings,
    }
  })
}

/** What the expectations of a whole file speak of: `started speeding/section R 480 ...`. */
const whatsOf = ({ cases }: road.CaseFile): ReadonlySet<string> =>
  new Set(cases.flatMap(({ expect }) => expect.map((line) => line.split(' ')[1]!)))

function roadCases(): FiledCase[] {
  return filesIn('road').flatMap((file) => {
    const { about: _about, cases, ...common } = road.caseFile(file)
    const whats = whatsOf({ about: '', cases })
    return cases.map((own): FiledCase => {
      const one: road.Case = { ...common, ...own }
      const samples = road.samplesOf(one)
      const jumps = fastestMps(samples) > believedMps
      const { policy, ...files } = road.filesOf(one)
      return {
        name: `road/${file}: ${one.title}`,
        kinds: [...whats].map((what) => what.split('/')[0]!),
        whats,
        unsayable:
          unsayable(samples) ??
          (one.pushedS === undefined ? null : 'areas of a file are in force from the beginning'),
        files: () => ({
          csv: csvOf(samples),
          ...files,
          policy: jumps ? { ...policy, signals: { jumpMps } } : policy,
        }),
        direct: () => road.runOn(one, samples, samples.map(quantise)),
      }
    })
  })
}

export const whatOf = ({
  kind,
  reason,
}: {
  readonly kind: string
  readonly reason: string | null
}): string => (reason === null ? kind : `${kind}/${reason}`)

export function filedCases(): readonly FiledCase[] {
  return [
    ...drivingCases(),
    ...curfewCases(),
    ...areaCases(),
    ...speedCases(),
    ...routeCases(),
    ...roadCases(),
  ]
}

export const inOrder = (findings: readonly Finding[]): Finding[] => findings.toSorted(compareFindings)
