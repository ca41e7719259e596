import { describe, expect, test } from 'vitest'
import type { Route, Who } from '../../../gateway/api/route.ts'
import { webhookRoutes } from '../../../gateway/api/webhooks.ts'
import { memoryHookStore } from '../../../gateway/webhooks/store.ts'

/** Where an admin may have letters posted, and how often he may ask whether one arrives. */

const here: Who = { name: '王五', grants: null }
const admin: Who = {
  name: '李四',
  grants: new Map([
    ['f1', 'admin'],
    ['f2', 'admin'],
  ]),
}

function office() {
  const world = { monoMs: 0 }
  const tested: string[] = []
  const store = memoryHookStore()
  const standing = { deliveredAt: null, failedAt: null, why: null, tries: 0, nextTryAt: null }
  const routes = webhookRoutes({
    store,
    courier: {
      retry: () => 0,
      test: async (id) => {
        tested.push(id)
        return null
      },
      standing: () => standing,
    },
    ...{ lastCursor: () => 0, lastLine: () => 0, nowMs: () => 1_800_000_000_000 },
    monoMs: () => world.monoMs,
  })
  const ask = async (path: string, who: Who, body: unknown, id = '') => {
    const found: Route = routes.find((one) => one.method === 'POST' && one.path === `/api/v1${path}`)!
    const read = found.body === null ? null : found.body.parse(body)
    const answer = await found.handle({
      ...{ who, params: { id }, query: null, body: read, from: '127.0.0.1', headers: {} },
    })
    if (answer.is !== 'json') throw new Error('a file')
    return answer as { status: number; value: { id?: string; field?: string; remedy?: { zh: string } } }
  }
  const add = async (who: Who, url: string, fleet = 'f1') => ask('/webhooks', who, { fleet, url })
  const test = (who: Who, id: string) => ask('/webhooks/:id/test', who, null, id)
  return { world, tested, store, add, test }
}

const outside = [
  'https://chat.example/x',
  'https://10.1.2.3/dispatch',
  'https://localhost.example/x',
  'https://[2001:db8::1]/x',
]
const within = ['localhost:8080', 'LOCALHOST', 'localhost.', 'desk.localhost', '127.0.0.1:1883', '127.9.9.9']
  .concat('2130706433', '0x7f.1', '0.0.0.0', '[::1]:80', '[::]', '[::ffff:127.0.0.1]')
  .flatMap((host) => [`http://${host}/x`, `https://${host}/x`])
const never = [
  ...['http://chat.example/x', 'http://10.1.2.3/x', 'ftp://chat.example/x', 'https://li@chat.example/x'],
  ...['https://169.254.169.254/x', 'https://[fe80::1]/x', 'https://[::ffff:169.254.169.254]/x'],
]

describe('an address', () => {
  test.each(outside)('%s is taken from everybody who administers', async (url) => {
    const { add } = office()
    expect([(await add(here, url)).status, (await add(admin, url)).status]).toEqual([200, 200])
  })

  test.each(within)('%s is of this machine: for whoever sits before it alone', async (url) => {
    const { add, store } = office()
    const { status, value } = await add(admin, url)
    expect([status, value.field, store.all()]).toEqual([400, 'url', []])
    expect(value.remedy?.zh).toMatch(/^应为其他机器的 https 地址/)
    expect((await add(here, url)).status).toBe(200)
  })

  test.each(never)('%s is taken from nobody', async (url) => {
    const { add } = office()
    expect([(await add(here, url)).status, (await add(admin, url)).status]).toEqual([400, 400])
  })
})

describe('a test letter', () => {
  test('is posted six times a minute for a fleet, over all of its hooks', async () => {
    const { add, test: post, tested, world } = office()
    const ids = await Promise.all([1, 2].map(async (n) => (await add(admin, `${outside[0]}${n}`)).value.id!))
    const other = (await add(admin, outside[0]!, 'f2')).value.id!
    for (let i = 0; i < 6; i++) expect((await post(admin, ids[i % 2]!)).status).toBe(200)
    const refused = await post(admin, ids[0]!)
    expect([refused.status, refused.value.field]).toEqual([429, 'id'])
    expect(refused.value.remedy?.zh).toContain('每分钟最多测试6次')
    expect((await post(admin, other)).status).toBe(200)
    expect(tested).toHaveLength(7)
    world.monoMs += 60_000
    expect((await post(admin, ids[0]!)).status).toBe(200)
  })

  test('of somebody who may not ask for it counts for nobody', async () => {
    const { add, test: post } = office()
    const id = (await add(admin, outside[0]!)).value.id!
    const officer: Who = { name: '赵六', grants: new Map([['f1', 'officer']]) }
    for (let i = 0; i < 20; i++) expect((await post(officer, id)).status).toBe(404)
    expect((await post(admin, id)).status).toBe(200)
  })

  test('to an address that was named on this machine is not posted for an admin of elsewhere', async () => {
    const { add, test: post, tested } = office()
    const id = (await add(here, 'http://127.0.0.1:5432/')).value.id!
    const { status, value } = await post(admin, id)
    expect([status, value.field, tested]).toEqual([400, 'url', []])
    expect((await post(here, id)).status).toBe(200)
  })
})
