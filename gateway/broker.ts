import type { Duplex } from 'node:stream'
import { Aedes, type Client, type Subscription } from 'aedes'
import type { Lane } from '../proto/model.ts'
import { type DocumentName, parseClientId, parseUpTopic } from '../proto/topics.ts'
import {
  type Granted,
  hearsMasked,
  loopbackOfficer,
  officerMayHear,
  type Terminal,
  terminalMayHear,
} from './access.ts'
import { Door, type DoorHandlers } from './door.ts'
import { Guard } from './guard.ts'
import type { Guesses } from './identity/abuse.ts'
import { type Identity, nameOf, type Officer } from './identity/identity.ts'
import { checkPassword } from './identity/sessions.ts'
import { type KeptLimits, KeptSessions, type Store } from './kept-sessions.ts'
import { maskedPayload } from './masking.ts'
import { limits } from './mqtt/check.ts'
import type { Refused, RefusedReason } from './refused.ts'

/**
 * The two brokers, and the only door to aedes. One takes envelopes in, the other hands alerts out, so that an
 * officer who does not read never holds up a terminal. No hook ever throws: a throw would leave the packet parser.
 */

export type Broker = {
  readonly attach: (stream: Duplex, identity: Identity) => void
  readonly clients: () => number
  /** Ends the connections of those who may no longer be here; says how many. */
  readonly endUnless: (mayStay: (identity: Identity) => boolean) => number
  readonly close: () => Promise<void>
}

/** A connected terminal, as ingest and acks see it. */
export type Peer = Terminal & {
  readonly closed: () => boolean
  readonly hears: (topic: string) => boolean
  /** `sent` is called when the connection has taken it, or is no more. */
  readonly send: (topic: string, payload: Uint8Array, sent?: () => void) => void
}

export type IngestHandlers = DoorHandlers & {
  /** Whether this vehicle is provisioned here. */
  readonly admits: (terminal: Terminal) => boolean
  /** `done` makes the PUBACK; an error closes the connection. */
  readonly publish: (peer: Peer, lane: Lane, payload: Uint8Array, done: (error?: Error) => void) => void
  readonly listens: (peer: Peer, document: DocumentName) => void
}

export type AlertHandlers = DoorHandlers & {
  readonly login: (name: string, password: string) => Promise<Officer | null>
  readonly guesses: Guesses
}

export type AlertBroker = Broker & {
  /** How much waits for the officer for whom most waits: bytes of a connection, messages of a kept session; and how many sessions are away. */
  readonly waiting: () => { readonly bytes: number; readonly messages: number; readonly sessions: number }
  /** Resolves when every subscriber's copy was handed to its connection. */
  readonly publish: (topic: string, payload: Uint8Array, retain: boolean) => Promise<void>
}

/** What aedes 1.2 has and its types do not. */
type Inner = {
  clients: Record<string, Client & { closed: boolean }>
  persistence: {
    addSubscriptions: (client: Client, subscriptions: Subscription[]) => Promise<void>
    cleanSubscriptions: (client: { id: string }) => Promise<unknown>
  }
}
type InnerClient = Client & { subscriptions: Record<string, unknown> }

/** drainTimeout: how long one who does not read may hold up the others. concurrency: 100 makes a queue that is slow under load. */
const common = {
  concurrency: 100_000,
  drainTimeout: 3000,
  connectTimeout: 10_000,
  queueLimit: 64,
  maxTopicLevels: 16,
}
/** What aedes says of one who does not read. */
const drainTimedOut = 'drain timeout'
const connectionClosed = 'connection closed'
const sweepMs = 30_000
/** Sessions of terminals hold no messages: their number is that of the connections there may be. */
const terminalsKept: KeptLimits = { perOwner: 1, all: 20_000 }
export const officersKept: KeptLimits = { perOwner: 16, all: 1000 }

/** Envelopes end in `authorizePublish`: there is nobody to route them to, and routing is half of the cost. */
class IngestAedes extends Aedes {
  override publish(_packet: unknown, client: unknown, done?: unknown): void {
    const callback = typeof client === 'function' ? client : done
    if (typeof callback === 'function') (callback as (error?: Error) => void)()
  }
}

