import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { comeIn, curfew, launch, missing, openScene, type Scene, shot } from './help/desk.ts'
import { step, tabToOne } from './help/keys.ts'

/** A whole case by keys alone, from the sound it makes to the look-back a month later; then its notice on one sheet of paper. */

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

/** What sounds, what the icon counts, and whether anybody touched a mouse. */
const ears = `
  window.sounded = 0
  window.badges = []
  window.mice = 0
  window.AudioContext = class {
    currentTime = 0
    destination = {}
    createOscillator() {
      return { frequency: {}, connect() {}, start() { window.sounded++ }, stop() {} }
    }
  }
  Navigator.prototype.setAppBadge = async (count) => void window.badges.push(count)
  Navigator.prototype.clearAppBadge = async () => void window.badges.push(0)
  for (const name of ['mousedown', 'touchstart']) addEventListener(name, () => window.mice++, true)
`
const heard = (page: Page): Promise<number> => page.evaluate('window.sounded') as Promise<number>
const badge = (page: Page): Promise<number> => page.evaluate('window.badges.at(-1)') as Promise<number>
const result809 = (page: Page): Promise<string | null> =>
  page.locator('#page dt', { hasText: 'JT/T 809' }).locator('xpath=following-sibling::dd[1]').textContent()

describe.skipIf(missing)('without a mouse', () => {
  test('a critical alert is heard once and counted on the icon; others are not heard, and none is with the sound off', async () => {
    const officer = await comeIn(browser, scene.port, { script: ears })
    const { page } = officer
    expect(await page.getAttribute('#sound', 'aria-pressed')).toBe('true')
    await scene.fire('v2', { severity: 'minor' })
    await page.locator('#list .plate', { hasText: '浙A10001' }).waitFor()
    expect(await heard(page)).toBe(0)
    await scene.fire('v1', curfew)
    await page.locator('#list .critical, #list > div.critical').first().waitFor()
    expect(await heard(page)).toBe(1)
    expect(await badge(page)).toBe(1)
    expect(await page.title()).toMatch(/^\(1\)/)
    // Who listens to a screen reader is told the sentence.
    expect(await page.textContent('#news')).toContain('凌晨2时')

    await page.keyboard.press('m')
    await scene.fire('v3', curfew)
    await page.locator('#list > div.critical', { hasText: '浙A10002' }).waitFor()
    expect(await heard(page)).toBe(1)
    expect(await badge(page)).toBe(2)
    // A page that is opened later shows what is there, and does not sound it again.
    const later = await comeIn(browser, scene.port, { script: ears })
    await later.page.locator('#list > div.critical').nth(1).waitFor()
    expect(await heard(later.page)).toBe(0)
    expect(await badge(later.page)).toBe(2)
    await later.close()
    await officer.close()
  })

  test('a case goes from its arrival to its end, into the register, and on to the look-back and an appeal', async () => {
    const officer = await comeIn(browser, scene.port, { script: ears })
    const { page } = officer
    await page.waitForSelector('#list > div.critical')
    await page.keyboard.press('ArrowDown')
    await page.locator('#one-title', { hasText: '浙A10000' }).waitFor()
    await page.waitForSelector('#facts dl')
    const number = await page.evaluate('location.hash.split("/").at(-1)')
    // The signed evidence is taken away by its key as well.
    const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('j')])
    expect(readFileSync(await file.path(), 'utf8')).toContain(number)
    await page.keyboard.press('a')
    await page.waitForSelector('#actions [data-action=assign]')
    await step(page, 'g', { responsible: '车队长李四', acceptance: '本月不再发生' })
    await step(page, 'r', { cause: '未按计划接驳', measure: '已停车换驾' })
    await page.keyboard.press('v')
    await page.waitForSelector('#actions [data-action=close]')

    // The register, by its digit; a row by Tab; the same keys go on there.
    await page.keyboard.press('4')
    await page.waitForSelector('#page .rowlink')
    await tabToOne(page, '#page tbody tr:first-child .rowlink')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#page .casetitle')
    expect(await page.evaluate('location.hash')).toBe(`#/register/cases/${number as string}`)
    expect(await result809(page)).toBe('0 处理中')
    // Criticism is the one after education.
    await step(page, 'c', { disposition: 1, evidenceGrade: 0 })
    await page.locator('.casetitle', { hasText: '已销号' }).waitFor()
    expect(await result809(page)).toBe('1 已处理完毕')
    expect(await page.textContent('#page')).toContain('批评')

    await step(page, 'p', { words: '驾驶员称当时已停车' })
    await page.locator('.casetitle', { hasText: '申诉中' }).waitFor()
    expect(await result809(page)).toBe('0 处理中')
    await step(page, 'o', { words: '重新核实' })
    await page.locator('.casetitle', { hasText: '已确认' }).waitFor()
    await step(page, 'g', { responsible: '车队长李四', acceptance: '核实停车时刻' })
    await step(page, 'r', { cause: '申诉不成立', measure: '已当面说明' })
    await page.keyboard.press('v')
    await page.locator('.casetitle', { hasText: '已验收' }).waitFor()
    await step(page, 'c', { disposition: 0, evidenceGrade: 0 })
    await page.locator('.casetitle', { hasText: '已销号' }).waitFor()
    await step(page, 'b', { held: 0, words: '一个月内未再发生' })
    await page.locator('.casetitle', { hasText: '已巩固' }).waitFor()
    expect(await result809(page)).toBe('1 已处理完毕')
    // Each step with who, when and from where; nothing of the first round is gone.
    const lines = await page.locator('#page .history li').allInnerTexts()
    expect(lines).toHaveLength(12)
    for (const line of lines)
      expect(line).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d 王五 \((::ffff:)?127\.0\.0\.1\) /)
    await shot(page, 'register-case')
    expect(await page.evaluate('window.mice')).toBe(0)
    await officer.close()
  })

  test('each result of JT/T 809 0x1401 is shown: not begun, at work, done, no matter', async () => {
    const officer = await comeIn(browser, scene.port)
    const { page } = officer
    const shown: (string | null)[] = []
    await page.locator('#list > div', { hasText: '浙A10001' }).click()
    const number = (await page.evaluate('location.hash.split("/").at(-1)')) as string
    const read = async () => {
      await page.evaluate(`location.hash = '#/notice/${number}'`)
      await page.waitForSelector('.paper')
      shown.push(await result809(page))
      await page.evaluate(`location.hash = '#/live/${number}'`)
      await page.waitForSelector('#live:not([hidden]) #actions [data-action]')
    }
    await read()
    await page.keyboard.press('a')
    await page.waitForSelector('#actions [data-action=assign]')
    await read()
    await step(page, 'f', { words: '隧道内漂移' })
    await page.locator('#one-title', { hasText: '误报' }).waitFor()
    await read()
    expect(shown).toEqual(['3 将来处理', '0 处理中', '2 不作处理'])
    await officer.close()
  })

  test('the notice prints on one sheet, with its place, its chart and its article', async () => {
    const officer = await comeIn(browser, scene.port)
    const { page } = officer
    await page.locator('#list > div', { hasText: '浙A10002' }).click()
    await page.waitForSelector('#facts dl')
    await page.keyboard.press('a')
    await page.waitForSelector('#actions [data-action=assign]')
    await step(page, 'g', { responsible: '车队长李四', acceptance: '本月不再发生' })
    await step(page, 'r', { cause: '未按计划接驳', measure: '已停车换驾' })
    await page.keyboard.press('i')
    await page.waitForSelector('.paper .noticemap canvas')
    await page.waitForSelector('.noticechart canvas')
    await page.emulateMedia({ media: 'print' })
    const drawn = (await page.evaluate(inkOf)) as { [canvas: string]: boolean }
    expect(drawn).toEqual({ map: true, chart: true })
    const paper = await page.textContent('.paper')
    for (const text of [
      '客运企业安全管理规范',
      '浙A10002',
      '车队长李四',
      '本月不再发生',
      '已停车换驾',
      '0 处理中',
    ])
      expect(paper).toContain(text)
    // What is for the screen is not on paper.
    expect(await page.locator('header').isVisible()).toBe(false)
    expect(await page.locator('#nav').isVisible()).toBe(false)
    const pdf = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1')
    expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1)
    await shot(page, 'notice-print')
    await officer.close()
  })
})

/** Whether anything is drawn on what is seen of them. */
const inkOf = `
  Object.fromEntries([['map', '.noticemap canvas'], ['chart', '.noticechart canvas']].map(([name, selector]) => {
    const inked = [...document.querySelectorAll(selector)].some((canvas) => {
      if (canvas.getBoundingClientRect().height < 50) return false
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
      return data.some((value, at) => at % 4 === 3 && value > 0)
    })
    return [name, inked]
  }))
`
