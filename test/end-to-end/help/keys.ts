import type { Page } from 'playwright-core'

/** What an officer does by keys alone. */

/** Tab by Tab to the field of this id or name, as a person who has no mouse gets there. */
export const tabTo = (page: Page, name: string): Promise<void> =>
  tabToOne(page, `[id="${name}"], [name="${name}"]`)

export async function tabToOne(page: Page, selector: string): Promise<void> {
  const passed: unknown[] = []
  for (let left = 60; left > 0; left--) {
    if (await page.evaluate(`document.activeElement?.matches(${JSON.stringify(selector)}) === true`)) return
    passed.push(await page.evaluate('document.activeElement?.outerHTML.slice(0, 60)'))
    await page.keyboard.press('Tab')
  }
  throw new Error(`no Tab leads to ${selector}; passed ${passed.join(' ')}`)
}

/** Fills the form that is open: text is typed; `true` ticks the first of a choice, a number the one after so many arrows. */
export async function fill(page: Page, values: { readonly [name: string]: string | number }): Promise<void> {
  await page.waitForSelector('#form[open]')
  for (const [name, value] of Object.entries(values)) {
    await tabTo(page, name)
    if (typeof value === 'string') {
      await page.keyboard.press('Control+A')
      await page.keyboard.type(value)
      continue
    }
    await page.keyboard.press('Space')
    for (let step = 0; step < value; step++) await page.keyboard.press('ArrowDown')
  }
}

export async function send(page: Page): Promise<void> {
  await page.keyboard.press('Control+Enter')
  await page.waitForSelector('#form', { state: 'hidden' })
}

/** A key, its form, sent. */
export async function step(
  page: Page,
  key: string,
  values: { readonly [name: string]: string | number },
): Promise<void> {
  await page.keyboard.press(key)
  await fill(page, values)
  await send(page)
}
