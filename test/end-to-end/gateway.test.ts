import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import mqtt from 'mqtt'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openSqliteJournal } from '../../gateway/journal/sqlite.ts'
import { connectOfficer, connectTerminal, until } from '../gateway/help/clients.ts'
import { alarm, startMs, telemetry, tempFolder } from '../gateway/help/world.ts'
import { cruise } from '../help/drive.ts'

/** The gateway as its users start it: a process, a configuration file, signals. */

const script = new URL('../../gateway/main.ts', import.meta.url).pathname
type Ports = { ingest: number; alerts: number; ws: number | null; http: number }

type Running = {
  readonly child: ChildProcess
  readonly err: () => string
  readonly out: () => string
  readonly exit: Promise<number | null>
}

function run(args: readonly string[]): Running {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const exit = once(child, 'close').then(() => child.exitCode)
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return { child, out: () => out, err: () => err, exit }
}

async function ready(running: Running): Promise<Ports> {
  await until(() => running.out().includes('\n') || running.child.exitCode !== null)
  expect(running.err().includes('Error')).toBe(false)
  const { kind, ...ports } = JSON.parse(running.out().split('\n')[0]!) as { kind: string } & Ports
  expect(kind).toBe('ready')
  return ports
}

const vehicle = {
  id: 'v1',
  fleet: 'f1',
  plate: '浙A12345',
  class: 'coach',
  serviceClass: 'scheduled',
  oneWayKm: 1150,
  relay: null,
}
const listen = { host: '127.0.0.1', port: 0 }

function configure(extra: object = {}, vehicles: readonly object[] = [vehicle]): string {
  const folder = tempFolder()
  mkdirSync(path.join(folder, 'vehicles'))
  for (const [index, one] of vehicles.entries())
    writeFileSync(path.join(folder, 'vehicles', `${index}.json`), JSON.stringify(one))
  const config = {
    dataDir: 'data',
    zone: 'Asia/Shanghai',
    ingest: listen,
    alerts: { ...listen, wsPort: 0 },
    http: listen,
    vehicles: 'vehicles',
    auth: 'loopback',
    ...extra,
  }
  const file = path.join(folder, 'gateway.json')
  writeFileSync(file, JSON.stringify(config))
  return file
}

test('one ready line, then it serves; SIGTERM ends it cleanly', async () => {
  const gateway = run([configure()])
  const ports = await ready(gateway)
  expect(Object.keys(JSON.parse(gateway.out()) as object)).toEqual(['kind', 'ingest', 'alerts', 'ws', 'http'])
  const officer = await connectOfficer(ports.alerts, 'alerts-json/v1/f1/#')
  const terminal = await connectTerminal(ports.ingest)
  await terminal.send(alarm(1, {}, null))
  await until(() => officer.alerts().length > 0)
  expect((await fetch(`http://127.0.0.1:${ports.http}/readyz`)).status).toBe(200)
  gateway.child.kill('SIGTERM')
  expect(await gateway.exit).toBe(0)
  expect(gateway.out().trimEnd().split('\n')).toHaveLength(1)
  for (const line of gateway.err().trimEnd().split('\n'))
    expect(() => JSON.parse(line) as unknown).not.toThrow()
})

test('officers come over WebSocket too; pages of other origins do not', async () => {
  const { ws } = await ready(run([configure()]))
  const officer = mqtt.connect(`ws://127.0.0.1:${ws}`, { protocolVersion: 4, reconnectPeriod: 0 })
  onTestFinished(() => officer.endAsync(true).then(() => undefined))
  await new Promise<void>((resolve) => officer.once('connect', () => resolve()))
  await officer.subscribeAsync('alerts-json/v1/f1/#', { qos: 1 })
  const foreign = mqtt.connect(`ws://127.0.0.1:${ws}`, {
    protocolVersion: 4,
    reconnectPeriod: 0,
    wsOptions: { origin: 'https://elsewhere.example' },
  })
  foreign.on('error', () => {})
  onTestFinished(() => foreign.endAsync(true).then(() => undefined))
  await new Promise<void>((resolve) => foreign.once('close', () => resolve()))
  expect(foreign.connected).toBe(false)
})

