import type { Documents } from '../../proto/in-force.ts'
import type { DocumentInForce, Envelope, PushedName } from '../../proto/model.ts'
import { isoUtc } from '../../proto/time.ts'
import { pushedDocuments } from '../../proto/topics.ts'
import type { Peer } from '../broker.ts'
import type { DocumentStore } from '../documents.ts'
import { type Book, reportedOf } from './book.ts'
import { type Books, createBooks, withoutBooks } from './books.ts'
import type { Contents } from './contents.ts'
import { createPusher, type Numbered, type Pusher } from './pusher.ts'
import type { WaitingStore } from './waiting.ts'

/** Everything about documents of terminals: what each is to have, what it says it has, by which it is judged. */
export type PushDeps = {
  readonly store: Pick<DocumentStore, 'wanted' | 'judged'>
  readonly contents: Contents
  readonly sign: (text: string) => Uint8Array
  /** Words that wait for cabs, over a restart; absent: they are forgotten with the process. */
  readonly waiting?: WaitingStore
}

export type PushOffice = {
  readonly books: Books
  readonly listens: (peer: Peer, name: PushedName) => void
  /** A report that is being journaled; true when it changed by what the vehicle is judged. */
  readonly reported: (envelope: Envelope, receivedAtMs: number) => boolean
  /** Reports are journaled: terminals that could not take what they were sent get it under another number. */
  readonly flush: () => void
  /** Files or the time of day changed. Vehicles that are judged by other documents from now on. */
  readonly changed: (nowMs: number) => readonly { readonly fleet: string; readonly vehicle: string }[]
  /** For `state/v1`. */
  readonly stateOf: (fleet: string, vehicle: string) => InForceState | null
}

export type InForceState = { readonly reportedAt: string | null } & {
  readonly [name in PushedName]: DocumentState
}

type DocumentState = {
  /** `own`: nothing was ever pushed, the terminal works by its configuration. `unknown`: it never said. */
  readonly state: 'asWanted' | 'waiting' | 'refused' | 'own' | 'unknown'
  readonly wanted: Numbered | null
  readonly inForce: (Numbered & { readonly since: string | null }) | null
  readonly refused: (Numbered & { readonly reason: string; readonly at: string }) | null
}

export type OfficeDeps = {
  readonly push: PushDeps | undefined
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  readonly hostMs: () => number
  readonly count: (name: PushedName) => void
}

export function createPushOffice({ push, documents, hostMs, count }: OfficeDeps): PushOffice {
  if (push === undefined) return withoutPushes(documents)
  const books = createBooks({ documents, ...push })
  const pusher = createPusher({ ...push, books, nowMs: hostMs, count })
  const told = new Map<string, { fleet: string; vehicle: string }>()
  return {
    books,
    listens: pusher.listens,
    reported: (envelope, receivedAtMs) => {
      const { fleet, vehicle } = envelope
      told.set(`${fleet}/${vehicle}`, { fleet, vehicle })
      return books.take(envelope, receivedAtMs)
    },
    flush: () => {
      for (const { fleet, vehicle } of told.values()) pusher.reported(fleet, vehicle)
      told.clear()
    },
    changed: (nowMs) => {
      pusher.changed()
      return books.follow(nowMs)
    },
    stateOf: (fleet, vehicle) => stateOf(pusher, books.of(fleet, vehicle), fleet, vehicle),
  }
}

function withoutPushes(documents: OfficeDeps['documents']): PushOffice {
  const books = withoutBooks(documents)
  const nothing = (): void => {}
  return {
    books,
    listens: nothing,
    reported: () => false,
    flush: nothing,
    changed: () => [],
    stateOf: () => null,
  }
}

function stateOf(pusher: Pusher, book: Book | null, fleet: string, vehicle: string): InForceState {
  const of = (name: PushedName): DocumentState => {
    const wanted = pusher.wanted(fleet, vehicle, name)
    return documentState(wanted, reportedOf(book, name))
  }
  const reportedAt = book?.report?.receivedAtMs ?? null
  const [policy, route, areas, trip] = pushedDocuments.map(of)
  return {
    reportedAt: reportedAt === null ? null : isoUtc(Math.round(reportedAt)),
    policy: policy!,
    route: route!,
    areas: areas!,
    trip: trip!,
  }
}

function documentState(wanted: Numbered | null, reported: DocumentInForce | null): DocumentState {
  const held = reported?.digest ?? null
  const refused = reported?.refused ?? null
  return {
    state: stateWord(wanted, reported),
    wanted: wanted === null ? null : { version: wanted.version, digest: wanted.digest },
    inForce:
      reported === null || held === null
        ? null
        : { version: reported.version, digest: held, since: iso(reported.sinceMs) },
    refused:
      refused === null
        ? null
        : {
            version: refused.version,
            digest: refused.digest,
            reason: refused.reason,
            at: isoUtc(refused.atMs),
          },
  }
}

const iso = (ms: number | null): string | null => (ms === null ? null : isoUtc(ms))

function stateWord(wanted: Numbered | null, reported: DocumentInForce | null): DocumentState['state'] {
  if (reported === null) return 'unknown'
  if (wanted === null) return reported.digest === null ? 'own' : 'asWanted'
  if (reported.digest === wanted.digest) return 'asWanted'
  return reported.refused?.digest === wanted.digest ? 'refused' : 'waiting'
}
