import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { comeIn, curfew, launch, missing, openScene, type Scene, shot } from './help/desk.ts'

/** Tonight's board at half past eleven: who will still be out at two, by which plan, and red before green. */

let browser: Browser
let scene: Scene
const fromMs = Date.parse('2026-03-10T23:30:00+08:00')
const hours = (count: number): string => new Date(fromMs + count * 3_600_000).toISOString()

const around = (id: string, name: string, lon: number, lat: number): object => {
  const ring = [
    [0, 0],
    [0.02, 0],
    [0.02, 0.02],
    [0, 0.02],
    [0, 0],
  ].map(([x, y]) => [lon + x!, lat + y!])
  return {
    type: 'Feature',
    properties: { id, name, role: 'serviceArea' },
    geometry: { type: 'Polygon', coordinates: [ring] },
  }
}

/** v1 is on its line with nothing planned, a service area 15 km on; v2 stands where it is to stand; v3 is exempt; v4 is at home. */
function prepare(folder: string): object {
  const write = (name: string, value: unknown): void =>
    writeFileSync(path.join(folder, name), JSON.stringify(value))
  write('areas.geojson', {
    type: 'FeatureCollection',
    features: [around('ahead', '嘉兴服务区', 120.47, 30.09), around('here', '萧山服务区', 120.31, 30.14)],
  })
  // Long enough not to be at its end by two.
  const coordinates = [
    [120.1, 30.1],
    [126, 30.1],
  ]
  const properties = { id: 'G60', name: '杭州—贵阳', halfWidthM: 200 }
  const road = { type: 'Feature', properties, geometry: { type: 'LineString', coordinates } }
  write('route.geojson', { type: 'FeatureCollection', features: [road] })
  write('vehicles/v1.json', {
    ...{ id: 'v1', fleet: 'f1', plate: '浙A10000', class: 'coach', serviceClass: 'scheduled' },
    ...{ oneWayKm: 1150, relay: null },
  })
  const put = (id: string, vehicle: string, more: object): void => {
    const trip = { id, vehicle, from: hours(-2), to: hours(8), drivers: ['李四'] }
    write(`trips/${id}.json`, { ...trip, oneWayKm: 1150, ...more })
  }
  put('T2', 'v2', {
    serviceClass: 'scheduled',
    stops: [{ areaId: 'here', arrive: hours(-0.5), depart: hours(6) }],
  })
  put('T3', 'v3', { serviceClass: 'commuterCharter' })
  return {}
}

beforeAll(async () => {
  if (missing) return
  ;[browser, scene] = await Promise.all([launch(), openScene({ fromMs, prepare })])
})
afterAll(async () => {
  if (missing) return
  await browser.close()
  await scene.close()
})

const rowsOf = async (page: Page): Promise<string[][]> => {
  await page.waitForSelector('#page tbody tr')
  const rows = await page.locator('#page tbody tr').all()
  return Promise.all(rows.map((row) => row.locator('td').allInnerTexts()))
}

