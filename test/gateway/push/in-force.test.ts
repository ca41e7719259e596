import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { bareDocuments } from '../../../device/documents.ts'
import { Downlink } from '../../../device/downlink.ts'
import { silentLog } from '../../../device/log.ts'
import { readPublicKey } from '../../../device/signature.ts'
import { openDocuments } from '../../../gateway/documents.ts'
import type { Gateway } from '../../../gateway/gateway.ts'
import { openSqliteJournal } from '../../../gateway/journal/sqlite.ts'
import { openContents } from '../../../gateway/push/contents.ts'
import { openSigningKey } from '../../../gateway/push/key.ts'
import { areas } from '../../../gateway/rules/areas.ts'
import { encodeEnvelope } from '../../../proto/codec.ts'
import type { AnyDetector } from '../../../proto/detector.ts'
import type { Alert, EnvelopeBody, Sample } from '../../../proto/model.ts'
import { vehicleSchema } from '../../../proto/shapes/vehicle.ts'
import { isoUtc } from '../../../proto/time.ts'
import { downTopic, upTopic } from '../../../proto/topics.ts'
import { sampleAt } from '../../help/drive.ts'
import { connect, connectOfficer, until } from '../help/clients.ts'
import { envelopeOf, startGateway, startMs, tempFolder } from '../help/world.ts'

/** A gateway on files, and the very downlink of a terminal behind a real connection. */

const vehicle = vehicleSchema.parse({
  ...{ id: 'v1', fleet: 'f1', class: 'coach', serviceClass: 'scheduled', oneWayKm: 300, relay: null },
})
const inside = { lat: 30.05, lon: 120.05, accuracyM: null, satellites: null }
const yard = (id: string, west: number) => ({
  type: 'Feature',
  properties: { id, role: 'noEntry' },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [west, 30],
        [west + 0.1, 30],
        [west + 0.1, 30.1],
        [west, 30.1],
        [west, 30],
      ],
    ],
  },
})
const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features })

class World {
  readonly folder = tempFolder()
  nowMs = startMs
  gateway!: Gateway
  store!: ReturnType<typeof openDocuments>

  constructor(files: Record<string, unknown>) {
    for (const name of ['vehicles', 'trips']) mkdirSync(path.join(this.folder, name))
    this.write('vehicles/v1.json', vehicle)
    for (const [name, value] of Object.entries(files)) this.write(name, value)
  }

  at(name: string): string {
    return path.join(this.folder, name)
  }

  write(name: string, value: unknown): void {
    writeFileSync(this.at(name), JSON.stringify(value))
  }

  async start(): Promise<void> {
    const config = { zone: 'Asia/Shanghai', vehicles: this.at('vehicles'), trips: this.at('trips') }
    const more = {
      areas: [this.at('areas.json')],
      policy: this.at('policy.json'),
      routes: [this.at('routes.json')],
    }
    const dataDir = this.at('data')
    this.store = openDocuments({ ...config, ...more }, () => this.nowMs)
    this.gateway = await startGateway({
      journal: openSqliteJournal({ dataDir, zone: config.zone, nowMs: () => this.nowMs }),
      rules: [areas as unknown as AnyDetector],
      documents: this.store.of,
      world: { nowMs: () => this.nowMs, factor: () => 1 },
      push: {
        store: this.store,
        contents: openContents(dataDir, Date.now),
        sign: openSigningKey(dataDir).sign,
      },
    })
  }

  change(name: string, value: unknown): void {
    this.write(name, value)
    expect(this.store.refresh()).toBe(true)
    this.gateway.documentsChanged()
  }

  /** As `GET /alerts` has them: phase, id of the area, and when it is said to have been. */
  async alerts(): Promise<Alert[]> {
    await this.gateway.idle()
    const response = await fetch(`http://127.0.0.1:${this.gateway.ports.http}/alerts`)
    return (await response.text())
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Alert)
  }

  async terminal(): Promise<Terminal> {
    const terminal = new Terminal(this)
    await terminal.connect()
    return terminal
  }
}

class Terminal {
  readonly world: World
  readonly folder: string
  downlink!: Downlink
  #seq = { alarm: 0, telemetry: 0 }
  #client: Awaited<ReturnType<typeof connect>> | null = null
  #due = true

  constructor(world: World) {
    this.world = world
    this.folder = tempFolder()
    this.boot()
  }

  boot(): void {
    this.downlink = new Downlink({
      folder: this.folder,
      base: bareDocuments(vehicle),
      world: { nowMs: () => this.world.nowMs, factor: () => 1 },
      log: silentLog,
      acknowledged: () => {},
      say: () => {},
      publicKey: readPublicKey(this.world.at('data/push-key.pub.pem'), 'terminal.json'),
      changed: () => {
        this.#due = true
      },
    })
    this.#due = true
  }

