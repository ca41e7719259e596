import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import mqtt, { type MqttClient } from 'mqtt'
import { type Browser, chromium, type Page } from 'playwright-core'
import { expect, onTestFailed } from 'vitest'
import { worldAt } from '../../../proto/clocks.ts'
import { encodeEnvelope } from '../../../proto/codec.ts'
import type { Envelope, Finding } from '../../../proto/model.ts'
import { upTopic } from '../../../proto/topics.ts'
import { replaceFile } from '../../../sim/world.ts'
import { alarm, telemetry } from '../../gateway/help/envelopes.ts'
import { sampleAt } from '../../help/drive.ts'
import { startGateway } from './office.ts'

/** The desk in a real browser before a real gateway with papers, coaches and a few alerts. */

const executablePath = '/usr/bin/chromium'
export const missing = !existsSync(executablePath)
if (missing && process.env['CI'] === 'true')
  throw new Error(`${executablePath} is missing; the desk is tested in it`)
if (missing) console.warn(`the desk is not tested: there is no ${executablePath}`)

/** Pictures to look at, out of the repository. */
const shots = process.env['ROADWARDEN_SHOTS'] ?? path.join(tmpdir(), 'roadwarden-desk')
export async function shot(page: Page, name: string): Promise<void> {
  mkdirSync(shots, { recursive: true })
  await page.screenshot({ path: path.join(shots, `${name}.png`) })
}

export const launch = (): Promise<Browser> => chromium.launch({ executablePath, args: ['--no-sandbox'] })

export type Scene = {
  readonly port: number
  /** World time. */
  readonly nowMs: () => number
  /** As a terminal of that vehicle. */
  readonly terminalOf: (vehicle: string) => MqttClient
  readonly dataDir: string
  /** Its world stands from now on, or goes on from where it stood. */
  readonly hold: (isStanding: boolean) => void
  /** The gateway is closed and started again on the same files; the port of its desk. */
  readonly reopen: () => Promise<number>
  readonly send: (vehicle: string, envelope: (seq: number) => Envelope) => Promise<void>
  readonly fire: (vehicle: string, finding: Partial<Finding>) => Promise<void>
  readonly close: () => Promise<void>
}

const fleet = 'f1'
const vehicles = ['v1', 'v2', 'v3', 'v4']
const hourMs = 3_600_000
const iso = (ms: number): string => new Date(ms).toISOString()

function square(id: string, name: string, role: string, [lon, lat]: readonly [number, number]) {
  const [east, north] = [lon + 0.02, lat + 0.02]
  const ring = [
    [lon, lat],
    [east, lat],
    [east, north],
    [lon, north],
    [lon, lat],
  ]
  return {
    type: 'Feature',
    properties: { id, name, role },
    geometry: { type: 'Polygon', coordinates: [ring] },
  }
}

export type SceneOptions = {
  /** World time at the start; it goes on as fast as ours. Absent: an afternoon. */
  readonly fromMs?: number
  /** More papers into the folder; what the configuration has besides. */
  readonly prepare?: (folder: string) => object
}

