import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hostClock } from '../../gateway/clock.ts'
import { emptyGroup } from '../../gateway/journal.ts'
import { commandDigest } from '../../gateway/push/commands.ts'
import { alertOf, furnish } from '../gateway/api/desk-office.ts'
import { envelopeOf } from '../gateway/help/envelopes.ts'
import { comeIn, curfew, go, launch, missing, openScene, type Scene, shot } from './help/desk.ts'

/** What officers decide and take back, areas with all that is in them, webhooks, and tables that go out and come in. */

let browser: Browser
let scene: Scene
beforeAll(async () => {
  if (missing) return
  ;[browser, scene] = await Promise.all([launch(), openScene()])
})
afterAll(async () => {
  if (missing) return
  await browser.close()
  await scene.close()
})

const api = (path: string): string => `http://127.0.0.1:${scene.port}/api/v1${path}`
const json = async (path: string): Promise<Record<string, unknown>> =>
  (await (await fetch(api(path))).json()) as Record<string, unknown>
const write = async (method: string, path: string, body: unknown): Promise<void> => {
  const headers = { 'content-type': 'application/json' }
  const { status } = await fetch(api(path), { method, headers, body: JSON.stringify(body) })
  expect(status).toBe(200)
}

async function submit(page: Page, fields: { readonly [id: string]: string } = {}): Promise<void> {
  await page.waitForSelector('#form[open]')
  for (const [id, value] of Object.entries(fields)) await page.fill(`#form [id=${id}]`, value)
  await page.keyboard.press('Control+Enter')
  await page.waitForSelector('#form', { state: 'hidden' })
}

/** Both languages, light and dark, a desk screen and a phone: to be looked at. */
async function shots(page: Page, name: string): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 800 })
  await shot(page, `${name}-light`)
  // The others for whoever asked for pictures: they cost seconds.
  if (process.env['ROADWARDEN_SHOTS'] === undefined) return page.setViewportSize({ width: 1366, height: 820 })
  await page.emulateMedia({ colorScheme: 'dark' })
  await shot(page, `${name}-dark`)
  await page.setViewportSize({ width: 390, height: 844 })
  await shot(page, `${name}-phone`)
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1366, height: 820 })
}

