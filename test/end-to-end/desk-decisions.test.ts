import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeDocumentPart } from '../../proto/codec.ts'
import type { SpokenOutcome } from '../../proto/model.ts'
import { downTopic } from '../../proto/topics.ts'
import { envelopeOf } from '../gateway/help/envelopes.ts'
import { comeIn, curfew, go, launch, missing, openScene, type Scene, shot } from './help/desk.ts'
import { fill, send, step } from './help/keys.ts'

/** What is decided about a coach on its way, each by its key, and what becomes of it: in the cab, in the policy, in the papers. */

let browser: Browser
let scene: Scene
/** Words the cab heard, and detours of each policy it was sent. */
const cab: { words: string[]; detours: (readonly object[])[]; outcome: SpokenOutcome } = {
  words: [],
  detours: [],
  outcome: 'said',
}

beforeAll(async () => {
  if (missing) return
  ;[browser, scene] = await Promise.all([launch(), openScene()])
  await listenInCab()
  await scene.fire('v1', { ...curfew, trip: 'T1' })
  await scene.fire('v2', { severity: 'minor' })
})
afterAll(async () => {
  if (missing) return
  await browser.close()
  await scene.close()
})

/** A terminal that says what it is told to say, and answers that it did. */
async function listenInCab(): Promise<void> {
  const client = scene.terminalOf('v1')
  client.on('message', (topic, payload) => {
    const part = decodeDocumentPart(payload)
    if (!part.ok) return
    const { digest, version, content } = part.value
    const document = JSON.parse(Buffer.from(content).toString()) as { say?: string; detours?: object[] }
    if (topic.endsWith('/policy')) cab.detours.push(document.detours ?? [])
    if (document.say === undefined) return
    cab.words.push(document.say)
    const spoken = { version, digest, atMs: scene.nowMs(), outcome: cab.outcome }
    void scene.send('v1', (seq) => ({
      ...envelopeOf(seq, { is: 'spoken', spoken }, { fleet: 'f1', vehicle: 'v1' }),
      stream: 'alarm',
    }))
  })
  for (const name of ['command', 'policy'] as const)
    await client.subscribeAsync(downTopic('f1', 'v1', name), { qos: 1 })
}

async function atCurfew(): Promise<{ page: Page; close: () => Promise<void> }> {
  const officer = await comeIn(browser, scene.port)
  await officer.page.waitForSelector('#list > div.critical')
  await officer.page.keyboard.press('ArrowDown')
  await officer.page.locator('#one-title', { hasText: '浙A10000' }).waitFor()
  await officer.page.waitForSelector('#facts dl')
  return officer
}
const line = (page: Page, text: string) => page.locator('#history .history li', { hasText: text })

