import { request as httpsRequest } from 'node:https'
import mqtt from 'mqtt'
import { describe, expect, onTestFinished, test } from 'vitest'
import { strict } from '../../../gateway/identity/abuse.ts'
import { until } from '../help/clients.ts'
import { makeRealm, password, type Realm, startTlsGateway } from '../help/pki.ts'
import { startGateway } from '../help/world.ts'

/** The shell of the API: coming in, the cookie, what a page of another site may not, and the live channel beside it. */

type Answer = {
  readonly status: number
  readonly headers: { readonly [name: string]: string | string[] | undefined }
  readonly value: Record<string, unknown>
}
type Ask = { method?: string; body?: unknown; headers?: { [name: string]: string }; path?: string }

/** Over TLS, as the browser of an officer asks. */
function askTls(realm: Realm, port: number, { method = 'GET', body, headers, path }: Ask): Promise<Answer> {
  const text = body === undefined ? undefined : JSON.stringify(body)
  return new Promise((resolve, reject) => {
    const request = httpsRequest(
      {
        ...{ host: '127.0.0.1', port, method, path: path ?? '/api/v1/session', ca: realm.authority.cert },
        headers: { ...(text === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      },
      (response) => {
        const pieces: Buffer[] = []
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.on('end', () => {
          const whole = Buffer.concat(pieces).toString('utf8')
          const value = whole.startsWith('{') ? (JSON.parse(whole) as Answer['value']) : {}
          resolve({ status: response.statusCode ?? 0, headers: response.headers, value })
        })
      },
    )
    request.on('error', reject)
    request.end(text)
  })
}

const cookieOf = ({ headers }: Answer): string => String(headers['set-cookie']).split(';')[0]!

async function logIn(realm: Realm, port: number, name: string): Promise<{ cookie: string; csrf: string }> {
  const answer = await askTls(realm, port, { method: 'POST', body: { name, password } })
  expect(answer.status).toBe(200)
  return { cookie: cookieOf(answer), csrf: String(answer.value['csrf']) }
}

describe('on this machine', () => {
  test('nobody is asked for a password; a name is remembered by a cookie that scripts cannot read', async () => {
    const gateway = await startGateway()
    const url = `http://127.0.0.1:${gateway.ports.http}/api/v1/session`
    const before = await fetch(url)
    expect(await before.json()).toEqual({ name: '', csrf: null, fleets: [], auth: 'loopback' })
    const answer = await fetch(url, {
      method: 'POST',
      body: JSON.stringify({ name: ' 王安全 ' }),
      headers: { 'content-type': 'application/json' },
    })
    const session = (await answer.json()) as { name: string; csrf: string }
    expect(session).toMatchObject({ name: '王安全', auth: 'loopback' })
    const set = answer.headers.get('set-cookie') ?? ''
    expect(set).toMatch(/^roadwarden=[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; SameSite=Strict$/)
    const known = await fetch(url, { headers: { cookie: set.split(';')[0]! } })
    expect(await known.json()).toEqual(session)
  })

  test('a page of another site, and a name that is not of this machine, are turned away', async () => {
    const { ports } = await startGateway()
    const url = `http://127.0.0.1:${ports.http}/api/v1/session`
    const foreign = await fetch(url, { headers: { origin: 'https://evil.example' } })
    expect([foreign.status, ((await foreign.json()) as { field: string }).field]).toEqual([403, 'origin'])
  })

  test.each([
    ['{"name":""}', 400, 'name'],
    ['{}', 400, 'name'],
    ['{', 400, 'body'],
    ['', 400, 'body'],
  ])('the body %j is refused with its field and a remedy in both languages', async (body, status, field) => {
    const { ports } = await startGateway()
    const answer = await fetch(`http://127.0.0.1:${ports.http}/api/v1/session`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    })
    const problem = (await answer.json()) as { field: string; remedy: { zh: string; en: string } }
    expect([answer.status, problem.field]).toEqual([status, field])
    expect(problem.remedy.zh).toMatch(/\p{Script=Han}/u)
    expect(problem.remedy.en).toMatch(/[a-z]/)
  })

  test('what is nowhere is named; nothing is ever cached, framed, or run', async () => {
    const { ports } = await startGateway()
    const answer = await fetch(`http://127.0.0.1:${ports.http}/api/v1/nothing`)
    expect([answer.status, ((await answer.json()) as { field: string }).field]).toEqual([404, 'path'])
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none';frame-ancestors 'none';base-uri 'none'",
    )
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('long answers come compressed', async () => {
    const { ports } = await startGateway()
    const url = `http://127.0.0.1:${ports.http}/api/v1/openapi.json`
    const answer = await fetch(url, { headers: { 'accept-encoding': 'gzip' } })
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    expect(((await answer.json()) as { openapi: string }).openapi).toBe('3.1.0')
  })

  test('alerts are heard at /mqtt of the same port; elsewhere and from other pages nothing is', async () => {
    const { ports } = await startGateway()
    const client = mqtt.connect(`ws://127.0.0.1:${ports.http}/mqtt`, {
      reconnectPeriod: 0,
      protocolVersion: 4,
    })
    onTestFinished(() => client.endAsync(true).then(() => undefined))
    await until(() => client.connected)
    const granted = await client.subscribeAsync('alerts-json/v1/f1/#', { qos: 1 })
    expect(granted[0]?.qos).toBe(1)
    const headers = { origin: 'https://evil.example' }
    for (const [path, wsOptions] of [
      ['/mqtt', { headers }],
      ['/other', {}],
    ] as const)
      expect(await connects(`ws://127.0.0.1:${ports.http}${path}`, { wsOptions })).toBe(false)
  })
})

function connects(url: string, options: mqtt.IClientOptions): Promise<boolean> {
  const client = mqtt.connect(url, { reconnectPeriod: 0, protocolVersion: 4, ...options })
  onTestFinished(() => client.endAsync(true).then(() => undefined))
  return new Promise<boolean>((resolve) => {
    client.once('connect', () => resolve(true))
    client.on('error', () => resolve(false))
    client.once('close', () => resolve(false))
  })
}

describe('behind TLS', () => {
  test('the session is a cookie; each write shows the x-csrf; logging out ends it', async () => {
    const realm = await makeRealm()
    const { ports } = await startTlsGateway(realm)
    const ask = (options: Ask) => askTls(realm, ports.http, options)
    expect((await ask({})).status).toBe(401)
    const wrong = await ask({ method: 'POST', body: { name: 'officer', password: 'no' } })
    expect([wrong.status, wrong.value['field']]).toEqual([401, 'password'])
    const answer = await ask({ method: 'POST', body: { name: 'both', password } })
    expect(answer.value['fleets']).toEqual([
      { fleet: 'f1', role: 'officer' },
      { fleet: 'f2', role: 'auditor' },
    ])
    expect(String(answer.headers['set-cookie'])).toContain('; Secure; SameSite=Strict')
    const headers = { cookie: cookieOf(answer) }
    expect((await ask({ headers })).value['name']).toBe('both')
    // The old routes know the cookie too.
    expect((await ask({ path: '/gaps', headers })).status).toBe(200)
    expect((await ask({ path: '/gaps' })).status).toBe(401)
    const csrf = String(answer.value['csrf'])
    const other = await logIn(realm, ports.http, 'officer')
    for (const shown of [undefined, '', 'x', csrf.slice(1), `${csrf}x`, other.csrf]) {
      const own = shown === undefined ? headers : { ...headers, 'x-csrf': shown }
      const refused = await ask({ method: 'DELETE', headers: own })
      expect([refused.status, refused.value['field']], `x-csrf ${shown}`).toEqual([403, 'x-csrf'])
      expect((await ask({ headers })).status).toBe(200)
    }
    expect((await ask({ method: 'DELETE', headers: { ...headers, 'x-csrf': csrf } })).status).toBe(200)
    expect((await ask({ headers })).status).toBe(401)
    expect((await ask({ headers: { cookie: other.cookie } })).status).toBe(200)
  })

  test('the cookie opens the live channel, for the own fleets, until the officer goes', async () => {
    const realm = await makeRealm()
    const gateway = await startTlsGateway(realm)
    const { cookie, csrf } = await logIn(realm, gateway.ports.http, 'officer')
    const url = `wss://127.0.0.1:${gateway.ports.http}/mqtt`
    const origin = `https://127.0.0.1:${gateway.ports.http}`
    const client = mqtt.connect(url, {
      ...{ ca: realm.authority.cert, reconnectPeriod: 0, protocolVersion: 4, clientId: 'officer.desk' },
      wsOptions: { headers: { cookie, origin } },
    })
    onTestFinished(() => client.endAsync(true).then(() => undefined))
    await until(() => client.connected)
    const qosOf = async (filter: string): Promise<number | undefined> =>
      client.subscribeAsync(filter, { qos: 1 }).then(
        (granted) => granted[0]?.qos,
        () => 128,
      )
    expect(await qosOf('alerts-json/v1/f1/#')).toBe(1)
    expect(await qosOf('alerts-json/v1/f2/#')).toBe(128)
    let gone = false
    client.on('close', () => {
      gone = true
    })
    await askTls(realm, gateway.ports.http, { method: 'DELETE', headers: { cookie, 'x-csrf': csrf } })
    gateway.renew()
    await until(() => gone)
  })

  test('without a cookie the CONNECT needs a name and a password', async () => {
    const realm = await makeRealm()
    const { ports } = await startTlsGateway(realm)
    const connect = (options: object): Promise<boolean> =>
      connects(`wss://127.0.0.1:${ports.http}/mqtt`, { ca: realm.authority.cert, ...options })
    expect(await connect({ clientId: 'x' })).toBe(false)
    expect(await connect({ clientId: 'officer', username: 'officer', password })).toBe(true)
  })

  test('an address that tries too many names is told to wait', async () => {
    const realm = await makeRealm()
    const { ports } = await startTlsGateway(realm, {}, { ...strict, failuresPerMin: 3 })
    const statuses: number[] = []
    for (let i = 0; i < 5; i++) {
      const body = { name: 'officer', password: 'wrong' }
      statuses.push((await askTls(realm, ports.http, { method: 'POST', body })).status)
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429])
  })
})
