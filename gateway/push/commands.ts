import { sha256Hex } from '../../proto/canonical.ts'
import { signedText } from '../../proto/signed-document.ts'
import type { Peer } from '../broker.ts'
import { sendDocument } from './send.ts'
import type { Order, WaitingStore } from './waiting.ts'

/**
 * Words of officers to a cab: a signed `command` document. Words to a terminal that is away wait for it, over a restart
 * too, but not long: what was right to say ten minutes ago may be wrong to say now.
 */
export type Commands = {
  readonly listens: (peer: Peer) => void
  readonly say: (fleet: string, vehicle: string, words: string) => Said
  /** Cabs that are away and for which words wait: the newest for each. */
  readonly waiting: () => number
}

/** `sent`: it was handed to the connection; the terminal's own word (`spoken`) is the receipt. */
export type Said = 'sent' | 'waiting'

export type CommandDeps = {
  readonly sign: (text: string) => Uint8Array
  /** Host time: versions grow with it. */
  readonly nowMs: () => number
  /** What waits, over a restart; absent: it is forgotten with the process. */
  readonly waiting?: WaitingStore
}

const waitMs = 10 * 60_000

const contentOf = (words: string): string => JSON.stringify({ say: words })

/** By which a terminal's `spoken` names the words. */
export const commandDigest = (words: string): string => sha256Hex(contentOf(words))

export function createCommands({ sign, nowMs, waiting: store }: CommandDeps): Commands {
  const peers = new Map<string, Peer>()
  const waiting = new Map(store?.load())
  let newest = Math.max(0, ...[...waiting.values()].map(({ version }) => version))
  const isStale = ({ atMs }: Order): boolean => nowMs() - atMs > waitMs
  const keep = (): void => {
    for (const [key, order] of waiting) if (isStale(order)) waiting.delete(key)
    store?.save(waiting)
  }

  const send = (peer: Peer, { version, words }: Order): void => {
    const digest = commandDigest(words)
    const { fleet, vehicle } = peer
    const signature = sign(signedText({ fleet, vehicle, name: 'command', version, digest }))
    void sendDocument(peer, 'command', { version, digest, content: Buffer.from(contentOf(words)), signature })
  }
  return {
    waiting: () => [...waiting.values()].filter((order) => !isStale(order)).length,
    listens: (peer) => {
      const key = `${peer.fleet}/${peer.vehicle}`
      peers.set(key, peer)
      const order = waiting.get(key)
      if (order === undefined) return
      waiting.delete(key)
      if (!isStale(order)) send(peer, order)
      keep()
    },
    say: (fleet, vehicle, words) => {
      const key = `${fleet}/${vehicle}`
      newest = Math.max(Math.floor(nowMs()), newest + 1)
      const order = { atMs: nowMs(), version: newest, words }
      const peer = peers.get(key)
      if (peer !== undefined && !peer.closed()) {
        send(peer, order)
        return 'sent'
      }
      peers.delete(key)
      waiting.set(key, order)
      keep()
      return 'waiting'
    },
  }
}
