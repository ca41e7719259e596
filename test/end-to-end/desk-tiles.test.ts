import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toGcj02 } from '../../proto/geo/gcj02.ts'
import { comeIn, curfew, launch, missing, openScene, type Scene, shot } from './help/desk.ts'

/** Tiles out of one file, declared to be GCJ-02: what is of the world stands where those tiles show it. */

let browser: Browser
let scene: Scene
beforeAll(async () => {
  if (missing) return
  const desk = { tiles: 'ground.mbtiles', datum: 'gcj02', attribution: '审图号 GS(2025)0000号', maxZoom: 14 }
  const prepare = (folder: string): object => {
    writeTiles(path.join(folder, 'ground.mbtiles'))
    return { desk }
  }
  ;[browser, scene] = await Promise.all([launch(), openScene({ prepare })])
  await scene.fire('v1', { ...curfew, place })
})
afterAll(async () => {
  if (missing) return
  await browser.close()
  await scene.close()
})

/** Beside the vehicle, so that the map is near enough to tell twenty pixels. */
const place = { lat: 30.1005, lon: 120.3195 }
/** Two greys by turns, so that a picture shows the grid. */
const greys = [
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGO4AAAA2gDZ5C8ZkAAAAABJRU5ErkJggg==',
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGO4DQAA6gDpEbZ6dAAAAABJRU5ErkJggg==',
]

/** MBTiles counts rows from the south. Around Hangzhou, at zooms that a map of one alert shows. */
function writeTiles(file: string): void {
  const database = new DatabaseSync(file)
  database.exec(
    'CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB); CREATE TABLE metadata (name TEXT, value TEXT)',
  )
  const put = database.prepare('INSERT INTO tiles VALUES (?, ?, ?, ?)')
  for (const z of [10, 11, 12, 13, 14]) {
    const { x, y } = tileOf(place, z)
    for (let column = Math.floor(x) - 4; column <= x + 4; column++)
      for (let row = Math.floor(y) - 4; row <= y + 4; row++)
        put.run(z, column, 2 ** z - 1 - row, Buffer.from(greys[(column + row) % 2]!, 'base64'))
  }
  database.close()
}

/** Web Mercator, in tiles. */
function tileOf({ lat, lon }: { lat: number; lon: number }, z: number): { x: number; y: number } {
  const sin = Math.sin((lat * Math.PI) / 180)
  return {
    x: ((lon + 180) / 360) * 2 ** z,
    y: (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * 2 ** z,
  }
}

type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/** Where the mark of the alert stands by the tiles around it, in pixels from the place it should stand at. */
async function missedBy(page: Page, at: { lat: number; lon: number }): Promise<{ x: number; y: number }> {
  const tile = page.locator('#map img.leaflet-tile-loaded').first()
  await tile.waitFor({ state: 'attached' })
  // In one look: the map may be on its way.
  const { src, ground, label } = (await page.evaluate(`(() => {
    const tile = document.querySelector('#map img.leaflet-tile-loaded')
    const box = (of) => (({ x, y, width, height }) => ({ x, y, width, height }))(of.getBoundingClientRect())
    return { src: tile.src, ground: box(tile), label: box(document.querySelector('#map .leaflet-tooltip-top')) }
  })()`)) as { src: string; ground: Box; label: Box }
  const [, z, x, y] = /(\d+)\/(\d+)\/(\d+)$/.exec(src)!.map(Number)
  const wanted = tileOf(at, z!)
  // The label stands above its mark, six pixels off.
  const mark = { x: label.x + label.width / 2, y: label.y + label.height + 6 }
  return {
    x: Math.abs(mark.x - (ground.x + (wanted.x - x!) * ground.width)),
    y: Math.abs(mark.y - (ground.y + (wanted.y - y!) * ground.height)),
  }
}

/** Where the map comes to rest. */
async function expectThere(page: Page, at: { lat: number; lon: number }): Promise<void> {
  const farthest = async (): Promise<number> => {
    const { x, y } = await missedBy(page, at)
    return Math.max(x, y)
  }
  await expect.poll(farthest).toBeLessThan(3)
}

async function looked(page: Page): Promise<void> {
  await page.waitForSelector('#list > div.critical')
  await page.keyboard.press('ArrowDown')
  await page.waitForSelector('#map .leaflet-tooltip-top')
  await page.waitForSelector('#map img.leaflet-tile-loaded', { state: 'attached' })
}

describe.skipIf(missing)('tiles of an operator', () => {
  test('come from the file, under the policy of the page, with whose they are; what is not in it is left empty', async () => {
    const officer = await comeIn(browser, scene.port)
    const { page } = officer
    const answers = new Map<string, number>()
    page.on('response', (answer) => {
      if (answer.url().includes('/desk/tiles/')) answers.set(new URL(answer.url()).pathname, answer.status())
    })
    await looked(page)
    await expect
      .poll(() => [...answers.values()].filter((status) => status === 200).length)
      .toBeGreaterThan(3)
    expect(await page.textContent('#map .leaflet-control-attribution')).toBe('审图号 GS(2025)0000号')
    const status = (path: string) =>
      page.evaluate(`fetch('${path}').then(({ status }) => status)`) as Promise<number>
    expect(await status('/desk/tiles/5/1/1')).toBe(204)
    expect(await status('/desk/tiles/../../../etc/passwd')).not.toBe(200)
    await shot(page, 'tiles')
    await officer.close()
  })

  test('what is declared GCJ-02 shows the place where those tiles have it; undeclared, where the world has it', async () => {
    const officer = await comeIn(browser, scene.port)
    await looked(officer.page)
    const shifted = toGcj02(place)
    await expectThere(officer.page, shifted)
    // What is read and sent stays as the receiver said it.
    expect(await officer.page.textContent('#facts dl')).toContain('30.10050, 120.31950')
    // By some twenty pixels and more it is not the place on other tiles.
    expect((await missedBy(officer.page, place)).x).toBeGreaterThan(15)
    await officer.close()

    const plain = await browser.newContext({ locale: 'zh-CN' })
    await plain.route('**/desk/map.json', async (route) => {
      const answer = await route.fetch()
      const settings = (await answer.json()) as object
      await route.fulfill({ response: answer, json: { ...settings, datum: 'wgs84' } })
    })
    const page = await plain.newPage()
    page.setDefaultTimeout(60_000)
    await page.addInitScript(`localStorage.setItem('name', '王五')`)
    await page.goto(`http://127.0.0.1:${scene.port}/`)
    await looked(page)
    await expectThere(page, place)
    await plain.close()
  })
})
