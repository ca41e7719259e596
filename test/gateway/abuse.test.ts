import { connect as connectSocket } from 'node:net'
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { hostClock } from '../../gateway/clock.ts'
import type { GatewayDeps } from '../../gateway/deps.ts'
import type { Gateway } from '../../gateway/gateway.ts'
import { lenient, strict } from '../../gateway/identity/abuse.ts'
import { createMemoryJournal } from '../../gateway/journal/memory.ts'
import type { Issued } from '../../gateway/pki/authority.ts'
import { decodeAck, encodeEnvelope } from '../../proto/codec.ts'
import type { Ack } from '../../proto/model.ts'
import { downTopic, upTopic } from '../../proto/topics.ts'
import { cruise } from '../help/drive.ts'
import { connectOfficer, connectTerminal, until } from './help/clients.ts'
import {
  makeRealm,
  openTls,
  password,
  type Realm,
  startTlsGateway,
  type TlsGateway,
  tryConnect,
} from './help/pki.ts'
import { alarm, startGateway, startMs, telemetry } from './help/world.ts'

let realm: Realm
let own: Issued
beforeAll(async () => {
  realm = await makeRealm()
  own = await realm.terminal('f1.v1')
})

/** A gateway whose host clock stands until it is told to go on. */
async function strictGateway(limits: Partial<typeof strict> = {}, overrides: Partial<GatewayDeps> = {}) {
  let nowMs = 0
  const host = { nowMs: hostClock.nowMs, monoMs: () => nowMs }
  const gateway = await startTlsGateway(realm, { host, ...overrides }, { ...strict, ...limits })
  const dial = (clientId = 'f1.v1', { cert, key } = own) =>
    tryConnect(`mqtts://127.0.0.1:${gateway.ports.ingest}`, { ca: realm.authority.cert, cert, key, clientId })
  const refused = (reason: string, door = 'ingest') =>
    gateway.metrics.value('refused_total', { door, reason })
  return { gateway, dial, refused, later: (ms: number) => (nowMs += ms) }
}

type Ports = Gateway['ports']

const officerAt =
  ({ ports }: TlsGateway) =>
  (name: string, word = password, clientId = name) =>
    tryConnect(`mqtts://127.0.0.1:${ports.alerts}`, {
      ...{ ca: realm.authority.cert, clientId, username: name, password: word },
    })

describe('a terminal that comes and goes', () => {
  test('sixteen times in a minute is kept out for five; its neighbour is not', async () => {
    const { dial, refused, later, gateway } = await strictGateway()
    for (let n = 0; n < 16; n++) {
      const client = await dial()
      expect(client, `attempt ${n}`).not.toBeNull()
      await client!.endAsync()
      await until(() => !gateway.metrics.text().includes('terminals_connected 1'))
    }
    expect(await dial()).toBeNull()
    expect([refused('flapping'), refused('banned')]).toEqual([1, 1])
    expect(await dial('f1.v2', await realm.terminal('f1.v2'))).not.toBeNull()
    later(strict.banMs)
    expect(await dial()).not.toBeNull()
  })
})

