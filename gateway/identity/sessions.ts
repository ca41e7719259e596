import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { Guesses } from './abuse.ts'
import { tokenOfCookie } from './cookie.ts'
import type { Identity, Officer } from './identity.ts'

/** Who asks over HTTP: a certificate, a name and a password, or a session begun with one of them. */
export type HttpSessions = {
  /** Null: nobody we know. */
  readonly whoIs: (request: IncomingMessage) => Promise<Officer | null>
  readonly begin: (officer: Officer) => Begun
  /** The session whose cookie came with the request. A page of another site could have sent it: see `csrf`. */
  readonly ofCookie: (request: IncomingMessage) => Session | null
  readonly end: (request: IncomingMessage) => void
  /** Ends with the session too: what was opened with its cookie goes when the officer goes. */
  readonly mayStay: (identity: Identity) => boolean
}

export type Begun = { readonly token: string; readonly csrf: string; readonly expiresInS: number }
export type Session = {
  readonly officer: Officer
  /** What only a page of ours can have read, and shows with each write. */
  readonly csrf: string
  readonly untilMs: number
}

export type HttpSessionDeps = {
  readonly identify: (socket: TLSSocket) => Identity | null
  readonly login: (name: string, password: string) => Promise<Officer | null>
  readonly mayStay: (identity: Identity) => boolean
  readonly guesses: Guesses
  readonly nowMs: () => number
}

const sessionMs = 8 * 3_600_000
const sessionsMax = 10_000

export function createHttpSessions(deps: HttpSessionDeps): HttpSessions {
  /** By digest: what is in memory opens nothing. */
  const sessions = new Map<string, Session>()
  const ended = new WeakSet<Identity>()
  const mayStay = (identity: Identity): boolean => !ended.has(identity) && deps.mayStay(identity)
  const find = (token: string | null): Session | null => {
    const session = token === null ? undefined : sessions.get(digestOf(token))
    const holds = session !== undefined && session.untilMs > deps.nowMs() && mayStay(session.officer)
    return holds ? session : null
  }
  const ofCookie = ({ headers }: IncomingMessage): Session | null => find(tokenOfCookie(headers.cookie))
  return {
    ofCookie,
    mayStay,
    whoIs: async (request) => {
      const named = request.socket instanceof TLSSocket ? deps.identify(request.socket) : null
      if (named?.is === 'officer') return named
      const [scheme, value] = (request.headers.authorization ?? '').split(' ', 2)
      if (scheme === 'Bearer' && value !== undefined) return find(value)?.officer ?? null
      if (scheme === 'Basic' && value !== undefined)
        return checkPassword(deps, request.socket.remoteAddress ?? '', ...namePassword(value))
      return ofCookie(request)?.officer ?? null
    },
    begin: (officer) => {
      const token = randomBytes(32).toString('base64url')
      const csrf = randomBytes(24).toString('base64url')
      const [oldest] = sessions.keys()
      if (sessions.size >= sessionsMax && oldest !== undefined) sessions.delete(oldest)
      const untilMs = deps.nowMs() + sessionMs
      const own = { ...officer, untilMs: Math.min(officer.untilMs ?? untilMs, untilMs) }
      sessions.set(digestOf(token), { officer: own, csrf, untilMs })
      return { token, csrf, expiresInS: sessionMs / 1000 }
    },
    end: (request) => {
      const token = tokenOfCookie(request.headers.cookie)
      const session = find(token)
      if (token === null || session === null) return
      sessions.delete(digestOf(token))
      ended.add(session.officer)
    },
  }
}

/** Wrong ones are counted: a name with too many of them is not asked for any more from there. */
export async function checkPassword(
  { login, guesses }: Pick<HttpSessionDeps, 'login' | 'guesses'>,
  address: string,
  name: string,
  password: string,
): Promise<Officer | null> {
  if (guesses.isBanned(address, name)) return null
  const officer = await login(name, password)
  if (officer === null) guesses.failed(address, name)
  return officer
}

function namePassword(value: string): [string, string] {
  const [name, ...password] = Buffer.from(value, 'base64').toString('utf8').split(':')
  return [name ?? '', password.join(':')]
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64')
