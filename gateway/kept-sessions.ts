import { Readable } from 'node:stream'
import type { Refused } from './refused.ts'

/**
 * Sessions that are kept while whoever made them is away: their filters and what waits for them. The broker keeps
 * all of them for ever; here they end, are so many, and hold so much. Whoever lost one catches up by cursor.
 */

/** A session is kept so long after its connection went. */
export const keptMs = 24 * 3_600_000
/** Messages kept for one that is away; beyond them `GET /alerts` catches up. */
export const offlineMax = 1000

export type KeptLimits = {
  /** Sessions of one account that are away. On loopback, where nobody has a name, of all together. */
  readonly perOwner: number
  readonly all: number
}

/** What of the broker's store this takes over. */
export type Store = {
  cleanSubscriptions: (client: { id: string }) => Promise<unknown>
  outgoingEnqueue: (sub: { clientId: string }, packet: object) => Promise<void>
  outgoingEnqueueCombi: (subs: { clientId: string }[], packet: object) => Promise<void>
  outgoingUpdate: (client: { id: string }, packet: Waiting) => Promise<void>
  outgoingClearMessageId: (client: { id: string }, packet: Waiting) => Promise<Waiting | undefined>
  outgoingStream: (client: { id: string }) => Readable
}
/** A message for one session, as the broker numbers it. */
type Waiting = { brokerId?: string; brokerCounter?: number; messageId?: number | undefined }

/** A connection, as far as this looks at it. */
type Holder = { readonly id: string; readonly clean: boolean; readonly closed: boolean }

type Here = { readonly owner: string; readonly holder: Holder }
type Away = { readonly owner: string; readonly leftAtMs: number }

export type KeptDeps = {
  readonly limits: KeptLimits
  readonly monoMs: () => number
  readonly refused: Refused
}

export class KeptSessions {
  readonly #store: Store
  readonly #deps: KeptDeps
  readonly #queues = new Map<string, Waiting[]>()
  readonly #here = new Map<string, Here>()
  /** In the order in which they went, all together and by owner. */
  readonly #away = new Map<string, Away>()
  readonly #awayOf = new Map<string, Set<string>>()

  constructor(store: Store, deps: KeptDeps) {
    this.#store = store
    this.#deps = deps
    const clean = store.cleanSubscriptions.bind(store)
    Object.assign(store, {
      cleanSubscriptions: (client: { id: string }) => {
        this.#queues.delete(client.id)
        this.#here.delete(client.id)
        this.#isBack(client.id)
        return clean(client)
      },
      outgoingEnqueue: async ({ clientId }, packet) => this.#enqueue([clientId], packet),
      outgoingEnqueueCombi: async (subs, packet) =>
        this.#enqueue(
          subs.map(({ clientId }) => clientId),
          packet,
        ),
      outgoingUpdate: async ({ id }, packet) => this.#number(id, packet),
      outgoingClearMessageId: async ({ id }, packet) => this.#clear(id, packet),
      outgoingStream: ({ id }) => Readable.from([...(this.#queues.get(id) ?? [])]),
    } satisfies Partial<Store>)
  }

  /** Asked before the broker looks for what it keeps for this id. */
  came(client: Holder, owner: string): void {
    const { id, clean } = client
    const before = this.#away.get(id)
    if (clean || (before !== undefined && this.#isOver(before))) this.#forget(id)
    if (clean) return
    this.#isBack(id)
    this.#here.set(id, { owner, holder: client })
  }

  /** The session of whoever was taken over is held by who took it. */
  left(client: Holder): void {
    const here = this.#here.get(client.id)
    if (here === undefined || here.holder !== client) return
    const { owner } = here
    this.#here.delete(client.id)
    this.#away.set(client.id, { owner, leftAtMs: this.#deps.monoMs() })
    const own = this.#awayOf.get(owner) ?? new Set()
    this.#awayOf.set(owner, own.add(client.id))
    const { perOwner, all } = this.#deps.limits
    if (own.size > perOwner) this.#evict(own.keys())
    else if (this.#away.size > all) this.#evict(this.#away.keys())
  }

  /** What is over goes; who went while being let in was never said to have left. */
  sweep(): void {
    for (const { holder } of [...this.#here.values()]) if (holder.closed) this.left(holder)
    for (const [id, away] of [...this.#away]) if (this.#isOver(away)) this.#forget(id)
  }

  /** Sessions that are kept for somebody who is away. */
  away(): number {
    return this.#away.size
  }

  /** Messages of the session for which most wait. */
  longest(): number {
    return [...this.#queues.values()].reduce((most, { length }) => Math.max(most, length), 0)
  }

  #isOver({ leftAtMs }: Away): boolean {
    return leftAtMs + keptMs <= this.#deps.monoMs()
  }

  #isBack(id: string): void {
    const away = this.#away.get(id)
    if (away === undefined) return
    this.#away.delete(id)
    const own = this.#awayOf.get(away.owner)
    own?.delete(id)
    if (own?.size === 0) this.#awayOf.delete(away.owner)
  }

  /** The one that went first. */
  #evict(ids: Iterator<string>): void {
    const { value } = ids.next()
    if (value === undefined) return
    this.#deps.refused('session-forgotten')
    this.#forget(value as string)
  }

  #forget(id: string): void {
    void this.#store.cleanSubscriptions({ id }).catch(() => {})
  }

  #enqueue(ids: readonly string[], packet: object): void {
    const room = ids.filter((id) => (this.#queues.get(id)?.length ?? 0) < offlineMax)
    if (room.length < ids.length) this.#deps.refused('offline-queue-full', ids.length - room.length)
    for (const id of room) {
      const queue = this.#queues.get(id)
      const own = Object.assign(Object.create(Object.getPrototypeOf(packet) as object) as Waiting, packet)
      if (queue === undefined) this.#queues.set(id, [own])
      else queue.push(own)
    }
  }

  /** A message that goes out has a number from now on; one that has it already goes into its next stage. */
  #number(id: string, packet: Waiting): void {
    const queue = this.#queues.get(id) ?? []
    for (const [index, one] of queue.entries()) {
      if (one.brokerId === packet.brokerId) {
        if (one.brokerCounter !== packet.brokerCounter) continue
        one.messageId = packet.messageId
        return
      }
      if (one.messageId === packet.messageId) {
        queue[index] = packet
        return
      }
    }
    throw new Error('no such packet')
  }

  #clear(id: string, { messageId }: Waiting): Waiting | undefined {
    const queue = this.#queues.get(id)
    const index = queue?.findIndex((one) => one.messageId === messageId) ?? -1
    if (queue === undefined || index < 0) return undefined
    const [cleared] = queue.splice(index, 1)
    if (queue.length === 0) this.#queues.delete(id)
    return cleared
  }
}
