import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { connectAsync } from 'mqtt'
import { noAreas } from '../../proto/geo/areas.ts'
import type { Documents } from '../../proto/in-force.ts'
import type { Alert, Sample } from '../../proto/model.ts'
import { defaultPolicy, policyDigest } from '../../proto/policy.ts'
import type { Vehicle } from '../../proto/shapes/vehicle.ts'
import { type Child, startChild } from '../child.ts'
import { portsOf } from '../configs.ts'
import { createWorld } from '../world.ts'
import { type Drive, drivesOf, fleetName, lonAt, startMs, zone } from './drives.ts'
import { VirtualTerminal } from './terminal.ts'
import { type Expected, expectedOf, judge } from './witness.ts'

/** Virtual terminals against a real gateway process, and a witness who knows what must come back. */
export type FleetOptions = {
  readonly vehicles: number
  readonly seed: number
  readonly minutes: number
  /** World seconds per host second. */
  readonly speed: number
  readonly dataDir: string
  readonly onProgress?: (progress: Progress) => void
}
export type Progress = {
  readonly seconds: number
  readonly of: number
  readonly sent: number
  readonly waiting: number
  readonly alerts: number
}
export type Latency = { readonly p50Ms: number; readonly p99Ms: number; readonly maxMs: number }
export type FleetResult = {
  readonly vehicles: number
  readonly samples: number
  readonly sent: number
  readonly acknowledged: number
  readonly alerts: number
  readonly expected: number
  readonly missing: readonly Expected[]
  readonly unexpected: readonly Alert[]
  /** From the Sample that decides to the officer; by kind. An area waits for its telemetry batch. */
  readonly latency: { readonly [kind: string]: Latency }
  readonly drivenMs: number
}

const gatewayScript = fileURLToPath(new URL('../../gateway/main.ts', import.meta.url))
const drainMs = 120_000
/** Connections are made in groups: a thousand at once would overrun the listen queue. */
const group = 100

export async function runFleet(options: FleetOptions): Promise<FleetResult> {
  const drives = drivesOf(options.vehicles, options.seed, options.minutes)
  const world = createWorld(prepare(options, drives), startMs, options.speed)
  const gateway = startChild({
    name: 'gateway',
    script: gatewayScript,
    args: [join(options.dataDir, 'gateway.json')],
    logFile: join(options.dataDir, 'gateway.log'),
    cwd: options.dataDir,
  })
  const ports = portsOf(await gateway.ready)
  const received: { alert: Alert; hostMs: number }[] = []
  const officer = await listen(ports.alerts, (alert) => received.push({ alert, hostMs: performance.now() }))
  const url = `mqtt://127.0.0.1:${ports.ingest}`
  const clock = { nowMs: world.nowMs, factor: () => options.speed }
  const terminals: VirtualTerminal[] = []
  try {
    for (let from = 0; from < drives.length; from += group) {
      const some = drives
        .slice(from, from + group)
        .map((one) => new VirtualTerminal(documentsOf(one), { url }, clock))
      terminals.push(...some)
      await Promise.race([Promise.all(some.map(({ ready }) => ready)), ended(gateway)])
    }
    world.resume()
    const begunMs = performance.now()
    const fedMs = await Promise.race([
      drive(drives, terminals, world.nowMs, received, options),
      ended(gateway),
    ])
    const drivenMs = performance.now() - begunMs
    const expected = drives.flatMap(expectedOf)
    await settled(terminals, () => received.length >= expected.length)
    return resultOf(options, terminals, expected, received, fedMs, drivenMs)
  } finally {
    await Promise.all(terminals.map((terminal) => terminal.close()))
    await officer.endAsync(true)
    await gateway.stop(5000)
    // Whoever starts a gateway over this folder afterwards finds a clock that stands.
    world.pause()
  }
}

async function ended(gateway: Child): Promise<never> {
  await gateway.exited
  throw new Error(`the gateway ended; it said last: ${gateway.lastWords()}`)
}

function vehicleOf({ vehicle }: Drive): Vehicle {
  return { id: vehicle, fleet: fleetName, class: 'truck', serviceClass: null, oneWayKm: null, relay: null }
}

function documentsOf(drive: Drive): Documents {
  return { ...shared, vehicle: vehicleOf(drive) }
}
const policy = defaultPolicy('truck')
const shared = {
  trips: [],
  policy,
  policyDigest: policyDigest(policy),
  routes: [],
  areas: noAreas,
  areasSinceMs: null,
} satisfies Omit<Documents, 'vehicle'>

