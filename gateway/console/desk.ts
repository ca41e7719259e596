import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { WorldClock } from '../../proto/clocks.ts'
import type { Alert } from '../../proto/model.ts'
import { type Granted, mayRead } from '../access.ts'
import { caseActions, caseWordsMax } from '../alerts/case.ts'
import { caseView, maskedView } from '../desk/case-view.ts'
import { createOffice, type Office } from '../desk/office.ts'
import type { Register } from '../journal/register.ts'
import type { Commands } from '../push/commands.ts'
import { deskDocument } from './document.ts'
import type { DeskFiles } from './files.ts'

/** The officer's desk over HTTP: its files, what was done about alerts, and doing it. */

export type DeskDeps = {
  readonly files: DeskFiles
  readonly register: Register
  readonly alert: (id: string) => Alert | null
  /** Absent: this gateway signs nothing, so no cab is spoken to. */
  readonly commands: Commands | null
  /** The areas file of a vehicle, for its map. */
  readonly areas: (fleet: string, vehicle: string) => unknown
  /** The routes its trips name. */
  readonly routes: (fleet: string, vehicle: string) => unknown
  readonly world: WorldClock
  readonly publish: (topic: string, payload: Uint8Array, retain: boolean) => Promise<void>
  readonly wsPort: number | null
  readonly auth: 'loopback' | 'tls'
  /** Who takes the steps; absent: one that knows nothing but the register and the cabs. */
  readonly office?: Office
}

export type Desk = {
  readonly methods: (pathname: string) => readonly string[] | null
  /** Files and what a desk must know before anybody is logged in. */
  readonly open: (url: URL, response: ServerResponse) => boolean
  readonly answer: (
    url: URL,
    officer: Asking,
    request: IncomingMessage,
    response: ServerResponse,
  ) => Promise<void>
}

/** The name is there behind TLS. */
export type Asking = Granted & { readonly name?: string }

const stepSchema = z.strictObject({
  alert: z.string().regex(/^[0-9a-f]{32}$/, 'the id of an alert'),
  revision: z.number().int().min(0),
  action: z.enum(caseActions),
  words: z.string().max(caseWordsMax).default(''),
  by: z.string().max(64).default(''),
})

const bodyBytesMax = 8192
const casesMax = 1000
const acting: readonly string[] = ['officer', 'supervisor', 'admin']

export function createDesk(wired: DeskDeps): Desk {
  const deps = { ...wired, office: wired.office ?? bareOffice(wired) }
  const methods: { readonly [pathname: string]: readonly string[] } = {
    '/cases': ['GET', 'HEAD', 'POST'],
    '/desk/areas': ['GET', 'HEAD'],
    '/desk/routes': ['GET', 'HEAD'],
    '/desk/document': ['GET', 'HEAD'],
    '/desk/mine': ['GET', 'HEAD'],
  }
  return {
    methods: (pathname) => (deps.files.has(pathname) ? ['GET', 'HEAD'] : (methods[pathname] ?? null)),
    open: (url, response) => {
      if (url.pathname === '/desk/document') json(response, of(200, deskDocument(deps)))
      else if (deps.files.has(url.pathname)) deps.files.send(url.pathname, response, socketsOf(deps, url))
      else return false
      return true
    },
    answer: async (url, officer, request, response) => {
      const { pathname, searchParams } = url
      if (pathname === '/cases' && request.method !== 'POST') cases(deps, searchParams, officer, response)
      else if (pathname === '/cases') json(response, await act(deps, officer, request))
      else if (pathname === '/desk/areas') json(response, ground(deps.areas, searchParams, officer))
      else if (pathname === '/desk/routes') json(response, ground(deps.routes, searchParams, officer))
      else json(response, of(200, { fleets: [...(officer.grants?.keys() ?? [])] }))
    },
  }
}

const bareOffice = (deps: DeskDeps): Office =>
  createOffice({ ...deps, documents: () => null, approvals: null, rosters: null, twoPersons: false })
type Wired = DeskDeps & { readonly office: Office }

const socketsOf = ({ wsPort, auth }: DeskDeps, { hostname }: URL): string =>
  wsPort === null ? '' : `${auth === 'tls' ? 'wss' : 'ws'}://${hostname}:${wsPort}`

