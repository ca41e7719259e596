import type { IncomingMessage } from 'node:http'
import { z } from 'zod'
import { cookieOf } from '../identity/cookie.ts'
import type { Officer } from '../identity/identity.ts'
import type { HttpSessions } from '../identity/sessions.ts'
import { type ApiAnswer, ok, problem, type Route, route } from './route.ts'

/** Coming in, being known, and going. */

export type SessionRouteDeps = {
  readonly auth: 'loopback' | 'tls'
  readonly sessions: HttpSessions
  /** Null: name and password are nobody's. */
  readonly login: (name: string, password: string, address: string) => Promise<Officer | null>
  /** Every fleet of this gateway, for officers who were not asked for a name. */
  readonly fleets: () => readonly string[]
}

const path = '/api/v1/session'
const ageOf = (untilS: number): number => Math.max(0, Math.floor(untilS))

const sessionSchema = z.object({
  name: z.string(),
  csrf: z.string().nullable().describe('to be sent as x-csrf with each write; null: none is needed'),
  fleets: z.array(z.object({ fleet: z.string(), role: z.string() })),
  auth: z.enum(['loopback', 'tls']),
})

export function sessionRoutes(deps: SessionRouteDeps): readonly Route[] {
  const common = { path, role: 'anybody', query: null } as const
  return [
    route({
      ...{ ...common, method: 'POST', summary: 'Log in; the session is in a cookie', isLogin: true },
      body: z.object({ name: z.string().trim().min(1).max(64), password: z.string().max(256).optional() }),
      answer: sessionSchema,
      handle: async ({ body, from, raw }) => {
        const officer = await officerOf(deps, body, from, raw!)
        if (officer === null) return problem(401, 'password', wrongPassword)
        const { token, csrf, expiresInS } = deps.sessions.begin(officer)
        const cookie = cookieOf(token, { secure: deps.auth === 'tls', ageS: ageOf(expiresInS) })
        return ok(told(deps, officer, csrf), { 'set-cookie': cookie })
      },
    }),
    route({
      ...{ ...common, method: 'GET', summary: 'Who is logged in', body: null },
      answer: sessionSchema,
      handle: async ({ raw }) => {
        const officer = await deps.sessions.whoIs(raw!)
        if (officer === null && deps.auth === 'tls') return problem(401, 'session', logIn)
        return ok(told(deps, officer, deps.sessions.ofCookie(raw!)?.csrf ?? null))
      },
    }),
    route({
      ...{ ...common, method: 'DELETE', summary: 'Log out', body: null },
      answer: z.object({ out: z.literal(true) }),
      handle: ({ raw }): ApiAnswer => {
        deps.sessions.end(raw!)
        return ok({ out: true }, { 'set-cookie': cookieOf('', { secure: deps.auth === 'tls', ageS: null }) })
      },
    }),
  ]
}

/** Who has shown a certificate needs no password; without one it is asked for, except on this machine. */
async function officerOf(
  { auth, login, sessions }: SessionRouteDeps,
  { name, password }: { readonly name: string; readonly password?: string | undefined },
  from: string,
  raw: IncomingMessage,
): Promise<Officer | null> {
  if (auth === 'loopback') return { is: 'officer', name, grants: null, serial: null, untilMs: null }
  if (password !== undefined) return login(name, password, from)
  const shown = await sessions.whoIs(raw)
  return shown?.name === name ? shown : null
}

function told({ auth, fleets }: SessionRouteDeps, officer: Officer | null, csrf: string | null) {
  const grants = officer?.grants ?? new Map(fleets().map((fleet) => [fleet, 'admin' as const]))
  return {
    name: officer?.name ?? '',
    csrf,
    fleets: [...grants].map(([fleet, role]) => ({ fleet, role })),
    auth,
  }
}

const wrongPassword = { zh: '用户名或密码不正确', en: 'not a name and password of this gateway' }
const logIn = { zh: '请先登录', en: 'log in first' }