describe.skipIf(missing)('decisions on the way', () => {
  test('words are said in the cab and its receipt is shown, also that it could not say them', async () => {
    const { page, close } = await atCurfew()
    await page.keyboard.press('s')
    await page.waitForSelector('#form[open]')
    // Empty words are asked for at their field; fixed ones are offered, none of which is only "stop".
    await page.keyboard.press('Control+Enter')
    await page.locator('#words-trouble:not(:empty)').waitFor()
    const phrases = await page.locator('#phrases button').allInnerTexts()
    expect(phrases.length).toBeGreaterThan(0)
    for (const phrase of phrases) expect(phrase).toMatch(/服务区|接驳点/)
    await fill(page, { words: '请在绍兴服务区停车休息' })
    await send(page)
    await line(page, '请在绍兴服务区停车休息 · 已播报').waitFor()
    expect(cab.words).toEqual(['请在绍兴服务区停车休息'])

    cab.outcome = 'failed'
    await step(page, 's', { words: '请在前方接驳点停车' })
    await line(page, '请在前方接驳点停车 · 播报失败').waitFor()
    cab.outcome = 'said'
    await shot(page, 'receipts')
    await close()
  })

  test('on to a safe stop: the cab hears its name, and the case keeps it', async () => {
    const { page, close } = await atCurfew()
    await page.keyboard.press('w')
    await page.waitForSelector('#form[open] #area')
    expect(await page.locator('#area option').allInnerTexts()).toEqual(['绍兴服务区 · 8.2 km', '衢州接驳点'])
    await send(page)
    await line(page, '绍兴服务区”安全停车休息').and(line(page, '已播报')).waitFor()
    expect(cab.words.at(-1)).toBe('请继续行驶至前方“绍兴服务区”安全停车休息')
    await close()
  })

  test('a detour is approved for a stretch and some hours, and reaches the terminals in their policy', async () => {
    const { page, close } = await atCurfew()
    const before = cab.detours.length
    await page.keyboard.press('d')
    await fill(page, { route: 'G61', fromKm: '1', toKm: '12', hours: '3', words: '交警改道' })
    await page.keyboard.press('Control+Enter')
    await page.locator('#route-trouble', { hasText: '该车没有此线路' }).waitFor()
    await fill(page, { route: 'G60' })
    await send(page)
    await line(page, 'G60').waitFor()
    await expect.poll(() => cab.detours.length).toBe(before + 1)
    expect(cab.detours.at(-1)).toMatchObject([{ routeId: 'G60', fromM: 1000, toM: 12_000, by: '王五' }])
    await close()
  })

  test('relay proof: a time to come is refused at its field; with time, point and driver it enters the papers', async () => {
    const { page, close } = await atCurfew()
    await page.keyboard.press('k')
    await fill(page, { says: '接驳点照片与签字单', proofDriver: '李四' })
    await page.selectOption('#proofArea', 'rp')
    const local = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16)
    await page.fill('#proofAt', local(scene.nowMs() + 3_600_000))
    await page.keyboard.press('Control+Enter')
    await page.locator('#proofAt-trouble', { hasText: '不能晚于现在' }).waitFor()
    await page.fill('#proofAt', local(scene.nowMs() - 600_000))
    await send(page)
    await page.locator('.toast', { hasText: /接驳/ }).waitFor()
    await line(page, '接驳点照片与签字单').waitFor()
    const approved = readFileSync(path.join(scene.dataDir, 'approvals/f1.json'), 'utf8')
    expect(JSON.parse(approved)).toMatchObject({
      relays: [{ vehicle: 'v1', trip: 'T1', record: { areaId: 'rp', driver: '李四' } }],
    })
    await close()
  })

  test('an unknown driver is attributed, with by what he is known', async () => {
    const { page, close } = await atCurfew()
    await page.keyboard.press('u')
    await fill(page, { driver: '王建军' })
    await page.keyboard.press('Control+Enter')
    await page.locator('#words-trouble', { hasText: '认定依据' }).waitFor()
    await fill(page, { words: '车载视频与派班表' })
    await send(page)
    await line(page, '王建军').waitFor()
    await go(page, '#/register/cases', '#page .rowlink')
    await page.locator('#page .rowlink', { hasText: '浙A10000' }).click()
    await page.locator('#page dd', { hasText: '王建军' }).waitFor()
    await close()
  })

  test('escalated by the roster and by no other: without one it says so, with one the next one is told', async () => {
    const { page, close } = await atCurfew()
    await page.keyboard.press('e')
    await page.waitForSelector('#form[open]')
    await page.keyboard.press('Control+Enter')
    await page.locator('#form .trouble', { hasText: '值班表' }).first().waitFor()
    await page.keyboard.press('Escape')
    await go(page, '#/register/roster', '#page .card')
    await page.locator('.card button').first().click()
    await page.fill('#levels', '班长李四, 13800000000, 5, 15, 60, x')
    await page.keyboard.press('Control+Enter')
    await page.locator('#levels-trouble:not(:empty)').waitFor()
    await page.fill(
      '#levels',
      '班长李四, 13800000000, 5, 15, 60, 240\n值班经理, 13900000000, 15, 30, 120, 480',
    )
    await send(page)
    await page.locator('.card td', { hasText: '值班经理' }).waitFor()
    await go(page, '#/live', '#facts dl')
    await page.keyboard.press('e')
    await page.waitForSelector('#form[open]')
    await send(page)
    // Whoever has it first is the first of the roster; it goes to the one above.
    await line(page, '已上报 值班经理').waitFor()
    await close()
  })

  test('two of one matter: one goes on under the other, and each leads to the other', async () => {
    const { page, close } = await atCurfew()
    await scene.fire('v1', { trip: 'T1', place: { lat: 30.1, lon: 120.2 } })
    await page.locator('#episode .tab').nth(1).waitFor()
    await page.locator('#episode .tab', { hasText: '超速' }).click()
    await page.locator('#one-title', { hasText: '超速' }).waitFor()
    await page.keyboard.press('y')
    await page.waitForSelector('#form[open] #successor')
    expect(await page.locator('#successor option').count()).toBe(1)
    await fill(page, { words: '同一趟次同一原因' })
    await send(page)
    await page.locator('#one-title', { hasText: '已并案' }).waitFor()
    await go(page, '#/register/cases', '#page .rowlink')
    await page.locator('tr', { hasText: '已并案' }).locator('.rowlink').click()
    const link = page.locator('#page dd a[href^="#/register/cases/"]')
    await link.click()
    await page.locator('.casetitle', { hasText: '凌晨' }).waitFor()
    await close()
  })
})
