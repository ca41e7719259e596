import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { AbuseLimits } from '../identity/abuse.ts'
import { anybody, type Identity } from '../identity/identity.ts'
import type { HttpSessions } from '../identity/sessions.ts'

/** How often one address may ask in a minute. A desk asks some dozens of times; scripts of this machine as they like. */
export function perMinuteOf({ failuresPerMin }: AbuseLimits): { requests: number; logins: number } {
  return Number.isFinite(failuresPerMin)
    ? { requests: 1200, logins: failuresPerMin }
    : { requests: 1_000_000, logins: 600 }
}

export type LiveIdentityDeps = {
  readonly auth: 'loopback' | 'tls'
  readonly sessions: Pick<HttpSessions, 'ofCookie'>
  readonly identify: (socket: TLSSocket) => Identity | null
}

/** Who comes over WebSocket: by certificate, by the session cookie, else by what the CONNECT will say. */
export function liveIdentity({ auth, sessions, identify }: LiveIdentityDeps) {
  return (request: IncomingMessage): Identity | null => {
    if (auth === 'loopback') return anybody
    const shown = request.socket instanceof TLSSocket ? identify(request.socket) : null
    if (shown !== null && shown.is !== 'unnamed') return shown
    const address = request.socket.remoteAddress ?? ''
    return sessions.ofCookie(request)?.officer ?? { is: 'unnamed', address }
  }
}
