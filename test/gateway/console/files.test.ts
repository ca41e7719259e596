import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type DeskFiles, openDeskFiles } from '../../../gateway/console/files.ts'
import type { DeskMap } from '../../../gateway/console/map.ts'
import { tilesTrouble } from '../../../gateway/console/map.ts'
import { tempFolder } from '../help/world.ts'

/** What a browser is served: the page whole and small, and the ground of its maps. */

const plain: DeskMap = { datum: 'wgs84', attribution: '', maxZoom: 18 }

async function serve(files: DeskFiles) {
  const server = createServer((request, response) => files.send(request.url ?? '/', response, ''))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  return (name: string) => fetch(`http://127.0.0.1:${port}${name}`)
}

const policyOf = (answer: Response): string => answer.headers.get('content-security-policy') ?? ''

describe('the files of the desk', () => {
  const files = openDeskFiles()

  test('hold every module that another one names', async () => {
    const ask = await serve(files)
    const seen = new Set<string>()
    const missing: string[] = []
    const walk = async (name: string): Promise<void> => {
      if (seen.has(name)) return
      seen.add(name)
      if (!files.has(name)) return void missing.push(name)
      const text = await (await ask(name)).text()
      const named = [...text.matchAll(/(?:from |import\(|href="|src=")['"]?(\/desk\/[\w.-]+)/g)]
      for (const [, next] of named) await walk(next!)
    }
    await walk('/')
    expect(missing).toEqual([])
    expect(seen.size).toBeGreaterThan(30)
  })

  test('weigh less than 600 KB together as they travel', async () => {
    const ask = await serve(files)
    const names = ['/', ...(await namesIn(ask))]
    const bytes = await Promise.all(
      names.map(async (name) => gzipSync(Buffer.from(await (await ask(name)).text())).length),
    )
    const total = bytes.reduce((sum, one) => sum + one, 0)
    expect(names.length).toBeGreaterThan(30)
    expect(total).toBeLessThan(600_000)
  })

  test('travel compressed, under a policy that opens no other origin', async () => {
    const answer = await (await serve(files))('/desk/leaflet.js')
    expect(answer.headers.get('content-encoding')).toBe('gzip')
    expect(policyOf(answer)).toContain("img-src 'self' data:;")
    expect(policyOf(answer)).not.toContain('http')
  })
})

async function namesIn(ask: (name: string) => Promise<Response>): Promise<readonly string[]> {
  const seen = new Set<string>()
  const walk = async (name: string): Promise<void> => {
    const text = await (await ask(name)).text()
    for (const [, next] of text.matchAll(/(?:from |import\(|href="|src=")['"]?(\/desk\/[\w.-]+)/g))
      if (!seen.has(next!)) {
        seen.add(next!)
        await walk(next!)
      }
  }
  await walk('/')
  return [...seen, '/desk/base.json']
}

describe('tiles', () => {
  test('of a server open exactly its origin to images', async () => {
    const tiles = 'https://tile.example:8443/road/{z}/{x}/{y}.png'
    const ask = await serve(openDeskFiles({ ...plain, tiles, datum: 'gcj02', attribution: 'example' }))
    const answer = await ask('/desk/map.json')
    expect(policyOf(answer)).toContain("img-src 'self' data: https://tile.example:8443;")
    expect(await answer.json()).toEqual({ tiles, datum: 'gcj02', attribution: 'example', maxZoom: 18 })
  })

  test('of a file are served from here, counted from the south in it', async () => {
    const file = path.join(tempFolder(), 'ground.mbtiles')
    const png = Buffer.from([0x89, 0x50, 0x4e, 0x47])
    const database = new DatabaseSync(file)
    database.exec('CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)')
    database.prepare('INSERT INTO tiles VALUES (3, 6, 5, ?)').run(png)
    database.close()
    const ask = await serve(openDeskFiles({ ...plain, tiles: file }))
    expect(((await (await ask('/desk/map.json')).json()) as { tiles: string }).tiles).toBe(
      '/desk/tiles/{z}/{x}/{y}',
    )
    const found = await ask('/desk/tiles/3/6/2')
    expect(found.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await found.arrayBuffer())).toEqual(png)
    expect((await ask('/desk/tiles/3/6/5')).status).toBe(204)
  })

  test.each([
    ['https://tile.example/{z}/{x}.png', 'the address has no {y}'],
    ['tiles/', 'an address with {z}, {x}, {y}, or an .mbtiles file'],
    ['https://tile.example/{z}/{x}/{y}.png', null],
    ['ground.mbtiles', null],
    [undefined, null],
  ])('%s', (tiles, trouble) => {
    expect(tilesTrouble(tiles)).toBe(trouble)
  })

  test('that are not there, or are none, are named with the remedy', () => {
    const file = path.join(tempFolder(), 'no.mbtiles')
    expect(() => openDeskFiles({ ...plain, tiles: file })).toThrow(/no such file; name an .mbtiles file/)
    writeFileSync(file, 'no database at all, but long enough to be looked at as one')
    expect(() => openDeskFiles({ ...plain, tiles: file })).toThrow(/not an .mbtiles file/)
  })
})
