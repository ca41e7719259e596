import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  createServer as createTlsServer,
  TLSSocket,
  type TlsOptions,
  type Server as TlsServer,
} from 'node:tls'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { BadInput } from '../proto/problem.ts'
import type { Broker } from './broker.ts'
import { Guard, type GuardOptions } from './guard.ts'
import { anybody, type Identity } from './identity/identity.ts'
import { limits } from './mqtt/check.ts'
import type { RefusedReason } from './refused.ts'

/** Sockets and WebSockets, each through its own guard to a broker. The only door to ws. */

export type TlsFiles = { readonly cert: string; readonly key: string; readonly ca: string }

export type ListenOptions = {
  readonly host: string
  readonly port: number
  /** PEM texts; null for plain TCP. */
  readonly tls: TlsFiles | null
  readonly guard: GuardOptions
  readonly shed: Shedding
  /** Who is behind a TLS connection; null: nobody we let in. */
  readonly identify: (socket: TLSSocket) => Identity | null
  /** Officers may come with a password instead of a certificate; terminals may not. */
  readonly certificate: 'required' | 'asked'
}

/** Who is closed before a handshake. */
export type Shedding = {
  /** Connections at once. */
  readonly connections: number
  /** False when a connection is one too many at the moment. */
  readonly accepts: () => boolean
  readonly isBanned: (address: string) => boolean
}

export type Listening = {
  readonly port: number
  readonly close: () => Promise<void>
  /** Takes new files, when there are any, and forgets every session that could be resumed. */
  readonly renew: (tls: TlsFiles | null) => void
}

/** TLS 1.2 and 1.3. Tickets are the library's own: random keys, lost with `renew` and with the process. */
export function tlsOptions(files: TlsFiles, certificate: ListenOptions['certificate']): TlsOptions {
  return {
    ...files,
    requestCert: true,
    rejectUnauthorized: certificate === 'required',
    minVersion: 'TLSv1.2',
    handshakeTimeout: 5000,
  }
}

/** MQTT over TCP or TLS. With TLS a peer is who its certificate says. */
export function listenMqtt(broker: Broker, options: ListenOptions): Promise<Listening> {
  const open = new Set<Duplex>()
  const take = (socket: Socket, identity: Identity | null): void => {
    if (identity === null) {
      options.guard.onRefused('certificate')
      socket.destroy()
      return
    }
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 30_000)
    attach(broker, socket, identity, options.guard, open)
  }
  const { tls } = options
  const server =
    tls === null
      ? createServer((socket) => take(socket, anybody))
      : createTlsServer(tlsOptions(tls, options.certificate), (socket) =>
          take(socket, options.identify(socket)),
        )
  server.on('tlsClientError', () => options.guard.onRefused('tls'))
  shedConnections(server, options)
  return listenOn(server, options, open)
}

/** More than so many new ones a second are closed before they cost a handshake; a banned address always is. */
export function shedConnections(
  server: Server,
  { shed, guard }: Pick<ListenOptions, 'shed' | 'guard'>,
): void {
  server.maxConnections = shed.connections
  server.on('drop', () => guard.onRefused('too-many-connections'))
  server.on('connection', (socket: Socket) => {
    const reason = shed.isBanned(socket.remoteAddress ?? '')
      ? 'banned-address'
      : shed.accepts()
        ? null
        : 'accept-rate'
    if (reason === null) return
    guard.onRefused(reason)
    socket.on('error', () => {})
    socket.destroy()
  })
}

/** MQTT over WebSocket, for browsers: pages of other origins than this gateway are turned away. */
export function listenWebSocket(broker: Broker, options: ListenOptions): Promise<Listening> {
  const open = new Set<Duplex>()
  const { tls, guard, identify } = options
  const upgradeOnly = (_request: unknown, response: { writeHead: (status: number) => { end: () => void } }) =>
    response.writeHead(426).end()
  const http =
    tls === null
      ? createHttpServer(upgradeOnly)
      : createHttpsServer(tlsOptions(tls, options.certificate), upgradeOnly)
  const sockets = new WebSocketServer({
    ...mqttFrames,
    server: http,
    verifyClient: ({ origin, req }: { origin: string | undefined; req: IncomingMessage }) =>
      isLoopbackOrigin(origin) || (tls !== null && isOwnOrigin(origin, req.headers.host)),
  })
  sockets.on('connection', (socket, { socket: below }) => {
    socket.on('error', () => {})
    const identity = below instanceof TLSSocket ? identify(below) : anybody
    if (identity === null) {
      guard.onRefused('certificate')
      socket.terminate()
    } else attach(broker, createWebSocketStream(socket), identity, guard, open)
  })
  sockets.on('wsClientError', () => guard.onRefused('websocket'))
  http.on('tlsClientError', () => guard.onRefused('tls'))
  shedConnections(http, options)
  return listenOn(http, options, open)
}

