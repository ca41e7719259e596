import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { comeIn, curfew, go, launch, missing, openScene, type Scene, shot } from './help/desk.ts'

/** The pages of the desk, each as an officer uses it: by keyboard wherever there is a key. */

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

describe.skipIf(missing)('the pages of the desk', () => {
  test('one alert is worked off to its notice; what an episode holds is handled with one reason', async () => {
    const officer = await comeIn(browser, scene.port)
    const { page } = officer
    await scene.fire('v1', curfew)
    await scene.fire('v1', { place: { lat: 30.1, lon: 120.2 } })
    await scene.fire('v2', { severity: 'minor' })
    await page.locator('#list > div .count', { hasText: '2' }).waitFor()
    await page.locator('#list > div', { hasText: '浙A10001' }).waitFor()
    await page.focus('#list')
    await page.keyboard.press('ArrowDown')
    // Speed against the limit, from fifteen minutes before.
    await page.waitForSelector('#chart canvas')
    expect(await page.textContent('#chart figcaption')).toContain('88 km/h')

    // Both vehicles with one reason: the marks are for all of their alerts.
    await page.keyboard.press('x')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('x')
    await page.keyboard.press('a')
    await page.waitForSelector('#form[open]')
    expect(await page.textContent('#form-about')).toContain('3')
    await page.fill('#words', '交接班统一确认')
    await page.keyboard.press('Control+Enter')
    await page.waitForSelector('#form', { state: 'hidden' })

    // A named safe stop for the one that still drives: the cab is told where, never only to stop.
    await page.keyboard.press('ArrowUp')
    await page.locator('#one-title', { hasText: '已确认' }).waitFor()
    await page.keyboard.press('w')
    await page.waitForSelector('#form[open]')
    await page.keyboard.press('Control+Enter')
    await page.waitForSelector('#form', { state: 'hidden' })
    await page.locator('#history .history', { hasText: '绍兴服务区' }).waitFor()

    await page.keyboard.press('i')
    await page.waitForSelector('.paper .noticemap canvas')
    expect(await page.textContent('.paper')).toContain('客运企业安全管理规范')
    await page.waitForSelector('.noticechart canvas')
    await shot(page, 'notice')
    await officer.close()
  })

  test('quiet rules fold away what a tunnel explains, and nothing is lost', async () => {
    const officer = await comeIn(browser, scene.port)
    const { page } = officer
    await page.keyboard.press('h')
    await page.locator('#sheet .main').click()
    await page.check('input[value=tunnel]')
    await page.fill('#fleet', 'f1')
    await page.fill('#vehicles', 'v3')
    await page.keyboard.press('Control+Enter')
    await page.locator('#words-trouble:not(:empty), #form-trouble:not(:empty)').first().waitFor()
    await page.fill('#words', '岭隧道群')
    await page.keyboard.press('Control+Enter')
    await page.waitForSelector('#form', { state: 'hidden' })
    await scene.fire('v3', { kind: 'gnss-lost', rule: { id: 'gnss-lost', version: 1 }, evidence: {} })
    await page.locator('#quiet button').first().click()
    await page.locator('#quiet li', { hasText: '岭隧道群' }).waitFor()
    expect(await page.locator('#list', { hasText: '浙A10002' }).count()).toBe(0)
    await officer.close()
  })

  test('a vehicle shows its papers, its hours and its track to step through', async () => {
    const officer = await comeIn(browser, scene.port, { hash: '#/map' })
    const { page } = officer
    await page.waitForSelector('.vehiclelist button')
    await page.keyboard.press('/')
    await page.keyboard.type('浙A10000')
    // Its road and its borders are drawn around it.
    const road = page.waitForResponse((answer) => answer.url().includes('/desk/routes'))
    await page.locator('.vehiclelist button').first().click()
    expect(JSON.stringify(await (await road).json())).toContain('杭州—贵阳')
    await page.locator('.aboutone a', { hasText: '车辆档案' }).click()
    const slider = page.locator('.replay input[type=range]')
    await page.locator('.replay output:not(:empty)').waitFor()
    await slider.focus()
    const before = await page.textContent('.replay output')
    await page.keyboard.press('Home')
    expect(await page.textContent('.replay output')).not.toBe(before)
    expect(await page.getAttribute('a[href*="track.csv"]', 'href')).toContain('from=')
    await shot(page, 'vehicle')
    await go(page, `#/drivers/f1/${encodeURIComponent('张建国')}`, '#page .card')
    expect(await page.textContent('#page')).toContain('待培训')
    expect(await page.locator('#page .red', { hasText: '已过期' }).count()).toBe(1)
    await officer.close()
  })

  test('a file of trips names row and field, and a right one is taken', async () => {
    const officer = await comeIn(browser, scene.port, { hash: '#/trips' })
    const { page } = officer
    const head = 'id,vehicle,from,to,drivers,serviceClass,oneWayKm\n'
    const put = (row: string) =>
      page.setInputFiles('#trip-file', {
        ...{ name: 'trips.csv', mimeType: 'text/csv' },
        buffer: Buffer.from(`${head}${row}\n`),
      })
    await page.locator('#page td', { hasText: 'T1' }).first().waitFor()
    await put('X1,nobody,2099-01-01T18:00:00+08:00,2099-01-02T10:00:00+08:00,张建国,scheduled,1150')
    await page.locator('[role=alert] td', { hasText: '行 2 · vehicle' }).waitFor()
    await put('X1,v2,2099-01-01T18:00:00+08:00,2099-01-02T10:00:00+08:00,张建国,scheduled,1150')
    await page.locator('td', { hasText: 'X1' }).first().waitFor()
    await officer.close()
  })

  test('an area is drawn, checked and pushed by keys alone; who was slower loses nothing unseen', async () => {
    const officer = await comeIn(browser, scene.port, { hash: '#/rules/f1' })
    const { page } = officer
    const slower = await comeIn(browser, scene.port, { hash: '#/rules/f1', name: '赵六' })
    await page.locator('.vehiclelist button', { hasText: '绍兴服务区' }).waitFor()
    await slower.page.locator('.vehiclelist button', { hasText: '绍兴服务区' }).waitFor()
    const draw = async ({ page: at }: typeof officer, name: string) => {
      await at.keyboard.press('d')
      for (const key of [
        'Enter',
        'ArrowRight',
        'ArrowRight',
        'Enter',
        'ArrowDown',
        'ArrowDown',
        'Enter',
        'f',
      ])
        await at.keyboard.press(key)
      await at.waitForSelector('#form[open]')
      await at.fill('#form [id=name]', name)
      await at.keyboard.press('Control+Enter')
      await at.waitForSelector('#form', { state: 'hidden' })
      await at.keyboard.press('s')
    }
    await draw(officer, '临时禁行')
    await page.locator('.aboutone', { hasText: '等待终端' }).waitFor()
    await draw(slower, '另一处')
    await slower.page.locator('.aboutone .trouble', { hasText: '先修改' }).waitFor()
    await shot(slower.page, 'rules-conflict')
    await slower.close()
    await officer.close()
  })
})
