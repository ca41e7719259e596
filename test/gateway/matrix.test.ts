import { connect as connectSocket } from 'node:net'
import type { MqttClient } from 'mqtt'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Role, roles } from '../../gateway/identity/identity.ts'
import { hashOf, type Users } from '../../gateway/identity/passwords.ts'
import { openRegister } from '../../gateway/journal/register.ts'
import { encodeEnvelope } from '../../proto/codec.ts'
import type { Alert } from '../../proto/model.ts'
import { idPattern, upTopic } from '../../proto/topics.ts'
import { chance } from '../../sim/random.ts'
import { settled, until } from './help/clients.ts'
import {
  askTls,
  grantsOf,
  makeRealm,
  password,
  type Realm,
  startTlsGateway,
  type TlsGateway,
  tryConnect,
} from './help/pki.ts'
import { alarm, startGateway, tempFolder } from './help/world.ts'

/**
 * Three fleets, six roles, thirty-nine filters, every operation, over MQTT and over the desk's own WebSocket. What may be heard is said a second time here, topic by
 * topic over a whole universe of topics, and nothing that arrives may be outside of it.
 */

const fleets = ['f1', 'f2', 'f3'] as const
const devices = [
  'gnss-lost',
  'gnss-frozen',
  'antenna-open',
  'antenna-short',
  'can-silent',
  'speed-mismatch',
  'power-cut',
  'epoch-reset',
  'clock-conflict',
]

/** The rule by hand: own fleet only; who maintains devices hears of devices only. */
function may(fleet: string, role: Role, topic: string): boolean {
  const [root, version, of, , kind] = topic.split('/')
  if (version !== 'v1' || of !== fleet) return false
  if (root === 'state' || root === 'cases') return role !== 'provider'
  return (
    (root === 'alerts' || root === 'alerts-json') && (role !== 'provider' || devices.includes(kind ?? ''))
  )
}

const universe = [...fleets, 'f4', 'f1x']
  .flatMap((fleet) => [
    ...['alerts', 'alerts-json'].flatMap((root) =>
      ['info', 'major', 'critical'].flatMap((severity) =>
        ['speeding', 'curfew', 'gnss-lost', 'can-silent'].flatMap((kind) =>
          ['v1', 'v2'].map((vehicle) => `${root}/v1/${fleet}/${severity}/${kind}/${vehicle}`),
        ),
      ),
    ),
    ...['v1', 'v2'].flatMap((vehicle) => [
      `state/v1/${fleet}/${vehicle}`,
      `cases/v1/${fleet}/${vehicle}`,
      `rw/v1/${fleet}/${vehicle}/ack`,
      `rw/v1/${fleet}/${vehicle}/up/alarm`,
    ]),
  ])
  .concat(
    '$SYS/x/new/clients',
    '$SYS/x/heartbeat',
    ...fleets.map((fleet) => `alerts/v2/${fleet}/major/speeding/v1`),
    'other',
  )

