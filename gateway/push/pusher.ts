import type { PushedName } from '../../proto/model.ts'
import { signedText } from '../../proto/signed-document.ts'
import { pushedDocuments } from '../../proto/topics.ts'
import type { Peer } from '../broker.ts'
import type { DocumentStore, Wanted } from '../documents.ts'
import { reportedOf } from './book.ts'
import { type Books, nothingDigest } from './books.ts'
import type { Contents } from './contents.ts'
import { sendDocument } from './send.ts'

/**
 * Sends each terminal what is wanted of it: when it begins to listen, when something changed, and when its report
 * shows that it could not take what it was sent because of our numbering.
 */
export type Pusher = {
  readonly listens: (peer: Peer, name: PushedName) => void
  /** Something that is wanted may have changed, the time of day included. */
  readonly changed: () => void
  /** A terminal said what it has. */
  readonly reported: (fleet: string, vehicle: string) => void
  /** What is wanted of a vehicle, as it is or would be sent. */
  readonly wanted: (fleet: string, vehicle: string, name: PushedName) => Numbered | null
}

export type Numbered = { readonly version: number; readonly digest: string }

export type PusherDeps = {
  readonly store: Pick<DocumentStore, 'wanted'>
  readonly contents: Contents
  readonly books: Books
  readonly sign: (text: string) => Uint8Array
  /** Host time: versions are numbered by it, so that they grow also when everything here was lost. */
  readonly nowMs: () => number
  readonly count: (name: PushedName) => void
}

/** One document for a thousand terminals is turned into bytes once. */
const bytes = new WeakMap<Wanted, Uint8Array>()

function bytesOf(document: Wanted): Uint8Array {
  let content = bytes.get(document)
  if (content === undefined) bytes.set(document, (content = Buffer.from(document.text)))
  return content
}

type Listener = { readonly peer: Peer; readonly name: PushedName; sent: string | null }

/** So many documents travel at once; the others wait their turn. */
const atOnceMax = 32
const nothing: Wanted = { value: null, text: 'null', digest: nothingDigest }

export function createPusher(deps: PusherDeps): Pusher {
  const listeners = new Map<string, Listener>()
  const numbers = new Map<string, { readonly digest: string; readonly version: number }>()
  const queue: (() => Promise<void>)[] = []
  let running = 0

  /** What is wanted; where nothing is any more, what was pushed is taken back. */
  const wantedOf = (fleet: string, vehicle: string, name: PushedName): Wanted | null => {
    const wanted = deps.store.wanted(fleet, vehicle, name)
    if (wanted !== null) return wanted
    const held = reportedOf(deps.books.of(fleet, vehicle), name)?.digest ?? nothingDigest
    return held === nothingDigest ? null : nothing
  }
  /** One content keeps its number for as long as the terminal has it, also over a restart of this gateway. */
  const versionOf = (fleet: string, vehicle: string, name: PushedName, digest: string): number => {
    const key = `${fleet}/${vehicle}/${name}`
    const held = reportedOf(deps.books.of(fleet, vehicle), name)
    if (held?.digest === digest) return held.version
    const known = numbers.get(key)
    const above = held?.version ?? 0
    if (known?.digest === digest && known.version > above) return known.version
    const version = Math.max(Math.floor(deps.nowMs()), above + 1, (known?.version ?? 0) + 1)
    numbers.set(key, { digest, version })
    return version
  }
  const numbered = (fleet: string, vehicle: string, name: PushedName) => {
    const document = wantedOf(fleet, vehicle, name)
    if (document === null) return null
    const { digest } = document
    return { document, digest, version: versionOf(fleet, vehicle, name, digest) }
  }
  const next = (): void => {
    const send = running < atOnceMax ? queue.shift() : undefined
    if (send === undefined) return
    running++
    void send().finally(() => {
      running--
      next()
    })
  }
  const send = (listener: Listener): void => {
    const { peer, name } = listener
    const { fleet, vehicle } = peer
    const wanted = numbered(fleet, vehicle, name)
    if (wanted === null) return
    const { version, digest, document } = wanted
    if (listener.sent === `${version}/${digest}`) return
    listener.sent = `${version}/${digest}`
    if (name === 'policy' || name === 'areas') deps.contents.put(digest, document.text)
    const signature = deps.sign(signedText({ fleet, vehicle, name, version, digest }))
    deps.count(name)
    queue.push(() => sendDocument(peer, name, { version, digest, content: bytesOf(document), signature }))
    next()
  }
  const again = (key: string): void => {
    const listener = listeners.get(key)
    if (listener?.peer.closed() === true) listeners.delete(key)
    else if (listener !== undefined) send(listener)
  }
  return {
    listens: (peer, name) => {
      const listener = { peer, name, sent: null }
      listeners.set(`${peer.fleet}/${peer.vehicle}/${name}`, listener)
      send(listener)
    },
    changed: () => {
      for (const key of [...listeners.keys()]) again(key)
    },
    reported: (fleet, vehicle) => {
      for (const name of pushedDocuments) again(`${fleet}/${vehicle}/${name}`)
    },
    wanted: numbered,
  }
}