/** Nothing that axe calls serious: for those who see little, or listen. */
async function isSound(page: Page): Promise<void> {
  await page.evaluate(axe.source)
  const found =
    await page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target }) => id + ' ' + target.join(' '))))`)
  expect(found).toEqual([])
}

describe.skipIf(missing)('areas', () => {
  const windows = [
    { from: '07:00', to: '09:00', days: [1, 2, 3, 4, 5] },
    { from: '17:00', to: '19:00' },
  ]
  const ring = [
    [120.3, 30.3],
    [120.32, 30.3],
    [120.32, 30.32],
    [120.3, 30.3],
  ]
  const rich = {
    type: 'Feature',
    properties: {
      ...{ id: 'rich', name: '学校路段', role: 'speedZone', classes: ['coach', 'truck'], windows },
      ...{ limitKmh: 40, nightLimitKmh: 30, approachM: 200, doorForbidden: true, colour: '#f00' },
    },
    geometry: { type: 'Polygon', coordinates: [ring] },
  }
  const kept = async (): Promise<Record<string, Record<string, unknown>>> => {
    const { features } = (await json('/areas/f1')) as { features: { properties: { id: string } }[] }
    return Object.fromEntries(features.map(({ properties }) => [properties.id, properties]))
  }

  test('one with several hours, classes and limits is edited without losing any of them', async () => {
    const before = (await json('/areas/f1')) as { features: object[] }
    await write('PUT', '/areas/f1', { type: 'FeatureCollection', features: [...before.features, rich] })
    const officer = await comeIn(browser, scene.port, { hash: '#/rules/f1' })
    const { page } = officer
    await page.locator('.vehiclelist button', { hasText: '学校路段' }).click()
    await page.keyboard.press('q')
    await page.waitForSelector('#form[open]')
    expect(await page.locator('.windowrow').count()).toBe(2)
    await shots(page, 'area-form')
    // A wrong hour is told where it stands, in the officer's language.
    await page.click('#window-add')
    await page.locator('.windowrow').nth(2).locator('[data-name=from]').fill('25:00')
    await page.locator('.windowrow').nth(2).locator('[data-name=to]').fill('23:00')
    await page.keyboard.press('Control+Enter')
    await page.locator('#windows-trouble', { hasText: '第3个时段' }).waitFor()
    await isSound(page)
    await page.locator('.windowrow').nth(2).locator('[data-name=from]').fill('22:00')
    await submit(page, { name: '学校路段南' })
    await page.keyboard.press('s')
    await page.locator('#taken').waitFor()
    const { rich: saved } = await kept()
    expect(saved).toEqual({
      ...rich.properties,
      name: '学校路段南',
      windows: [...windows, { from: '22:00', to: '23:00' }],
    })
    await officer.close()
  })

  test('a file is checked like any file of areas; a corridor is drawn, tried on last week, and pushed', async () => {
    const officer = await comeIn(browser, scene.port, { hash: '#/rules/f1' })
    const { page } = officer
    await page.locator('.vehiclelist button', { hasText: '绍兴服务区' }).waitFor()
    const put = (text: string) =>
      page.setInputFiles('#areas-file', {
        ...{ name: 'areas.geojson', mimeType: 'application/geo+json' },
        buffer: Buffer.from(text),
      })
    const feature = (id: string, properties: object, coordinates: unknown = [ring]) => ({
      type: 'Feature',
      properties: { id, name: `${id}号`, role: 'noEntry', ...properties },
      geometry: { type: 'Polygon', coordinates },
    })
    const file = (...features: object[]) => JSON.stringify({ type: 'FeatureCollection', features })
    await put('{"type":"FeatureCollection",\n"features":[}')
    await page.locator('.aboutone .trouble', { hasText: '第 2 行' }).waitFor()
    const bad = [
      feature('sa', {}),
      feature('x1', { windows: [{ from: '7', to: '9:00' }] }),
      feature('x2', {}, [[1, 2]]),
    ]
    await put(file(...bad, feature('ok', {})))
    await page.locator('.aboutone .trouble', { hasText: '未导入' }).waitFor()
    const told = await page.textContent('.aboutone table')
    for (const text of ['x1', '生效时段 · 第1个时段', '应为时刻', '绍兴服务区', '请改为不同的编号', 'x2'])
      expect(told).toContain(text)
    expect(told).not.toMatch(/[a-z]{3,} [a-z]{3,}/)
    await shots(page, 'area-import')
    // The same in the other language, to whoever reads that one.
    await page.keyboard.press('l')
    await page.locator('.vehiclelist button', { hasText: '绍兴服务区' }).waitFor()
    await put(file(...bad))
    await page.locator('.aboutone .trouble', { hasText: 'Nothing was taken in: 3 problems' }).waitFor()
    const english = (await page.textContent('.aboutone table')) ?? ''
    for (const text of [
      'Hours in force · Hours 1',
      'a time of day such as "22:00"',
      'give each area its own',
    ])
      expect(english).toContain(text)
    await page.keyboard.press('l')
    await page.locator('.vehiclelist button', { hasText: '绍兴服务区' }).waitFor()
    await put(file(...bad, feature('ok', {})))
    await page.locator('.aboutone button', { hasText: '导入其余 1 个' }).click()
    await page.locator('.vehiclelist button', { hasText: 'ok号' }).waitFor()

    await page.focus('.bigmap')
    await page.keyboard.press('r')
    for (const key of ['Enter', 'ArrowRight', 'ArrowRight', 'Enter', 'f']) await page.keyboard.press(key)
    await submit(page, { name: '绕城走廊', halfWidthM: '120' })
    await page.keyboard.press('p')
    await page.locator('.aboutone', { hasText: '试算' }).filter({ hasText: '天' }).waitFor()
    await page.keyboard.press('s')
    await page
      .locator('#taken', { hasText: '等待终端 4' })
      .or(page.locator('#taken', { hasText: '未回报 4' }))
      .waitFor()
    const corridor = Object.values(await kept()).find(({ name }) => name === '绕城走廊')
    expect(corridor).toMatchObject({ halfWidthM: 120 })
    await officer.close()
  })
})

/** Where on the screen something of the layer of all routes is drawn; null: nowhere. */
const roadAt = (page: Page): Promise<{ x: number; y: number } | null> =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('.leaflet-overlay-pane canvas')
    if (canvas === null || canvas.width === 0) return null
    const { data, width } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
    const box = canvas.getBoundingClientRect()
    const seen = document.querySelector('.bigmap').getBoundingClientRect()
    for (let at = 0; at < data.length; at += 4) {
      const isRoad = [0x15, 0x92, 0xa6].every((one, part) => Math.abs(data[at + part] - one) < 12)
      const x = box.left + ((at / 4) % width) * (box.width / width)
      const y = box.top + Math.floor(at / 4 / width) * (box.height / canvas.height)
      const isSeen = x > seen.left + 80 && x < seen.right - 80 && y > seen.top && y < seen.bottom
      if (isRoad && data[at + 3] > 150 && isSeen) return { x, y }
    }
    return null
  })()`)
