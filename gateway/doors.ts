import { allFleets } from './api/facts.ts'
import { liveIdentity, perMinuteOf } from './api/limits.ts'
import type { Route } from './api/route.ts'
import { sessionRoutes } from './api/session-routes.ts'
import type { ApiSide } from './api/wiring.ts'
import type { AlertBroker, Broker } from './broker.ts'
import { createDesk, type Desk } from './console/desk.ts'
import { openDeskFiles } from './console/files.ts'
import type { GatewayDeps } from './deps.ts'
import type { DeskService } from './desk/service.ts'
import { type HttpDeps, listenHttp } from './http.ts'
import type { Abuse } from './identity/abuse.ts'
import type { Doorkeeper } from './identity/doorkeeper.ts'
import { checkPassword, type HttpSessions } from './identity/sessions.ts'
import type { Intake } from './intake.ts'
import { type Listening, listenMqtt, listenWebSocket, type TlsFiles } from './listen.ts'
import type { Metrics } from './metrics.ts'
import type { Commands } from './push/commands.ts'
import type { Refused } from './refused.ts'

/** Where the gateway listens. */
export type Ports = {
  readonly ingest: number
  readonly alerts: number
  readonly ws: number | null
  readonly http: number
}

/** Certificate files per door, read again; null: no TLS there. */
export type Renewed = {
  readonly ingest: TlsFiles | null
  readonly alerts: TlsFiles | null
  readonly http: TlsFiles | null
}

/** A door that stands open, and whose certificate it shows. */
export type Door = { readonly listening: Listening; readonly of: keyof Renewed }

export type Doors = {
  readonly ingestBroker: Broker
  readonly alertBroker: AlertBroker
  readonly commands: Commands | null
  readonly metrics: Metrics
  readonly notReady: () => string | null
  readonly refusedAt: (door: string) => Refused
  /** What was opened so far, to be closed whatever happens next. */
  readonly opened: Door[]
  readonly doorkeeper: Doorkeeper
  readonly abuse: Abuse
  readonly sessions: HttpSessions
  readonly intake: Intake
  /** The close-out register; null: none. */
  readonly desk: DeskService | null
  readonly api: ApiSide
}

export async function listenAll(deps: GatewayDeps, doors: Doors): Promise<Ports> {
  const { ingestBroker, alertBroker, refusedAt, opened, doorkeeper, abuse } = doors
  const { alerts } = deps
  const port = async (of: keyof Renewed, listening: Promise<Listening>): Promise<number> => {
    const one = await listening
    opened.push({ listening: one, of })
    return one.port
  }
  const { identify } = doorkeeper
  const { connections } = abuse.limits
  const at = (door: string) => ({ guard: { onRefused: refusedAt(door) }, identify })
  const ofTerminals = {
    ...{ ...deps.ingest, ...at('ingest'), certificate: 'required' as const },
    // Nobody shows a password here, so no address has guessed.
    shed: { connections, accepts: abuse.accepts(), isBanned: () => false },
  }
  const ingest = await port('ingest', listenMqtt(ingestBroker, ofTerminals))
  const ofOfficers = (door: string) => ({
    ...{ ...alerts, ...at(door), certificate: 'asked' as const },
    shed: {
      connections,
      accepts: abuse.accepts(),
      isBanned: (address: string) => abuse.guesses.isAddressBanned(address),
    },
  })
  const officers = await port('alerts', listenMqtt(alertBroker, ofOfficers('alerts')))
  const { wsPort } = alerts
  const page = { ...ofOfficers('ws'), port: wsPort ?? 0 }
  const ws = wsPort === null ? null : await port('alerts', listenWebSocket(alertBroker, page))
  const address = { ...deps.http, tls: deps.http.tls ?? null }
  const http = await port('http', listenHttp(httpSide(deps, doors, ws), address))
  return { ingest, alerts: officers, ws, http }
}

/** What the HTTP side is made of: old routes, the desk, its API and its live channel. */
function httpSide(deps: GatewayDeps, doors: Doors, ws: number | null): HttpDeps {
  const { metrics, notReady, sessions, abuse, alertBroker, refusedAt, doorkeeper } = doors
  const { journal, auth, shadow } = deps
  // Without a certificate of its own it stands behind a proxy, whose address is everybody's.
  const isBehindProxy = (deps.http.tls ?? null) === null
  return {
    ...{ journal, metrics, notReady, shadow: shadow?.log, desk: deskOf(deps, doors, ws) },
    sessions: auth === 'loopback' ? null : sessions,
    shed: {
      connections: abuse.limits.connections,
      accepts: abuse.accepts(),
      isBanned: (address) => !isBehindProxy && abuse.guesses.isAddressBanned(address),
    },
    refused: refusedAt('http'),
    api: {
      auth,
      ...{ whoIs: sessions.whoIs, ofCookie: sessions.ofCookie },
      perMinute: perMinuteOf(abuse.limits),
      count: (path) => metrics.count('http_requests_total', { path }),
      routes: routesOf(deps, doors),
    },
    live: {
      broker: alertBroker,
      guard: { onRefused: refusedAt('live') },
      identify: liveIdentity({ auth, sessions, identify: doorkeeper.identify }),
    },
  }
}

function routesOf(
  { auth }: GatewayDeps,
  { sessions, doorkeeper, abuse, desk, api }: Doors,
): readonly Route[] {
  const login = (name: string, password: string, address: string) =>
    checkPassword({ login: doorkeeper.login, guesses: abuse.guesses }, address, name, password)
  const fleets = (): readonly string[] => allFleets(api.facts)
  return [...sessionRoutes({ auth, sessions, login, fleets }), ...api.routes, ...(desk?.routes ?? [])]
}

function deskOf(
  deps: GatewayDeps,
  { commands, alertBroker, desk }: Doors,
  wsPort: number | null,
): Desk | undefined {
  const { register, journal, world, auth, push } = deps
  if (register === undefined) return undefined
  return createDesk({
    ...{ register, commands, world, auth, wsPort },
    files: openDeskFiles(deps.deskMap ?? null),
    alert: (id) => journal.alert(id),
    areas: (fleet, vehicle) => push?.store.wanted(fleet, vehicle, 'areas')?.value ?? null,
    routes: (fleet, vehicle) => push?.store.wanted(fleet, vehicle, 'route')?.value ?? null,
    publish: alertBroker.publish,
    ...(desk === null ? {} : { office: desk.office }),
  })
}
