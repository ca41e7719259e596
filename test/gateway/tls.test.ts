import { createServer } from 'node:tls'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { mqttLink } from '../../device/link/mqtt.ts'
import { createMemoryJournal } from '../../gateway/journal/memory.ts'
import { type Issued, makeAuthority } from '../../gateway/pki/authority.ts'
import { encodeEnvelope } from '../../proto/codec.ts'
import { downTopic, upTopic } from '../../proto/topics.ts'
import { until } from './help/clients.ts'
import {
  grantsOf,
  makeRealm,
  openTls,
  password,
  type Realm,
  startTlsGateway,
  tryConnect,
  versions,
} from './help/pki.ts'
import { alarm } from './help/world.ts'

let realm: Realm
let own: Issued
let foreign: Realm
beforeAll(async () => {
  realm = await makeRealm()
  foreign = await makeRealm()
  own = await realm.terminal('f1.v1')
})
const ca = (): string => realm.authority.cert
const mqtts = (port: number): string => `mqtts://127.0.0.1:${port}`
const envelope = alarm(1, {}, null)

describe.each(versions)('a terminal behind %s', (version) => {
  test('is let in by its certificate and what it sends is journaled', async () => {
    const journal = createMemoryJournal()
    const gateway = await startTlsGateway(realm, { journal })
    let up = false
    const link = mqttLink({
      url: mqtts(gateway.ports.ingest),
      clientId: 'f1.v1',
      subscriptions: [downTopic('f1', 'v1', 'ack')],
      tls: { ca: Buffer.from(ca()), cert: Buffer.from(own.cert), key: Buffer.from(own.key) },
    })({ up: () => (up = true), down: () => {}, message: () => {} })
    onTestFinished(() => link.close())
    await until(() => up)
    await link.publish(upTopic('f1', 'v1', 'alarm'), encodeEnvelope(envelope))
    expect(journal.hashOf(envelope)).not.toBeNull()
  })

  test.each([
    ['without a certificate', async () => ({})],
    ['with a certificate of another authority', () => foreign.terminal('f1.v1')],
    [
      'with a certificate that has ended',
      () => realm.certify({ name: 'f1.v1', role: 'terminal', fleets: [] }, -0.02),
    ],
    ['with the certificate of another vehicle', () => realm.terminal('f1.v2')],
    ['with the certificate of the same vehicle of another fleet', () => realm.terminal('f2.v1')],
    [
      'with the certificate of an officer',
      () => realm.certify({ name: 'f1.v1', role: 'admin', fleets: ['f1'] }),
    ],
    [
      'with the certificate of a gateway',
      () => realm.certify({ name: 'f1.v1', role: 'gateway', fleets: ['f1'] }),
    ],
    ['with one of a vehicle nobody knows', () => realm.terminal('f1.x1'), 'f1.x1'],
    [
      'with a name of three parts',
      () => realm.certify({ name: 'f1.v1.v1', role: 'terminal', fleets: [] }),
      'f1.v1.v1',
    ],
  ] as const)(
    '%s is refused, and nothing of it is journaled',
    async (_name, certificate, clientId: string = 'f1.v1') => {
      const journal = createMemoryJournal()
      const gateway = await startTlsGateway(realm, { journal })
      const { cert, key } = (await certificate()) as Partial<Issued>
      const shown = cert === undefined ? {} : { cert, key: key! }
      const client = await tryConnect(mqtts(gateway.ports.ingest), {
        ca: ca(),
        clientId,
        tlsVersion: version,
        ...shown,
      })
      expect(client).toBeNull()
      expect(journal.hashOf(envelope)).toBeNull()
    },
  )

  test.each([
    'rw/v1/f1/v2/up/alarm',
    'rw/v1/f2/v1/up/alarm',
    'rw/v1/f1/v1/ack',
    'alerts/v1/f1/major/speeding/v1',
  ])('that publishes to %s is thrown out', async (topic) => {
    const journal = createMemoryJournal()
    const gateway = await startTlsGateway(realm, { journal })
    const client = await tryConnect(mqtts(gateway.ports.ingest), {
      ca: ca(),
      clientId: 'f1.v1',
      tlsVersion: version,
      ...pair(own),
    })
    const closed = new Promise((resolve) => client!.once('close', () => resolve(null)))
    client!.publish(topic, Buffer.from(encodeEnvelope(envelope)), { qos: 1 }, () => {})
    await closed
    expect(journal.hashOf(envelope)).toBeNull()
  })

  test('is not let in to the officers', async () => {
    const gateway = await startTlsGateway(realm)
    const client = await tryConnect(mqtts(gateway.ports.alerts), {
      ca: ca(),
      clientId: 'f1.v1',
      tlsVersion: version,
      ...pair(own),
    })
    expect(client).toBeNull()
  })
})