describe('an officer who comes and goes', () => {
  /** As often as bans somebody. */
  async function flap(gateway: TlsGateway, name: string, clientId: string): Promise<void> {
    const { cert, key } = await realm.certify({ name, role: 'officer', fleets: ['f9'] })
    const at = `mqtts://127.0.0.1:${gateway.ports.alerts}`
    for (let n = 0; n < 16; n++) {
      const client = await tryConnect(at, { ca: realm.authority.cert, cert, key, clientId })
      expect(client, `attempt ${n}`).not.toBeNull()
      await client!.endAsync()
      await until(() => gateway.metrics.text().includes('officers_connected 0'))
    }
    expect(await tryConnect(at, { ca: realm.authority.cert, cert, key, clientId })).toBeNull()
    expect(gateway.metrics.value('refused_total', { door: 'alerts', reason: 'banned' })).toBe(1)
  }

  test('under the client id of a terminal keeps out no terminal', async () => {
    const { dial, gateway, refused } = await strictGateway()
    await flap(gateway, 'f1', 'f1.v1')
    expect(await dial()).not.toBeNull()
    expect(refused('banned')).toBe(0)
  })

  test('under the client id of a terminal keeps out no terminal, where nobody has a name either', async () => {
    const gateway = await startGateway({ abuse: strict })
    for (let n = 0; n < 16; n++) {
      const officer = await connectOfficer(gateway.ports.alerts, 'alerts/v1/f1/#', { clientId: 'f1.v1' })
      await officer.client.endAsync()
      await until(() => gateway.metrics.text().includes('officers_connected 0'))
    }
    expect(gateway.metrics.value('refused_total', { door: 'alerts', reason: 'flapping' })).toBe(1)
    await connectTerminal(gateway.ports.ingest)
  })

  test('under the name of an address keeps out nobody who comes from there', async () => {
    const { dial, gateway } = await strictGateway()
    await flap(gateway, '127.0.0.1', '127.0.0.1')
    expect(await dial()).not.toBeNull()
    expect(await officerAt(gateway)('officer')).not.toBeNull()
  })

  test('under an id that is also the name of another one keeps out only itself', async () => {
    const { gateway } = await strictGateway()
    await flap(gateway, 'li', 'li.west')
    const other = await realm.certify({ name: 'li.west', role: 'officer', fleets: ['f1'] })
    const at = `mqtts://127.0.0.1:${gateway.ports.alerts}`
    const shown = { ca: realm.authority.cert, cert: other.cert, key: other.key }
    expect(await tryConnect(at, { ...shown, clientId: 'li.west' })).not.toBeNull()
  })
})

describe('two with one certificate', () => {
  test('take the id from each other three times; then both are refused and it is told', async () => {
    const warned: string[] = []
    const log = { info: () => {}, warn: (event: string) => warned.push(event), error: () => {} }
    const journal = createMemoryJournal()
    const { dial, gateway, later } = await strictGateway({}, { log, journal })
    for (let n = 0; n < 4; n++) expect(await dial(), `attempt ${n}`).not.toBeNull()
    expect(await dial()).toBeNull()
    await until(() => gateway.metrics.text().includes('terminals_connected 0'))
    expect(gateway.metrics.value('clones_suspected_total', { door: 'ingest' })).toBe(1)
    expect(warned).toEqual(['clone-suspected'])
    // A counter does not say whose vehicle it is, and is gone with the process.
    await gateway.idle()
    expect(await journal.gapsAfter(0, 10, 'f1')).toMatchObject([
      { is: 'clone-suspected', fleet: 'f1', vehicle: 'v1', count: 0 },
    ])
    expect(await dial()).toBeNull()
    later(strict.banMs)
    expect(await dial()).not.toBeNull()
  })

  test('a takeover now and then, as after a dead network, is none of it', async () => {
    const { dial, later, gateway } = await strictGateway()
    for (let n = 0; n < 8; n++) {
      expect(await dial(), `attempt ${n}`).not.toBeNull()
      later(20_000)
    }
    expect(gateway.metrics.value('clones_suspected_total', { door: 'ingest' })).toBe(0)
  })

  test('nobody takes the id of another: who has no right to it does not end the one who has', async () => {
    const { dial, refused } = await strictGateway()
    const client = await dial()
    expect(await dial('f1.v1', await realm.terminal('f1.v2'))).toBeNull()
    expect(refused('not-its-certificate')).toBe(1)
    expect(client!.connected).toBe(true)
  })
})

