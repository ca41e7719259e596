import { type Backoff, backoffMs } from '../../device/backoff.ts'
import type { Link, LinkListener, OpenLink } from '../../device/link/link.ts'
import type { Peer } from '../../gateway/broker.ts'
import { parseUpTopic } from '../../proto/topics.ts'
import type { Dice } from './dice.ts'
import type { Owner, Scheduler } from './scheduler.ts'

/**
 * A network with weather. MQTT is reduced to publish, PUBACK and what the gateway sends down; envelopes and acks
 * are the real bytes. Within a session order is kept, as TCP keeps it; a session that breaks loses what is under
 * way in either direction, or delivers it after the terminal has given it up; and whole sessions come again.
 */

/** The gateway as the network sees it. */
export type Door = {
  readonly owner: Owner
  readonly greet: (peer: Peer) => void
  readonly publish: (peer: Peer, topic: string, payload: Uint8Array, done: (error?: Error) => void) => void
}

export type Weather = {
  minDelayMs: number
  maxDelayMs: number
  /** Nothing gets through before this time. */
  cutUntilMs: number
}

type Upload = { readonly topic: string; readonly payload: Uint8Array }
type Client = { readonly fleet: string; readonly vehicle: string }

const backoff: Backoff = { baseMs: 1000, capMs: 20_000 }
/** A keep-alive and a half: after so long without a sound both ends know. */
const silenceMs = 45_000
const keptUploads = 256

export class Network {
  door: Door | null = null
  readonly weather: Weather = { minDelayMs: 1, maxDelayMs: 40, cutUntilMs: 0 }
  readonly scheduler: Scheduler
  readonly dice: Dice
  readonly faults = { resets: 0, replayed: 0, published: 0 }
  readonly #sessions = new Set<Session>()
  readonly #past: { client: Client; uploads: Upload[] }[] = []

  constructor(scheduler: Scheduler, dice: Dice) {
    this.scheduler = scheduler
    this.dice = dice
  }

  delayMs(): number {
    return this.dice.between('net/delay', this.weather.minDelayMs, this.weather.maxDelayMs)
  }

  isCut(): boolean {
    return this.scheduler.nowMs < this.weather.cutUntilMs
  }

