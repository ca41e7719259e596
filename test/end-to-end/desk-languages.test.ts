import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { comeIn, go, missing } from './help/desk.ts'
import { step } from './help/keys.ts'
import { deskToWalk, pagesToWalk } from './help/walk.ts'

/** Every page and form in both languages: in English no Chinese but names, in neither the key of a word instead of the word. */

const walk = deskToWalk()

/** Of people, places and plates, and what somebody wrote: those are in no language of the desk. */
const names =
  /浙A\d+|张建国|王五|张\*\*|绍兴服务区|衢州接驳点|西湖景区|杭州—贵阳|待培训|举报人|打电话|中文 \(L\)|《[^》]*》[^;；]*|[^ ]*管理规范[^;；]*[;；][^;；]*|杭州|宁波|上海/g

/** What is read or heard on the page as it is now. */
const texts = async (page: Page): Promise<string[]> => {
  const found = (await page.evaluate(`
    [...document.querySelectorAll('body *')].flatMap((one) => [
      ...[...one.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ textContent }) => textContent),
      one.getAttribute('aria-label'), one.getAttribute('title'), one.getAttribute('placeholder'),
    ].filter((text) => text !== null && one.checkVisibility()))
  `)) as string[]
  return found.map((text) => text.trim()).filter((text) => text !== '')
}

const keyOfWord =
  /\b(do|field|key|page|why|reason|ask|hint|left|held|plan|verdict|channel|disposition)\.[a-zA-Z0-9]+/

async function wrong(page: Page, where: string, isEnglish: boolean): Promise<string[]> {
  const all = await texts(page)
  const untranslated = isEnglish
    ? all.filter((text) => /\p{Script=Han}/u.test(text.replace(names, '').replace(/姓名 \/ name/, '')))
    : []
  return [...untranslated, ...all.filter((text) => keyOfWord.test(text))].map((text) => `${where}: ${text}`)
}

/** Each form of the alert that is chosen, opened and left again. */
async function forms(page: Page, isEnglish: boolean): Promise<string[]> {
  const found: string[] = []
  const actions = await page.locator('#actions [data-action]').all()
  for (const action of actions) {
    const name = (await action.getAttribute('data-action'))!
    if (name === 'acknowledge' || name === 'verify') continue
    await page.keyboard.press((await action.getAttribute('aria-keyshortcuts'))!.toLowerCase())
    await page.waitForSelector('#form[open]')
    found.push(...(await wrong(page, name, isEnglish)))
    await page.keyboard.press('Escape')
    await page.waitForSelector('#form', { state: 'hidden' })
  }
  return found
}

describe.skipIf(missing)('the desk in', () => {
  test.each([
    ['Chinese', false],
    ['English', true],
  ])(
    '%s, page by page and form by form',
    async (_name, isEnglish) => {
      const script = `localStorage.setItem('language', '${isEnglish ? 'en' : 'zh'}')`
      const { browser, scene } = walk()
      const officer = await comeIn(browser, scene.port, { script })
      const { page } = officer
      await page.keyboard.press('ArrowDown')
      await page.waitForSelector('#facts dl')
      await page.waitForSelector('#chart canvas')
      const found = await wrong(page, 'live', isEnglish)
      if (!isEnglish) {
        await page.keyboard.press('a')
        await page.waitForSelector('#actions [data-action=assign]')
        await go(page, '#/register/complaints', '#page [data-key=Q]')
        await step(page, 'q', { fleet: 'f1', words: '打电话', informerName: '举报人' })
        await page.waitForSelector('#page table')
        await go(page, '#/live', '#facts dl')
      }
      found.push(...(await forms(page, isEnglish)))
      await page.keyboard.press('?')
      await page.waitForSelector('#sheet[open]')
      found.push(...(await wrong(page, 'help', isEnglish)))
      await page.keyboard.press('Escape')
      for (const [hash, ready] of pagesToWalk) {
        await go(page, hash, ready)
        found.push(...(await wrong(page, hash, isEnglish)))
      }
      await go(page, '#/register/cases', '#page .rowlink')
      await page.locator('#page .rowlink').first().click()
      await page.waitForSelector('.casetitle')
      found.push(...(await wrong(page, 'case', isEnglish)))
      await page.keyboard.press('i')
      await page.waitForSelector('.paper .noticemap canvas')
      found.push(...(await wrong(page, 'notice', isEnglish)))
      expect(found).toEqual([])
      await officer.close()
    },
    60_000,
  )
})
