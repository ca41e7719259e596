import { Agent, request as httpsRequest } from 'node:https'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Role, roles } from '../../../gateway/identity/identity.ts'
import { hashOf, type Users } from '../../../gateway/identity/passwords.ts'
import { emptyGroup } from '../../../gateway/journal.ts'
import { makeRealm, password, type Realm, startTlsGateway, type TlsGateway } from '../help/pki.ts'
import { atEnd, keep, tempFolder } from '../help/world.ts'
import { alertOf, coach, drive, furnish, write } from './desk-office.ts'

/**
 * Three fleets, six roles, every route of the API. Each fleet's things are marked by its name, so that one letter of
 * another fleet in any answer is found; who may do what is said a second time here, by hand.
 */

const fleets = ['fa', 'fb', 'fc'] as const
type Fleet = (typeof fleets)[number]
const driverOf: { readonly [fleet in Fleet]: string } = { fa: '甲某某', fb: '乙某某', fc: '丙某某' }

type Reply = { readonly status: number; readonly text: string }

function ask(
  realm: Realm,
  { ports }: TlsGateway,
  agent: Agent,
  { method, path, user, body }: { method: string; path: string; user: string | null; body?: unknown },
): Promise<Reply> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  const authorization =
    user === null ? {} : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        ...{ host: '127.0.0.1', port: ports.http, method, path, ca: realm.authority.cert, agent },
        headers: { ...authorization, ...(text === undefined ? {} : { 'content-type': 'application/json' }) },
      },
      (response) => {
        const pieces: Buffer[] = []
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString('utf8') }),
        )
      },
    )
    request.on('error', reject)
    request.end(text)
  })
}

async function founded() {
  const vehicles = fleets.map((fleet) => ({ ...coach, fleet, id: `${fleet}-car`, plate: `${fleet}-plate` }))
  // One road for each fleet and one that all of them drive: of that, whose it is besides must not be told.
  const office = furnish(vehicles, tempFolder(), [...fleets.map((fleet) => `${fleet}-road`), 'shared'])
  for (const [index, fleet] of fleets.entries()) {
    const papers = { id: driverOf[fleet], fleet, name: driverOf[fleet] }
    const licence = { number: `${fleet}-licence`, classes: ['A1'], validTo: '2030-01-01' }
    write(`${office.folder}/drivers/${fleet}.json`, { ...papers, licence })
    const trip = { id: `${fleet}-trip`, fleet, vehicle: `${fleet}-car`, drivers: [driverOf[fleet]] }
    const times = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 86_400_000) }
    write(`${office.folder}/trips/${fleet}.json`, {
      ...trip,
      ...times,
      serviceClass: 'scheduled',
      oneWayKm: 900,
      route: `${fleet}-road`,
    })
    write(`${office.folder}/trips/${fleet}-shared.json`, {
      ...{ ...trip, id: `${fleet}-next`, serviceClass: 'scheduled', oneWayKm: 900, route: 'shared' },
      ...{ from: new Date(Date.now() + 90_000_000), to: new Date(Date.now() + 95_000_000) },
    })
    await drive(office.journal, 1, { fleet, vehicle: `${fleet}-car`, driver: driverOf[fleet] })
    const place = { fleet, vehicle: `${fleet}-car`, plate: `${fleet}-plate`, subject: `${fleet}-car` }
    const alerts = [
      alertOf(index * 2 + 1, { ...place, driver: driverOf[fleet], evidence: { driver: driverOf[fleet] } }),
      alertOf(index * 2 + 2, { ...place, kind: 'gnss-lost', driver: driverOf[fleet] }),
    ]
    await office.journal.append({ ...emptyGroup, alerts })
  }
  office.documents.refresh()
  const realm = await makeRealm()
  const gateway = await startTlsGateway(realm, office.deps)
  const hash = await hashOf(password, { N: 1024, r: 8, p: 1 })
  const users: Users['users'] = fleets.flatMap((fleet) =>
    roles.map((role) => ({ name: `${fleet}-${role}`, hash, fleets: { [fleet]: role } })),
  )
  gateway.setUsers([...users, { name: 'nobody', hash, fleets: {} }])
  const agent = new Agent({ keepAlive: true, maxSockets: 4 })
  atEnd(() => agent.destroy())
  return { ...office, realm, gateway, ask: ask.bind(null, realm, gateway, agent) }
}

/** One for all: who asks is known by his first log-in for a minute, and only the last test but one leaves anything. */
let office: Awaited<ReturnType<typeof founded>>
beforeAll(async () => {
  const { value, close } = await keep(founded)
  office = value
  return close
})

const idOf = (fleet: Fleet, kind: 'road' | 'device'): string =>
  (fleets.indexOf(fleet) * 2 + (kind === 'road' ? 1 : 2)).toString(16).padStart(32, '0')

