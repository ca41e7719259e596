import { describe, expect, test } from 'vitest'
import type { Gateway } from '../../../gateway/gateway.ts'
import { emptyGroup } from '../../../gateway/journal.ts'
import { alertOf, collection, furnish, square } from './desk-office.ts'

/** A cookie goes with whatever a page asks, also with what a page of somebody else asks: each write shows more than it. */

type Headers = { readonly [name: string]: string }
type Reply = { readonly status: number; readonly value: { readonly field?: string; readonly csrf?: string } }
type Browser = {
  readonly cookie: string
  readonly csrf: string
  readonly ask: (method: string, path: string, headers: Headers, body?: unknown) => Promise<Reply>
}

async function browserOf({ ports }: Gateway, name: string): Promise<Browser> {
  const send = (method: string, path: string, headers: Headers, body?: unknown): Promise<Response> =>
    fetch(`http://127.0.0.1:${ports.http}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const answer = await send('POST', '/session', {}, { name })
  const { csrf } = (await answer.json()) as { csrf: string }
  return {
    cookie: answer.headers.get('set-cookie')!.split(';')[0]!,
    csrf,
    ask: async (method, path, headers, body) => {
      const response = await send(method, path, headers, body)
      return { status: response.status, value: (await response.json()) as Reply['value'] }
    },
  }
}

const alert = alertOf(1).id
const square1 = collection(square('mine', 121, 31))
const hours = (count: number): string => new Date(Date.now() + count * 3_600_000).toISOString()
const trip = {
  ...{ id: 'night', fleet: 'f1', vehicle: 'v1', from: hours(-1), to: hours(9), drivers: [] },
  ...{ serviceClass: null, oneWayKm: null },
}
const within = { critical: 5, major: 15, minor: 60, info: 240 }

/** One of each room, in an order in which each is possible; the last ends the session. */
const writes: readonly (readonly [string, string, unknown])[] = [
  ['POST', `/cases/${alert}/steps`, { revision: 0, action: 'note', words: 'x' }],
  ['POST', '/cases/steps', { alerts: [{ alert, revision: 1 }], action: 'note', words: 'y' }],
  ['POST', '/trips', trip],
  ['DELETE', '/trips/f1/night', undefined],
  ['PUT', '/areas/f1', square1],
  ['POST', '/quiet', { fleet: 'f1', from: hours(0), to: hours(1), reason: 'repair', words: '年检' }],
  ['POST', '/webhooks', { fleet: 'f1', url: 'https://chat.example/x' }],
  ['POST', '/notes', { fleet: 'f1', words: 'x' }],
  ['PUT', '/roster/f1', { levels: [{ who: '值班', withinMin: within }] }],
  ['POST', '/complaints', { fleet: 'f1', channel: 'phone', words: '超速', informer: { name: '孙七' } }],
  ['DELETE', '/session', undefined],
]
const reads = [
  ...[`/cases/${alert}`, '/trips', '/areas/f1', '/quiet', '/webhooks', '/notes', '/roster/f1'],
  ...['/complaints', '/session'],
]

async function opened() {
  const { start, journal, folder } = furnish()
  await journal.append({ ...emptyGroup, alerts: [alertOf(1)] })
  const desk = { dataDir: folder, zone: 'Asia/Shanghai', approved: () => {}, twoPersons: false }
  const gateway = await start({ desk })
  const browser = await browserOf(gateway, '王安全')
  const state = async (): Promise<readonly Reply[]> =>
    Promise.all(reads.map((path) => browser.ask('GET', path, { cookie: browser.cookie })))
  return { gateway, browser, state }
}

describe('a write that comes with a cookie', () => {
  test('is refused in every room without its x-csrf and with a wrong one, and changes nothing; with it, it is done', async () => {
    const { gateway, browser, state } = await opened()
    const { cookie, csrf, ask } = browser
    const other = await browserOf(gateway, '李安全')
    const wrong: readonly Headers[] = [
      ...[undefined, '', 'x', csrf.slice(0, -1), `${csrf}x`, csrf.toUpperCase(), other.csrf].map(
        (shown): Headers => (shown === undefined ? { cookie } : { cookie, 'x-csrf': shown }),
      ),
      // Of no scheme by which anybody is known: it is still the cookie that says who it is.
      { cookie, authorization: 'x' },
      { cookie, authorization: 'Digest x' },
    ]
    for (const [method, path, body] of writes) {
      const before = await state()
      expect(before.map(({ status }) => status)).toEqual(reads.map(() => 200))
      for (const headers of wrong) {
        const { status, value } = await ask(method, path, headers, body)
        expect([status, value.field], `${method} ${path} ${JSON.stringify(headers)}`).toEqual([403, 'x-csrf'])
      }
      expect(await state(), `${method} ${path}`).toEqual(before)
      const { status, value } = await ask(method, path, { cookie, 'x-csrf': csrf }, body)
      expect(status, `${method} ${path}: ${JSON.stringify(value)}`).toBe(200)
      expect(await state(), `${method} ${path}`).not.toEqual(before)
    }
  })

  test('is refused from a page of another site, though it shows the right x-csrf', async () => {
    const { gateway, browser, state } = await opened()
    const { cookie, csrf, ask } = browser
    const before = await state()
    for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${gateway.ports.http + 1}`])
      for (const [method, path, body] of writes) {
        const { status, value } = await ask(method, path, { cookie, 'x-csrf': csrf, origin }, body)
        expect([status, value.field], `${origin}: ${method} ${path}`).toEqual([403, 'origin'])
      }
    expect(await state()).toEqual(before)
    const own = { cookie, 'x-csrf': csrf, origin: `http://127.0.0.1:${gateway.ports.http}` }
    expect((await ask('DELETE', '/session', own)).status).toBe(200)
  })

  test('needs none when the request itself shows who sends it, which no page of another site can', async () => {
    const { browser } = await opened()
    const { cookie, ask } = browser
    const authorization = `Bearer ${cookie.split('=')[1]}`
    const note = { fleet: 'f1', words: 'x' }
    expect((await ask('POST', '/notes', { cookie, authorization }, note)).status).toBe(200)
    expect((await ask('POST', '/notes', { authorization }, note)).status).toBe(200)
  })

  test('may be a log-in: that is where the x-csrf comes from', async () => {
    const { browser } = await opened()
    const { cookie, csrf, ask } = browser
    const again = await ask('POST', '/session', { cookie }, { name: '王安全' })
    expect(again.status).toBe(200)
    expect(again.value.csrf).not.toBe(csrf)
  })
})