  async connect(): Promise<void> {
    await this.#client?.endAsync()
    const client = await connect(this.world.gateway.ports.ingest, { clientId: 'f1.v1' })
    client.on('message', (topic, payload) => this.downlink.message(topic, payload))
    const names = ['policy', 'route', 'areas', 'trip'] as const
    await client.subscribeAsync(
      names.map((name) => downTopic('f1', 'v1', name)),
      { qos: 1 },
    )
    this.#client = client
  }

  /** One Sample a second on, as telemetry, after what is to be reported. */
  async drive(seconds: number, known: Partial<Sample>): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      this.world.nowMs += 1000
      const sample = sampleAt(this.world.nowMs, { ignition: true, fix: inside, ...known })
      this.downlink.seen(sample)
      if (this.#due) await this.report()
      await this.#send({ is: 'telemetry', samples: [sample] })
    }
    await this.world.gateway.idle()
  }

  async report(): Promise<void> {
    this.#due = false
    await this.#send({ is: 'inForce', atMs: this.world.nowMs, documents: this.downlink.report() })
  }

  async #send(body: EnvelopeBody): Promise<void> {
    const stream = body.is === 'telemetry' ? 'telemetry' : 'alarm'
    const envelope = {
      ...envelopeOf(++this.#seq[stream], body),
      stream,
      sealedAtMs: this.world.nowMs,
    } as const
    const payload = Buffer.from(encodeEnvelope(envelope))
    await this.#client!.publishAsync(upTopic('f1', 'v1', stream), payload, { qos: 1 })
  }

  has(name: 'policy' | 'areas' | 'trip' | 'route'): string | null {
    return this.downlink.report().find((one) => one.name === name)?.digest ?? null
  }
}

const line = (id: string) => ({
  type: 'Feature',
  properties: { id },
  geometry: {
    type: 'LineString',
    coordinates: [
      [120, 30],
      [121, 31],
    ],
  },
})
const quiet = {
  'areas.json': collection(yard('far', 100)),
  'policy.json': {},
  'routes.json': collection(line('r0')),
}
const parked = { speedKmh: 0 }
const moving = { speedKmh: 40 }

describe('areas pushed around a vehicle', () => {
  test('never alert while it is parked, and count from its first moving Sample on', async () => {
    const world = new World(quiet)
    await world.start()
    const terminal = await world.terminal()
    await until(() => terminal.has('areas') !== null)
    await terminal.drive(5, parked)
    const before = terminal.has('areas')
    world.change('areas.json', collection(yard('here', 120)))
    await until(() => terminal.has('areas') !== before)
    await terminal.drive(30, parked)
    expect(await world.alerts()).toEqual([])
    await terminal.drive(1, moving)
    const alerts = await world.alerts()
    expect(alerts.map(({ kind, subject, at }) => [kind, subject, at])).toEqual([
      ['area', 'here', isoUtc(world.nowMs)],
    ])
  })

  test('decide about a vehicle on the move from the Sample on at which its terminal has them, and not before', async () => {
    const world = new World(quiet)
    await world.start()
    const terminal = await world.terminal()
    await until(() => terminal.has('areas') !== null)
    await terminal.drive(5, moving)
    const before = terminal.has('areas')
    // The terminal is out of coverage: the office changes its mind, the road goes on.
    const { downlink } = terminal
    terminal.downlink = {
      ...downlink,
      message: () => {},
      seen: () => {},
      report: () => downlink.report(),
    } as never
    world.change('areas.json', collection(yard('here', 120)))
    await terminal.drive(20, moving)
    expect(await world.alerts()).toEqual([])
    terminal.downlink = downlink
    await terminal.connect()
    await until(() => terminal.has('areas') !== before)
    await terminal.drive(1, moving)
    const sinceMs = world.nowMs
    await terminal.drive(5, moving)
    const alerts = await world.alerts()
    expect(alerts.map(({ subject, at }) => [subject, at])).toEqual([['here', isoUtc(sinceMs)]])
  })

  test('bind a terminal that never says what it has from the change on', async () => {
    const world = new World(quiet)
    await world.start()
    const terminal = await world.terminal()
    terminal.report = () => Promise.resolve()
    await terminal.drive(5, moving)
    world.change('areas.json', collection(yard('here', 120)))
    await terminal.drive(3, parked)
    expect(await world.alerts()).toEqual([])
    await terminal.drive(1, moving)
    expect((await world.alerts()).map(({ at }) => at)).toEqual([isoUtc(world.nowMs)])
  })
})