  cutFor(durationMs: number): void {
    const { scheduler, weather } = this
    weather.cutUntilMs = Math.max(weather.cutUntilMs, scheduler.nowMs + durationMs)
    const sessions = [...this.#sessions]
    scheduler.at(
      silenceMs,
      () => {
        if (this.isCut()) for (const session of sessions) this.break(session, 'keep-alive timeout')
      },
      null,
    )
  }

  open(client: Client, terminal: TerminalEnd): Session | null {
    if (this.door === null || this.isCut()) return null
    // The same client id again: the broker closes the one before.
    for (const session of this.#sessions)
      if (session.client === client) this.break(session, 'taken over by a new session')
    const session = new Session(this, client, terminal, this.door)
    this.#sessions.add(session)
    return session
  }

  break(session: Session, why: string): void {
    if (!this.#sessions.delete(session)) return
    this.faults.resets++
    this.#past.push({ client: session.client, uploads: session.uploads })
    if (this.#past.length > 8) this.#past.shift()
    // Half of the time the gateway goes on reading what the terminal has given up.
    session.breakUp(why, this.dice.happens('net/half-open', 0.5))
  }

  resetAll(why: string): void {
    for (const session of [...this.#sessions]) this.break(session, why)
  }

  /** Everything of one past session arrives once more, from a peer that hears nothing. */
  replayOne(): void {
    const { door } = this
    if (door === null || this.#past.length === 0) return
    const { client, uploads } = this.dice.pick('net/replay', this.#past)
    const peer: Peer = { ...client, closed: () => true, hears: () => false, send: () => {} }
    for (const { topic, payload } of uploads) {
      this.faults.replayed++
      this.scheduler.at(this.delayMs(), () => door.publish(peer, topic, payload, () => {}), door.owner)
    }
  }
}

export type TerminalEnd = {
  readonly owner: Owner
  readonly message: (topic: string, payload: Uint8Array) => void
  readonly broken: (session: Session, why: string) => void
}

/** One way of a session: what is put in comes out later, in order, stalled while the network is cut. */
class Way {
  readonly #network: Network
  #freeMs = 0

  constructor(network: Network) {
    this.#network = network
  }

  carry(owner: Owner, arrive: () => void): void {
    const { scheduler } = this.#network
    const atMs = Math.max(scheduler.nowMs + this.#network.delayMs(), this.#freeMs, this.#cutEndMs())
    this.#freeMs = atMs
    scheduler.at(atMs - scheduler.nowMs, arrive, owner)
  }

  #cutEndMs(): number {
    return this.#network.isCut() ? this.#network.weather.cutUntilMs + 1 : 0
  }
}

export class Session {
  readonly client: Client
  readonly uploads: Upload[] = []
  readonly #network: Network
  readonly #terminal: TerminalEnd
  readonly #door: Door
  readonly #up: Way
  readonly #down: Way
  readonly #peer: Peer
  #terminalOpen = true
  #gatewayOpen = true
  #drainsUp = true

  constructor(network: Network, client: Client, terminal: TerminalEnd, door: Door) {
    this.#network = network
    this.client = client
    this.#terminal = terminal
    this.#door = door
    this.#up = new Way(network)
    this.#down = new Way(network)
    this.#peer = {
      ...client,
      closed: () => !this.#gatewayOpen,
      hears: () => true,
      send: (topic, payload) => this.#send(topic, payload),
    }
    this.#up.carry(door.owner, () => door.greet(this.#peer))
  }

  #send(topic: string, payload: Uint8Array): void {
    if (!this.#gatewayOpen) return
    const copy = payload.slice()
    this.#down.carry(this.#terminal.owner, () => {
      if (this.#terminalOpen) this.#terminal.message(topic, copy)
    })
  }

  publish(topic: string, payload: Uint8Array, acknowledged: () => void): void {
    const copy = payload.slice()
    this.#network.faults.published++
    this.uploads.push({ topic, payload: copy })
    if (this.uploads.length > keptUploads) this.uploads.shift()
    this.#up.carry(this.#door.owner, () => {
      if (!this.#drainsUp) return
      this.#door.publish(this.#peer, topic, copy, (error) => this.#answered(error, acknowledged))
    })
  }

  #answered(error: Error | undefined, acknowledged: () => void): void {
    if (error !== undefined) this.#network.break(this, error.message)
    else if (this.#gatewayOpen)
      this.#down.carry(this.#terminal.owner, () => {
        if (this.#terminalOpen) acknowledged()
      })
  }

  breakUp(why: string, halfOpen: boolean): void {
    this.#terminalOpen = false
    this.#gatewayOpen = halfOpen
    this.#drainsUp = halfOpen
    const { scheduler } = this.#network
    scheduler.at(0, () => this.#terminal.broken(this, why), this.#terminal.owner)
    if (halfOpen)
      scheduler.at(
        silenceMs,
        () => {
          this.#gatewayOpen = false
          this.#drainsUp = false
        },
        this.#door.owner,
      )
  }
}

/** The terminal's link over this network: what `mqttLink` is over a socket. */
export function simLink(network: Network, client: Client, owner: Owner): OpenLink {
  return (listener) => {
    const link = new SimLink(network, client, owner, listener)
    link.connect()
    return link
  }
}

type Waiter = { readonly resolve: () => void; readonly reject: (error: Error) => void }

class SimLink implements Link {
  readonly #network: Network
  readonly #client: Client
  readonly #owner: Owner
  readonly #listener: LinkListener
  readonly #waiters = new Set<Waiter>()
  #session: Session | null = null
  #up = false
  #failures = 0
  #closed = false

  constructor(network: Network, client: Client, owner: Owner, listener: LinkListener) {
    this.#network = network
    this.#client = client
    this.#owner = owner
    this.#listener = listener
  }

  isUp(): boolean {
    return this.#up
  }

  connect(): void {
    const { scheduler } = this.#network
    scheduler.at(this.#network.delayMs() * 2, () => this.#attempt(), this.#owner)
  }

  #attempt(): void {
    if (this.#closed) return
    const end: TerminalEnd = {
      owner: this.#owner,
      message: (topic, payload) => this.#listener.message(topic, payload),
      broken: (session, why) => {
        if (session === this.#session) this.#down(why)
      },
    }
    const session = this.#network.open(this.#client, end)
    if (session === null) {
      this.#down('connection refused')
      return
    }
    this.#session = session
    const { scheduler } = this.#network
    scheduler.at(
      this.#network.delayMs(),
      () => {
        if (session !== this.#session) return
        this.#up = true
        this.#failures = 0
        this.#listener.up()
      },
      this.#owner,
    )
  }

  #down(why: string): void {
    this.#session = null
    this.#up = false
    for (const { reject } of this.#waiters) reject(new Error(why))
    this.#waiters.clear()
    if (this.#closed) return
    const waitMs = backoffMs(backoff, this.#failures++, this.#network.dice.next('net/backoff'))
    this.#network.scheduler.at(waitMs, () => this.connect(), this.#owner)
    this.#listener.down(why)
  }

  publish(topic: string, payload: Uint8Array): Promise<void> {
    const session = this.#session
    if (!this.#up || session === null) return Promise.reject(new Error('link is down'))
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { resolve, reject }
      this.#waiters.add(waiter)
      session.publish(topic, payload, () => {
        if (this.#waiters.delete(waiter)) resolve()
      })
    })
  }

  close(): Promise<void> {
    this.#closed = true
    if (this.#session !== null) this.#network.break(this.#session, 'link closed')
    return Promise.resolve()
  }
}

/** What `authorizePublish` does with a topic. */
export function laneOf(peer: Peer, topic: string): ReturnType<typeof parseUpTopic> {
  const parsed = parseUpTopic(topic)
  return parsed === null || parsed.fleet !== peer.fleet || parsed.vehicle !== peer.vehicle ? null : parsed
}