describe('too many', () => {
  test('connections at once are closed before a handshake; the rest is let in', async () => {
    const { gateway, refused } = await strictGateway({ accept: { perS: 1, burst: 3 } })
    const shown = { ca: realm.authority.cert, cert: own.cert, key: own.key, version: 'TLSv1.3' } as const
    const opened = await Promise.all(Array.from({ length: 8 }, () => openTls(gateway.ports.ingest, shown)))
    expect(opened.filter((one) => one !== null)).toHaveLength(3)
    expect(refused('accept-rate')).toBe(5)
  })

  test.each([
    ['ingest', ({ ingest }: Ports) => ingest],
    ['alerts', ({ alerts }: Ports) => alerts],
    ['ws', ({ ws }: Ports) => ws!],
    ['http', ({ http }: Ports) => http],
  ] as const)('connections held at once by one door (%s) are refused', async (door, portOf) => {
    const { gateway, refused } = await strictGateway({ connections: 2 })
    const shown = { ca: realm.authority.cert, cert: own.cert, key: own.key, version: 'TLSv1.3' } as const
    const opened = await Promise.all(Array.from({ length: 3 }, () => openTls(portOf(gateway.ports), shown)))
    expect(opened.filter((one) => one !== null)).toHaveLength(2)
    expect(refused('too-many-connections', door)).toBe(1)
  })

  test('connections at once are closed at the port of HTTP and of the desk as well', async () => {
    const { gateway, refused } = await strictGateway({ accept: { perS: 1, burst: 3 } })
    const shown = { ca: realm.authority.cert, cert: own.cert, key: own.key, version: 'TLSv1.3' } as const
    const opened = await Promise.all(Array.from({ length: 8 }, () => openTls(gateway.ports.http, shown)))
    expect(opened.filter((one) => one !== null)).toHaveLength(3)
    expect(refused('accept-rate', 'http')).toBe(5)
  })

  test('wrong passwords over HTTP close its port, the live channel with it, and no door of terminals', async () => {
    const { gateway, refused, dial } = await strictGateway({ addressFailures: 3 })
    const live = (name: string, word: string) =>
      tryConnect(`wss://127.0.0.1:${gateway.ports.http}/mqtt`, {
        ...{ ca: realm.authority.cert, clientId: name, username: name, password: word },
      })
    expect(await live('officer', password)).not.toBeNull()
    for (let n = 0; n < 4; n++) expect(await live(`name${n}`, 'guess number one')).toBeNull()
    expect(await live('officer', password)).toBeNull()
    expect(refused('banned-address', 'http')).toBe(1)
    expect(await dial()).not.toBeNull()
  })

  test('behind a proxy everybody has its address: its connections stay, passwords are not asked any more', async () => {
    const plain = { http: { host: '127.0.0.1', port: 0 } }
    const { gateway, refused } = await strictGateway({ addressFailures: 3 }, plain)
    const officer = officerAt(gateway)
    for (let n = 0; n < 4; n++) expect(await officer(`name${n}`, 'guess number one')).toBeNull()
    const ask = (path: string, headers = {}) =>
      fetch(`http://127.0.0.1:${gateway.ports.http}${path}`, { headers })
    expect((await ask('/healthz')).status).toBe(200)
    const authorization = `Basic ${Buffer.from(`officer:${password}`).toString('base64')}`
    expect((await ask('/alerts', { authorization })).status).toBe(401)
    expect(refused('banned-address', 'http')).toBe(0)
  })

  test('wrong passwords for one name close that name from that address, and nobody else', async () => {
    const { gateway, refused, later } = await strictGateway({ failuresPerMin: 3 })
    const officer = officerAt(gateway)
    for (let n = 0; n < 4; n++) expect(await officer('officer', 'guess number one')).toBeNull()
    expect(await officer('officer')).toBeNull()
    expect([refused('not-an-officer', 'alerts'), refused('too-many-passwords', 'alerts')]).toEqual([4, 1])
    expect(await officer('auditor')).not.toBeNull()
    later(strict.banMs)
    expect(await officer('officer')).not.toBeNull()
  })

  test('wrong passwords for ever new names close the address to officers; terminals behind it are let in', async () => {
    const { gateway, refused, later, dial } = await strictGateway({ addressFailures: 3 })
    const officer = officerAt(gateway)
    for (let n = 0; n < 4; n++) expect(await officer(`name${n}`, 'guess number one')).toBeNull()
    expect(await officer('officer')).toBeNull()
    expect(refused('banned-address', 'alerts')).toBe(1)
    expect(await dial()).not.toBeNull()
    expect(refused('banned-address')).toBe(0)
    later(strict.banMs)
    expect(await officer('officer')).not.toBeNull()
  })

  test('a right password under the client id of another one is no guess', async () => {
    const { gateway } = await strictGateway({ failuresPerMin: 0, addressFailures: 0 })
    const officer = officerAt(gateway)
    expect(await officer('officer', password, 'auditor')).toBeNull()
    expect(await officer('officer')).not.toBeNull()
  })

  test('telemetry of one terminal waits and is told a rate; its alarms wait for nothing, nothing is lost', async () => {
    const journal = createMemoryJournal()
    const limits = { ...lenient, telemetry: { perS: 10, burst: 5 } }
    const host = { nowMs: hostClock.nowMs, monoMs: () => 0 }
    const gateway = await startGateway({ journal, abuse: limits, host })
    const { client, acks } = await connectTerminal(gateway.ports.ingest)
    let flooded = 0
    const samples = cruise(startMs, startMs + 1000, { speedKmh: 50 })
    // What waits for its turn waits until the test says so.
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const rows = Array.from({ length: 12 }, (_, index) => telemetry(index + 1, samples))
    const sent = rows.map(async (row) => {
      await client.publishAsync(upTopic('f1', 'v1', 'telemetry'), Buffer.from(encodeEnvelope(row)), {
        qos: 1,
      })
      flooded++
    })
    await client.publishAsync(upTopic('f1', 'v1', 'alarm'), Buffer.from(encodeEnvelope(alarm(1, {}, null))), {
      qos: 1,
    })
    expect(flooded).toBe(5)
    expect(gateway.metrics.text()).toContain('queue_length{queue="telemetry-delayed"} 7\n')
    vi.advanceTimersByTime(700)
    vi.useRealTimers()
    await Promise.all(sent)
    expect(journal.state({ fleet: 'f1', vehicle: 'v1', epoch: 7, stream: 'telemetry' })).toEqual({
      upto: 12,
      ranges: [],
    })
    await until(() => acks.at(-1)?.streams.telemetry.upto === 12)
    expect(acks.at(-1)?.rate).toBe(10)
    expect(gateway.metrics.value('telemetry_delayed_total')).toBe(7)
    expect(gateway.metrics.text()).toContain('queue_length{queue="telemetry-delayed"} 0\n')
    const other: Ack[] = []
    const neighbour = await connectTerminal(gateway.ports.ingest, 'f1', 'v2')
    neighbour.client.on('message', (topic, payload) => {
      const decoded = decodeAck(payload)
      if (topic === downTopic('f1', 'v2', 'ack') && decoded.ok) other.push(decoded.value)
    })
    await neighbour.send(telemetry(1, samples, { vehicle: 'v2' }))
    await until(() => other.length > 0)
    expect(other[0]!.rate).toBe(0)
  })
})

