import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type RequestOptions, request } from 'node:https'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { connect as connectTls, type SecureVersion, type TLSSocket } from 'node:tls'
import type { IClientOptions, MqttClient } from 'mqtt'
import mqtt from 'mqtt'
import { onTestFinished } from 'vitest'
import { hostClock } from '../../../gateway/clock.ts'
import type { GatewayDeps } from '../../../gateway/deps.ts'
import type { Gateway } from '../../../gateway/gateway.ts'
import type { AbuseLimits } from '../../../gateway/identity/abuse.ts'
import { lenient } from '../../../gateway/identity/abuse.ts'
import { createDoorkeeper, type Doorkeeper } from '../../../gateway/identity/doorkeeper.ts'
import { hashOf, type Users } from '../../../gateway/identity/passwords.ts'
import type { Revoked } from '../../../gateway/identity/revoked.ts'
import {
  type Issued,
  issue,
  type KeyPair,
  makeAuthority,
  type Subject,
} from '../../../gateway/pki/authority.ts'
import { settled } from './clients.ts'
import { atEnd, startGateway } from './world.ts'

/** A gateway behind TLS with an authority of its own, and peers with every kind of certificate. */

export const versions = ['TLSv1.2', 'TLSv1.3'] as const
export const password = 'correct horse battery'

/** Cheap, so that a matrix of logins does not measure scrypt. */
const cheap = { N: 1024, r: 8, p: 1 }

export type Realm = {
  readonly authority: KeyPair
  readonly server: Issued
  readonly certify: (subject: Subject, days?: number) => Promise<Issued>
  readonly terminal: (clientId: string) => Promise<Issued>
}

export async function makeRealm(): Promise<Realm> {
  const authority = await makeAuthority(Date.now())
  const server = await issue(
    authority,
    { name: '127.0.0.1', role: 'gateway', fleets: [] },
    { use: 'server', host: '127.0.0.1' },
    Date.now(),
  )
  const certify = (subject: Subject, days?: number): Promise<Issued> =>
    issue(authority, subject, { use: 'client' }, Date.now(), days)
  const terminal = (clientId: string): Promise<Issued> =>
    certify({ name: clientId, role: 'terminal', fleets: [clientId.split('.')[0]!] })
  return { authority, server, certify, terminal }
}

export type TlsGateway = Gateway & {
  readonly revoke: (revoked: Revoked) => void
  readonly setUsers: (users: Users['users']) => void
  readonly doorkeeper: Doorkeeper
}

export async function startTlsGateway(
  { authority, server }: Realm,
  overrides: Partial<GatewayDeps> = {},
  abuse: AbuseLimits = lenient,
): Promise<TlsGateway> {
  const folder = mkdtempSync(path.join(tmpdir(), 'roadwarden-tls-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  const users = path.join(folder, 'users.json')
  const revoked = path.join(folder, 'revoked.json')
  writeFileSync(users, JSON.stringify({ users: await someUsers() }))
  writeFileSync(revoked, JSON.stringify({ serials: [], names: [] }))
  const doorkeeper = createDoorkeeper({ users, revoked }, hostClock.nowMs)
  const tls = { cert: server.cert, key: server.key, ca: authority.cert }
  const at = { host: '127.0.0.1', port: 0, tls }
  const gateway = await startGateway({
    auth: 'tls',
    doorkeeper,
    abuse,
    ingest: at,
    alerts: { ...at, wsPort: 0 },
    http: at,
    ...overrides,
  })
  const renewed = (): void => {
    if (doorkeeper.refresh()) gateway.renew()
  }
  return {
    ...gateway,
    doorkeeper,
    revoke: (list) => {
      writeFileSync(revoked, JSON.stringify(list))
      renewed()
    },
    setUsers: (list) => {
      writeFileSync(users, JSON.stringify({ users: list }))
      renewed()
    },
  }
}

/** One of each role in f1, one of two fleets, one of none. */
export async function someUsers(): Promise<Users['users']> {
  const hash = await hashOf(password, cheap)
  const roles = ['officer', 'supervisor', 'admin', 'provider', 'auditor', 'authority'] as const
  return [
    ...roles.map((role) => ({ name: role, hash, fleets: { f1: role } })),
    { name: 'both', hash, fleets: { f1: 'officer' as const, f2: 'auditor' as const } },
    { name: 'none', hash, fleets: {} },
  ]
}

export type Peer = IClientOptions & { readonly tlsVersion?: SecureVersion }

/** The client, or null when it was not let in. */
export function tryConnect(url: string, { tlsVersion, ...options }: Peer): Promise<MqttClient | null> {
  const client = mqtt.connect(url, {
    reconnectPeriod: 0,
    protocolVersion: 4,
    rejectUnauthorized: true,
    ...(tlsVersion === undefined ? {} : { minVersion: tlsVersion, maxVersion: tlsVersion }),
    ...options,
  })
  onTestFinished(() => client.endAsync(true).then(() => undefined))
  return new Promise((resolve) => {
    client.once('connect', () => resolve(client))
    client.on('error', () => resolve(null))
    client.once('close', () => resolve(null))
  })
}

/** A TLS connection that waits for its ticket; null when the other side ended it. */
export function openTls(
  port: number,
  options: { ca: string; cert: string; key: string; version: SecureVersion; session?: Buffer },
): Promise<{ socket: TLSSocket; session: Buffer; reused: boolean } | null> {
  const { version, ...rest } = options
  const socket = connectTls({ host: '127.0.0.1', port, minVersion: version, maxVersion: version, ...rest })
  onTestFinished(() => {
    socket.destroy()
  })
  return new Promise((resolve) => {
    socket.on('error', () => resolve(null))
    socket.on('close', () => resolve(null))
    // Who is refused after the handshake has a ticket too, for the moment that the refusal takes.
    socket.once('session', async (session) => {
      await settled()
      if (!socket.destroyed) resolve({ socket, session, reused: socket.isSessionReused() })
    })
    // A resumed session of TLS 1.2 may come without a new ticket.
    socket.once('secureConnect', async () => {
      await settled(100)
      const session = socket.getSession()
      if (!socket.destroyed && session !== undefined && socket.isSessionReused())
        resolve({ socket, session, reused: true })
    })
  })
}

/** What the SUBACK says, filter by filter; 128 is a refusal. */
export async function grantsOf(client: MqttClient, filters: readonly string[]): Promise<number[]> {
  return new Promise((resolve) => {
    client.subscribe([...filters], { qos: 0 }, (error, granted, packet) => {
      const refused = (error as { packet?: { granted?: number[] } } | null)?.packet?.granted
      const told = (packet as { granted?: number[] } | undefined)?.granted
      resolve([...(refused ?? told ?? granted?.map(({ qos }) => qos) ?? [])])
    })
  })
}

export type TlsAnswer = {
  readonly status: number
  readonly body: string
  readonly cookies: readonly string[]
}

/** One request over a connection of its own. */
export function askTls(url: string, options: RequestOptions, body = ''): Promise<TlsAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, options, (response) => {
      let said = ''
      response.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: said,
          cookies: response.headers['set-cookie'] ?? [],
        }),
      )
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
