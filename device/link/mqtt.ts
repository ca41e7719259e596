import { connect, type IClientOptions, type MqttClient } from 'mqtt'
import { type Backoff, backoffMs } from '../backoff.ts'
import type { Link, LinkListener, OpenLink } from './link.ts'

/**
 * MQTT 3.1.1 as transport only; the only door to mqtt on the terminal. Each connection is a fresh client without a
 * store and without reconnecting: the library re-sends from its store one message at a time, fails what is
 * published meanwhile and has no back-off. Order, window and re-sending belong to the uplink.
 */
export type MqttOptions = {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly url: string
  readonly clientId: string
  readonly subscriptions: readonly string[]
  readonly tls?: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer } | undefined
  readonly backoff?: Backoff
  readonly keepaliveS?: number
  readonly connectTimeoutMs?: number
  /** A connection on which the eldest publish has had no answer for so long is given up. */
  readonly unansweredMs?: number
  readonly chance?: () => number
}

export const linkBackoff: Backoff = { baseMs: 1000, capMs: 300_000 }
/** A connection that held so long was a good one: the next back-off begins anew. */
const steadyMs = 10_000
/** An envelope of 16 KiB takes a quarter of this on a line of 1 KiB/s. */
const unansweredMs = 60_000

export function mqttLink(options: MqttOptions): OpenLink {
  return (listener) => {
    const link = new MqttLink(options, listener)
    link.connect()
    return link
  }
}

type Waiter = { readonly resolve: () => void; readonly reject: (error: Error) => void }

class MqttLink implements Link {
  readonly #options: MqttOptions
  readonly #listener: LinkListener
  readonly #waiters = new Set<Waiter>()
  #client: MqttClient | null = null
  #up = false
  #upSinceMs = 0
  #failures = 0
  #retry: NodeJS.Timeout | undefined
  #watch: NodeJS.Timeout | undefined
  #giveUp: (why: string) => void = () => {}
  #closed = false

  constructor(options: MqttOptions, listener: LinkListener) {
    this.#options = options
    this.#listener = listener
  }

  isUp(): boolean {
    return this.#up
  }

  connect(): void {
    const client = connect(this.#options.url, clientOptions(this.#options))
    this.#client = client
    let why = 'connection closed'
    let over = false
    const end = (reason: string): void => {
      if (over) return
      over = true
      this.#drop(client, reason)
    }
    this.#giveUp = end
    // Without this listener a refused connection would end the process.
    client.on('error', (error) => {
      why = error.message === '' ? error.name : error.message
      end(why)
    })
    client.on('close', () => end(why))
    client.on('message', (topic, payload) => {
      if (!over) this.#listener.message(topic, payload)
    })
    client.on('connect', () => this.#subscribe(client, end, () => over))
  }

  #subscribe(client: MqttClient, end: (why: string) => void, isOver: () => boolean): void {
    const topics = Object.fromEntries(
      this.#options.subscriptions.map((topic) => [topic, { qos: 1 as const }]),
    )
    client.subscribe(topics, (error, granted) => {
      if (isOver()) return
      const refused = granted?.find(({ qos }) => Number(qos) > 2)
      if (error !== null) return end(`subscribing failed: ${error.message}`)
      if (refused !== undefined) return end(`subscription to ${refused.topic} refused`)
      this.#up = true
      this.#upSinceMs = performance.now()
      this.#listener.up()
    })
  }

  /** The end of one connection: everything not acknowledged has failed, and the next attempt is planned. */
  #drop(client: MqttClient, why: string): void {
    if (this.#up && performance.now() - this.#upSinceMs >= steadyMs) this.#failures = 0
    this.#up = false
    this.#client = null
    // Before the library fails them with a reason of its own.
    this.#failAll(why)
    client.end(true)
    if (this.#closed) return
    const { backoff = linkBackoff, chance = Math.random } = this.#options
    this.#retry = setTimeout(() => this.connect(), backoffMs(backoff, this.#failures++, chance()))
    this.#listener.down(why)
  }

  #failAll(why: string): void {
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    clearTimeout(this.#watch)
    for (const { reject } of waiters) reject(new Error(why))
  }

  publish(topic: string, payload: Uint8Array): Promise<void> {
    const client = this.#client
    if (!this.#up || client === null) return Promise.reject(new Error('link is down'))
    return new Promise((resolve, reject) => {
      const waiter: Waiter = { resolve, reject }
      this.#waiters.add(waiter)
      if (this.#waiters.size === 1) this.#watchEldest()
      client.publish(
        topic,
        Buffer.from(payload.buffer, payload.byteOffset, payload.length),
        { qos: 1 },
        (error) => {
          const [eldest] = this.#waiters
          if (!this.#waiters.delete(waiter)) return
          if (waiter === eldest) this.#watchEldest()
          if (error) reject(error)
          else resolve()
        },
      )
    })
  }

  /**
   * Answers come in the order of what was published [MQTT-4.6.0-2], so that one that stays away holds its place in the
   * window for as long as the connection stands, however well its pings are answered. A new one sends it again.
   */
  #watchEldest(): void {
    clearTimeout(this.#watch)
    if (this.#waiters.size === 0) return
    const afterMs = this.#options.unansweredMs ?? unansweredMs
    this.#watch = setTimeout(() => this.#giveUp(`no answer to a publish for ${afterMs / 1000} s`), afterMs)
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#retry)
    const client = this.#client
    this.#up = false
    this.#failAll('link closed')
    if (client === null) return
    // A polite DISCONNECT first; a peer that does not take it must not hold the shutdown up.
    await Promise.race([client.endAsync(false), new Promise((resolve) => setTimeout(resolve, 500).unref())])
    client.end(true)
  }
}

function clientOptions(options: MqttOptions): IClientOptions {
  return {
    protocolVersion: 4,
    clientId: options.clientId,
    clean: true,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    keepalive: options.keepaliveS ?? 30,
    connectTimeout: options.connectTimeoutMs ?? 10_000,
    // The number cache costs 18 MB of memory on a small terminal.
    writeCache: false,
    ...options.tls,
  }
}
