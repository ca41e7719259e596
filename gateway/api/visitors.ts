import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Session } from '../identity/sessions.ts'
import { isLoopback } from '../listen.ts'
import { type ApiAnswer, mayAnywhere, problem, type Right, type Said, type Who } from './route.ts'

/** Who comes to the API, and why somebody is turned away before anything of the request is read. */

export type VisitorDeps = {
  readonly auth: 'loopback' | 'tls'
  readonly whoIs: (request: IncomingMessage) => Promise<Who | null>
  readonly ofCookie: (request: IncomingMessage) => Session | null
}

export type Visit =
  | { readonly is: 'welcome'; readonly who: Who }
  | { readonly is: 'refused'; readonly answer: ApiAnswer }

const stranger: Who = { name: '', grants: new Map() }
/** On loopback nobody is asked for a name: it is this machine. */
export const thisMachine: Who = { name: '', grants: null }

/** Logging in is how a page comes by its x-csrf: that one write is asked for none. */
export async function visit(
  deps: VisitorDeps,
  request: IncomingMessage,
  { role, isLogin = false }: { readonly role: Right; readonly isLogin?: boolean | undefined },
): Promise<Visit> {
  if (deps.auth === 'loopback' && !isLoopback(hostOf(request.headers.host ?? '127.0.0.1')))
    return refused(421, 'host', wrongName)
  if (!isOwnPage(request)) return refused(403, 'origin', foreignPage)
  const known = await deps.whoIs(request)
  const who = known ?? (deps.auth === 'loopback' ? thisMachine : null)
  if (isWrite(request) && !isLogin && !showsCsrf(deps, request)) return refused(403, 'x-csrf', noCsrf)
  if (role === 'anybody') return { is: 'welcome', who: who ?? stranger }
  if (who === null) return refused(401, 'session', logIn)
  return mayAnywhere(who, role) ? { is: 'welcome', who } : refused(403, 'role', notYours)
}

const isWrite = ({ method }: IncomingMessage): boolean => method !== 'GET' && method !== 'HEAD'

/** Only a cookie goes by itself with whatever page asks; whoever shows something else with the request meant it. */
function showsCsrf({ ofCookie }: VisitorDeps, request: IncomingMessage): boolean {
  if (/^(?:Basic|Bearer) ./.test(request.headers.authorization ?? '')) return true
  const session = ofCookie(request)
  if (session === null) return true
  const [shown, wanted] = [String(request.headers['x-csrf'] ?? ''), session.csrf].map((text) =>
    Buffer.from(text),
  )
  return shown!.length === wanted!.length && timingSafeEqual(shown!, wanted!)
}

/** A browser names the page a request came from; a program has none. */
export function isOwnPage({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers
  return origin === undefined || (URL.canParse(origin) && new URL(origin).host === host)
}

function hostOf(host: string): string {
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : ''
}

const refused = (status: number, field: string, remedy: Said): Visit => ({
  is: 'refused',
  answer: problem(status, field, remedy),
})

const wrongName = {
  zh: '请用 127.0.0.1 或 localhost 访问本网关',
  en: 'not a name of this gateway; use 127.0.0.1 or localhost',
}
const foreignPage = { zh: '请求来自其他网页，已拒绝', en: 'the request came from another page' }
const logIn = { zh: '请先登录', en: 'log in first' }
const noCsrf = {
  zh: '缺少或不符的 x-csrf，请刷新页面后重试',
  en: 'send the x-csrf of GET /api/v1/session with each write; load the page again',
}
export const notYours = { zh: '您的角色无此权限', en: 'not within your role' }