function ground(find: DeskDeps['areas'], query: URLSearchParams, officer: Granted): Answer {
  const fleet = query.get('fleet') ?? ''
  if (!mayRead(officer, fleet, 'area')) return problem(403, 'fleet', notYours)
  return of(200, find(fleet, query.get('vehicle') ?? '') ?? null)
}

/** NDJSON, by cursor: where each case stands that something was done about since. */
function cases(deps: DeskDeps, query: URLSearchParams, officer: Granted, response: ServerResponse): void {
  const after = Number(query.get('after') ?? '0')
  if (!Number.isSafeInteger(after) || after < 0) {
    json(response, problem(400, 'after', { zh: '应为案件游标或0', en: 'the cursor of a case, or 0' }))
    return
  }
  const found = deps.register.handledAfter(after, casesMax)
  const views = found
    .filter(({ fleet, kind }) => mayRead(officer, fleet, kind))
    .flatMap(({ alertId, cursor }) => caseView(deps.register.of(alertId), cursor) ?? [])
  response.setHeader('content-type', 'application/x-ndjson; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  response.setHeader('x-cursor', String(found.at(-1)?.cursor ?? after))
  response.end(views.map((view) => `${JSON.stringify(maskedView(view))}\n`).join(''))
}

/** One step of one officer, in words alone. Reading the case and appending to it happen in one turn. */
async function act(deps: Wired, officer: Asking, request: IncomingMessage): Promise<Answer> {
  if (!isOwnPage(request)) return problem(403, 'origin', foreignPage)
  const wanted = stepSchema.safeParse(await bodyOf(request))
  if (!wanted.success) return badForm(wanted.error)
  const { action, revision } = wanted.data
  const alert = deps.office.alertOf(wanted.data.alert)
  if (alert === null || !mayRead(officer, alert.fleet, alert.kind)) return problem(404, 'alert', unknownAlert)
  const role = officer.grants?.get(alert.fleet)
  if (officer.grants !== null && !acting.includes(role ?? '')) return problem(403, 'by', notYours)
  const by = officer.name ?? wanted.data.by.trim()
  const from = request.socket.remoteAddress ?? 'unknown'
  const words = wanted.data.words.trim()
  const step = { alert, revision, action, words, fields: {}, by, from, role }
  const taken = deps.office.take(step, { fieldsNeeded: false })
  if (taken.is === 'refused') return problem(taken.status, taken.field, taken.remedy)
  if (taken.is === 'conflict') return of(409, { field: 'revision', remedy: faster, case: taken.view })
  return of(200, { case: taken.view, said: taken.did.said })
}

type Said = { readonly zh: string; readonly en: string }
const notYours = { zh: '您的角色无此权限', en: 'not within your role' }
const foreignPage = { zh: '请求来自其他网页', en: 'the request came from another page' }
const faster = {
  zh: '另一名安全员已先处理，请看最新状态',
  en: 'another officer was faster; see where it stands now',
}
const unknownAlert = { zh: '没有此报警', en: 'there is no such alert' }

type Answer = { readonly status: number; readonly value: unknown }
const of = (status: number, value: unknown): Answer => ({ status, value })
const problem = (status: number, field: string, remedy: Said): Answer => of(status, { field, remedy })

function badForm({ issues }: z.ZodError): Answer {
  const [issue] = issues
  return problem(400, issue?.path.join('.') ?? '', { zh: '填写有误', en: issue?.message ?? 'not usable' })
}

/** A browser names the page a request came from; a program has none. */
function isOwnPage({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers
  const isJson = headers['content-type']?.startsWith('application/json') === true
  return isJson && (origin === undefined || (URL.canParse(origin) && new URL(origin).host === host))
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request) {
    bytes += (piece as Buffer).length
    if (bytes > bodyBytesMax) return null
    pieces.push(piece as Buffer)
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown
  } catch {
    return null
  }
}

function json(response: ServerResponse, { status, value }: Answer): void {
  response.statusCode = status
  response.setHeader('content-type', 'application/json; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  response.end(`${JSON.stringify(value)}\n`)
}
