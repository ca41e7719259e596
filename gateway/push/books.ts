import { digestOf } from '../../proto/canonical.ts'
import type { Documents } from '../../proto/in-force.ts'
import type { Envelope } from '../../proto/model.ts'
import type { DocumentStore } from '../documents.ts'
import {
  type Book,
  type Era,
  erasOf,
  type JudgedName,
  judgedNames,
  newBook,
  withHolding,
  withReport,
} from './book.ts'
import type { Contents } from './contents.ts'

/**
 * By which documents each vehicle is judged. The terminal and the gateway judge by the same: what was changed here
 * decides about a vehicle from the Sample on at which its terminal put it in force, and about nothing before.
 */
export type Books = {
  /** A vehicle was heard; true when it is the first time. */
  readonly meet: (fleet: string, vehicle: string) => boolean
  /** A journaled report; true when it changed anything. */
  readonly take: (envelope: Envelope, receivedAtMs: number) => boolean
  readonly of: (fleet: string, vehicle: string) => Book | null
  readonly load: (fleet: string, vehicle: string, book: Book) => void
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  /** What is wanted changed: it holds from now on for terminals that never say what they have. Those vehicles. */
  readonly follow: (nowMs: number) => readonly { readonly fleet: string; readonly vehicle: string }[]
}

export type BooksDeps = {
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  readonly store: Pick<DocumentStore, 'wanted' | 'judged'>
  readonly contents: Contents
}

type Entry = {
  readonly fleet: string
  readonly vehicle: string
  book: Book
  /** What was made of the book and the documents wanted at that time. */
  made: { readonly book: Book; readonly wanted: Documents; readonly documents: Documents } | null
}

/** The digest of a document that takes back what was pushed. */
export const nothingDigest = digestOf(null)

export function createBooks(deps: BooksDeps): Books {
  const entries = new Map<string, Entry>()
  const entryOf = (fleet: string, vehicle: string): Entry | undefined => entries.get(`${fleet}/${vehicle}`)
  const put = (fleet: string, vehicle: string, book: Book): Entry => {
    const entry: Entry = { fleet, vehicle, book, made: null }
    entries.set(`${fleet}/${vehicle}`, entry)
    return entry
  }
  const met = (fleet: string, vehicle: string): Entry =>
    entryOf(fleet, vehicle) ?? put(fleet, vehicle, newBook(wantedDigests(deps, fleet, vehicle)))

  return {
    meet: (fleet, vehicle) => {
      if (entryOf(fleet, vehicle) !== undefined) return false
      met(fleet, vehicle)
      return true
    },
    take: (envelope, receivedAtMs) => {
      const entry = met(envelope.fleet, envelope.vehicle)
      const book = withReport(entry.book, envelope, receivedAtMs)
      const changed = book !== entry.book
      entry.book = book
      return changed
    },
    of: (fleet, vehicle) => entryOf(fleet, vehicle)?.book ?? null,
    load: (fleet, vehicle, book) => {
      put(fleet, vehicle, book)
    },
    documents: (fleet, vehicle) => {
      const wanted = deps.documents(fleet, vehicle)
      const entry = entryOf(fleet, vehicle)
      if (wanted === null || entry === undefined) return wanted
      if (entry.made?.book !== entry.book || entry.made.wanted !== wanted)
        entry.made = { book: entry.book, wanted, documents: composed(deps, entry, wanted) }
      return entry.made.documents
    },
    follow: (nowMs) => [...entries.values()].filter((entry) => followOne(deps, entry, nowMs)),
  }
}

/** Keeps what is wanted now, so that it can still be judged by when other things are wanted. */
function wantedDigests({ store, contents }: BooksDeps, fleet: string, vehicle: string): Book['base'] {
  const digest = (name: JudgedName): string | null => {
    const wanted = store.wanted(fleet, vehicle, name)
    if (wanted === null) return null
    contents.put(wanted.digest, wanted.text)
    return wanted.digest
  }
  return { policy: digest('policy'), areas: digest('areas') }
}

/** A terminal that never said what it has gets what is wanted, so it is judged by that. */
function followOne(deps: BooksDeps, entry: Entry, nowMs: number): boolean {
  if (entry.book.report !== null) return false
  const wanted = wantedDigests(deps, entry.fleet, entry.vehicle)
  const last = erasOf(entry.book).at(-1)!
  const before = entry.book
  for (const name of judgedNames) {
    const digest = wanted[name] ?? nothingDigest
    if (digest !== (last[name] ?? nothingDigest))
      entry.book = withHolding(entry.book, { name, digest, sinceMs: Math.round(nowMs) })
  }
  return entry.book !== before
}

/** The documents of each era over those of the one before it. */
function composed(deps: BooksDeps, entry: Entry, wanted: Documents): Documents {
  const eras = erasOf(entry.book)
  const now = wantedDigests(deps, entry.fleet, entry.vehicle)
  let documents: Documents | null = null
  for (const era of eras) {
    const own = ofEra(deps, entry, era, now, wanted)
    documents =
      documents === null || era.fromMs === null
        ? own
        : { ...own, since: { ms: era.fromMs, before: documents } }
  }
  return documents ?? wanted
}

function ofEra(
  { store, contents }: BooksDeps,
  { fleet, vehicle }: Entry,
  era: Era,
  now: Book['base'],
  wanted: Documents,
): Documents {
  const { areasSinceMs } = era
  const isWanted = judgedNames.every((name) => (era[name] ?? nothingDigest) === (now[name] ?? nothingDigest))
  if (isWanted) return areasSinceMs === null ? wanted : { ...wanted, areasSinceMs }
  const contentOf = (name: JudgedName): unknown => {
    const current = store.wanted(fleet, vehicle, name)
    const digest = era[name]
    if (digest === null || digest === nothingDigest) return null
    if (digest === current?.digest) return current.value
    const kept = contents.get(digest)
    // Another gateway's, or one that was lost here: nobody knows better than what is wanted now.
    return kept === undefined ? (current?.value ?? null) : kept
  }
  const judged = store.judged(fleet, vehicle, contentOf('policy'), contentOf('areas'))
  return judged === null ? wanted : { ...judged, areasSinceMs }
}

/** For a gateway that pushes nothing. */
export function withoutBooks(documents: BooksDeps['documents']): Books {
  return {
    meet: () => false,
    take: () => false,
    of: () => null,
    load: () => {},
    documents,
    follow: () => [],
  }
}
