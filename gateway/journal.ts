import type { Alert, Envelope, EnvelopeKey, SeqRange, StreamName } from '../proto/model.ts'
import type { Unkept } from './journal/quarantine.ts'

/**
 * What the gateway has promised. `append` of a group is one transaction; when its promise resolves, everything in
 * the group survives a kill and the loss of every unsynced write. One file per receipt day behind it.
 */

export type JournalEnvelope = {
  readonly envelope: Envelope
  readonly bytes: Uint8Array
  /** SHA-256 of `bytes`. */
  readonly hash: Uint8Array
  readonly receivedAtMs: number
}

/** Bytes that are not an envelope, or one that contradicts what is journaled. Kept for a person, never alerted on. */
export type Quarantined = {
  readonly fleet: string
  readonly vehicle: string
  readonly reason: string
  /** `conflict`: same key, other hash. `future`: dated ahead of the clock. */
  readonly kind: 'malformed' | 'conflict' | 'future' | 'foreign'
  readonly bytes: Uint8Array
  readonly receivedAtMs: number
}

/** An envelope that does not continue what is journaled, or that is signed by another. All is kept; a person decides. */
export type ChainBreak = EnvelopeKey & {
  readonly why: string
  /** What the envelope says, or the one after it says, about the one before. */
  readonly saidHash: Uint8Array
  /** What is journaled. */
  readonly journaledHash: Uint8Array
}

/** Two machines speak for one vehicle. Kept beside the gaps, because neither of them can be believed. */
export type SuspectedClone = {
  readonly fleet: string
  readonly vehicle: string
  /** Of the outbox that spoke last; 0 when none was heard yet. */
  readonly epoch: number
  readonly why: string
}

/** One line of the gap ledger: something that will never come, or that cannot be believed. */
export type GapEntry = Omit<EnvelopeKey, 'seq'> & {
  readonly cursor: number
  /**
   * `evicted`: the terminal says so. `given-up`: the gateway waited long enough. `chain-break`: see `ChainBreak`.
   * `clone-suspected`: two speak for one vehicle; it names no envelope, so seqs and count are 0.
   */
  readonly is: 'evicted' | 'given-up' | 'chain-break' | 'clone-suspected'
  readonly firstSeq: number
  readonly lastSeq: number
  readonly count: number
  readonly class: string | null
  readonly reason: string
  readonly from: string | null
  readonly to: string | null
  readonly firstHash: string | null
  readonly lastHash: string | null
  readonly recordedAt: string
}

/** The public key with which a terminal signs; the first one that is seen is believed. */
export type TerminalKey = { readonly fleet: string; readonly vehicle: string; readonly key: Uint8Array }

export type JournalGroup = {
  readonly envelopes: readonly JournalEnvelope[]
  readonly quarantined: readonly Quarantined[]
  /** Alert revisions that the group caused; stored and queued for publishing in the same transaction. Without cursor. */
  readonly alerts: readonly Omit<Alert, 'cursor'>[]
  /** Snapshots of settled rule state, by vehicle, when one is due. Plain JSON. */
  readonly snapshots: readonly { readonly fleet: string; readonly vehicle: string; readonly state: unknown }[]
  /** Holes given up by the gateway (older than it waits): counted as journaled from now on. */
  readonly closed: readonly ClosedHole[]
  readonly breaks?: readonly ChainBreak[]
  readonly clones?: readonly SuspectedClone[]
  /** Keys of terminals that were seen for the first time. */
  readonly keys?: readonly TerminalKey[]
}

export type StreamKey = Omit<EnvelopeKey, 'seq'>
export type ClosedHole = StreamKey & SeqRange

export const emptyGroup: JournalGroup = {
  envelopes: [],
  quarantined: [],
  alerts: [],
  snapshots: [],
  closed: [],
}

export type StreamState = { readonly upto: number; readonly ranges: readonly SeqRange[] }

/** What is journaled of one vehicle's outbox. */
export type Watermark = {
  readonly fleet: string
  readonly vehicle: string
  readonly epoch: number
  readonly stream: StreamName
  readonly state: StreamState
}

export type Journal = {
  /** Stores a group; resolves with the alerts, cursors given. Rejects only when nothing of it was stored. */
  readonly append: (group: JournalGroup) => Promise<readonly Alert[]>
  /** Hash of what is journaled under a key; null when nothing is. */
  readonly hashOf: (key: EnvelopeKey) => Uint8Array | null
  /** Hash of the one before, as the envelope under a key says it; null when there is none. */
  readonly prevHashOf: (key: EnvelopeKey) => Uint8Array | null
  /** Since it was opened: what was to be set aside and found no room there. */
  readonly unkept: () => Unkept
  /** What is journaled of one stream, gaps that a record covers included. */
  readonly state: (key: StreamKey) => StreamState
  /** Every stream, in the order of first receipt. */
  readonly watermarks: () => readonly Watermark[]
  /** Envelopes of one stream from a seq on, in seq order, at most `limit`. */
  readonly read: (key: StreamKey, fromSeq: number, limit: number) => Promise<readonly JournalEnvelope[]>
  /** The last snapshot of a vehicle; null when there is none. */
  readonly snapshot: (fleet: string, vehicle: string) => unknown
  /** The last revision of an alert; null when there is none. */
  readonly alert: (id: string) => Alert | null
  /** One revision of an alert; null when there is none. */
  readonly revision: (id: string, revision: number) => Alert | null
  /** The last revision of each alert that has not ended, of the last days. */
  readonly openAlerts: () => readonly Alert[]
  /** Alert revisions above a cursor, oldest first. */
  readonly alertsAfter: (cursor: number, limit: number, fleet: string | null) => Promise<readonly Alert[]>
  /** Of the newest alert revision there is; 0: there is none. */
  readonly lastAlertCursor: () => number
  /** The keys a terminal has signed with, the first one first. */
  readonly keysOf: (fleet: string, vehicle: string) => readonly Uint8Array[]
  /** The gap ledger above a cursor, oldest first. */
  readonly gapsAfter: (cursor: number, limit: number, fleet: string | null) => Promise<readonly GapEntry[]>
  /** Alert revisions not yet marked as published, oldest first. */
  readonly unpublished: (limit: number) => readonly Alert[]
  readonly markPublished: (upToCursor: number) => void
  readonly close: () => Promise<void>
}