const mqttFrames = {
  maxPayload: limits.packetBytesMax,
  perMessageDeflate: false,
  handleProtocols: (offered: Set<string>) => (offered.has('mqtt') ? ('mqtt' as const) : (false as const)),
}

export type SocketsOptions = {
  readonly path: string
  readonly guard: GuardOptions
  /** Who comes, by certificate, cookie or not yet; null: nobody we let in. */
  readonly identify: (request: IncomingMessage) => Identity | null
  /** A cookie goes with whatever page asks, so only pages of this very server may. */
  readonly isOwnPage: (request: IncomingMessage) => boolean
}

/**
 * MQTT over WebSocket at a path of the HTTP side: a browser that has reached the desk reaches its live channel too,
 * by the same name, the same port and the same session. The streams that are open are closed with the server.
 */
export function takeWebSockets(
  broker: Broker,
  server: HttpServer,
  options: SocketsOptions,
): ReadonlySet<Duplex> {
  const open = new Set<Duplex>()
  const sockets = new WebSocketServer({ ...mqttFrames, noServer: true })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const reason = whyNotUpgrade(request, options)
    if (reason !== null) {
      options.guard.onRefused(reason.is)
      socket.on('error', () => {})
      socket.end(`HTTP/1.1 ${reason.status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`)
      return
    }
    const identity = options.identify(request)
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => {})
      if (identity === null) {
        options.guard.onRefused('certificate')
        webSocket.terminate()
      } else attach(broker, createWebSocketStream(webSocket), identity, options.guard, open)
    })
  })
  return open
}

function whyNotUpgrade(
  request: IncomingMessage,
  { path, isOwnPage }: SocketsOptions,
): { readonly is: RefusedReason; readonly status: string } | null {
  const [pathname] = (request.url ?? '').split('?')
  if (pathname !== path) return { is: 'websocket', status: '404 Not Found' }
  return isOwnPage(request) ? null : { is: 'foreign-page', status: '403 Forbidden' }
}

function attach(
  broker: Broker,
  stream: Duplex,
  identity: Identity,
  options: GuardOptions,
  open: Set<Duplex>,
): void {
  open.add(stream)
  stream.once('close', () => open.delete(stream))
  broker.attach(new Guard(stream, options), identity)
}

function isLoopbackOrigin(origin: string | undefined): boolean {
  if (origin === undefined) return true
  return URL.canParse(origin) && isLoopback(new URL(origin).hostname)
}

const isOwnOrigin = (origin: string | undefined, host: string | undefined): boolean =>
  origin !== undefined && URL.canParse(origin) && host !== undefined && sameName(new URL(origin), host)

/** The page came from this name; its port may be that of the HTTP side. */
const sameName = ({ hostname, protocol }: URL, host: string): boolean =>
  protocol === 'https:' && URL.canParse(`https://${host}`) && new URL(`https://${host}`).hostname === hostname

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

export function listenOn(
  server: Server | HttpServer,
  { host, port }: { host: string; port: number },
  open: ReadonlySet<Duplex>,
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(new BadInput(`${host}:${port}: ${remedyOf(error)}`))
    })
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      server.on('error', () => {})
      const address = server.address()
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: () => closeServer(server, open),
        renew: (tls) => renew(server, tls),
      })
    })
  })
}

/** A new context has new ticket keys: whoever comes again shows its certificate again. */
function renew(server: Server | HttpServer, tls: TlsFiles | null): void {
  if (tls !== null && 'setSecureContext' in server)
    (server as TlsServer).setSecureContext({ ...tls, minVersion: 'TLSv1.2' })
}

function remedyOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE')
    return 'the port is taken; stop what listens there or configure another (0: any free one)'
  if (code === 'EADDRNOTAVAIL') return 'this machine has no such address; configure one that it has'
  if (code === 'EACCES') return 'this user may not listen there; configure a port above 1023'
  return `cannot listen (${code ?? message})`
}

function closeServer(server: Server | HttpServer, open: ReadonlySet<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    if ('closeAllConnections' in server) server.closeAllConnections()
    for (const stream of open) stream.destroy()
  })
}