function writePapers(folder: string, nowMs: number, more: () => object): string {
  for (const name of ['vehicles', 'trips', 'drivers', 'data']) mkdirSync(path.join(folder, name))
  const put = (name: string, value: unknown): void =>
    writeFileSync(path.join(folder, name), JSON.stringify(value))
  for (const [at, id] of vehicles.entries()) {
    const relay = { certificate: 'JB-1', validTo: '2099-12-31', window: ['22:00', '02:00'], points: ['rp'] }
    const common = { fleet, plate: `浙A1000${at}`, class: 'coach', serviceClass: 'scheduled', oneWayKm: 1150 }
    put(`vehicles/${id}.json`, { id, ...common, relay: at === 0 ? relay : null })
  }
  const trip = {
    id: 'T1',
    vehicle: 'v1',
    from: iso(nowMs - hourMs),
    to: iso(nowMs + 30 * hourMs),
    drivers: ['张建国'],
  }
  put('trips/t1.json', { ...trip, serviceClass: 'scheduled', oneWayKm: 1150, route: 'G60' })
  const line = {
    type: 'LineString',
    coordinates: [
      [120.1, 30.1],
      [120.5, 30.1],
    ],
  }
  const road = {
    type: 'Feature',
    properties: { id: 'G60', name: '杭州—贵阳', halfWidthM: 200 },
    geometry: line,
  }
  put('route.geojson', { type: 'FeatureCollection', features: [road] })
  put('drivers/zhang.json', {
    ...{ id: '张建国', fleet, name: '张建国', phone: '13800000000' },
    licence: { number: '3301', classes: ['A1'], validTo: iso(nowMs + 10 * 24 * hourMs).slice(0, 10) },
    qualifications: [{ kind: 'passenger', number: 'Q1', validTo: '2020-01-01' }],
    bans: [{ from: iso(nowMs - hourMs), reason: '待培训' }],
  })
  const features = [
    square('sa', '绍兴服务区', 'serviceArea', [120.5, 30.02]),
    square('rp', '衢州接驳点', 'relayPoint', [118.9, 28.95]),
    square('ne', '西湖景区', 'noEntry', [120.12, 30.22]),
  ]
  put('areas.geojson', { type: 'FeatureCollection', features })
  put('gateway.json', {
    ...{
      dataDir: 'data',
      vehicles: 'vehicles',
      trips: 'trips',
      drivers: 'drivers',
      areas: ['areas.geojson'],
      routes: ['route.geojson'],
    },
    ...{ ingest: { port: 0 }, alerts: { port: 0 }, http: { port: 0 }, auth: 'loopback' },
    ...more(),
  })
  return path.join(folder, 'gateway.json')
}

/** A coach that drives has done nothing then that the rules of the night speak of. */
const afternoonMs = Date.parse('2026-03-10T14:00:00+08:00')

/** A world of its own: what is shown hangs on the hour, and must not hang on that of the test. */
function worldOf(folder: string, fromMs: number) {
  const file = path.join(folder, 'world.json')
  let world = { anchorHostMs: Date.now(), anchorWorldMs: fromMs, factor: 1, paused: false }
  const hold = (paused: boolean): void => {
    const anchorHostMs = Date.now()
    world = { ...world, anchorHostMs, anchorWorldMs: Math.round(worldAt(world, anchorHostMs)), paused }
    replaceFile(file, JSON.stringify(world))
  }
  hold(false)
  return { hold, nowMs: () => Math.round(worldAt(world, Date.now())) }
}

