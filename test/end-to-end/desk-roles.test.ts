import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../gateway/identity/identity.ts'
import { encodeEnvelope } from '../../proto/codec.ts'
import type { Finding } from '../../proto/model.ts'
import { upTopic } from '../../proto/topics.ts'
import { furnish } from '../gateway/api/desk-office.ts'
import { alarm, telemetry } from '../gateway/help/envelopes.ts'
import { makeRealm, password, startTlsGateway, type TlsGateway, tryConnect } from '../gateway/help/pki.ts'
import { sampleAt } from '../help/drive.ts'
import { launch, missing, shot } from './help/desk.ts'

/**
 * Six roles of one fleet before the same desk, each with its own password: what is on the page, what the API behind it
 * answers, what the live channel of that very page lets through. Of the other fleet there is nothing anywhere.
 */

let browser: Browser
beforeAll(async () => {
  if (!missing) browser = await launch()
})
afterAll(async () => {
  if (!missing) await browser.close()
})

const driver = '张建国'
const fast: Partial<Finding> = { driver, severity: 'major' }
const lost: Partial<Finding> = {
  ...{ kind: 'gnss-lost', severity: 'minor', rule: { id: 'gnss-lost', version: 1 }, evidence: {}, driver },
}

async function twoFleets(): Promise<TlsGateway> {
  const realm = await makeRealm()
  const gateway = await startTlsGateway(realm, furnish().deps)
  const atMs = Date.now() - 60_000
  for (const fleet of ['f1', 'f2']) {
    const { cert, key } = await realm.terminal(`${fleet}.v1`)
    const address = `mqtts://127.0.0.1:${gateway.ports.ingest}`
    const terminal = await tryConnect(address, {
      ca: realm.authority.cert,
      clientId: `${fleet}.v1`,
      cert,
      key,
    })
    const fix = { lat: 30.1, lon: 120.2, accuracyM: 5, satellites: 14 }
    const envelopes = [
      telemetry(1, [sampleAt(atMs, { fix, speedKmh: 3, driver })], { fleet }),
      alarm(1, { ...fast, atMs, decidedAtMs: atMs }, null, { fleet }),
      alarm(2, { ...lost, atMs: atMs + 1000, decidedAtMs: atMs + 1000 }, null, { fleet }),
    ]
    for (const envelope of envelopes)
      await terminal!.publishAsync(
        upTopic(fleet, 'v1', envelope.stream),
        Buffer.from(encodeEnvelope(envelope)),
        { qos: 1 },
      )
  }
  await gateway.idle()
  return gateway
}

async function loggedIn(
  gateway: TlsGateway,
  role: Role,
): Promise<{ page: Page; close: () => Promise<void> }> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'zh-CN' })
  const page = await context.newPage()
  page.setDefaultTimeout(60_000)
  await page.goto(`https://127.0.0.1:${gateway.ports.http}/`)
  await page.fill('#login-name', role)
  await page.fill('#login-password', password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('#link.up')
  await page.waitForSelector('#list > div')
  return { page, close: () => context.close() }
}

/** As the page asks: with its cookie and its x-csrf. */
const asked = (
  page: Page,
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; text: string }> =>
  page.evaluate(
    `import('/desk/api.js').then(({ call }) => call(${JSON.stringify(method)}, ${JSON.stringify(path)}, ${
      body === undefined ? 'undefined' : JSON.stringify(body)
    })).then(({ status, value }) => ({ status, text: JSON.stringify(value) }))`,
  ) as Promise<{ status: number; text: string }>

/** What the SUBACK of the page's own channel says to each filter, and what comes. */
const subscribed = (page: Page, filters: readonly string[]): Promise<{ refused: boolean[]; heard: string }> =>
  page.evaluate(`(async () => {
    const { default: mqtt } = await import('/desk/mqtt.js')
    const refused = []
    let heard = ''
    const client = mqtt.connect('wss://' + location.host + '/mqtt', {
      protocolVersion: 4, reconnectPeriod: 0, timerVariant: 'native',
      clientId: document.querySelector('#name').value + '.test-' + crypto.randomUUID().slice(0, 8),
    })
    client.on('message', (topic, payload) => { heard += topic + ' ' + new TextDecoder().decode(payload) + '\\n' })
    await new Promise((resolve) => client.on('connect', resolve))
    for (const filter of ${JSON.stringify(filters)}) {
      const granted = await new Promise((resolve) =>
        client.subscribe(filter, { qos: 1 }, (error, found, packet) =>
          resolve(packet?.granted?.[0] ?? found?.[0]?.qos ?? 128)))
      refused.push(granted === 128 || granted?.qos === 128)
    }
    // What is kept of a state that is granted comes after its SUBACK; what is sent to nobody has come by then, or does not come.
    while (!refused[${filters.indexOf('state/v1/f1/#')}] && !heard.includes('state/v1/f1/'))
      await new Promise((resolve) => setTimeout(resolve, 10))
    await new Promise((resolve) => setTimeout(resolve, 200))
    client.end(true)
    return { refused, heard }
  })()`) as Promise<{ refused: boolean[]; heard: string }>