export async function createIngestBroker(handlers: IngestHandlers): Promise<Broker> {
  const door = new Door(handlers)
  const peers = new WeakMap<Client, Peer>()
  const broker: IngestAedes = new IngestAedes({
    ...common,
    authenticate: (client, _username, _password, done) => {
      const terminal = parseClientId(client.id)
      const identity = door.identity(client)
      const trouble =
        terminal === null ? 'not-a-terminal-id' : terminalTrouble(identity, client.id, handlers, terminal)
      if (terminal === null || trouble !== null) return done(door.refuse(trouble!, 2), false)
      const unwelcome = door.admit(client, identity, holderOf(broker, client.id))
      if (unwelcome !== null) return done(unwelcome, false)
      peers.set(client, peerOf(client, terminal))
      kept.came(client, client.id)
      done(null, true)
    },
    authorizePublish: (client, packet, done) => {
      const peer = client === null || client.closed ? undefined : peers.get(client)
      if (peer === undefined) {
        handlers.refused('will')
        return done(new Error('wills are not taken'))
      }
      const topic = parseUpTopic(packet.topic)
      if (topic === null || topic.fleet !== peer.fleet || topic.vehicle !== peer.vehicle) {
        handlers.refused('foreign-topic')
        return done(new Error('not a topic of this terminal'))
      }
      packet.retain = false
      handlers.publish(peer, topic.lane, bytesOf(packet.payload), (error) => done(error ?? null))
    },
    authorizeSubscribe: (client, subscription, done) => {
      const peer = peers.get(client)
      const allowed = peer !== undefined && terminalMayHear(peer, subscription.topic) !== null
      if (!allowed) handlers.refused('denied-filter')
      done(null, allowed && filters.grants(client, subscription.topic) ? atMostOnce(subscription) : null)
    },
    authorizeForward: (client, packet) => {
      const peer = peers.get(client)
      return peer !== undefined && terminalMayHear(peer, packet.topic) !== null ? packet : null
    },
  })
  const filters = new SessionFilters(broker, handlers.refused)
  await broker.listen()
  const kept = keepSessions(broker, terminalsKept, handlers)
  storeOnlyGranted(broker, filters, (_client, subscription) => atMostOnce(subscription))
  broker.on('subscribe', (subscriptions, client) => {
    const peer = peers.get(client)
    if (peer === undefined) return
    for (const { topic } of subscriptions) {
      const document = terminalMayHear(peer, topic)
      if (document !== null) handlers.listens(peer, document)
    }
  })
  return conduct(broker, door, kept)
}

/** On loopback a terminal is who it says; behind TLS it is who its certificate says. */
function terminalTrouble(
  identity: Identity,
  clientId: string,
  { admits }: IngestHandlers,
  terminal: Terminal,
): RefusedReason | null {
  if (identity.is !== 'anybody') {
    if (identity.is !== 'terminal') return 'not-a-terminal'
    if (identity.clientId !== clientId) return 'not-its-certificate'
  }
  return admits(terminal) ? null : 'unknown-terminal'
}

function peerOf(client: Client, { fleet, vehicle }: Terminal): Peer {
  return {
    fleet,
    vehicle,
    closed: () => client.closed,
    hears: (topic) => (client as InnerClient).subscriptions[topic] !== undefined,
    send: (topic, payload, sent = () => {}) => {
      if (client.closed) {
        sent()
        return
      }
      const packet = {
        cmd: 'publish',
        topic,
        payload: Buffer.from(payload),
        qos: 0,
        dup: false,
        retain: false,
      } as const
      client.publish(packet, () => sent())
    },
  }
}