/** What the mouse is told there. */
async function nameUnder(page: Page): Promise<string[]> {
  const { x, y } = (await roadAt(page))!
  await page.mouse.move(x, y)
  return page.locator('.leaflet-tooltip').allTextContents()
}
const road = (page: Page) => expect.poll(() => roadAt(page))

describe.skipIf(missing)('approved routes', () => {
  test('lie under the map of vehicles and under areas that are drawn, are read once, and go by a switch that is kept', async () => {
    const officer = await comeIn(browser, scene.port)
    const { page } = officer
    const asked: string[] = []
    page.on('request', (one) => {
      const { pathname, search } = new URL(one.url())
      if (pathname.startsWith('/api/v1/routes')) asked.push(`${pathname}${search}`)
    })
    await go(page, '#/map', '.vehiclelist button')
    await page.locator('.tools label', { hasText: /^全部核准线路\s*1$/ }).waitFor()
    await road(page).not.toBeNull()
    await shots(page, 'map-routes')
    await isSound(page)
    await expect.poll(() => nameUnder(page)).toEqual(['杭州—贵阳'])
    expect(asked).toEqual(['/api/v1/routes?limit=500'])

    await page.uncheck('#on-roads')
    await road(page).toBeNull()
    await go(page, '#/trips', '#page table')
    await go(page, '#/map', '.vehiclelist button')
    expect(await page.isChecked('#on-roads')).toBe(false)
    expect(asked).toHaveLength(1)
    await page.check('#on-roads')
    await road(page).not.toBeNull()
    await page.keyboard.press('Escape')
    await page.keyboard.press('l')
    await page.locator('.tools label', { hasText: /^All approved routes\s*1$/ }).waitFor()
    await page.keyboard.press('l')

    await go(page, '#/rules/f1', '.vehiclelist button')
    await road(page).not.toBeNull()
    expect(asked.at(-1)).toBe('/api/v1/routes?fleet=f1&limit=500')
    await shots(page, 'areas-routes')
    // What is ground takes no click from what is drawn on it.
    await page.keyboard.press('r')
    const ground = (await roadAt(page))!
    await page.mouse.click(ground.x, ground.y)
    await page.locator('.rulespage [role=status]', { hasText: '已画 1 点' }).waitFor()
    await page.keyboard.press('Escape')
    await officer.close()
  })
})

