import { existsSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import { BadInput } from '../../proto/problem.ts'
import type { Tiles } from './map.ts'

/** Map tiles out of one file (MBTiles 1.3: SQLite, rows counted from the south). Nothing of it is kept in memory. */

const address = /^\/desk\/tiles\/(\d{1,2})\/(\d{1,8})\/(\d{1,8})$/

export function openTiles(file: string): Tiles & { readonly close: () => void } {
  if (!existsSync(file))
    throw new Error('no such file; name an .mbtiles file or an address with {z}, {x}, {y}')
  const database = openDatabase(file)
  const find = database.prepare(
    'SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?',
  )
  return {
    has: (pathname) => address.test(pathname),
    send: (pathname, response) => {
      const [, z = 0, x = 0, y = 0] = (address.exec(pathname) ?? []).map(Number)
      const row = find.get(z, x, 2 ** z - 1 - y) as { tile_data: Uint8Array } | undefined
      sendTile(row?.tile_data, response)
    },
    close: () => database.close(),
  }
}

function openDatabase(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { readOnly: true })
    database.prepare('SELECT tile_data FROM tiles LIMIT 1').get()
    return database
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new BadInput(`${file}: not an .mbtiles file (${reason})`)
  }
}

/** A tile that is not there is no fault of anybody: the map stays empty at that place. */
function sendTile(tile: Uint8Array | undefined, response: ServerResponse): void {
  response.setHeader('cache-control', 'private, max-age=86400')
  if (tile === undefined) {
    response.statusCode = 204
    response.end()
    return
  }
  response.setHeader('content-type', typeOf(tile))
  response.end(tile)
}

function typeOf([first, second, , , , , , , ninth]: Uint8Array): string {
  if (first === 0x89 && second === 0x50) return 'image/png'
  if (first === 0xff && second === 0xd8) return 'image/jpeg'
  return first === 0x52 && ninth === 0x57 ? 'image/webp' : 'application/octet-stream'
}
