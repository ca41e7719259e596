import type { Duplex } from 'node:stream'
import type { Comings } from './identity/abuse.ts'
import type { Identity } from './identity/identity.ts'
import type { Refused, RefusedReason } from './refused.ts'

/** Who came, who may stay, who comes too often: the same for both brokers. */

/** What both doors ask about whoever comes. */
export type DoorHandlers = {
  readonly refused: Refused
  readonly comings: Comings
  readonly mayStay: (identity: Identity) => boolean
  /** Host time. */
  readonly monoMs: () => number
  /** Two keep taking one client id from each other: a copied key or a copied configuration. */
  readonly cloned: (clientId: string) => void
}

/** A client of a broker, as far as a door looks at it. */
type Guest = {
  readonly id: string
  readonly closed: boolean
  readonly conn: object & { readonly destroy: () => unknown }
  readonly close: () => void
}

/** By account as well: the ids of officer `a` begin with `a.`, and so may the name of another one. */
const keyOf = ({ id }: Guest, identity: Identity): string =>
  identity.is === 'officer' ? `${identity.name} ${id}` : id

type Refusal = Error & { returnCode: never }

export class Door {
  readonly #handlers: DoorHandlers
  readonly #identities = new WeakMap<object, Identity>()
  readonly #live = new Map<Guest, Identity>()

  constructor(handlers: DoorHandlers) {
    this.#handlers = handlers
  }

  readonly refused = (reason: RefusedReason): void => this.#handlers.refused(reason)

  came(stream: Duplex, identity: Identity): void {
    this.#identities.set(stream, identity)
  }

  identity(client: Guest): Identity {
    return this.#identities.get(client.conn) ?? { is: 'unnamed', address: '' }
  }

  refuse(reason: RefusedReason, returnCode: number): Refusal {
    this.refused(reason)
    return Object.assign(new Error(reason), { returnCode: returnCode as never })
  }

  /** Null: welcome. Looked at last, when it is certain who it is, so that nobody gets another banned. */
  admit(client: Guest, identity: Identity, before: Guest | undefined): Refusal | null {
    const { comings, mayStay, cloned } = this.#handlers
    const who = keyOf(client, identity)
    if (!mayStay(identity)) return this.refuse('revoked', 5)
    if (comings.isBanned(who)) return this.refuse('banned', 3)
    if (before !== undefined && !before.closed && comings.takenOver(who)) {
      cloned(client.id)
      before.close()
      return this.refuse('taken-over-too-often', 3)
    }
    this.#live.set(client, identity)
    return null
  }

  left(client: Guest): void {
    const identity = this.#live.get(client)
    if (identity === undefined) return
    this.#live.delete(client)
    if (this.#handlers.comings.left(keyOf(client, identity))) this.refused('flapping')
  }

  /** A client that went while it was being let in is never said to have left. */
  sweep(): void {
    for (const client of this.#live.keys()) if (client.closed) this.#live.delete(client)
  }

  /** The client ids of those it ended. */
  endUnless(mayStay: (identity: Identity) => boolean): string[] {
    const ended: string[] = []
    for (const [client, identity] of this.#live) {
      if (mayStay(identity)) continue
      ended.push(client.id)
      this.#live.delete(client)
      client.close()
      client.conn.destroy()
    }
    return ended
  }
}
