import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Journal } from './journal.ts'
import { isLoopback, type Listening, listenOn } from './listen.ts'
import type { Metrics } from './metrics.ts'

/** The small HTTP side: alerts to catch up with, health, counters. */
export type HttpDeps = {
  readonly journal: Pick<Journal, 'alertsAfter'>
  readonly metrics: Metrics
  /** Null when ready, else the reason why not. */
  readonly notReady: () => string | null
  /** On loopback, requests that came by another name are of a page that should not reach us. */
  readonly loopbackOnly: boolean
}

const limitDefault = 1000
const limitMax = 10_000

export function listenHttp(deps: HttpDeps, address: { host: string; port: number }): Promise<Listening> {
  const server = createServer((request, response) => {
    answer(deps, request, response).catch(() => {
      if (!response.headersSent) plain(response, 500, 'the journal could not be read\n')
      else response.destroy()
    })
  })
  server.requestTimeout = 10_000
  server.headersTimeout = 5000
  return listenOn(server, address, new Set())
}

async function answer(deps: HttpDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = parseUrl(request)
  if (url === null || (deps.loopbackOnly && !isLoopback(url.hostname)))
    return plain(response, 421, 'not a name of this gateway; use 127.0.0.1 or localhost\n')
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    return plain(response, 405, 'only GET\n')
  }
  deps.metrics.count('http_requests_total', { path: known(url.pathname) })
  switch (url.pathname) {
    case '/alerts':
      return alerts(deps, url.searchParams, response)
    case '/healthz':
      return plain(response, 200, 'ok\n')
    case '/readyz': {
      const reason = deps.notReady()
      return plain(response, reason === null ? 200 : 503, `${reason ?? 'ready'}\n`)
    }
    case '/metrics':
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8')
      response.end(deps.metrics.text())
      return
    default:
      return plain(response, 404, 'there are /alerts, /healthz, /readyz and /metrics\n')
  }
}

const paths = ['/alerts', '/healthz', '/readyz', '/metrics']
const known = (path: string): string => (paths.includes(path) ? path : 'other')

function parseUrl(request: IncomingMessage): URL | null {
  const host = request.headers.host ?? '127.0.0.1'
  return URL.canParse(request.url ?? '/', `http://${host}`)
    ? new URL(request.url ?? '/', `http://${host}`)
    : null
}

/** NDJSON, oldest first, `limit` lines at most; the last line's cursor is where the next page begins. */
async function alerts(deps: HttpDeps, query: URLSearchParams, response: ServerResponse): Promise<void> {
  const after = wholeNumber(query.get('after') ?? '0')
  const limit = wholeNumber(query.get('limit') ?? String(limitDefault))
  if (after === null) return plain(response, 400, 'after: the cursor of an alert, or 0\n')
  if (limit === null || limit < 1)
    return plain(response, 400, `limit: a whole number from 1 to ${limitMax}\n`)
  const found = await deps.journal.alertsAfter(after, Math.min(limit, limitMax), query.get('fleet'))
  response.setHeader('content-type', 'application/x-ndjson; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  response.end(found.map((alert) => `${JSON.stringify(alert)}\n`).join(''))
}

function wholeNumber(text: string): number | null {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  return Number.isSafeInteger(value) ? value : null
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end(text)
}