describe.skipIf(missing)('the board of tonight', () => {
  test('every coach that will be out at 02:00: plan, ETA and why; red first; one filter leaves what must be done', async () => {
    const officer = await comeIn(browser, scene.port)
    const { page } = officer
    await page.keyboard.press('2')
    const rows = await rowsOf(page)
    const brief = rows.map(([plate, verdict, , plan]) => [plate, verdict, plan].join(' '))
    expect(brief).toEqual([
      '浙A10000 将违规 无计划',
      '浙A10002 可合规 豁免',
      '浙A10001 可合规 停车休息 · 萧山服务区',
    ])
    const [late, , stands] = rows
    // Why, in words; where it may stop on the way, and when it would be there.
    expect(late![2]).toBe('未安排停驶或接驳，2时仍将在途')
    expect(late![5]).toMatch(/嘉兴服务区 · 1[45](\.\d)? km · 23:[34]\d/)
    expect(stands![4]).toMatch(/^23:3\d$/)
    expect(await page.getAttribute('#page tbody tr', 'class')).toContain('red')
    expect(await page.textContent('.boardcounts')).toMatch(/将违规 1.*可合规 2.*23:3\d/s)
    await shot(page, 'tonight-zh')

    await page.selectOption('#f-verdict', 'red')
    await page.locator('#page tbody tr').nth(1).waitFor({ state: 'detached' })
    expect(await rowsOf(page)).toHaveLength(1)

    // By keys: the first row is a link to where it is; the same in English.
    await page.focus('#page .rowlink')
    await page.keyboard.press('Enter')
    await page.locator('.aboutone', { hasText: '浙A10000' }).waitFor()
    await page.keyboard.press('2')
    await page.keyboard.press('l')
    await page.locator('#page td', { hasText: 'Will offend' }).waitFor()
    await page.locator('#page td', { hasText: 'neither stop nor relay is planned' }).waitFor()
    // The language stays, and so does the filter.
    expect(await page.inputValue('#f-verdict')).toBe('red')
    await shot(page, 'tonight-en')
    await officer.close()
  })

  test('a plan that is filed turns the coach green', async () => {
    const officer = await comeIn(browser, scene.port, { hash: '#/trips' })
    const { page } = officer
    await page.locator('#page td', { hasText: 'T1' }).first().waitFor()
    const trip = {
      ...{ id: 'T1', vehicle: 'v1', from: hours(-1), to: hours(30), drivers: ['张建国'] },
      ...{ serviceClass: 'scheduled', oneWayKm: 1150, route: 'G60' },
      stops: [{ areaId: 'ahead', arrive: hours(1), depart: hours(6.5) }],
    }
    const buffer = Buffer.from(JSON.stringify(trip))
    await page.setInputFiles('#trip-file', { name: 't1.json', mimeType: 'application/json', buffer })
    await page.locator('[role=status], .toast', { hasText: /1/ }).first().waitFor()
    await page.keyboard.press('2')
    await page.selectOption('#f-verdict', '')
    const row = page.locator('#page tr', { hasText: '浙A10000' })
    await row.locator('td', { hasText: '可合规' }).waitFor()
    expect(await row.locator('td').allInnerTexts()).toEqual(
      expect.arrayContaining(['停车休息 · 嘉兴服务区', expect.stringMatching(/^23:[34]\d$/)]),
    )
    await officer.close()
  })
})

describe.skipIf(missing)('a drive that is over', () => {
  test('is shown as it stood when it is opened again: nothing of it is called live until time goes on', async () => {
    const drive = await openScene({ fromMs })
    onTestFinished(drive.close)
    await drive.fire('v1', curfew)
    drive.hold(true)
    const officer = await comeIn(browser, await drive.reopen())
    const { page } = officer
    const then = new Date(drive.nowMs() + 8 * 3_600_000).toISOString().slice(5, 16).replace('T', ' ')
    const link = page.locator('#link')
    await link.filter({ hasText: `时间停在 ${then}` }).waitFor()
    await page.locator('#list > div', { hasText: '浙A10000' }).click()
    const now = page.locator('#now', { hasText: '88 km/h' })
    await now.waitFor()
    expect(await now.textContent()).toContain('时间已停，非实时')
    await page.locator('#map .leaflet-tooltip', { hasText: '车辆最后位置' }).waitFor()
    expect(await page.textContent('body')).not.toMatch(/在线|实时连接|车辆现在|秒前/)
    await shot(page, 'drive-over')
    await page.keyboard.press('l')
    await link.filter({ hasText: `Time stands at ${then}` }).waitFor()
    await now.filter({ hasText: 'time stands, not live' }).waitFor()
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.setViewportSize({ width: 390, height: 844 })
    await shot(page, 'drive-over-dark-phone')
    drive.hold(false)
    await link.filter({ hasText: /^Live$/ }).waitFor()
    await officer.close()
  })
})