type Expected = {
  readonly rows: number
  readonly acts: boolean
  readonly named: boolean
  readonly state: boolean
}
const acting: Expected = { rows: 1, acts: true, named: true, state: true }
const looking: Expected = { rows: 1, acts: false, named: false, state: true }
const expected: { readonly [role in Exclude<Role, 'terminal' | 'gateway'>]?: Expected } = {
  officer: acting,
  supervisor: acting,
  admin: acting,
  auditor: looking,
  authority: looking,
  provider: { rows: 1, acts: false, named: false, state: false },
}

/** May: raise areas, hear of webhooks. */
const higher: { readonly [role: string]: readonly [areas: boolean, webhooks: boolean] } = {
  ...{ officer: [false, false], supervisor: [true, false], admin: [true, true] },
  ...{ auditor: [false, false], authority: [false, false], provider: [false, false] },
}

describe.skipIf(missing)('six roles before one desk', () => {
  test('each sees and does what is its own, by page, API and live channel, and nothing of the other fleet', async () => {
    const gateway = await twoFleets()
    const foreign = (await listed(gateway)).find(({ fleet }) => fleet === 'f2')!
    const seen: { [role: string]: object } = {}
    for (const [role, wanted] of Object.entries(expected) as [Role, Expected][]) {
      const { page, close } = await loggedIn(gateway, role)
      const [areas, webhooks] = higher[role]!
      // Speed and lost position are one episode; a provider is told of the device alone.
      const lead = role === 'provider' ? '卫星定位信号丢失' : '超速行驶'
      await page.locator('#list > div', { hasText: lead }).waitFor()
      await page.keyboard.press('ArrowDown')
      await page.waitForSelector('#facts dl')
      if (wanted.state && !wanted.named) await page.locator('#facts', { hasText: '张**' }).waitFor()
      if (wanted.named) await page.locator('#facts', { hasText: driver }).waitFor()
      const whole = await page.content()
      const mine = (await listed(page)).map(({ fleet }) => fleet)
      const theirs = await asked(page, 'GET', `/alerts/${foreign.id}`)
      const step = { revision: 0, action: 'note', words: '试' }
      const live = await subscribed(page, [
        'alerts-json/v1/f2/#',
        'state/v1/f2/#',
        'state/v1/f1/#',
        'cases/v1/+/v1',
      ])
      seen[role] = {
        rows: await page.locator('#list > div').count(),
        acts: (await page.locator('#actions [data-action]').count()) > 0,
        named: whole.includes(driver),
        state: !live.refused[2],
        ofOthers: [
          whole.includes('· f2'),
          mine.includes('f2'),
          theirs.status === 404,
          (await asked(page, 'POST', `/cases/${foreign.id}/steps`, step)).status,
          live.refused[0] === true && live.refused[1] === true && live.refused[3] === true,
          live.heard.includes('/f2/'),
        ],
        channelNamed: live.heard.includes(driver),
        areas:
          (await asked(page, 'PUT', '/areas/f1', { type: 'FeatureCollection', features: [] })).status !== 403,
        webhooks: (await asked(page, 'GET', '/webhooks')).status === 200,
      }
      const closed = wanted.acts ? 404 : 403
      expect([role, seen[role]]).toEqual([
        role,
        {
          ...wanted,
          ofOthers: [false, false, true, closed, true, false],
          channelNamed: wanted.named,
          ...{ areas, webhooks },
        },
      ])
      await shot(page, `role-${role}`)
      await close()
    }
  })
})

type Row = { readonly id: string; readonly fleet: string }
/** Of a page: what it is told; of the gateway: what there is. */
async function listed(from: Page | TlsGateway): Promise<Row[]> {
  if ('ports' in from) {
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      httpCredentials: { username: 'both', password, send: 'always' },
    })
    const answer = await context.request.get(`https://127.0.0.1:${from.ports.http}/api/v1/alerts`)
    const { items } = (await answer.json()) as { items: { alert: Row }[] }
    await context.close()
    return items.map(({ alert }) => alert)
  }
  const { text } = await asked(from, 'GET', '/alerts')
  return (JSON.parse(text) as { items: { alert: Row }[] }).items.map(({ alert }) => alert)
}
