import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { ApiParts } from '../../../gateway/api/wiring.ts'
import { realWorld } from '../../../gateway/clock.ts'
import type { GatewayDeps } from '../../../gateway/deps.ts'
import { type DocumentStore, openDocuments } from '../../../gateway/documents.ts'
import type { Gateway } from '../../../gateway/gateway.ts'
import { openRegister } from '../../../gateway/journal/register.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { emptyGroup, type Journal } from '../../../gateway/journal.ts'
import { openPaperwork } from '../../../gateway/paperwork.ts'
import { memoryContents } from '../../../gateway/push/contents.ts'
import { openSigningKey } from '../../../gateway/push/key.ts'
import type { Alert, Sample } from '../../../proto/model.ts'
import { rowOf, startMs, telemetry } from '../help/envelopes.ts'
import { startGateway, tempFolder } from '../help/world.ts'

/** A gateway with files: fleets f1 and f2, a coach each and a journal that somebody filled before. */

export type Office = {
  readonly folder: string
  readonly journal: Journal
  readonly documents: DocumentStore
  readonly deps: Partial<GatewayDeps>
  readonly start: (overrides?: Partial<GatewayDeps>) => Promise<Gateway>
}

export const coach = {
  ...{ id: 'v1', fleet: 'f1', plate: '浙A12345', class: 'coach', serviceClass: 'scheduled', oneWayKm: 1150 },
  relay: null,
} as const

export const square = (id: string, lon: number, lat: number, properties: object = {}): object => ({
  type: 'Feature',
  properties: { id, role: 'noEntry', ...properties },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [lon, lat],
        [lon + 0.01, lat],
        [lon + 0.01, lat + 0.01],
        [lon, lat + 0.01],
        [lon, lat],
      ],
    ],
  },
})
const road = (id: string): object => ({
  type: 'Feature',
  properties: { id },
  geometry: {
    type: 'LineString',
    coordinates: [
      [120.1, 30.1],
      [120.5, 30.1],
    ],
  },
})
export const collection = (...features: object[]): object => ({ type: 'FeatureCollection', features })

export function write(file: string, value: unknown): string {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
  return file
}

/** In a folder that another one of it left, it is the next start of the same gateway. */
export function furnish(
  vehicles: readonly object[] = [coach, { ...coach, fleet: 'f2' }],
  folder = tempFolder(),
  roads: readonly string[] = [],
): Office {
  const at = (...names: string[]): string => path.join(folder, ...names)
  for (const [index, one] of vehicles.entries()) write(at('vehicles', `${index}.json`), one)
  for (const name of ['trips', 'drivers', 'data']) mkdirSync(at(name), { recursive: true })
  write(at('areas.geojson'), collection(square('closed', 120.2, 30.2)))
  const fleetAreas = at('data', 'areas')
  const routes = roads.map((id) => write(at(`${id}.geojson`), road(id)))
  const files = {
    ...{ zone: 'Asia/Shanghai', routes },
    vehicles: at('vehicles'),
    trips: at('trips'),
    areas: [at('areas.geojson')],
  }
  const documents = openDocuments({ ...files, fleetAreas })
  const journal = openSqliteJournal({ dataDir: at('data'), zone: files.zone, nowMs: realWorld.nowMs })
  let gateway: Gateway | null = null
  const changed = (): void => {
    documents.refresh()
    gateway?.documentsChanged()
  }
  const api: ApiParts = {
    ...{ dataDir: at('data'), zone: files.zone, store: documents },
    paperwork: openPaperwork({
      files: { trips: at('trips'), drivers: at('drivers'), fleetAreas },
      fleetsOf: (id) => documents.all().flatMap(({ vehicle }) => (vehicle.id === id ? [vehicle.fleet] : [])),
      changed,
    }),
  }
  const register = openRegister(at('data'))
  const deps: Partial<GatewayDeps> = {
    ...{ journal, register, api, documents: documents.of },
    push: { store: documents, contents: memoryContents(), sign: openSigningKey(at('data')).sign },
  }
  return {
    ...{ folder, journal, documents, deps },
    start: async (overrides = {}) => {
      gateway = await startGateway({ ...deps, ...overrides })
      return gateway
    },
  }
}

export const sample = (atMs: number, more: Partial<Sample> = {}): Sample => ({
  ...{ atMs, trusted: true, clockStepMs: 0, positionRefused: false, reseeded: false },
  fix: { lat: 30.25, lon: 120.16, accuracyM: null, satellites: null },
  ...{ speedKmh: 72, speedSource: 'gnss', speedAgreement: 'single', sources: null, courseDeg: 90 },
  ...{ odometerM: null, driver: '张三', coDriver: null, ignition: true, doorOpen: null, brake: null },
  ...{ conduct: null, lines: null },
  ...more,
})

/** So many minutes of telemetry, one Sample a second, eastwards. */
export async function drive(
  journal: Journal,
  minutes: number,
  place: { fleet?: string; vehicle?: string; driver?: string; fromMs?: number } = {},
) {
  const { fleet = 'f1', vehicle = 'v1', driver = '张三', fromMs = startMs } = place
  const envelopes = Array.from({ length: minutes * 6 }, (_, index) => {
    const samples = Array.from({ length: 10 }, (_s, second) => {
      const s = index * 10 + second
      const fix = { lat: 30.25, lon: 120.16 + s * 0.0002, accuracyM: null, satellites: null }
      return sample(fromMs + s * 1000, { fix, driver, speedKmh: 60 + (s % 40) })
    })
    return telemetry(index + 1, samples, { fleet, vehicle })
  })
  for (let from = 0; from < envelopes.length; from += 200) {
    const rows = envelopes.slice(from, from + 200).map((envelope) => rowOf(envelope, fromMs + 60_000))
    await journal.append({ ...emptyGroup, envelopes: rows })
  }
}

export function alertOf(n: number, more: Partial<Alert> = {}): Omit<Alert, 'cursor'> {
  const at = new Date(startMs + n * 60_000).toISOString()
  return {
    ...{
      id: n.toString(16).padStart(32, '0'),
      revision: 1,
      kind: 'speeding',
      reason: null,
      phase: 'started',
    },
    ...{
      subject: 'v1',
      severity: 'major',
      grade: 'sufficient',
      fleet: 'f1',
      vehicle: 'v1',
      plate: '浙A12345',
    },
    ...{ driver: '张三', trip: null, at, decidedAt: at, receivedAt: at, late: false, supersedes: null },
    ...{
      place: { lat: 30.25, lon: 120.16 },
      rule: { id: 'speeding', version: 1 },
      policyDigest: '0'.repeat(64),
    },
    ...{ article: null, evidence: { limitKmh: 80 }, explain: { zh: '超速', en: 'speeding' } },
    ...more,
  } as Omit<Alert, 'cursor'>
}

export type Reply<T = Record<string, unknown>> = {
  readonly status: number
  readonly value: T
  readonly headers: Headers
}

/** Asks the API of this machine, as somebody, or nobody. */
export async function ask<T = Record<string, unknown>>(
  { ports }: Pick<Gateway, 'ports'>,
  pathname: string,
  {
    method = 'GET',
    body,
    type = 'application/json',
  }: { method?: string; body?: unknown; type?: string } = {},
): Promise<Reply<T>> {
  const response = await fetch(`http://127.0.0.1:${ports.http}/api/v1${pathname}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: typeof body === 'string' ? body : JSON.stringify(body), headers: { 'content-type': type } }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return {
    status: response.status,
    value: (isJson ? JSON.parse(text) : text) as T,
    headers: response.headers,
  }
}