function matches(filter: string, topic: string): boolean {
  const [wanted, had] = [filter.split('/'), topic.split('/')]
  if (topic.startsWith('$') && /^[+#]/.test(filter)) return false
  for (const [index, part] of wanted.entries()) {
    if (part === '#') return true
    if (had[index] === undefined || (part !== '+' && part !== had[index])) return false
  }
  return wanted.length === had.length
}

const filters = [
  ...fleets.flatMap((fleet) => [
    `alerts/v1/${fleet}/#`,
    `alerts-json/v1/${fleet}/+/speeding/+`,
    `alerts-json/v1/${fleet}/+/gnss-lost/+`,
    `state/v1/${fleet}/+`,
    `state/v1/${fleet}/v1`,
    `alerts/v1/${fleet}/major/speeding/v1`,
    `cases/v1/${fleet}/+`,
    `cases/v1/${fleet}/v1`,
  ]),
  ...[
    '#',
    '+/v1/f1/#',
    'alerts/#',
    'alerts/+/f2/#',
    'alerts-json/v1/+/major/speeding/v1',
    'state/v1/#',
    'state/v1/+/v1',
  ],
  ...['cases/#', 'cases/v1/+/v1', '$share/g/cases/v1/f1/+'],
  ...['$SYS/#', '$share/g/alerts/v1/f1/#', '$share/g/state/v1/f2/+', 'rw/v1/f1/v1/ack', 'rw/v1/+/+/up/alarm'],
]

let realm: Realm
let users: Users['users']
beforeAll(async () => {
  realm = await makeRealm()
  const hash = await hashOf(password, { N: 1024, r: 8, p: 1 })
  users = fleets.flatMap((fleet) =>
    roles.map((role) => ({ name: `${fleet}-${role}`, hash, fleets: { [fleet]: role } })),
  )
})

type Heard = { readonly topic: string; readonly retain: boolean }
type Sitting = {
  readonly fleet: string
  readonly role: Role
  readonly name: string
  readonly client: MqttClient
  readonly heard: Heard[]
}

const overMqtt = ({ ports }: TlsGateway): string => `mqtts://127.0.0.1:${ports.alerts}`
/** As the desk does. */
const overHttp = ({ ports }: TlsGateway): string => `wss://127.0.0.1:${ports.http}/mqtt`

async function sit(
  gateway: TlsGateway,
  fleet: string,
  role: Role,
  options: object = {},
  urlOf = overMqtt,
): Promise<Sitting> {
  const name = `${fleet}-${role}`
  const url = urlOf(gateway)
  const client = await tryConnect(url, {
    ca: realm.authority.cert,
    clientId: name,
    username: name,
    password,
    ...options,
  })
  const heard: Heard[] = []
  client!.on('message', (topic, _payload, { retain }) => heard.push({ topic, retain }))
  return { fleet, role, name, client: client!, heard }
}

/** One after another: of those who show a password at the same moment a gateway derives a few, and refuses the rest. */
async function sitAll(gateway: TlsGateway, options: object = {}): Promise<Sitting[]> {
  const sittings: Sitting[] = []
  for (const fleet of fleets)
    for (const role of roles) sittings.push(await sit(gateway, fleet, role, options))
  return sittings
}

/** A finding of the road and one of the device in each fleet, and a step of an officer in the case of the first. */
async function happen(gateway: TlsGateway, round: number): Promise<void> {
  for (const fleet of fleets) {
    const { cert, key } = await realm.terminal(`${fleet}.v1`)
    const url = `mqtts://127.0.0.1:${gateway.ports.ingest}`
    const terminal = await tryConnect(url, { ca: realm.authority.cert, cert, key, clientId: `${fleet}.v1` })
    for (const [index, kind] of ['speeding', 'gnss-lost'].entries()) {
      const subject = `s${round}`
      const bytes = encodeEnvelope(alarm(round * 2 + index + 1, { kind, subject }, null, { fleet }))
      await terminal!.publishAsync(upTopic(fleet, 'v1', 'alarm'), Buffer.from(bytes), { qos: 1 })
    }
    await terminal!.endAsync()
    await gateway.idle()
    await acknowledge(gateway, fleet)
  }
}

/** Waits until the broker keeps the state of the vehicle of a fleet for whoever comes later. */
async function stateIsKept(gateway: TlsGateway, fleet: string): Promise<void> {
  const { client, heard } = await sit(gateway, fleet, 'admin')
  await grantsOf(client, [`state/v1/${fleet}/+`])
  await until(() => heard.length > 0)
  await client.endAsync()
}

async function acknowledge({ ports }: TlsGateway, fleet: string): Promise<void> {
  const named = `Basic ${Buffer.from(`${fleet}-officer:${password}`).toString('base64')}`
  const asked = { headers: { authorization: named }, ca: realm.authority.cert, agent: false }
  const raised = await askTls(`https://127.0.0.1:${ports.http}/alerts`, asked)
  const alerts = raised.body
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Alert)
  const { id } = alerts.findLast(({ kind }) => kind === 'speeding')!
  const step = JSON.stringify({ alert: id, revision: 0, action: 'acknowledge', by: `${fleet}-officer` })
  const headers = { authorization: named, 'content-type': 'application/json' }
  const posted = { ...asked, method: 'POST', headers }
  expect(await askTls(`https://127.0.0.1:${ports.http}/cases`, posted, step)).toMatchObject({ status: 200 })
}

/** What one `happen` says to whoever may hear everything. */
const said = fleets.flatMap((fleet) =>
  ['speeding', 'gnss-lost']
    .flatMap((kind) => ['alerts', 'alerts-json'].map((root) => `${root}/v1/${fleet}/major/${kind}/v1`))
    .concat(`cases/v1/${fleet}/v1`),
)

async function start(): Promise<TlsGateway> {
  const gateway = await startTlsGateway(realm, { register: openRegister(tempFolder()) })
  gateway.setUsers(users)
  return gateway
}

/** What the SUBACK of each filter must be. */
const expectedOf = (fleet: string, role: Role): number[] =>
  filters.map((filter) => {
    const matched = universe.filter((topic) => matches(filter, topic))
    return matched.length > 0 && matched.every((topic) => may(fleet, role, topic)) ? 0 : 128
  })

/** What one `happen` brings to whoever asked for every filter. */
function dueTo({ fleet, role }: Sitting): string[] {
  const expected = expectedOf(fleet, role)
  const granted = filters.filter((_filter, index) => expected[index] === 0)
  const due = said.filter((topic) => granted.some((filter) => matches(filter, topic)))
  return role === 'provider' ? due : [...due, `state/v1/${fleet}/v1`]
}

const hasHeard = (one: Sitting): boolean =>
  dueTo(one).every((wanted) => one.heard.some(({ topic }) => topic === wanted))

/** Nothing that may not be heard, and everything that was asked for and may. */
function expectHeard(sitting: Sitting): void {
  const { fleet, role, heard } = sitting
  expect(
    heard.filter(({ topic }) => !may(fleet, role, topic)),
    `${fleet} ${role}`,
  ).toEqual([])
  const got = new Set(heard.map(({ topic }) => topic))
  for (const topic of dueTo(sitting)) expect(got, `${fleet} ${role}`).toContain(topic)
  expect(heard.some(({ topic, retain }) => retain && topic === `state/v1/${fleet}/v1`)).toBe(
    role !== 'provider',
  )
}

/** The cookie of a page that has logged in. */
async function logIn({ ports }: TlsGateway, name: string): Promise<string> {
  const asked = { method: 'POST', ca: realm.authority.cert, agent: false }
  const json = { ...asked, headers: { 'content-type': 'application/json' } }
  const url = `https://127.0.0.1:${ports.http}/api/v1/session`
  const { status, cookies } = await askTls(url, json, JSON.stringify({ name, password }))
  expect(status).toBe(200)
  return cookies[0]!.split(';')[0]!
}

describe('three fleets, six roles, thirty-nine filters', () => {
  test('one by one and mixed: a filter is granted exactly when all it matches may be heard; live and retained', async () => {
    expect(filters).toHaveLength(39)
    const gateway = await start()
    await happen(gateway, 0)
    for (const fleet of fleets) await stateIsKept(gateway, fleet)
    const sittings = await sitAll(gateway)
    for (const { fleet, role, client } of sittings) {
      const expected = expectedOf(fleet, role)
      for (const [index, filter] of filters.entries())
        expect(await grantsOf(client, [filter]), `${fleet} ${role} ${filter}`).toEqual([expected[index]])
      for (let from = 0; from < filters.length; from += 8)
        expect(await grantsOf(client, filters.slice(from, from + 8))).toEqual(expected.slice(from, from + 8))
    }
    await happen(gateway, 1)
    await until(() => sittings.every(hasHeard))
    await settled()
    for (const sitting of sittings) expectHeard(sitting)
  })

  test('over WebSocket at the port of the desk, by password and by the cookie of a session', async () => {
    const gateway = await start()
    await happen(gateway, 0)
    for (const fleet of fleets) await stateIsKept(gateway, fleet)
    const sittings: Sitting[] = []
    for (const fleet of fleets)
      for (const role of ['officer', 'provider', 'auditor'] as const)
        sittings.push(await sit(gateway, fleet, role, {}, overHttp))
    for (const role of ['supervisor', 'provider'] as const) {
      const cookie = await logIn(gateway, `f2-${role}`)
      const ofPage = { username: undefined, password: undefined, clientId: `f2-${role}.desk` }
      const wsOptions = { ca: realm.authority.cert, headers: { cookie } }
      sittings.push(await sit(gateway, 'f2', role, { ...ofPage, wsOptions }, overHttp))
    }
    for (const { fleet, role, client } of sittings) {
      const expected = expectedOf(fleet, role)
      for (let from = 0; from < filters.length; from += 8)
        expect(await grantsOf(client, filters.slice(from, from + 8)), `${fleet} ${role}`).toEqual(
          expected.slice(from, from + 8),
        )
    }
    await happen(gateway, 1)
    await until(() => sittings.every(hasHeard))
    await settled()
    for (const sitting of sittings) expectHeard(sitting)
    const { client } = sittings[0]!
    const closed = new Promise((resolve) => client.once('close', () => resolve(null)))
    client.publish('cases/v1/f1/v1', '{}', { qos: 0 }, () => {})
    await closed
  })

  test('kept sessions: what was refused does not come back with the session, nor after the role was taken', async () => {
    const gateway = await start()
    const keep = { clean: false }
    const before = await sitAll(gateway, keep)
    for (const { client } of before) {
      for (let from = 0; from < filters.length; from += 8)
        await grantsOf(client, filters.slice(from, from + 8))
      await client.endAsync()
    }
    await happen(gateway, 0)
    // One of each fleet loses the fleet, one moves to another, while away.
    gateway.setUsers(
      users.map((user) => {
        if (user.name.endsWith('-auditor')) return { ...user, fleets: {} }
        return user.name.endsWith('-supervisor') ? { ...user, fleets: { f2: 'supervisor' as const } } : user
      }),
    )
    const after = await sitAll(gateway, keep)
    await happen(gateway, 1)
    const stayed = after.filter(({ role }) => role !== 'auditor' && role !== 'supervisor')
    await until(() => stayed.every(({ heard }) => heard.length > 0))
    await settled()
    for (const { fleet, role, heard } of after) {
      const now = role === 'auditor' ? 'none' : role === 'supervisor' ? 'f2' : fleet
      expect(
        heard.filter(({ topic }) => !may(now, role, topic)),
        `${fleet} ${role}`,
      ).toEqual([])
      if (now === fleet) expect(heard.length, `${fleet} ${role}`).toBeGreaterThan(0)
    }
  })

  test('publishing, wills, takeovers, and sessions after revocation reach nobody', async () => {
    const gateway = await start()
    const listener = await sit(gateway, 'f1', 'admin')
    await grantsOf(listener.client, [
      'alerts/v1/f1/#',
      'alerts-json/v1/f1/#',
      'state/v1/f1/+',
      'cases/v1/f1/+',
    ])
    for (const fleet of fleets)
      for (const role of roles) {
        const name = `${fleet}-${role}`
        for (const topic of [
          'alerts/v1/f1/major/speeding/v1',
          'state/v1/f1/v1',
          'cases/v1/f1/v1',
          'rw/v1/f1/v1/up/alarm',
          '$SYS/x',
        ]) {
          const { client } = await sit(gateway, fleet, role, {
            clientId: `${name}.2`,
            will: { topic, payload: Buffer.from('will'), qos: 1, retain: true },
          })
          const closed = new Promise((resolve) => client.once('close', () => resolve(null)))
          client.publish(topic, 'x', { qos: 0, retain: true }, () => {})
          await closed
        }
        const url = `mqtts://127.0.0.1:${gateway.ports.alerts}`
        const other = { ca: realm.authority.cert, username: name, password }
        if (name !== 'f1-admin') expect(await tryConnect(url, { ...other, clientId: 'f1-admin' })).toBeNull()
      }
    await settled()
    expect(listener.client.connected).toBe(true)
    expect(listener.heard).toEqual([])
    const closed = new Promise((resolve) => listener.client.once('close', () => resolve(null)))
    gateway.revoke({ serials: [], names: ['f1-admin'] })
    await closed
    await happen(gateway, 0)
    gateway.revoke({ serials: [], names: [] })
    const again = await sit(gateway, 'f1', 'admin', { clean: false })
    await settled()
    expect(again.heard).toEqual([])
  })
})

describe('hostile client ids', () => {
  const pieces = [
    'f1',
    '.',
    'v1',
    '/',
    '+',
    '#',
    '$SYS',
    '\u202E',
    '\u0000',
    '..',
    '%00',
    "';--",
    '\n',
    'ｖ１',
    'é',
    ' ',
    'x'.repeat(70),
    '\uFEFF',
    '{}',
    '*',
  ]
  const hostile = Array.from({ length: 2000 }, (_, n) => {
    const count = 1 + Math.floor(chance(1, 'count', n) * 6)
    return Array.from(
      { length: count },
      (_piece, k) => pieces[Math.floor(chance(2, `piece ${k}`, n) * (n % 4 === 0 ? 3 : pieces.length))],
    ).join('')
  })

  test('two thousand: only those that are two ids with a dot between them reach the list of vehicles', async () => {
    const asked: string[] = []
    const gateway = await startGateway({
      documents: (fleet, vehicle) => {
        asked.push(`${fleet}.${vehicle}`)
        return null
      },
    })
    const refused = async (id: string): Promise<boolean> => {
      const bytes = Buffer.from(id)
      const body = Buffer.concat([
        Buffer.from([0, 4, 77, 81, 84, 84, 4, 2, 0, 60, bytes.length >> 8, bytes.length & 255]),
        bytes,
      ])
      const length = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7]
      const socket = connectSocket(gateway.ports.ingest, '127.0.0.1')
      const chunks: Buffer[] = []
      socket.on('error', () => {})
      socket.on('data', (chunk: Buffer) => chunks.push(chunk))
      socket.write(Buffer.concat([Buffer.from([0x10, ...length]), body]))
      await new Promise<void>((resolve) => socket.once('close', () => resolve()))
      const answer = Buffer.concat(chunks)
      return answer.length === 0 || answer[3] !== 0
    }
    for (let from = 0; from < hostile.length; from += 50) {
      const all = await Promise.all(hostile.slice(from, from + 50).map(refused))
      expect(all.every(Boolean)).toBe(true)
    }
    const wellFormed = hostile.filter((id) => {
      const parts = id.split('.')
      return parts.length === 2 && parts.every((part) => idPattern.test(part))
    })
    expect(asked.toSorted()).toEqual(wellFormed.toSorted())
    expect(wellFormed.length).toBeGreaterThan(0)
  })
})
