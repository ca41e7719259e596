import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { Alert } from '../proto/model.ts'
import { type Granted, hearsMasked, mayRead } from './access.ts'
import { type Api, type ApiDeps, createApi } from './api/server.ts'
import { isOwnPage } from './api/visitors.ts'
import type { Broker } from './broker.ts'
import type { Desk } from './console/desk.ts'
import type { GuardOptions } from './guard.ts'
import type { Identity } from './identity/identity.ts'
import type { HttpSessions } from './identity/sessions.ts'
import type { GapEntry, Journal } from './journal.ts'
import {
  isLoopback,
  type Listening,
  listenOn,
  type Shedding,
  shedConnections,
  type TlsFiles,
  takeWebSockets,
  tlsOptions,
} from './listen.ts'
import { masked } from './masking.ts'
import type { Metrics } from './metrics.ts'
import type { Refused } from './refused.ts'
import type { ShadowLine, ShadowLog } from './shadow/log.ts'

/** The small HTTP side: alerts to catch up with, gaps, health, counters. */
export type HttpDeps = {
  readonly journal: Pick<Journal, 'alertsAfter' | 'gapsAfter'>
  readonly metrics: Metrics
  /** Null when ready, else the reason why not. */
  readonly notReady: () => string | null
  /** Who asks; null on loopback, where nobody is asked. */
  readonly sessions: HttpSessions | null
  /** Where a policy that is tried differs; absent: none is tried. */
  readonly shadow?: Pick<ShadowLog, 'after'> | undefined
  /** The officer's desk; absent: none. */
  readonly desk?: Desk | undefined
  /** Everything under `/api/`. */
  readonly api: ApiDeps
  /** Live alerts at `/mqtt`. */
  readonly live: LiveDeps
  readonly shed: Shedding
  readonly refused: Refused
}

export type LiveDeps = {
  readonly broker: Broker
  readonly guard: GuardOptions
  readonly identify: (request: IncomingMessage) => Identity | null
}

const limitDefault = 1000
const limitMax = 10_000

const everything: Granted = { grants: null }

export async function listenHttp(
  deps: HttpDeps,
  address: { host: string; port: number; tls: TlsFiles | null },
): Promise<Listening> {
  const api = await createApi(deps.api)
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    if (isOfApi(request)) api.handle(request, response)
    else
      answer(deps, request, response).catch(() => {
        if (!response.headersSent) plain(response, 500, 'the journal could not be read\n')
        else response.destroy()
      })
  }
  const server =
    address.tls === null
      ? createServer(listener)
      : createHttpsServer(tlsOptions(address.tls, 'asked'), listener)
  server.requestTimeout = 10_000
  server.headersTimeout = 5000
  shedConnections(server, { shed: deps.shed, guard: { onRefused: deps.refused } })
  const open = takeWebSockets(deps.live.broker, server, {
    ...deps.live,
    path: '/mqtt',
    isOwnPage: (request) => isOwnPage(request) && (deps.sessions !== null || isOfThisMachine(request)),
  })
  const listening = await listenOn(server, address, open).catch(async (error: unknown) => {
    await api.close()
    throw error
  })
  return { ...listening, close: () => closed(listening, api) }
}

async function closed(listening: Listening, api: Api): Promise<void> {
  await listening.close()
  await api.close()
}

const isOfApi = ({ url = '' }: IncomingMessage): boolean => url.startsWith('/api/')

/** A page that came here by another name is not ours, whatever it says of itself. */
const isOfThisMachine = (request: IncomingMessage): boolean => {
  const url = parseUrl(request)
  return url !== null && isLoopback(url.hostname)
}

async function answer(deps: HttpDeps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = parseUrl(request)
  // On loopback, requests that came by another name are of a page that should not reach us.
  if (url === null || (deps.sessions === null && !isLoopback(url.hostname)))
    return plain(response, 421, 'not a name of this gateway; use 127.0.0.1 or localhost\n')
  const { pathname } = url
  deps.metrics.count('http_requests_total', { path: known(pathname) })
  const ofDesk = deps.desk?.methods(pathname) ?? null
  const wanted = ofDesk ?? (pathname === '/session' ? ['POST'] : ['GET', 'HEAD'])
  if (!wanted.includes(request.method ?? '')) {
    response.setHeader('allow', wanted.join(', '))
    return plain(response, 405, `only ${wanted[0]}\n`)
  }
  if (pathname === '/healthz') return plain(response, 200, 'ok\n')
  if (pathname === '/readyz') return ready(deps, response)
  if (ofDesk !== null && deps.desk?.open(url, response) === true) return
  if (ofDesk === null && !paths.includes(pathname))
    return plain(response, 404, `there are ${paths.join(', ')}\n`)
  const officer = deps.sessions === null ? everything : await deps.sessions.whoIs(request)
  if (officer === null && !(pathname === '/metrics' && isLocal(request))) return unauthorized(response)
  if (ofDesk !== null) return deps.desk?.answer(url, officer ?? everything, request, response)
  switch (pathname) {
    case '/session':
      return session(deps, officer ?? everything, response)
    case '/alerts':
      return alerts(deps, url.searchParams, officer ?? everything, response)
    case '/shadow':
      return shadow(deps, url.searchParams, officer ?? everything, response)
    case '/gaps':
      return gaps(deps, url.searchParams, officer ?? everything, response)
    default:
      return metrics(deps, officer, response)
  }
}