export async function createAlertBroker(handlers: AlertHandlers): Promise<AlertBroker> {
  const door = new Door(handlers)
  const officers = new WeakMap<Client, Granted>()
  const mayHear = (client: Client, topic: string): boolean => {
    const officer = officers.get(client)
    return officer !== undefined && officerMayHear(officer, topic)
  }
  const masks = (client: Client, topic: string): boolean => {
    const officer = officers.get(client)
    return officer !== undefined && hearsMasked(officer, topic)
  }
  /** What waits for a session that is away waits as it was published: whoever hears masked catches up by cursor. */
  const forHearer = (client: Client, subscription: Subscription): Subscription =>
    masks(client, subscription.topic) ? { ...subscription, qos: 0 } : atMostOnce(subscription)
  const admit = async (client: Client, username: string | undefined, password: Buffer | undefined) => {
    const login = await officerOf(door.identity(client), username, password, handlers)
    if (login.is === 'refused') return door.refuse(login.reason, 5)
    const { identity, granted } = login
    if (identity.is === 'officer' && !isOwnId(client.id, identity.name))
      return door.refuse('not-its-client-id', 2)
    const unwelcome = door.admit(client, identity, holderOf(broker, client.id))
    if (unwelcome !== null) return unwelcome
    officers.set(client, granted)
    kept.came(client as Client & { clean: boolean }, nameOf(identity) ?? '')
    return null
  }
  const welcome = async (
    client: Client,
    username: string | undefined,
    password: Buffer | undefined,
    answer: (refusal: Error | null) => void,
  ): Promise<void> => {
    try {
      answer(await admit(client, username, password))
    } catch {
      answer(door.refuse('login-failed', 3))
    }
  }
  const broker: Aedes = new Aedes({
    ...common,
    authenticate: (client, username, password, done) => {
      const answer = (refusal: Error | null): void =>
        refusal === null ? done(null, true) : done(refusal as never, false)
      void welcome(client, username, password, answer)
    },
    authorizePublish: (_client, _packet, done) => {
      handlers.refused('officer-published')
      done(new Error('officers publish nothing'))
    },
    authorizeSubscribe: (client, subscription, done) => {
      const allowed = mayHear(client, subscription.topic)
      if (!allowed) handlers.refused('denied-filter')
      done(
        null,
        allowed && filters.grants(client, subscription.topic) ? forHearer(client, subscription) : null,
      )
    },
    authorizeForward: (client, packet) => {
      if (!mayHear(client, packet.topic)) return null
      if (!masks(client, packet.topic)) return packet
      // In place: this packet is this client's own copy, and one out of a kept session is sent as it is here.
      return Object.assign(packet, { payload: maskedPayload(packet.topic, packet.payload as Buffer) })
    },
  })
  const filters = new SessionFilters(broker, handlers.refused)
  await broker.listen()
  const kept = keepSessions(broker, officersKept, handlers)
  storeOnlyGranted(broker, filters, forHearer)
  return {
    ...conduct(broker, door, kept),
    waiting: () => ({
      bytes: most(Object.values((broker as unknown as Inner).clients).map(({ conn }) => bytesFor(conn))),
      messages: kept.longest(),
      sessions: kept.away(),
    }),
    publish: (topic, payload, retain) =>
      new Promise((resolve) => {
        const packet = {
          cmd: 'publish',
          topic,
          payload: Buffer.from(payload),
          qos: 1,
          dup: false,
          retain,
        } as const
        broker.publish(packet, () => resolve())
      }),
  }
}

type Login =
  | { readonly is: 'welcome'; readonly identity: Identity; readonly granted: Granted }
  | { readonly is: 'refused'; readonly reason: RefusedReason }

async function officerOf(
  identity: Identity,
  username: string | undefined,
  password: Buffer | undefined,
  handlers: AlertHandlers,
): Promise<Login> {
  switch (identity.is) {
    case 'anybody':
      return { is: 'welcome', identity, granted: loopbackOfficer(username) }
    case 'terminal':
      return { is: 'refused', reason: 'not-an-officer' }
    case 'officer':
      return { is: 'welcome', identity, granted: identity }
    case 'unnamed': {
      const { address } = identity
      const name = username ?? ''
      if (handlers.guesses.isBanned(address, name)) return { is: 'refused', reason: 'too-many-passwords' }
      const officer = await checkPassword(handlers, address, name, password?.toString('utf8') ?? '')
      if (officer === null) return { is: 'refused', reason: 'not-an-officer' }
      return { is: 'welcome', identity: officer, granted: officer }
    }
  }
}

/** A session belongs to whoever made it: an officer's client ids are the name, or begin with it and a dot. */
const isOwnId = (clientId: string, name: string): boolean =>
  clientId === name || clientId.startsWith(`${name}.`)

