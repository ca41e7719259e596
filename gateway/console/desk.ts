import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { WorldClock } from '../../proto/clocks.ts'
import type { Alert } from '../../proto/model.ts'
import { caseTopic } from '../../proto/topics.ts'
import { type Granted, mayRead } from '../access.ts'
import { type CaseStep, caseActions, caseWordsMax, decide } from '../alerts/case.ts'
import type { Register } from '../journal/register.ts'
import type { Commands } from '../push/commands.ts'
import { type CaseView, caseOf, caseView } from './case-view.ts'
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
  readonly world: WorldClock
  readonly publish: (topic: string, payload: Uint8Array, retain: boolean) => Promise<void>
  readonly wsPort: number | null
  readonly auth: 'loopback' | 'tls'
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

export function createDesk(deps: DeskDeps): Desk {
  const methods: { readonly [pathname: string]: readonly string[] } = {
    '/cases': ['GET', 'HEAD', 'POST'],
    '/desk/areas': ['GET', 'HEAD'],
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
      else if (pathname === '/desk/areas') json(response, areas(deps, searchParams, officer))
      else json(response, of(200, { fleets: [...(officer.grants?.keys() ?? [])] }))
    },
  }
}

const socketsOf = ({ wsPort, auth }: DeskDeps, { hostname }: URL): string =>
  wsPort === null ? '' : `${auth === 'tls' ? 'wss' : 'ws'}://${hostname}:${wsPort}`

function areas(deps: DeskDeps, query: URLSearchParams, officer: Granted): Answer {
  const fleet = query.get('fleet') ?? ''
  if (!mayRead(officer, fleet, 'area')) return problem(403, 'fleet', notYours)
  return of(200, deps.areas(fleet, query.get('vehicle') ?? '') ?? null)
}

/** NDJSON, by cursor: where each case stands that something was done about since. */
function cases(deps: DeskDeps, query: URLSearchParams, officer: Granted, response: ServerResponse): void {
  const after = Number(query.get('after') ?? '0')
  if (!Number.isSafeInteger(after) || after < 0) {
    json(response, problem(400, 'after', { zh: '应为案件游标或0', en: 'the cursor of a case, or 0' }))
    return
  }
  const found = deps.register.handledAfter(after, casesMax)
  const views = found.map(({ alertId, cursor }) => caseView(deps.register.of(alertId), cursor))
  const mine = views.filter((view) => view !== null && mayRead(officer, view.fleet, view.kind))
  response.setHeader('content-type', 'application/x-ndjson; charset=utf-8')
  response.setHeader('cache-control', 'no-store')
  response.setHeader('x-cursor', String(found.at(-1)?.cursor ?? after))
  response.end(mine.map((view) => `${JSON.stringify(view)}\n`).join(''))
}

/** One step of one officer. Reading the case and appending to it happen in one turn: nobody gets between. */
async function act(deps: DeskDeps, officer: Asking, request: IncomingMessage): Promise<Answer> {
  if (!isOwnPage(request)) return problem(403, 'origin', foreignPage)
  const wanted = stepSchema.safeParse(await bodyOf(request))
  if (!wanted.success) return badForm(wanted.error)
  const alert = deps.alert(wanted.data.alert)
  if (alert === null || !mayRead(officer, alert.fleet, alert.kind)) return problem(404, 'alert', unknownAlert)
  if (officer.grants !== null && !acting.includes(officer.grants.get(alert.fleet) ?? ''))
    return problem(403, 'by', notYours)
  return take(deps, alert, wanted.data.revision, {
    atMs: deps.world.nowMs(),
    by: officer.name ?? wanted.data.by.trim(),
    from: request.socket.remoteAddress ?? 'unknown',
    action: wanted.data.action,
    words: wanted.data.words.trim(),
  })
}

function take(deps: DeskDeps, alert: Alert, revision: number, step: CaseStep): Answer {
  const { register, commands } = deps
  if (step.action === 'say' && commands === null) return problem(503, 'action', noCommands)
  const outcome = decide(caseOf(register.of(alert.id)), revision, step)
  if (outcome.is === 'conflict')
    return of(409, { field: 'revision', remedy: faster, case: viewOf(deps, alert) })
  if (outcome.is === 'refused') return problem(400, outcome.field, outcome.remedy)
  let said: string | null = null
  for (const effect of outcome.effects) {
    if (effect.do === 'record') register.note({ alert, ...effect.step })
    if (effect.do === 'speak') said = commands?.say(alert.fleet, alert.vehicle, effect.words) ?? null
    if (effect.do === 'tell') tell(deps, alert)
  }
  return of(200, { case: viewOf(deps, alert), said })
}

function viewOf({ register }: DeskDeps, { id }: Alert): CaseView | null {
  return caseView(register.of(id), null)
}

function tell(deps: DeskDeps, alert: Alert): void {
  const bytes = Buffer.from(JSON.stringify(viewOf(deps, alert)))
  void deps.publish(caseTopic(alert.fleet, alert.vehicle), bytes, false)
}

type Said = { readonly zh: string; readonly en: string }
const notYours = { zh: '您的角色无此权限', en: 'not within your role' }
const foreignPage = { zh: '请求来自其他网页', en: 'the request came from another page' }
const faster = {
  zh: '另一名安全员已先处理，请看最新状态',
  en: 'another officer was faster; see where it stands now',
}
const unknownAlert = { zh: '没有此报警', en: 'there is no such alert' }
const noCommands = { zh: '本网关不能向车内播报', en: 'this gateway cannot speak to cabs' }

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