test('killed again and again, it loses nothing that it acknowledged and alerts once', async () => {
  const file = configure({ ingest: listen })
  const envelopes = Array.from({ length: 120 }, (_, index) =>
    index % 10 === 9
      ? alarm((index + 1) / 10, { subject: `s${index}` }, null)
      : telemetry(
          index - Math.floor(index / 10) + 1,
          cruise(startMs + index * 10_000, startMs + (index + 1) * 10_000),
        ),
  )
  const acknowledged = new Set<number>()
  for (let round = 0; acknowledged.size < envelopes.length; round++) {
    const gateway = run([file])
    const { ingest } = await ready(gateway)
    const terminal = await connectTerminal(ingest)
    const killAt = round < 6 ? 12 + round * 3 : Number.POSITIVE_INFINITY
    let done = 0
    for (const [index, envelope] of envelopes.entries()) {
      if (acknowledged.has(index)) continue
      terminal.send(envelope).then(
        () => {
          acknowledged.add(index)
          if (++done === killAt) gateway.child.kill('SIGKILL')
        },
        () => {},
      )
    }
    await until(
      () =>
        gateway.child.exitCode !== null ||
        gateway.child.signalCode !== null ||
        acknowledged.size === envelopes.length,
    )
    gateway.child.kill('SIGKILL')
    await gateway.exit
  }
  const dataDir = path.join(path.dirname(file), 'data')
  const journal = openSqliteJournal({ dataDir, zone: 'Asia/Shanghai', nowMs: () => startMs })
  const stream = (name: 'alarm' | 'telemetry') =>
    ({ fleet: 'f1', vehicle: 'v1', epoch: 7, stream: name }) as const
  expect(journal.state(stream('telemetry'))).toEqual({ upto: 108, ranges: [] })
  expect(journal.state(stream('alarm'))).toEqual({ upto: 12, ranges: [] })
  const alerts = await journal.alertsAfter(0, 1000, null)
  expect(alerts.map(({ revision }) => revision)).toEqual(Array<number>(12).fill(1))
  expect(new Set(alerts.map(({ id }) => id)).size).toBe(12)
  await journal.close()
})

describe('one line on stderr and exit code 2 for', () => {
  const refused = async (args: readonly string[]): Promise<string> => {
    const gateway = run(args)
    expect(await gateway.exit).toBe(2)
    expect(gateway.out()).toBe('')
    expect(gateway.err().trimEnd().split('\n')).toHaveLength(1)
    return gateway.err()
  }
  test('no configuration', async () => {
    expect(await refused([])).toMatch(/usage: npm run gateway -- CONFIG.json/)
  })
  test.each([
    [
      'a host that is not this machine',
      { ingest: { host: '0.0.0.0', port: 0 } },
      /gateway\.json: ingest\.host: .*127\.0\.0\.1/,
    ],
    ['an unknown key', { dataDirs: 'x' }, /gateway\.json: dataDirs: unknown key/],
    ['an unknown zone', { zone: 'Mars/Olympus' }, /gateway\.json: zone: .*time zone/],
    ['a folder that is not there', { vehicles: 'nowhere' }, /nowhere: no such file or folder/],
    [
      'nothing said of who is let in',
      { auth: undefined },
      /gateway\.json: auth: missing; "loopback" .*, "tls" /,
    ],
    [
      'another way to let people in',
      { auth: 'none' },
      /gateway\.json: auth: neither .*"loopback" .*, "tls" /,
    ],
    ['tls without files', { auth: 'tls' }, /gateway\.json: ingest\.tls: missing/],
    ['a missing area file', { areas: ['nowhere.geojson'] }, /nowhere\.geojson: no such file/],
    ['a missing world', { world: 'nowhere.json' }, /nowhere\.json: /],
  ] as const)('%s', async (_name, extra, line) => {
    expect(await refused([configure(extra)])).toMatch(line)
  })
  test('a vehicle file that is wrong', async () => {
    expect(await refused([configure({}, [{ ...vehicle, class: 'bus' }])])).toMatch(/0\.json: class: /)
  })
  test('a file that is not there', async () => {
    expect(await refused(['/nowhere/gateway.json'])).toMatch(/no such file/)
  })
  test('a port that is taken', async () => {
    const { ingest } = await ready(run([configure()]))
    expect(await refused([configure({ ingest: { host: '127.0.0.1', port: ingest } })])).toMatch(
      /the port is taken/,
    )
  })
  test('a second gateway on the same folder', async () => {
    const file = configure()
    await ready(run([file]))
    expect(await refused([file])).toMatch(/another gateway is running/)
  })
})