export async function openScene({
  fromMs = afternoonMs,
  prepare = () => ({}),
}: SceneOptions = {}): Promise<Scene> {
  const folder = mkdtempSync(path.join(tmpdir(), 'roadwarden-scene-'))
  const world = worldOf(folder, fromMs)
  const { nowMs } = world
  const config = writePapers(folder, nowMs(), () => ({ world: 'world.json', ...prepare(folder) }))
  let gateway = await startGateway(config)
  const clients = new Map<string, MqttClient>()
  const seqs = new Map<string, number>()
  for (const vehicle of vehicles) clients.set(vehicle, await terminal(gateway.ports.ingest, vehicle))
  const send: Scene['send'] = async (vehicle, make) => {
    const stream = make(1).stream
    const seq = (seqs.get(`${vehicle}/${stream}`) ?? 0) + 1
    seqs.set(`${vehicle}/${stream}`, seq)
    const bytes = Buffer.from(encodeEnvelope(make(seq)))
    await clients.get(vehicle)!.publishAsync(upTopic(fleet, vehicle, stream), bytes, { qos: 1 })
  }
  const fire: Scene['fire'] = (vehicle, finding) => {
    const atMs = nowMs() - 30_000
    const times = { atMs, decidedAtMs: atMs + 5000, driver: '张建国' }
    return send(vehicle, (seq) =>
      alarm(seq, { ...times, subject: vehicle, ...finding }, null, { fleet, vehicle }),
    )
  }
  for (const [at, vehicle] of vehicles.entries()) await drive(send, vehicle, at, nowMs())
  return {
    port: gateway.ports.http,
    ...{ send, fire, nowMs, hold: world.hold, dataDir: path.join(folder, 'data') },
    reopen: async () => {
      await gateway.close()
      gateway = await startGateway(config)
      return gateway.ports.http
    },
    terminalOf: (vehicle) => clients.get(vehicle)!,
    close: async () => {
      for (const client of clients.values()) client.end(true)
      await gateway.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function terminal(port: number, vehicle: string): Promise<MqttClient> {
  return mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
    clientId: `${fleet}.${vehicle}`,
    protocolVersion: 4,
  })
}

/** The last ten minutes of a coach: the first one moves, every second of it. */
async function drive(send: Scene['send'], vehicle: string, at: number, nowMs: number): Promise<void> {
  const fromMs = nowMs - 600_000
  for (let minute = 0; minute < 10; minute++) {
    const samples = Array.from({ length: 60 }, (_, second) => {
      const seconds = minute * 60 + second
      const fix = { lat: 30.1 + at * 0.05, lon: 120.2 + seconds * 0.0002, accuracyM: 5, satellites: 14 }
      const speedKmh = at === 0 ? 88 : 0
      const known = { speedSource: 'wheel', courseDeg: 90, driver: '张建国', ignition: true } as const
      return sampleAt(fromMs + seconds * 1000, { fix, speedKmh, ...known })
    })
    await send(vehicle, (seq) => telemetry(seq, samples, { fleet, vehicle }))
  }
}

export const curfewEvidence = {
  ...{ otherReasons: ['relayNotFiledPoint'], serviceClass: 'scheduled', oneWayKm: 1150, feederKm: 200 },
  ...{ relayWindow: '22:00-02:00', relayAt: null, speedKmh: 88 },
  curfewFrom: '2026-01-01T18:00:00.000Z',
  curfewTo: '2026-01-01T21:00:00.000Z',
  since: '2026-01-01T18:00:00.000Z',
  safeStops: [{ areaId: 'sa', area: '绍兴服务区', km: 8.2, eta: '2026-01-01T18:10:00.000Z' }],
}
export const curfew: Partial<Finding> = {
  ...{ kind: 'curfew', reason: 'relayOutsideWindow', severity: 'critical' },
  rule: { id: 'curfew', version: 1 },
  evidence: curfewEvidence,
}

export type Officer = {
  readonly page: Page
  readonly troubles: readonly string[]
  readonly close: () => Promise<void>
}

/** An officer at the desk, whose browser tells every error and every breach of the page's own policy. */
export async function comeIn(
  browser: Browser,
  port: number,
  { name = '王五', hash = '#/live', width = 1366, height = 820, dark = false, script = '' } = {},
): Promise<Officer> {
  const context = await browser.newContext({
    ...{ viewport: { width, height }, locale: 'zh-CN' },
    colorScheme: dark ? 'dark' : 'light',
  })
  const page = await context.newPage()
  const troubles: string[] = []
  // What was on the screen says more than what was not.
  onTestFailed(async () => {
    if (!page.isClosed()) await shot(page, `failed-${Date.now()}`)
  })
  page.on('pageerror', ({ message }) => troubles.push(message))
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) troubles.push(message.text())
  })
  page.setDefaultTimeout(60_000)
  await page.addInitScript(`localStorage.setItem('name', ${JSON.stringify(name)})`)
  if (script !== '') await page.addInitScript(script)
  await page.goto(`http://127.0.0.1:${port}/${hash}`)
  await page.waitForSelector('#link.up')
  return {
    page,
    troubles,
    close: async () => {
      await context.close()
      expect(troubles).toEqual([])
    },
  }
}

export async function go(page: Page, hash: string, ready: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
  await page.waitForSelector(ready)
}