describe.skipIf(missing)('decisions', () => {
  test('a detour shows until when it holds, is ended by one key, and is no longer among those that hold', async () => {
    const officer = await comeIn(browser, scene.port)
    const { page } = officer
    await scene.fire('v1', curfew)
    await page.locator('#list > div').first().waitFor()
    await page.focus('#list')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('d')
    await submit(page, { fromKm: '1', toKm: '9', hours: '4', words: '交警改道' })
    await page.locator('#facts dd', { hasText: /G60 1–9 km · 有效至/ }).waitFor()
    await go(page, '#/rules/f1', '.vehiclelist button')
    await page.keyboard.press('g')
    await page.locator('.aboutone td', { hasText: '1–9 km' }).waitFor()
    await shots(page, 'detours')
    await isSound(page)
    await go(page, '#/live', '#list > div')
    await page.keyboard.press('q')
    await page.waitForSelector('#form[open]')
    await page.keyboard.press('Control+Enter')
    await page.locator('#words-trouble', { hasText: '撤销绕行的理由' }).waitFor()
    await submit(page, { words: '道路已恢复' })
    await page.locator('#facts dd', { hasText: /已于 .* 撤销 王五/ }).waitFor()
    expect((await json('/detours'))['items']).toEqual([])
    await officer.close()
  })

  test('driving without a card is found to be a driver’s: in his hours, with what follows, and taken back', async () => {
    const officer = await comeIn(browser, scene.port)
    const { page } = officer
    const nowMs = scene.nowMs()
    const [fromMs, toMs] = [nowMs - 6 * 3_600_000, nowMs - 90 * 60_000]
    const interval = { driver: null, fromMs, toMs, proven: false }
    await scene.send('v2', (seq) =>
      envelopeOf(seq, { is: 'driving', interval }, { fleet: 'f1', vehicle: 'v2' }),
    )
    await scene.fire('v2', {
      ...{ kind: 'no-driver', driver: null, atMs: fromMs, rule: { id: 'no-driver', version: 1 } },
      evidence: { lastDriver: '李四', durationS: 600 },
    })
    await page.locator('#list > div', { hasText: '浙A10001' }).click()
    await page.focus('#list')
    await page.keyboard.press('u')
    await submit(page, { driver: '赵六', words: '监控画面确认' })
    await page.locator('.toast', { hasText: '已计入驾驶员台账' }).waitFor()
    // Four and a half hours at a stretch are over four: the consequence is found by itself.
    await page.locator('#list > div', { hasText: '浙A10001' }).filter({ hasText: '2' }).waitFor()
    await go(page, `#/drivers/f1/${encodeURIComponent('赵六')}`, '#page .attributed')
    expect(await page.textContent('#page .card')).toContain('4.5 h')
    await shots(page, 'driver-attributed')
    await page.locator('.attributed a').click()
    await page.locator('#page [data-action=withdrawDriver]').click()
    await submit(page, { words: '认错人' })
    const hours = async () =>
      ((await json(`/drivers/f1/${encodeURIComponent('赵六')}`)) as { field?: string }).field
    await expect.poll(hours).toBe('driver')
    await officer.close()
  })

  test('every act is one key, and the help tells each of them', async () => {
    const officer = await comeIn(browser, scene.port)
    const { page } = officer
    await scene.fire('v4', { ...curfew, subject: 'v4' })
    await page.locator('#list > div', { hasText: '浙A10003' }).click()
    await page.focus('#list')
    const acts = {
      s: '播报',
      w: '安全停车',
      d: '绕行',
      k: '接驳',
      u: '驾驶员',
      e: '上报',
      f: '误报',
      n: '备注',
    }
    for (const [key, name] of Object.entries(acts)) {
      await page.keyboard.press(key)
      await page.waitForSelector('#form[open]')
      expect(await page.textContent('#form-title'), key).toContain(name)
      await page.keyboard.press('Escape')
      await page.waitForSelector('#form', { state: 'hidden' })
    }
    // Sent, received, spoken: each is seen at the words themselves.
    await page.keyboard.press('s')
    await submit(page, { words: '前方服务区停车' })
    const line = page.locator('#history .history li', { hasText: '前方服务区停车' })
    await line.filter({ hasText: '等待车内回执' }).waitFor()
    for (const [outcome, text] of [
      ['received', '收到'],
      ['said', '已播报'],
    ] as const) {
      const spoken = { version: 1, digest: commandDigest('前方服务区停车'), atMs: scene.nowMs(), outcome }
      await scene.send('v4', (seq) =>
        envelopeOf(seq, { is: 'spoken', spoken }, { fleet: 'f1', vehicle: 'v4' }),
      )
      await line.filter({ hasText: text }).waitFor()
    }
    await page.keyboard.press('?')
    await page.waitForSelector('#sheet[open]')
    const help = (await page.textContent('#sheet-body')) ?? ''
    for (const [key, name] of Object.entries(acts))
      expect(help).toMatch(new RegExp(`${key.toUpperCase()}[^A-Z]*${name}`))
    await shots(page, 'help')
    await officer.close()
  })
})

type Letter = { readonly event: string; readonly delivery: string }
type Receiver = {
  readonly url: string
  readonly heard: Letter[]
  readonly refused: Letter[]
  readonly server: Server
  readonly world: { up: boolean }
}

