import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import path from 'node:path'

/**
 * The desk's own files, read once at the start. Nothing is fetched from anywhere else, so that it works on a line that
 * reaches this gateway and nothing more; there is no build step: browsers of today run it as it is.
 */
const own = {
  '/': 'index.html',
  '/desk/desk.css': 'desk.css',
  '/desk/main.js': 'main.js',
  '/desk/words.js': 'words.js',
  '/desk/store.js': 'store.js',
  '/desk/link.js': 'link.js',
  '/desk/list.js': 'list.js',
  '/desk/one.js': 'one.js',
  '/desk/map.js': 'map.js',
  '/desk/form.js': 'form.js',
} as const

const libraries = {
  '/desk/mqtt.js': 'mqtt/dist/mqtt.esm',
  '/desk/leaflet.js': 'leaflet/dist/leaflet-src.esm.js',
  '/desk/leaflet.css': 'leaflet/dist/leaflet.css',
} as const

const types: { readonly [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
}

export type DeskFiles = {
  readonly has: (pathname: string) => boolean
  readonly send: (pathname: string, response: ServerResponse, connectTo: string) => void
}

type File = { readonly body: Buffer; readonly type: string }

export function openDeskFiles(): DeskFiles {
  const folder = path.join(import.meta.dirname, 'page')
  const resolve = createRequire(import.meta.url).resolve
  const files = new Map<string, File>()
  const add = (name: string, file: string): void => {
    files.set(name, { body: readFileSync(file), type: types[path.extname(file)] ?? 'text/plain' })
  }
  for (const [name, file] of Object.entries(own)) add(name, path.join(folder, file))
  for (const [name, file] of Object.entries(libraries)) add(name, resolve(file))
  return {
    has: (pathname) => files.has(pathname),
    send: (pathname, response, connectTo) => {
      const { body, type } = files.get(pathname)!
      for (const [name, value] of Object.entries(headers(connectTo))) response.setHeader(name, value)
      response.setHeader('content-type', type)
      response.end(body)
    },
  }
}

/** Scripts from here only, and connections to here only. The map's library sets styles on elements, which is no style text. */
const headers = (connectTo: string): { readonly [name: string]: string } => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${connectTo}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
})