/** Writes the gateway's files; answers where world time is kept. */
function prepare({ dataDir }: FleetOptions, drives: readonly Drive[]): string {
  const vehicles = join(dataDir, 'vehicles')
  mkdirSync(vehicles, { recursive: true })
  for (const one of drives)
    writeFileSync(join(vehicles, `${one.vehicle}.json`), JSON.stringify(vehicleOf(one)))
  const { id, fromLon, toLon, lowLat, highLat } = zone
  const ring = [
    [fromLon, lowLat],
    [toLon, lowLat],
    [toLon, highLat],
    [fromLon, highLat],
    [fromLon, lowLat],
  ]
  const areas = {
    type: 'Feature',
    properties: { id, role: 'noEntry' },
    geometry: { type: 'Polygon', coordinates: [ring] },
  }
  writeFileSync(join(dataDir, 'areas.geojson'), JSON.stringify(areas))
  const open = { host: '127.0.0.1', port: 0 }
  const world = join(dataDir, 'world.json')
  const config = {
    dataDir: join(dataDir, 'journal'),
    vehicles,
    areas: [join(dataDir, 'areas.geojson')],
    ingest: open,
    alerts: open,
    http: open,
    auth: 'loopback',
    world,
  }
  writeFileSync(join(dataDir, 'gateway.json'), JSON.stringify(config))
  return world
}

/** The officer of the fleet: each revision of each alert once. */
async function listen(port: number, take: (alert: Alert) => void) {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, {
    protocolVersion: 4,
    clientId: 'fleet-officer',
    reconnectPeriod: 0,
  })
  const seen = new Set<string>()
  client.on('message', (_topic, payload) => {
    const alert = JSON.parse(payload.toString('utf8')) as Alert
    const revision = `${alert.id}/${alert.revision}`
    if (seen.has(revision)) return
    seen.add(revision)
    take(alert)
  })
  await client.subscribeAsync(`alerts-json/v1/${fleetName}/#`, { qos: 1 })
  return client
}

/** Gives every terminal its Samples when their second has come; answers with the host time of each second. */
async function drive(
  drives: readonly Drive[],
  terminals: readonly VirtualTerminal[],
  nowMs: () => number,
  received: readonly unknown[],
  { minutes, onProgress }: FleetOptions,
): Promise<number[][]> {
  const of = minutes * 60
  const fedMs: number[][] = drives.map(() => [])
  for (let second = 0; second < of; second++) {
    while (nowMs() < startMs + second * 1000) await sleep(5)
    for (const [index, one] of drives.entries()) {
      fedMs[index]!.push(performance.now())
      terminals[index]!.take(sampleOf(one, second))
      // A pass over thousands must not keep the sockets waiting.
      if (index % group === group - 1) await sleep(0)
    }
    onProgress?.({ seconds: second + 1, of, ...counts(terminals), alerts: received.length })
  }
  for (const terminal of terminals) terminal.flush()
  return fedMs
}

function counts(terminals: readonly VirtualTerminal[]): { sent: number; waiting: number } {
  let [sent, waiting] = [0, 0]
  for (const terminal of terminals) {
    sent += terminal.sent
    waiting += terminal.waiting
  }
  return { sent, waiting }
}

function sampleOf(one: Drive, second: number): Sample {
  const alongM = one.alongM[second]!
  return {
    ...still,
    atMs: startMs + second * 1000,
    fix: { lat: one.lat, lon: lonAt(one, alongM), accuracyM: null, satellites: 14 },
    speedKmh: one.kmh[second]!,
    odometerM: alongM,
    driver: one.driver,
  }
}

const still: Sample = {
  atMs: 0,
  trusted: true,
  clockStepMs: 0,
  fix: null,
  positionRefused: false,
  reseeded: false,
  speedKmh: null,
  speedSource: 'gnss',
  speedAgreement: 'single',
  sources: null,
  courseDeg: 90,
  odometerM: null,
  driver: null,
  coDriver: null,
  ignition: true,
  doorOpen: null,
  brake: null,
  conduct: null,
  lines: null,
}

/** Until all is acknowledged and as much came back as must; then a moment for what must not. */
async function settled(terminals: readonly VirtualTerminal[], enough: () => boolean): Promise<void> {
  const untilMs = performance.now() + drainMs
  while (performance.now() < untilMs && !(counts(terminals).waiting === 0 && enough())) await sleep(20)
  await sleep(500)
}

function resultOf(
  { vehicles, minutes }: FleetOptions,
  terminals: readonly VirtualTerminal[],
  expected: readonly Expected[],
  received: readonly { alert: Alert; hostMs: number }[],
  fedMs: readonly (readonly number[])[],
  drivenMs: number,
): FleetResult {
  const { matched, missing, unexpected } = judge(expected, received)
  const { sent, waiting } = counts(terminals)
  const byKind: Record<string, number[]> = {}
  for (const { expected: one, hostMs } of matched) {
    const decidedMs = fedMs[Number(one.vehicle.slice(1))]![one.decidedS]!
    ;(byKind[one.kind] ??= []).push(hostMs - decidedMs)
  }
  return {
    vehicles,
    samples: vehicles * minutes * 60,
    sent,
    acknowledged: sent - waiting,
    alerts: received.length,
    expected: expected.length,
    missing,
    unexpected,
    latency: Object.fromEntries(Object.entries(byKind).map(([kind, list]) => [kind, latencyOf(list)])),
    drivenMs: Math.round(drivenMs),
  }
}

function latencyOf(list: readonly number[]): Latency {
  const sorted = list.toSorted((a, b) => a - b)
  const share = (part: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!)
  return { p50Ms: share(0.5), p99Ms: share(0.99), maxMs: share(1) }
}