describe('what is in force', () => {
  test('is the last good document after a restart of both, and what was changed meanwhile comes at the next connection', async () => {
    const world = new World(quiet)
    await world.start()
    const terminal = await world.terminal()
    await until(() => terminal.has('policy') !== null && terminal.has('areas') !== null)
    await terminal.drive(3, parked)
    const before = terminal.has('policy')
    await world.gateway.close()
    // Changed while nobody was there.
    world.write('policy.json', { areas: { leaveM: 99 } })
    await world.start()
    const digestOf = () => world.gateway.metrics.value('documents_pushed_total', { document: 'policy' })
    terminal.boot()
    expect(terminal.has('policy')).toBe(before)
    await terminal.connect()
    await until(() => terminal.has('policy') !== before)
    expect([terminal.downlink.documents.policy.areas.leaveM, digestOf()]).toEqual([99, 1])
  })

  test('is told to officers: what is wanted, what holds since when, and why something was refused', async () => {
    const world = new World(quiet)
    await world.start()
    const officer = await connectOfficer(world.gateway.ports.alerts, 'state/v1/f1/v1')
    type Told = { inForce: Record<string, Record<string, unknown>> }
    const last = (): Told['inForce'] | null => {
      const message = officer.messages.at(-1)
      return message === undefined ? null : (JSON.parse(message.payload.toString('utf8')) as Told).inForce
    }
    const terminal = await world.terminal()
    await until(() => terminal.has('policy') !== null)
    await terminal.drive(2, parked)
    await until(() => last()?.['policy']?.['state'] === 'asWanted')
    expect(last()!['policy']).toMatchObject({
      wanted: { digest: terminal.has('policy') },
      inForce: { digest: terminal.has('policy'), since: isoUtc(startMs + 1000) },
      refused: null,
    })
    expect([last()!['trip']!['state'], last()!['trip']!['wanted']]).toEqual(['own', null])

    // A terminal whose storage went: it says so, and has what is wanted again after its next connection.
    const { downlink } = terminal
    terminal.downlink = new Downlink({
      ...{ folder: tempFolder(), base: bareDocuments(vehicle), log: silentLog },
      ...{ acknowledged: () => {}, say: () => {}, world: { nowMs: () => world.nowMs, factor: () => 1 } },
      publicKey: readPublicKey(otherKey(), 'terminal.json'),
    })
    await terminal.connect()
    await until(() => terminal.downlink.report()[0]!.refused !== null)
    await terminal.report()
    await terminal.drive(1, parked)
    await until(() => last()?.['policy']?.['state'] === 'refused')
    expect(last()!['policy']).toMatchObject({
      inForce: null,
      refused: { digest: downlink.report()[0]!.digest, reason: 'the signature is not the gateway’s' },
    })
  })

  test('holds newer numbers than a terminal has, although this gateway lost everything it knew', async () => {
    const world = new World(quiet)
    await world.start()
    const terminal = await world.terminal()
    await until(() => terminal.has('policy') !== null)
    // Some other gateway, with a clock far ahead, had put another policy in force.
    const ahead = terminal.downlink.report()[0]!.version + 1e9
    const report = terminal.downlink.report.bind(terminal.downlink)
    terminal.downlink.report = () =>
      report().map((one) =>
        one.name === 'policy' ? { ...one, version: ahead, digest: 'a'.repeat(64) } : one,
      )
    const seen: number[] = []
    const message = terminal.downlink.message.bind(terminal.downlink)
    terminal.downlink.message = (topic, payload) => {
      seen.push(payload.length)
      message(topic, payload)
    }
    await terminal.report()
    await until(() => seen.length > 0)
    terminal.downlink.report = report
    await until(() => terminal.downlink.report()[0]!.version === ahead + 1)
  })
})

describe('trips and routes', () => {
  const trip = (id: string, fromS: number, toS: number, route?: string) => ({
    ...{
      id,
      vehicle: 'v1',
      drivers: [],
      serviceClass: 'scheduled',
      oneWayKm: 300,
      ...(route ? { route } : {}),
    },
    from: isoUtc(startMs + fromS * 1000),
    to: isoUtc(startMs + toS * 1000),
  })
  test('go as the one of the moment and the next, with the routes they name, and change with the hour', async () => {
    const world = new World({
      ...quiet,
      'routes.json': collection(line('r1'), line('r2'), line('r3')),
      'trips/a.json': [
        trip('t0', -7200, -3600, 'r1'),
        trip('t1', -3600, 600, 'r1'),
        trip('t2', 3600, 7200, 'r2'),
        trip('t3', 7200, 9000, 'r3'),
      ],
    })
    await world.start()
    const terminal = await world.terminal()
    const has = () => ({
      trips: terminal.downlink.documents.trips.map(({ id }) => id).join(),
      routes: terminal.downlink.documents.routes.map(({ id }) => id).join(),
    })
    await until(() => has().trips === 't1,t2' && has().routes === 'r1,r2')
    world.nowMs += 3_600_000
    world.gateway.documentsChanged()
    await until(() => has().trips === 't2,t3' && has().routes === 'r2,r3')
    // Nothing is left to do: what was pushed is taken back.
    world.write('trips/a.json', [])
    expect(world.store.refresh()).toBe(true)
    await terminal.report()
    await world.gateway.idle()
    world.gateway.documentsChanged()
    await until(() => has().trips === '' && has().routes === '')
  })
})

/** The public key of a gateway that is not this one. */
function otherKey(): string {
  const folder = tempFolder()
  openSigningKey(folder)
  return path.join(folder, 'push-key.pub.pem')
}
