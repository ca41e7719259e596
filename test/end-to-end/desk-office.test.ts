import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { comeIn, go, launch, missing, openScene, type Scene, shot } from './help/desk.ts'
import { fill, send, step } from './help/keys.ts'

/** What comes to an office besides alerts: complaints from outside, the note for the next shift. */

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

const informer = '赵举报'
const phone = '13712345678'

describe.skipIf(missing)('the office', () => {
  test('a complaint enters the register, its informer sealed; it is worked off, answered, and each look is kept', async () => {
    const officer = await comeIn(browser, scene.port, { hash: '#/register/complaints' })
    const { page } = officer
    await page.waitForSelector('#page [data-key=Q]')
    await page.keyboard.press('q')
    await fill(page, {
      fleet: 'f1',
      plate: '浙A10000',
      vehicle: 'v1',
      informerName: informer,
      informerPhone: phone,
    })
    await page.keyboard.press('Control+Enter')
    // What is missing is asked for at its field, and what was typed is still there.
    await page.locator('#words-trouble:not(:empty)').waitFor()
    expect(await page.inputValue('#plate')).toBe('浙A10000')
    await fill(page, { words: '司机边开车边打电话' })
    await send(page)
    await page.locator('#page td', { hasText: '司机边开车边打电话' }).waitFor()
    await page.locator('#page td', { hasText: '已密封 (查看 0 次)' }).waitFor()
    expect(await page.content()).not.toContain(informer)
    // Nor can it be read from the files of the gateway.
    for (const name of readdirSync(scene.dataDir, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue
      const bytes = readFileSync(path.join(name.parentPath, name.name))
      for (const secret of [informer, phone])
        expect([name.name, bytes.includes(secret)]).toEqual([name.name, false])
    }

    // A supervisor looks, and says why; who looked is a line of the case.
    await page.locator('#page td button', { hasText: '查看举报人' }).click()
    await page.waitForSelector('#form[open]')
    await page.keyboard.press('Control+Enter')
    await page.locator('#words-trouble:not(:empty)').waitFor()
    await fill(page, { words: '回访核实' })
    await page.keyboard.press('Control+Enter')
    await page.locator('#sheet[open]', { hasText: informer }).waitFor()
    await page.keyboard.press('Escape')
    await page.waitForSelector('#sheet', { state: 'hidden' })
    await page.locator('#page td', { hasText: '已密封 (查看 1 次)' }).waitFor()

    await page.locator('#page td button', { hasText: '答复' }).click()
    await fill(page, { words: '已核实并批评教育' })
    await send(page)
    await page.locator('#page td', { hasText: '王五：已核实并批评教育' }).waitFor()
    await shot(page, 'complaints')

    // A case like every other.
    await page.locator('#page .rowlink').first().click()
    await page.waitForSelector('#page .casetitle')
    await page.keyboard.press('a')
    await page.locator('.casetitle', { hasText: '已确认' }).waitFor()
    await step(page, 'g', { responsible: '车队长李四', acceptance: '一周内不再发生' })
    await page.locator('.casetitle', { hasText: '已交办' }).waitFor()
    const history = await page.textContent('.history')
    for (const text of ['查看举报人：回访核实', '答复举报：已核实并批评教育', '责任人 车队长李四'])
      expect(history).toContain(text)
    expect(history).not.toContain(informer)
    await officer.close()
  })

  test('a note of one shift is read by the next, newest first', async () => {
    const officer = await comeIn(browser, scene.port, { hash: '#/register/notes' })
    const { page } = officer
    await page.waitForSelector('#page [data-key=N]')
    await step(page, 'n', { fleet: 'f1', words: '浙A10000 凌晨1点在绍兴服务区换班' })
    await page.locator('.notes li').first().waitFor()
    await step(page, 'n', { fleet: 'f1', words: '浙A10002 已通知维修' })
    await page.locator('.notes li').nth(1).waitFor()
    await officer.close()
    const next = await comeIn(browser, scene.port, { name: '赵六', hash: '#/live' })
    await go(next.page, '#/register/notes', '.notes li')
    const notes = await next.page.locator('.notes li').allInnerTexts()
    expect(notes).toHaveLength(2)
    expect(notes[0]).toMatch(/王五 · f1\s+浙A10002 已通知维修/)
    expect(notes[1]).toMatch(/王五 · f1\s+浙A10000 凌晨1点/)
    await next.close()
  })
})