/** A scraper on this machine needs no name; behind a proxy everybody is on this machine, so what is forwarded is not. */
const isLocal = ({ socket, headers }: IncomingMessage): boolean =>
  /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '') &&
  headers['x-forwarded-for'] === undefined &&
  headers.forwarded === undefined

function unauthorized(response: ServerResponse): void {
  response.setHeader('www-authenticate', 'Basic realm="roadwarden", charset="UTF-8"')
  plain(response, 401, 'a name and a password, a token of POST /session, or a certificate\n')
}

function ready({ notReady }: HttpDeps, response: ServerResponse): void {
  const reason = notReady()
  plain(response, reason === null ? 200 : 503, `${reason ?? 'ready'}\n`)
}

function metrics(deps: HttpDeps, officer: Granted | null, response: ServerResponse): void {
  const roles = [...(officer?.grants?.values() ?? [])]
  const allowed = officer === null || officer.grants === null || roles.some(runsMachines)
  if (!allowed) {
    plain(response, 403, 'counters are for the roles admin and provider\n')
    return
  }
  response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  response.end(deps.metrics.text())
}

const runsMachines = (role: string): boolean => role === 'admin' || role === 'provider'

/** A program shows its password once and the token from then on. */
function session({ sessions }: HttpDeps, officer: Granted, response: ServerResponse): void {
  if (sessions === null || !('name' in officer)) {
    plain(response, 404, 'this gateway asks nobody for a name\n')
    return
  }
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  const { token, expiresInS } = sessions.begin(officer as never)
  response.end(`${JSON.stringify({ token, expiresInS })}\n`)
}

const paths = ['/alerts', '/gaps', '/shadow', '/healthz', '/readyz', '/metrics', '/session']
const known = (path: string): string => (paths.includes(path) ? path : 'other')

function parseUrl(request: IncomingMessage): URL | null {
  const host = request.headers.host ?? '127.0.0.1'
  return URL.canParse(request.url ?? '/', `http://${host}`)
    ? new URL(request.url ?? '/', `http://${host}`)
    : null
}

type Page = { readonly after: number; readonly limit: number; readonly fleet: string | null }

function pageOf(query: URLSearchParams, of: string, response: ServerResponse): Page | null {
  const after = wholeNumber(query.get('after') ?? '0')
  const limit = wholeNumber(query.get('limit') ?? String(limitDefault))
  if (after === null) plain(response, 400, `after: the cursor of ${of}, or 0\n`)
  else if (limit === null || limit < 1) plain(response, 400, `limit: a whole number from 1 to ${limitMax}\n`)
  else return { after, limit: Math.min(limit, limitMax), fleet: query.get('fleet') }
  return null
}

/** NDJSON, oldest first, `limit` lines at most; the last line's cursor is where the next page begins. */
async function alerts(
  { journal }: HttpDeps,
  query: URLSearchParams,
  officer: Granted,
  response: ServerResponse,
): Promise<void> {
  const page = pageOf(query, 'an alert', response)
  if (page === null) return
  const may = ({ fleet, kind }: Alert): boolean => mayRead(officer, fleet, kind)
  const read = (after: number): Promise<readonly Alert[]> =>
    journal.alertsAfter(after, page.limit, page.fleet)
  const found = await allowed(read, may, page)
  lines(
    response,
    found.map((one) => (hearsMasked(officer, `alerts/v1/${one.fleet}`) ? masked(one) : one)),
  )
}

/** What terminals could not keep, what the gateway gave up waiting for, and where a chain is broken. */
async function gaps(
  { journal }: HttpDeps,
  query: URLSearchParams,
  officer: Granted,
  response: ServerResponse,
): Promise<void> {
  const page = pageOf(query, 'a gap', response)
  if (page === null) return
  const may = ({ fleet }: GapEntry): boolean => officer.grants === null || officer.grants.has(fleet)
  const read = async (after: number): Promise<readonly GapEntry[]> =>
    journal.gapsAfter(after, page.limit, page.fleet)
  lines(response, await allowed(read, may, page))
}

/** Where the policy that is tried and the one in force differ. Nobody is alerted by it. */
async function shadow(
  { shadow: log }: HttpDeps,
  query: URLSearchParams,
  officer: Granted,
  response: ServerResponse,
): Promise<void> {
  if (log === undefined) return plain(response, 404, 'no policy is tried; name one as shadowPolicy\n')
  const page = pageOf(query, 'a difference', response)
  if (page === null) return
  const may = ({ fleet }: ShadowLine): boolean => officer.grants === null || officer.grants.has(fleet)
  const read = async (after: number): Promise<readonly ShadowLine[]> =>
    log.after(after, page.limit, page.fleet)
  lines(response, await allowed(read, may, page))
}

/** Reads on until a page is full: an officer of a small fleet never gets an empty page in the middle. */
async function allowed<T extends { readonly cursor: number }>(
  read: (after: number) => Promise<readonly T[]>,
  may: (one: T) => boolean,
  { after, limit }: Page,
): Promise<T[]> {
  const found: T[] = []
  for (let cursor = after; found.length < limit; ) {
    const page = await read(cursor)
    found.push(...page.filter(may))
    if (page.length < limit) break
    cursor = page.at(-1)!.cursor
  }
  return found.slice(0, limit)
}

function lines(response: ServerResponse, rows: readonly unknown[]): void {
  response.setHeader('content-type', 'application/x-ndjson; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  response.end(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
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