/** What is asked of a fleet, and who of that very fleet gets it. */
const looking: readonly Role[] = ['officer', 'supervisor', 'admin', 'auditor', 'authority']
const acting: readonly Role[] = ['officer', 'supervisor', 'admin']
const reads = (fleet: Fleet): readonly (readonly [string, readonly Role[]])[] => [
  [`/alerts?fleet=${fleet}`, roles],
  ['/alerts', roles],
  ['/alerts?open=1&kind=speeding,gnss-lost', roles],
  [`/alerts/${idOf(fleet, 'device')}`, roles],
  [`/alerts/${idOf(fleet, 'road')}`, looking],
  [`/alerts/${idOf(fleet, 'road')}/series`, looking],
  [`/alerts/${idOf(fleet, 'road')}/evidence`, acting],
  ['/vehicles', looking],
  [`/vehicles?fleet=${fleet}`, looking],
  [`/vehicles/${fleet}/${fleet}-car`, looking],
  [`/vehicles/${fleet}/${fleet}-car/track`, looking],
  [`/vehicles/${fleet}/${fleet}-car/track.csv`, looking],
  ['/drivers', looking],
  [`/drivers/${fleet}/${encodeURIComponent(driverOf[fleet])}`, looking],
  ['/trips', looking],
  [`/trips?fleet=${fleet}`, looking],
  [`/areas/${fleet}`, looking],
  ['/routes', looking],
  [`/routes?fleet=${fleet}`, looking],
  [`/routes/${fleet}`, looking],
  ['/tonight', looking],
  [`/in-force?fleet=${fleet}`, roles],
  ['/vehicles.csv', looking],
  ['/drivers.csv', looking],
  ['/trips.csv', looking],
  ['/webhooks', ['admin']],
  ['/session', roles],
]

const hooksPath = '/api/v1/webhooks'

/** Evidence is gathered in a thread of its own, seconds each: an officer of fa, a supervisor of fb, an admin of fc. */
const isSpared = (fleet: Fleet, role: Role): boolean =>
  acting.includes(role) && acting.indexOf(role) !== fleets.indexOf(fleet)

