import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { Abuse } from './abuse.ts'
import { type Identity, nameOf, type Officer } from './identity.ts'

/** Who asks over HTTP: a certificate, a name and a password, or the token of a session begun with one of them. */
export type HttpSessions = {
  /** Null: nobody we know. */
  readonly whoIs: (request: IncomingMessage) => Promise<Officer | null>
  readonly begin: (officer: Officer) => { readonly token: string; readonly expiresInS: number }
}

export type HttpSessionDeps = {
  readonly identify: (socket: TLSSocket) => Identity | null
  readonly login: (name: string, password: string) => Promise<Officer | null>
  readonly mayStay: (identity: Identity) => boolean
  readonly abuse: Abuse
  readonly nowMs: () => number
}

const sessionMs = 8 * 3_600_000
const sessionsMax = 10_000

export function createHttpSessions(deps: HttpSessionDeps): HttpSessions {
  /** By digest: what is in memory opens nothing. */
  const sessions = new Map<string, { officer: Officer; untilMs: number }>()
  const bearer = (token: string): Officer | null => {
    const session = sessions.get(digestOf(token))
    const holds = session !== undefined && session.untilMs > deps.nowMs() && deps.mayStay(session.officer)
    return holds ? session.officer : null
  }
  return {
    whoIs: async (request) => {
      const named = request.socket instanceof TLSSocket ? deps.identify(request.socket) : null
      if (named?.is === 'officer') return named
      const [scheme, value] = (request.headers.authorization ?? '').split(' ', 2)
      if (scheme === 'Bearer' && value !== undefined) return bearer(value)
      if (scheme !== 'Basic' || value === undefined) return null
      return basic(deps, request.socket.remoteAddress ?? '', value)
    },
    begin: (officer) => {
      const token = randomBytes(32).toString('base64url')
      const [oldest] = sessions.keys()
      if (sessions.size >= sessionsMax && oldest !== undefined) sessions.delete(oldest)
      sessions.set(digestOf(token), { officer, untilMs: deps.nowMs() + sessionMs })
      return { token, expiresInS: sessionMs / 1000 }
    },
  }
}

async function basic(
  { login, abuse }: HttpSessionDeps,
  address: string,
  value: string,
): Promise<Officer | null> {
  if (abuse.isBanned(address)) return null
  const [name, ...password] = Buffer.from(value, 'base64').toString('utf8').split(':')
  const officer = await login(name ?? '', password.join(':'))
  if (officer === null || nameOf(officer) === null) abuse.failed(address)
  return officer
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64')