/** A receiver that says no as long as it is told to. */
async function receiver(): Promise<Receiver> {
  const [heard, refused]: [Letter[], Letter[]] = [[], []]
  const world = { up: true }
  const server = createServer((request, response) => {
    const { 'x-roadwarden-event': event, 'x-roadwarden-delivery': delivery } = request.headers
    const list = world.up ? heard : refused
    list.push({ event: String(event), delivery: String(delivery) })
    response.statusCode = world.up ? 200 : 503
    request.resume()
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  return { url, heard, refused, server, world }
}

type HookNow = { readonly dead: number; readonly standing: { readonly nextTryAt: string | null } }

/** A gateway whose receivers are waited for by a clock that stands until it is set on. */
async function refusing() {
  const { start, journal } = furnish()
  const clock = { nowMs: Date.now() }
  const { ports } = await start({ host: { ...hostClock, nowMs: () => clock.nowMs } })
  const hook = async (): Promise<HookNow> => {
    const answer = await fetch(`http://127.0.0.1:${ports.http}/api/v1/webhooks`)
    return ((await answer.json()) as { items: HookNow[] }).items[0]!
  }
  return { port: ports.http, journal, clock, hook }
}

describe.skipIf(missing)('webhooks', () => {
  test('an admin adds one, sees its secret once, tests it; whom the roster calls is told there', async () => {
    const { url, heard, server, world } = await receiver()
    const officer = await comeIn(browser, scene.port, { hash: '#/webhooks' })
    const { page } = officer
    await page.locator('#page .empty').waitFor()
    await page.keyboard.press('q')
    await page.waitForSelector('#form[open]')
    await page.fill('#form [id=url]', 'http://chat.example/x')
    await page.keyboard.press('Control+Enter')
    await page.locator('#url-trouble', { hasText: '应为 https 地址' }).waitFor()
    await submit(page, { url })
    const secret = await page.inputValue('#hook-secret')
    expect(secret.length).toBeGreaterThan(15)
    await shots(page, 'webhook-secret')
    await isSound(page)
    await page.keyboard.press('Escape')
    await page.locator('#page td', { hasText: url }).waitFor()
    expect(await page.content()).not.toContain(secret)
    await page.locator('#page button', { hasText: '测试' }).click()
    await page.locator('#page .green', { hasText: '测试已送达' }).waitFor()

    const withinMin = { critical: 60, major: 60, minor: 60, info: 60 }
    const levels = [
      { who: '班长', withinMin },
      { who: '值班经理', withinMin },
    ]
    await write('PUT', '/roster/f1', { levels })
    await scene.fire('v3', { ...curfew, subject: 'v3' })
    await go(page, '#/live', '#list > div')
    await page.locator('#list > div', { hasText: '浙A10002' }).click()
    await page.focus('#list')
    await page.keyboard.press('e')
    await submit(page)
    const events = () => heard.map(({ event }) => event)
    await expect.poll(events).toContain('escalation')
    expect(events()).toContain('test')
    world.up = false
    await go(page, '#/webhooks', '#page table')
    await page.locator('#page button', { hasText: '测试' }).click()
    await page.locator('#page .trouble', { hasText: 'HTTP 503' }).waitFor()
    await shots(page, 'webhooks')
    await isSound(page)
    page.once('dialog', (dialog) => void dialog.accept())
    await page.locator('#page button', { hasText: '删除' }).click()
    await page.locator('#page .empty').waitFor()
    await officer.close()
    server.close()
  })

  test('what a receiver refused for twenty minutes is listed with its reason, sent again, and gone once it is taken', async () => {
    const { url, heard, refused, server, world } = await receiver()
    world.up = false
    const { port, journal, clock, hook } = await refusing()
    const officer = await comeIn(browser, port, { hash: '#/webhooks' })
    const { page } = officer
    await page.keyboard.press('q')
    await submit(page, { url, fleet: 'f1' })
    await page.keyboard.press('Escape')
    await page.locator('#page td', { hasText: url }).waitFor()

    const alerts = [1, 2].map((n) => alertOf(n))
    await journal.append({ ...emptyGroup, alerts })
    const given = async (): Promise<number> => {
      const { dead, standing } = await hook()
      // Nobody waits twenty minutes: it is the hour of the next try as soon as there is one.
      if (standing.nextTryAt !== null) clock.nowMs = Math.max(clock.nowMs, Date.parse(standing.nextTryAt))
      return dead
    }
    await expect.poll(given, { interval: 200 }).toBe(2)
    // Eight tries of the first; while the receiver is down each further letter gets one.
    expect(refused.map(({ delivery }) => delivery)).toEqual([
      ...Array(8).fill(`${alerts[0]!.id}.1`),
      `${alerts[1]!.id}.1`,
    ])
    await page.locator('#page tr.red', { hasText: 'HTTP 503' }).waitFor()

    const button = page.locator('#page button', { hasText: '未送达 2' })
    const rows = page.locator('#sheet tbody tr')
    const replay = async (): Promise<void> => {
      await button.click()
      await page.locator('#sheet .main', { hasText: '重新发送' }).click()
      await page.locator('#page .green', { hasText: '将重新发送 2 条' }).waitFor()
    }
    await button.click()
    await rows.first().waitFor()
    const links = await rows.locator('a').evaluateAll((all) => all.map((one) => one.getAttribute('href')))
    // The newest first.
    expect(links).toEqual(alerts.toReversed().map(({ id }) => `#/live/${id}`))
    for (const row of await rows.allTextContents()) expect(row).toMatch(/报警.*HTTP 503/)
    await shots(page, 'webhook-dead')
    await isSound(page)
    await page.keyboard.press('Escape')

    // Refused once more they lie where they lay.
    await replay()
    await expect.poll(() => refused.length).toBeGreaterThan(9)
    expect((await hook()).dead).toBe(2)
    world.up = true
    await replay()
    await button.waitFor({ state: 'detached' })
    expect(await page.locator('#page tbody tr').getAttribute('class')).toBeNull()
    expect(await page.locator('#page tbody .green').textContent()).toContain('最近送达')
    expect(heard).toEqual(alerts.map(({ id }) => ({ event: 'alert', delivery: `${id}.1` })))
    expect((await hook()).dead).toBe(0)
    await shots(page, 'webhook-delivered')
    await officer.close()
    server.close()
  })
})

describe.skipIf(missing)('pages', () => {
  test('one that is slow draws nothing below the page that was opened after it', async () => {
    const officer = await comeIn(browser, scene.port)
    const { page } = officer
    let letGo = (): void => {}
    const held = new Promise<void>((resolve) => {
      letGo = resolve
    })
    await page.route('**/api/v1/vehicles?*', async (route) => {
      await held
      await route.continue()
    })
    const isList = (one: { readonly url: () => string }): boolean => one.url().includes('/api/v1/vehicles?')
    const asked = page.waitForRequest(isList)
    const slow = page.waitForResponse(isList)
    await go(page, '#/vehicles', '#page .waiting')
    // A page that is left before it could begin asks for nothing.
    await asked
    await go(page, '#/drivers', '#page table')
    letGo()
    await (await slow).finished()
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 100))')
    expect(await page.locator('#page h2').allTextContents()).toEqual(['驾驶员'])
    expect(await page.locator('#page table').count()).toBe(1)
    await officer.close()
  })

  test('a table that is wrong all over is told as far as one can mend; lists go out as tables', async () => {
    const officer = await comeIn(browser, scene.port, { hash: '#/trips' })
    const { page } = officer
    await page.locator('#page td', { hasText: 'T1' }).first().waitFor()
    const rows = Array.from({ length: 40 }, (_, i) => `t${i},v1,x,y`).join('\n')
    await page.setInputFiles('#trip-file', {
      ...{ name: 'trips.csv', mimeType: 'text/csv' },
      buffer: Buffer.from(`id,vehicle,from,to\n${rows}\n`),
    })
    await page.locator('[role=alert]', { hasText: '未导入：80 个问题' }).waitFor()
    expect(await page.locator('[role=alert] tbody tr').count()).toBe(50)
    await page.locator('[role=alert]', { hasText: '另有 30 个问题' }).waitFor()
    await shots(page, 'trip-problems')
    for (const [hash, name] of [
      ['#/trips', 'id,fleet,vehicle'],
      ['#/vehicles', '车队,编号,车牌'],
      ['#/drivers', '车队,驾驶员'],
      ['#/register', '编号,车队,车牌'],
    ] as const) {
      await go(page, hash, 'a[href*=".csv"]')
      const href = await page.getAttribute('a[href*=".csv"]', 'href')
      const text = await (await fetch(`http://127.0.0.1:${scene.port}${href}`)).text()
      expect(text, hash).toContain(name)
    }
    await officer.close()
  })
})
