import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { comeIn, go, missing, shot } from './help/desk.ts'
import { deskToWalk, pagesToWalk } from './help/walk.ts'

/** Every page of the desk for those who see little, use no mouse, or hold a phone: axe finds nothing serious, nothing is cut off. */

const walk = deskToWalk()
const pages = [['#/live', '#facts dl'] as const, ...pagesToWalk]

type Violation = { id: string; impact: string; nodes: { target: string[] }[] }

/** What axe calls serious or critical, and where. */
async function findings(page: Page, where: string): Promise<readonly string[]> {
  const violations = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  )) as Violation[]
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${where} ${id} ${target.join(' ')}`))
}

describe.skipIf(missing)('every page of the desk', () => {
  test('has no serious finding of axe, light in Chinese and dark in English', async () => {
    const { browser, scene } = walk()
    const officer = await comeIn(browser, scene.port)
    const { page } = officer
    await page.evaluate(axe.source)
    await page.keyboard.press('ArrowDown')
    await page.waitForSelector('#facts dl')
    // Something in the register to look at.
    await page.keyboard.press('a')
    await page.waitForSelector('#actions [data-action=assign]')
    const found: string[] = []
    for (const [at, [hash, ready]] of pages.entries()) {
      if (at > 0) await go(page, hash, ready)
      found.push(...(await findings(page, `${hash} light zh`)))
      await page.evaluate('document.activeElement?.blur()')
      await page.keyboard.press('t')
      await page.keyboard.press('l')
      await page.waitForSelector(ready)
      found.push(...(await findings(page, `${hash} dark en`)))
      if (at % 5 === 0) await shot(page, `dark-en-${at}`)
      await page.keyboard.press('t')
      await page.keyboard.press('l')
    }
    // A form over the page, and the notice, which is for paper.
    await go(page, '#/live', '#facts dl')
    await page.keyboard.press('g')
    await page.waitForSelector('#form[open]')
    found.push(...(await findings(page, 'form')))
    await page.keyboard.press('Escape')
    await page.waitForSelector('#form', { state: 'hidden' })
    await page.keyboard.press('i')
    await page.waitForSelector('.paper .noticemap canvas')
    found.push(...(await findings(page, 'notice')))
    expect(found).toEqual([])
    await officer.close()
  })

  test('fits a phone: nothing is cut off at the side', async () => {
    const { browser, scene } = walk()
    const officer = await comeIn(browser, scene.port, { width: 390, height: 844, dark: true })
    const { page } = officer
    await page.locator('#list > div').first().click()
    await page.waitForSelector('#facts dl')
    const wide: string[] = []
    for (const [at, [hash, ready]] of pages.entries()) {
      if (at > 0) await go(page, hash, ready)
      const [inner, whole] = (await page.evaluate(
        '[innerWidth, document.documentElement.scrollWidth]',
      )) as number[]
      if (whole! > inner!) wide.push(`${hash} ${whole}`)
      await shot(page, `phone-${at}`)
    }
    expect(wide).toEqual([])
    await officer.close()
  })
})