/** Who has this client id at the moment. */
const holderOf = (broker: Aedes, id: string): (Client & { closed: boolean }) | undefined =>
  (broker as unknown as Inner).clients[id]

/** What both have in common: taking connections, surviving their errors, closing. */
function conduct(broker: Aedes, door: Door, kept: KeptSessions): Broker {
  const { refused } = door
  const inner = broker as unknown as Inner
  broker.on('error' as never, () => refused('broker-error'))
  // aedes says it again for each message that waited, and after whoever closed the connection has counted why.
  const told = new WeakSet<Client>()
  broker.on('clientError', (client, error) => {
    if (error.message === connectionClosed) return
    if (!told.has(client)) refused(error.message === drainTimedOut ? 'reads-too-slowly' : 'client-error')
    told.add(client)
  })
  broker.on('connectionError', () => refused('connection-error'))
  broker.on('clientDisconnect', (client) => {
    door.left(client)
    kept.left(client)
  })
  const sweep = setInterval(() => {
    door.sweep()
    kept.sweep()
    for (const [id, client] of Object.entries(inner.clients)) if (client.closed) delete inner.clients[id]
  }, sweepMs)
  sweep.unref()
  return {
    attach: (stream, identity) => {
      door.came(stream, identity)
      broker.handle(stream)
    },
    endUnless: (mayStay) => {
      const ended = door.endUnless(mayStay)
      // What was stored for a session that was ended is nobody's any more.
      for (const id of ended) void inner.persistence.cleanSubscriptions({ id }).catch(() => {})
      return ended.length
    },
    clients: () => Object.keys(inner.clients).length,
    close: () => {
      clearInterval(sweep)
      return new Promise((resolve) => broker.close(() => resolve()))
    },
  }
}

function keepSessions(broker: Aedes, kept: KeptLimits, { monoMs, refused }: DoorHandlers): KeptSessions {
  const { persistence } = broker as unknown as { readonly persistence: Store }
  return new KeptSessions(persistence, { limits: kept, monoMs, refused })
}

/** aedes stores a SUBSCRIBE whole and as it was asked for: only what was granted may come back with the session. */
function storeOnlyGranted(
  broker: Aedes,
  filters: SessionFilters,
  granted: (client: Client, subscription: Subscription) => Subscription,
): void {
  const { persistence } = broker as unknown as Inner
  const store = persistence.addSubscriptions.bind(persistence)
  persistence.addSubscriptions = (client, subscriptions) => {
    const own = subscriptions.filter(({ topic }) => filters.has(client, topic))
    return store(
      client,
      own.map((subscription) => granted(client, subscription)),
    )
  }
}

/** What a session listens to, kept filters too: over however many connections it came by them, so many and no more. */
class SessionFilters {
  readonly #of = new WeakMap<Client, Set<string>>()
  readonly #refused: Refused

  constructor(broker: Aedes, refused: Refused) {
    this.#refused = refused
    broker.on('unsubscribe', (topics, client) => {
      for (const topic of topics) this.#of.get(client)?.delete(topic)
    })
  }

  /** Also asked for each filter that a kept session brings back. */
  grants(client: Client, topic: string): boolean {
    const own = this.#of.get(client) ?? new Set()
    this.#of.set(client, own)
    if (!own.has(topic) && own.size >= limits.filtersPerClientMax) {
      this.#refused('too-many-filters')
      return false
    }
    own.add(topic)
    return true
  }

  has(client: Client, topic: string): boolean {
    return this.#of.get(client)?.has(topic) === true
  }
}

const most = (values: readonly number[]): number => values.reduce((max, value) => Math.max(max, value), 0)
const bytesFor = (conn: unknown): number => (conn instanceof Guard ? conn.waitingBytes() : 0)

/** QoS 2 is not spoken here: a subscription gets at most 1. */
const atMostOnce = (subscription: Subscription): Subscription =>
  subscription.qos > 1 ? { ...subscription, qos: 1 } : subscription

const bytesOf = (payload: string | Buffer): Uint8Array =>
  typeof payload === 'string' ? Buffer.from(payload) : payload
