import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { type DeskMap, mapDocument, noTiles, originOf, type Tiles } from './map.ts'

/**
 * The desk's own files, read and compressed once at the start. Nothing is fetched from anywhere else, so that it works on
 * a line that reaches this gateway and nothing more (a tile server that an operator names apart); there is no build step:
 * browsers of today run it as it is.
 */
const own = [
  ...[
    'act',
    'api',
    'chart',
    'drivers',
    'episodes',
    'fleet-layer',
    'fleet-map',
    'form',
    'gcj02',
    'geo',
    'history',
  ],
  ...[
    'link',
    'list',
    'main',
    'map',
    'notice',
    'one',
    'pages',
    'quiet',
    'register',
    'rules',
    'store',
    'tonight',
  ],
  ...['trips', 'ui', 'vehicles', 'vertices', 'words', 'words-more', 'words-pages'],
].map((name) => `${name}.js`)
const others = ['desk.css', 'pages.css', 'base.json']

const libraries = {
  '/desk/mqtt.js': 'mqtt/dist/mqtt.esm',
  '/desk/leaflet.js': 'leaflet/dist/leaflet-src.esm.js',
  '/desk/leaflet.css': 'leaflet/dist/leaflet.css',
  '/desk/uplot.js': 'uplot/dist/uPlot.esm.js',
  '/desk/uplot.css': 'uplot/dist/uPlot.min.css',
} as const

const types: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
}

export type DeskFiles = {
  readonly has: (pathname: string) => boolean
  readonly send: (pathname: string, response: ServerResponse, connectTo: string) => void
}

type File = { readonly type: string; readonly plain: Buffer; readonly br: Buffer; readonly gzip: Buffer }

export function openDeskFiles(map: DeskMap | null = null, tiles: Tiles = noTiles): DeskFiles {
  const folder = path.join(import.meta.dirname, 'page')
  const resolve = createRequire(import.meta.url).resolve
  const files = new Map<string, File>()
  const add = (name: string, file: string): void => {
    files.set(name, packed(readFileSync(file), types[path.extname(file)] ?? 'text/plain'))
  }
  add('/', path.join(folder, 'index.html'))
  for (const name of [...own, ...others]) add(`/desk/${name}`, path.join(folder, name))
  for (const [name, file] of Object.entries(libraries)) add(name, resolve(file))
  if (map?.base !== undefined) add('/desk/base.json', map.base)
  files.set('/desk/map.json', packed(Buffer.from(JSON.stringify(mapDocument(map))), types['.json']!))
  return {
    has: (pathname) => files.has(pathname) || tiles.has(pathname),
    send: (pathname, response, connectTo) => {
      for (const [name, value] of Object.entries(headers(connectTo, originOf(map))))
        response.setHeader(name, value)
      const file = files.get(pathname)
      if (file === undefined) tiles.send(pathname, response)
      else sendFile(file, response)
    },
  }
}

/** A quick brotli: a gateway starts in the time it started before. */
function packed(plain: Buffer, type: string): File {
  const br = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
  return { type, plain, br, gzip: gzipSync(plain) }
}

function sendFile({ type, plain, br, gzip }: File, response: ServerResponse): void {
  const accepted = String(response.req.headers['accept-encoding'] ?? '')
  const encoding = /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : null
  response.setHeader('content-type', type)
  response.setHeader('vary', 'accept-encoding')
  if (encoding !== null) response.setHeader('content-encoding', encoding)
  response.end(encoding === 'br' ? br : encoding === 'gzip' ? gzip : plain)
}

/** Scripts from here only, and connections to here only. The map's library sets styles on elements, which is no style text. */
const headers = (connectTo: string, tileOrigin: string): { readonly [name: string]: string } => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data:${tileOrigin === '' ? '' : ` ${tileOrigin}`}`,
    `connect-src 'self' ${connectTo}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
})