const pair = ({ cert, key }: Issued) => ({ cert, key })

describe('revocation', () => {
  test.each(versions)(
    'by serial ends the live session and refuses its ticket and its certificate (%s)',
    async (version) => {
      const gateway = await startTlsGateway(realm)
      const client = await tryConnect(mqtts(gateway.ports.ingest), {
        ca: ca(),
        clientId: 'f1.v1',
        tlsVersion: version,
        ...pair(own),
      })
      expect(client).not.toBeNull()
      const { ingest } = gateway.ports
      const shown = { ca: ca(), version, ...pair(own) }
      const first = await openTls(ingest, shown)
      // The ticket is good before the revocation: otherwise the rest would prove nothing.
      expect((await openTls(ingest, { ...shown, session: first!.session }))?.reused).toBe(true)
      const closed = new Promise((resolve) => client!.once('close', () => resolve(null)))
      gateway.revoke({ serials: [own.serial], names: [] })
      await closed
      expect(await openTls(ingest, { ...shown, session: first!.session })).toBeNull()
      expect(await openTls(ingest, shown)).toBeNull()
      const again = await tryConnect(mqtts(ingest), {
        ca: ca(),
        clientId: 'f1.v1',
        tlsVersion: version,
        ...pair(own),
      })
      expect(again).toBeNull()
      expect(gateway.metrics.value('sessions_ended_total')).toBe(1)
      // Another certificate of the same vehicle is good.
      const renewed = await realm.terminal('f1.v1')
      expect(
        await tryConnect(mqtts(ingest), {
          ca: ca(),
          clientId: 'f1.v1',
          tlsVersion: version,
          ...pair(renewed),
        }),
      ).not.toBeNull()
    },
  )

  test.each(versions)(
    'negative control: with ticket keys that are kept, a session is resumed all the same (%s)',
    async (version) => {
      const ticketKeys = Buffer.alloc(48, 7)
      const files = { cert: realm.server.cert, key: realm.server.key, ca: ca(), ticketKeys }
      const server = createServer({ ...files, requestCert: true, rejectUnauthorized: true })
      onTestFinished(() => {
        server.close()
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
      const { port } = server.address() as { port: number }
      const shown = { ca: ca(), version, ...pair(own) }
      const first = await openTls(port, shown)
      server.setSecureContext(files)
      server.setTicketKeys(ticketKeys)
      expect((await openTls(port, { ...shown, session: first!.session }))?.reused).toBe(true)
    },
  )

  test.each(versions)('a renewed gateway resumes nothing that was begun before (%s)', async (version) => {
    const gateway = await startTlsGateway(realm)
    const shown = { ca: ca(), version, ...pair(own) }
    const first = await openTls(gateway.ports.ingest, shown)
    gateway.renew()
    expect((await openTls(gateway.ports.ingest, { ...shown, session: first!.session }))?.reused).toBe(false)
  })

  test('by name ends whoever bears it, with a certificate or with a password', async () => {
    const gateway = await startTlsGateway(realm)
    const li = await realm.certify({ name: 'li', role: 'officer', fleets: ['f1'] })
    const url = mqtts(gateway.ports.alerts)
    const clients = [
      await tryConnect(url, { ca: ca(), clientId: 'li', ...pair(li) }),
      await tryConnect(url, { ca: ca(), clientId: 'officer', username: 'officer', password }),
      await tryConnect(url, { ca: ca(), clientId: 'auditor', username: 'auditor', password }),
    ]
    const closed = clients
      .slice(0, 2)
      .map((client) => new Promise((resolve) => client!.once('close', () => resolve(null))))
    gateway.revoke({ serials: [], names: ['li', 'officer'] })
    await Promise.all(closed)
    expect(clients[2]!.connected).toBe(true)
    expect(await tryConnect(url, { ca: ca(), clientId: 'officer', username: 'officer', password })).toBeNull()
  })

  test('a session ends when its certificate does', async () => {
    const gateway = await startTlsGateway(realm)
    const brief = await realm.certify({ name: 'f1.v1', role: 'terminal', fleets: [] }, 3 / 86_400)
    const client = await tryConnect(mqtts(gateway.ports.ingest), {
      ca: ca(),
      clientId: 'f1.v1',
      ...pair(brief),
    })
    await new Promise((resolve) => client!.once('close', () => resolve(null)))
    expect(gateway.metrics.value('sessions_ended_total')).toBe(1)
  })

  test('a changed password or a removed user ends the session begun with the old one', async () => {
    const gateway = await startTlsGateway(realm)
    const client = await tryConnect(mqtts(gateway.ports.alerts), {
      ca: ca(),
      clientId: 'both',
      username: 'both',
      password,
    })
    const closed = new Promise((resolve) => client!.once('close', () => resolve(null)))
    gateway.setUsers([])
    await closed
    expect(
      await tryConnect(mqtts(gateway.ports.alerts), {
        ca: ca(),
        clientId: 'both',
        username: 'both',
        password,
      }),
    ).toBeNull()
  })
})

describe('officers behind TLS', () => {
  const filter = 'alerts-json/v1/f1/#'
  test.each([
    ['MQTT', (ports: Ports) => mqtts(ports.alerts)],
    ['WebSocket', (ports: Ports) => `wss://127.0.0.1:${ports.ws}`],
  ] as const)('come with a password over %s, as themselves', async (_name, url) => {
    const gateway = await startTlsGateway(realm)
    const at = url(gateway.ports)
    const client = await tryConnect(at, { ca: ca(), clientId: 'officer.desk', username: 'officer', password })
    expect(await grantsOf(client!, [filter, 'alerts/v1/f2/#'])).toEqual([0, 128])
    const attempts = [
      { clientId: 'officer', username: 'officer', password: `${password}!` },
      { clientId: 'officer', username: 'officer' },
      { clientId: 'officer' },
      { clientId: 'nobody', username: 'nobody', password },
      { clientId: 'f1', username: 'f1' },
      { clientId: 'auditor', username: 'officer', password },
    ]
    for (const attempt of attempts)
      expect(await tryConnect(at, { ca: ca(), ...attempt }), JSON.stringify(attempt)).toBeNull()
    expect(client!.connected).toBe(true)
  })

  test('come with a certificate over MQTT and WebSocket', async () => {
    const gateway = await startTlsGateway(realm)
    const li = await realm.certify({ name: 'li', role: 'auditor', fleets: ['f1', 'f2'] })
    for (const url of [mqtts(gateway.ports.alerts), `wss://127.0.0.1:${gateway.ports.ws}`]) {
      const client = await tryConnect(url, { ca: ca(), clientId: 'li', ...pair(li) })
      expect(await grantsOf(client!, [filter, 'state/v1/f2/+', 'state/v1/f3/+'])).toEqual([0, 0, 128])
      await client!.endAsync()
    }
    const false1 = await foreign.certify({ name: 'li', role: 'auditor', fleets: ['f1'] })
    expect(
      await tryConnect(mqtts(gateway.ports.alerts), {
        ca: ca(),
        clientId: 'officer',
        username: 'officer',
        password,
        ...pair(false1),
      }),
    ).toBeNull()
  })

  test('a page of another origin does not reach the WebSocket', async () => {
    const gateway = await startTlsGateway(realm)
    const url = `wss://127.0.0.1:${gateway.ports.ws}`
    const from = (origin: string) =>
      tryConnect(url, {
        ca: ca(),
        clientId: 'officer',
        username: 'officer',
        password,
        wsOptions: { ca: ca(), origin },
      })
    expect(await from('https://evil.example')).toBeNull()
    expect(await from('null')).toBeNull()
    expect(await from('https://127.0.0.1:9999')).not.toBeNull()
  })
})

type Ports = { readonly alerts: number; readonly ws: number | null }

describe('HTTP behind TLS', () => {
  const basic = (name: string, word = password) => ({
    authorization: `Basic ${Buffer.from(`${name}:${word}`).toString('base64')}`,
  })

  test('asks for a name everywhere but for health; shows each officer the own fleets', async () => {
    const gateway = await startTlsGateway(realm)
    const ask = asker(gateway.ports.http)
    for (const clientId of ['f1.v1', 'f2.v1']) {
      const [fleet] = clientId.split('.')
      const terminal = await tryConnect(mqtts(gateway.ports.ingest), {
        ca: ca(),
        clientId,
        ...pair(await realm.terminal(clientId)),
      })
      const bytes = encodeEnvelope(alarm(1, {}, null, { fleet: fleet! }))
      await terminal!.publishAsync(upTopic(fleet!, 'v1', 'alarm'), Buffer.from(bytes), { qos: 1 })
    }
    await gateway.idle()
    expect((await ask('/healthz')).status).toBe(200)
    expect((await ask('/readyz')).status).toBe(200)
    for (const path of ['/alerts', '/gaps']) expect((await ask(path)).status).toBe(401)
    expect((await ask('/alerts', basic('officer', 'wrong password'))).status).toBe(401)
    const fleets = async (name: string) =>
      (await ask('/alerts?limit=1', basic(name))).body
        .split('\n')
        .filter(Boolean)
        .map((line) => (JSON.parse(line) as { fleet: string }).fleet)
    expect(await fleets('officer')).toEqual(['f1'])
    expect(await fleets('none')).toEqual([])
    expect(await fleets('provider')).toEqual([])
    const both = (await ask('/alerts', basic('both'))).body.split('\n').filter(Boolean)
    expect(both).toHaveLength(2)
    expect((await ask('/alerts?fleet=f2', basic('officer'))).body).toBe('')
    expect((await ask('/metrics', basic('officer'))).status).toBe(403)
    expect((await ask('/metrics', basic('admin'))).status).toBe(200)
  })

  test('a session answers for its password until it is revoked', async () => {
    const gateway = await startTlsGateway(realm)
    const ask = asker(gateway.ports.http)
    expect((await ask('/session', basic('officer'))).status).toBe(405)
    expect((await ask('/session', {}, 'POST')).status).toBe(401)
    const begun = JSON.parse((await ask('/session', basic('officer'), 'POST')).body) as { token: string }
    const bearer = { authorization: `Bearer ${begun.token}` }
    expect((await ask('/alerts', bearer)).status).toBe(200)
    expect((await ask('/alerts', { authorization: `Bearer ${begun.token}x` })).status).toBe(401)
    gateway.revoke({ serials: [], names: ['officer'] })
    expect((await ask('/alerts', bearer)).status).toBe(401)
  })
})

type Answer = { readonly status: number; readonly body: string }

function asker(port: number) {
  return async (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> => {
    const { request } = await import('node:https')
    return new Promise((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port, path, method, headers, ca: ca(), agent: false },
        (response) => {
          let body = ''
          response.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')))
          response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
        },
      )
      asked.on('error', reject)
      asked.end()
    })
  }
}

test('an authority is not a server: what it signs for itself names nobody', async () => {
  const gateway = await startTlsGateway(realm)
  const other = await makeAuthority(Date.now())
  expect(await tryConnect(mqtts(gateway.ports.ingest), { ca: ca(), clientId: 'f1.v1', ...other })).toBeNull()
})