describe('roles, fleets and routes', () => {
  test('nothing of another fleet is in any answer, and of the own what the role may read', async () => {
    const { ask: asking } = office
    const asked = new Set<string>()
    // What is of no fleet by its path is the same question three times.
    for (const own of fleets)
      for (const role of roles)
        for (const of of [own, ...fleets.filter((fleet) => fleet !== own)])
          for (const [path, mayRead] of reads(of)) {
            if (asked.has(`${own}-${role} ${path}`)) continue
            asked.add(`${own}-${role} ${path}`)
            if (path.endsWith('/evidence') && own === of && isSpared(own, role)) continue
            const { status, text } = await asking({
              method: 'GET',
              path: `/api/v1${path}`,
              user: `${own}-${role}`,
            })
            const label = `${role} of ${own}: ${path}`
            const foreign = fleets.filter((fleet) => fleet !== own)
            for (const fleet of foreign) {
              expect(text, label).not.toContain(`${fleet}-`)
              expect(text, label).not.toContain(driverOf[fleet])
            }
            if (of === own) expect(status === 200, `${label}: ${status}`).toBe(mayRead.includes(role))
            else if (status === 200) expect(JSON.parse(text).items, label).toEqual([])
          }
    const paths = new Set(fleets.flatMap((fleet) => reads(fleet).map(([path]) => path)))
    expect(asked.size).toBe(3 * 6 * paths.size)
  })

  test('names are whole for those who speak with drivers, masked for the others', async () => {
    const { ask: asking } = office
    for (const role of roles)
      for (const [path] of reads('fa')) {
        if (path.includes('/evidence')) continue
        const { text } = await asking({ method: 'GET', path: `/api/v1${path}`, user: `fa-${role}` })
        if (!acting.includes(role)) expect(text, `${role}: ${path}`).not.toContain(driverOf.fa)
      }
    const { text } = await asking({ method: 'GET', path: '/api/v1/alerts', user: 'fa-auditor' })
    expect(text).toContain('甲**')
  })

  test('nobody without a name, or with a name for nothing, reads or writes anything', async () => {
    const { ask: asking } = office
    for (const user of [null, 'nobody'])
      for (const [path] of reads('fa')) {
        const { status, text } = await asking({ method: 'GET', path: `/api/v1${path}`, user })
        if (user !== null && path === '/session') continue
        expect(status, `${user}: ${path}`).toBe(user === null ? 401 : 403)
        expect(text).not.toContain('fa-')
      }
  })

  test('what may be written is written by the roles for it, in the own fleet alone', async () => {
    const { ask: asking, documents, gateway } = office
    const hookOf = async (fleet: Fleet): Promise<string> => {
      // Nobody is ever there, and the test letter learns it at once.
      const body = { fleet, url: `https://255.255.255.255:9/${fleet}-kept` }
      const { text } = await asking({ method: 'POST', path: hooksPath, user: `${fleet}-admin`, body })
      return (JSON.parse(text) as { id: string }).id
    }
    const hooks = { fa: await hookOf('fa'), fb: await hookOf('fb'), fc: await hookOf('fc') }
    const square = { type: 'FeatureCollection', features: [] }
    const trip = (fleet: Fleet, id: string) => ({
      ...{ id, fleet, vehicle: `${fleet}-car`, drivers: [], serviceClass: null, oneWayKm: null },
      ...{ from: '2026-11-22T20:00:00+08:00', to: '2026-11-23T06:00:00+08:00' },
    })
    const writes = (
      fleet: Fleet,
      user: string,
    ): readonly (readonly [string, string, unknown, readonly Role[]])[] => [
      ['POST', '/trips', trip(fleet, `${user}-new`), acting],
      ['POST', `/trips?fleet=${fleet}`, trip(fleet, `${user}-new`), acting],
      ['DELETE', `/trips/${fleet}/${user}-new`, undefined, acting],
      ['PUT', `/areas/${fleet}`, square, ['supervisor', 'admin']],
      ['POST', '/areas/preview', { fleet, areas: square, days: 1 }, acting],
      ['POST', '/webhooks', { fleet, url: 'https://chat.example/x' }, ['admin']],
      ['POST', `/webhooks/${hooks[fleet]}/retry`, undefined, ['admin']],
      ['POST', `/webhooks/${hooks[fleet]}/test`, undefined, ['admin']],
      ['GET', `/webhooks/${hooks[fleet]}/dead`, undefined, ['admin']],
    ]
    for (const own of fleets)
      for (const role of roles)
        for (const of of fleets)
          for (const [method, path, body, mayWrite] of writes(of, `${own}-${role}`)) {
            const label = `${role} of ${own}: ${method} ${path}`
            const { status, text } = await asking({
              method,
              path: `/api/v1${path}`,
              user: `${own}-${role}`,
              body,
            })
            const allowed = of === own && mayWrite.includes(role)
            expect(status === 200, `${label}: ${status} ${text}`).toBe(allowed)
            for (const fleet of fleets)
              if (fleet !== own && fleet !== of) expect(text, label).not.toContain(`${fleet}-`)
          }
    const left = async (fleet: Fleet): Promise<string[]> => {
      const { text } = await asking({ method: 'GET', path: hooksPath, user: `${fleet}-admin` })
      return (JSON.parse(text) as { items: { id: string }[] }).items.map(({ id }) => id)
    }
    for (const of of fleets) {
      expect(await left(of)).toHaveLength(2)
      const path = `${hooksPath}/${hooks[of]}`
      for (const own of fleets.toReversed())
        for (const role of roles.filter((one) => one !== 'admin' || own !== of)) {
          const { status } = await asking({ method: 'DELETE', path, user: `${own}-${role}` })
          // What is of another fleet does not exist for its admin; the others have no such door.
          expect(status, `${role} of ${own}: DELETE ${path}`).toBe(role === 'admin' ? 404 : 403)
        }
      expect(await left(of)).toContain(hooks[of])
      expect((await asking({ method: 'DELETE', path, user: `${of}-admin` })).status).toBe(200)
      expect((await asking({ method: 'DELETE', path, user: `${of}-admin` })).status).toBe(404)
      expect(await left(of)).not.toContain(hooks[of])
      expect(await left(of)).toHaveLength(1)
    }
    await gateway.idle()
    expect(
      documents
        .all()
        .flatMap(({ trips }) => trips.map(({ id }) => id))
        .sort(),
    ).toEqual(fleets.flatMap((fleet) => [`${fleet}-next`, `${fleet}-trip`]))
  })

  test('every route of the API is in this matrix, or in that of the register', async () => {
    const { ask: asking } = office
    const { text } = await asking({ method: 'GET', path: '/api/v1/openapi.json', user: null })
    const { paths } = JSON.parse(text) as { paths: { [path: string]: { [method: string]: unknown } } }
    const mine = [
      'alerts',
      'vehicles',
      'drivers',
      'trips',
      'areas',
      'routes',
      'tonight',
      'in-force',
      'webhooks',
      'vehicles.csv',
      'drivers.csv',
      'trips.csv',
      'session',
    ]
    const known = reads('fa').map(([path]) => path.split('?')[0]!)
    const shape = (path: string): string => path.replaceAll(/[0-9a-f]{32}|fa-car|fa\b|%[^/]*/g, '{}')
    const covered = new Set([
      ...known.map(shape),
      '/vehicles/{}/{}/track.gpx',
      '/vehicles/{}/{}/track.geojson',
      '/webhooks/{}/dead',
    ])
    const missing = Object.entries(paths)
      .filter(([, methods]) => 'get' in methods)
      .map(([path]) => path.replace('/api/v1', '').replaceAll(/\{[^}]*\}/g, '{}'))
      .filter((path) => mine.includes(path.split('/')[1]!) && !covered.has(path))
    expect(missing).toEqual([])
  })
})