describe('an officer who does not read', () => {
  test('is cut off, holds up nobody, and catches up by cursor to the last alert', async () => {
    const gateway = await startGateway()
    await deafOfficer(gateway.ports.alerts)
    const good = await connectOfficer(gateway.ports.alerts, 'alerts-json/v1/f1/#', { clientId: 'good' })
    expect(gateway.metrics.text()).toContain('officers_connected 2')
    const terminal = await connectTerminal(gateway.ports.ingest)
    const note = 'x'.repeat(6000)
    const one = (seq: number) => alarm(seq, { evidence: { note }, subject: `s${seq}` }, null)
    for (let seq = 1; seq <= 1500; seq += 12)
      await Promise.all(Array.from({ length: 12 }, (_, n) => terminal.send(one(seq + n))))
    await until(() => gateway.metrics.text().includes('officers_connected 1'))
    await until(() => good.alerts().length === 1500)
    const caughtUp: number[] = []
    for (let cursor = 0; ; ) {
      const answer = await fetch(`http://127.0.0.1:${gateway.ports.http}/alerts?after=${cursor}&limit=500`)
      const page = (await answer.text()).split('\n').filter(Boolean)
      if (page.length === 0) break
      for (const line of page) caughtUp.push((cursor = (JSON.parse(line) as { cursor: number }).cursor))
    }
    expect(caughtUp).toEqual(Array.from({ length: 1500 }, (_, index) => index + 1))
  })
})

/** Subscribes to everything of f1 and never reads a byte of it. */
async function deafOfficer(port: number): Promise<void> {
  const socket = connectSocket(port, '127.0.0.1')
  socket.on('error', () => {})
  onTestFinished(() => {
    socket.destroy()
  })
  const text = (value: string): Buffer => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)])
  const packet = (first: number, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts)
    return Buffer.concat([Buffer.from([first, body.length]), body])
  }
  const filters = ['alerts/v1/f1/#', 'alerts-json/v1/f1/#'].flatMap((filter) => [
    text(filter),
    Buffer.from([1]),
  ])
  socket.write(packet(0x10, text('MQTT'), Buffer.from([4, 2, 0, 60]), text('deaf')))
  socket.write(packet(0x82, Buffer.from([0, 1]), ...filters))
  await new Promise((resolve) => socket.once('readable', resolve))
}
