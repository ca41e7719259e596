import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { BadInput } from '../../proto/problem.ts'
import { readJson } from '../files.ts'
import { type DeskMap, isAddress, mapDocument, noTiles, originOf } from './map.ts'
import { openTiles } from './tiles.ts'

/**
 * The desk's own files, read once at the start. Nothing is fetched from anywhere else, so that it works on
 * a line that reaches this gateway and nothing more (a tile server that an operator names apart); there is no build step:
 * browsers of today run it as it is.
 */
const own = [
  ...[
    'act',
    'api',
    'area-check',
    'area-drawing',
    'area-files',
    'area-form',
    'area-list',
    'area-map',
    'area-preview',
    'area-push',
    'areas',
    'cases',
    'chart',
    'complaints',
    'decisions',
    'detours',
    'drivers',
  ],
  ...[
    'episodes',
    'fleet-layer',
    'fleet-map',
    'form',
    'gcj02',
    'geo',
    'history',
    'link',
    'list',
    'main',
    'map',
    'notes',
    'notice',
    'one',
    'one-case',
    'pages',
    'quiet',
  ],
  ...[
    'register',
    'roads',
    'roster',
    'rules',
    'store',
    'tonight',
    'trips',
    'ui',
    'vehicles',
    'vertices',
    'webhooks',
    'windows',
    'words',
    'words-desk',
    'words-more',
    'words-pages',
  ],
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

type File = {
  readonly type: string
  readonly plain: Buffer
  readonly packed: Map<Encoding, Buffer>
}

export function openDeskFiles(map: DeskMap | null = null): DeskFiles {
  const tiles = map?.tiles === undefined || isAddress(map.tiles) ? noTiles : openTiles(map.tiles)
  const folder = path.join(import.meta.dirname, 'page')
  const resolve = createRequire(import.meta.url).resolve
  const files = new Map<string, File>()
  const add = (name: string, file: string): void => {
    files.set(name, packed(readFileSync(file), types[path.extname(file)] ?? 'text/plain'))
  }
  add('/', path.join(folder, 'index.html'))
  for (const name of [...own, ...others]) add(`/desk/${name}`, path.join(folder, name))
  for (const [name, file] of Object.entries(libraries)) add(name, resolve(file))
  if (map?.base !== undefined) files.set('/desk/base.json', packed(baseOf(map.base), types['.json']!))
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

/** A ground of the operator's own. */
function baseOf(file: string): Buffer {
  const value = readJson(file) as { features?: unknown } | null
  if (!Array.isArray(value?.features)) throw new BadInput(`${file}: features: a FeatureCollection is needed`)
  return Buffer.from(JSON.stringify(value))
}

const packers = {
  br: (plain: Buffer) => brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }),
  gzip: (plain: Buffer) => gzipSync(plain),
}
type Encoding = keyof typeof packers

/** Packed when somebody asks for it first: a gateway starts in the time it started before. */
const packed = (plain: Buffer, type: string): File => ({ type, plain, packed: new Map() })

function sendFile(file: File, response: ServerResponse): void {
  const accepted = String(response.req.headers['accept-encoding'] ?? '')
  const encoding = (['br', 'gzip'] as const).find((one) => new RegExp(`\\b${one}\\b`).test(accepted))
  response.setHeader('content-type', file.type)
  response.setHeader('vary', 'accept-encoding')
  if (encoding === undefined) {
    response.end(file.plain)
    return
  }
  response.setHeader('content-encoding', encoding)
  const known = file.packed.get(encoding) ?? packers[encoding](file.plain)
  file.packed.set(encoding, known)
  response.end(known)
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
