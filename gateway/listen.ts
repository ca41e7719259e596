import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import { createWebSocketStream, WebSocketServer } from 'ws'
import { BadInput } from '../proto/problem.ts'
import { anybody, type Broker, type Identity } from './broker.ts'
import { Guard, type GuardOptions } from './guard.ts'
import { limits } from './mqtt/check.ts'

/** Sockets and WebSockets, each through its own guard to a broker. The only door to ws. */

export type TlsFiles = { readonly cert: string; readonly key: string; readonly ca: string }

export type ListenOptions = {
  readonly host: string
  readonly port: number
  /** PEM texts; null for plain TCP. */
  readonly tls: TlsFiles | null
  readonly guard: GuardOptions
}

export type Listening = { readonly port: number; readonly close: () => Promise<void> }

/** MQTT over TCP or TLS. With TLS a peer is who its certificate says. */
export function listenMqtt(broker: Broker, options: ListenOptions): Promise<Listening> {
  const open = new Set<Duplex>()
  const take = (socket: Socket, identity: Identity): void => {
    socket.setNoDelay(true)
    socket.setKeepAlive(true, 30_000)
    attach(broker, socket, identity, options.guard, open)
  }
  const { tls } = options
  const server =
    tls === null
      ? createServer((socket) => take(socket, anybody))
      : createTlsServer(
          {
            ...tls,
            requestCert: true,
            rejectUnauthorized: true,
            minVersion: 'TLSv1.2',
            handshakeTimeout: 5000,
          },
          (socket) => take(socket, identityOf(socket)),
        )
  server.on('tlsClientError', () => options.guard.onRefused('tls'))
  return listenOn(server, options, open)
}

/** MQTT over WebSocket, for browsers: pages of other origins than this machine are turned away. */
export function listenWebSocket(broker: Broker, options: ListenOptions): Promise<Listening> {
  const open = new Set<Duplex>()
  const http = createHttpServer((_request, response) => response.writeHead(426).end())
  const sockets = new WebSocketServer({
    server: http,
    maxPayload: limits.packetBytesMax,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('mqtt') ? 'mqtt' : false),
    verifyClient: ({ origin }: { origin: string | undefined }) => isLoopbackOrigin(origin),
  })
  sockets.on('connection', (socket) => {
    socket.on('error', () => {})
    attach(broker, createWebSocketStream(socket), anybody, options.guard, open)
  })
  sockets.on('wsClientError', () => options.guard.onRefused('websocket'))
  return listenOn(http, options, open)
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
  try {
    return isLoopback(new URL(origin).hostname)
  } catch {
    return false
  }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)
}

/** Common name = client id of a terminal; organisational units = fleets of an officer. */
function identityOf(socket: TLSSocket): Identity {
  const { subject } = socket.getPeerCertificate()
  const units = subject?.OU as string | string[] | undefined
  const fleets = new Set(units === undefined ? [] : [units].flat())
  return { clientId: String(subject?.CN ?? ''), fleets }
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
      })
    })
  })
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
