import type { States } from '../../proto/detector.ts'
import type { Ack, Envelope, EnvelopeBody, Outlook, Sample, StreamName } from '../../proto/model.ts'
import type { Signer } from '../../proto/signature.ts'
import type { Evicted } from './evict.ts'
import type { Room } from './room.ts'

/**
 * The durable queue of a terminal. Promises (reliability.md 4.0): what `append` returned is on the disk, synced,
 * together with the detector states that produced it; it leaves only by an acknowledgement that names it, or under
 * a durable gap record when the cap forces an eviction.
 */

/** What the terminal must find again after a power cut. Plain JSON. */
export type Checkpoint = {
  /** Event time of the last Sample with a trusted time that was folded into the states; 0 before the first. */
  readonly atMs: number
  readonly states: States
  /** Ids of the findings whose episodes are open, by episode key, so that later phases carry them. */
  readonly openFindings: { readonly [episode: string]: string }
  /** State of signals and time quality that must survive (odometer, last driver, last trusted time). */
  readonly signals: unknown
}

export type Sealed = {
  readonly stream: StreamName
  readonly seq: number
  /** The envelope's bytes: sent and re-sent as they are. */
  readonly bytes: Uint8Array
  readonly envelope: Envelope
}

export type WaitingKey = { readonly stream: StreamName; readonly seq: number }
/** An envelope waiting to be sent. */
export type Waiting = WaitingKey & { readonly bytes: Uint8Array }

/** What an envelope is sealed with, besides its place in the chain. */
export type Seal = {
  readonly policyDigest: string
  readonly sealedAtMs: number
  /** How things stand for the driver: travels with the last telemetry that is sealed. Absent: nobody looked. */
  readonly outlook?: Outlook | undefined
  /** Bodies that were never sealed, because the disk refused for too long: counted with what is sealed now. */
  readonly refused?: { readonly low: number; readonly alarm: number } | undefined
}

export type OutboxStats = {
  readonly waiting: { readonly alarm: number; readonly telemetry: number }
  readonly bytes: number
  /** What may be held now: the configuration's cap, or less where the disk has not the room. */
  readonly bytesMax: number
  /** Envelopes evicted since this outbox was made. */
  readonly evicted: number
  /** The same by class and reason, and what else is gone for want of room. */
  readonly evictedBy: readonly Evicted[]
  readonly pendingSamples: number
  readonly deadLetters: number
  /** What went above a bound since the start: Samples that the disk refused for long, the oldest dead letters. */
  readonly dropped: { readonly samples: number; readonly deadLetters: number }
  /** False while all of it is in memory only: the disk has not taken it yet. */
  readonly onDisk: boolean
}

/** Why this outbox began anew although there was one before: the terminal then reports `epoch-reset`. */
export type Reset = {
  readonly reason: 'missing' | 'damaged' | 'other-vehicle'
  /** Epoch of the one before; null when nobody knows it any more. */
  readonly previousEpoch: number | null
  /** Name of the file that was set aside; null when there was none. */
  readonly setAside: string | null
}

export type Outbox = {
  readonly epoch: number
  /** Counts starts of this outbox, from 1. */
  readonly bootCount: number
  /** Null when the outbox is the one of the last start, or the very first of this terminal. */
  readonly reset: Reset | null

  /** The last checkpoint and the Samples pended after it, to be folded again. */
  readonly restore: () => { readonly checkpoint: Checkpoint | null; readonly samples: readonly Sample[] }

  /**
   * Seals the bodies, in order, each in its stream with the next seq, and stores them with the checkpoint in ONE
   * transaction; returns after the sync. Samples pended so far are stored with them and count as folded. Every
   * finding gets the id of its episode: a `started` one opens it under its own envelope's key, an `ended` one
   * closes it. The ids of the episodes that stay open are stored with the checkpoint and returned.
   */
  readonly append: (bodies: readonly EnvelopeBody[], checkpoint: Checkpoint, seal: Seal) => Appended

  /** Collects Samples; they are durable after the next `sync`, `append` or `sealPending`. */
  readonly pend: (samples: readonly Sample[]) => void
  /** Makes collected Samples durable. The terminal calls it at least once a second. */
  readonly sync: () => void

  /**
   * Moves the pending Samples that are telemetry (`thin`, `quantise`) into columnar envelopes, nearly always one,
   * stores the checkpoint and forgets the pending ones, in ONE transaction. Empty when there was nothing to seal.
   */
  readonly sealPending: (checkpoint: Checkpoint, seal: Seal) => readonly Sealed[]

  /** The oldest waiting envelopes of a stream with seq above `after`, at most `limit`. */
  readonly take: (stream: StreamName, after: number, limit: number) => readonly Waiting[]
  /** The last seq given out in a stream, waiting or not; 0 before the first. */
  readonly lastSeq: (stream: StreamName) => number

  /** Deletes exactly what the gateway names as journaled; returns how many rows went. An ack of another epoch deletes nothing. */
  readonly acknowledge: (ack: Ack) => number
  /** Deletes the envelopes that a plain broker acknowledged (`gateway.ack: "puback"`). */
  readonly acknowledgeEach: (keys: readonly WaitingKey[]) => void
  /** Sets an envelope aside after three nacks: out of the queue, kept for a person to look at. */
  readonly deadLetter: (key: WaitingKey, reason: string) => void

  readonly stats: () => OutboxStats
  readonly close: () => void
}

export type Appended = {
  readonly sealed: readonly Sealed[]
  readonly openFindings: Checkpoint['openFindings']
}

/**
 * Told of every sealed envelope, before the commit and after it: the independent log that the checker of lost and
 * invented envelopes compares with the gateway's journal.
 */
export type Witness = {
  readonly intended: (sealed: readonly Sealed[]) => void
  readonly durable: (sealed: readonly Sealed[]) => void
}

export type OutboxOptions = {
  readonly fleet: string
  readonly vehicle: string
  /** Payload bytes kept at most; what goes first is said in evict.ts. */
  readonly bytesMax: number
  readonly witness?: Witness | undefined
  /** Signs alarms and segments of telemetry; absent: nothing is signed. */
  readonly signer?: Signer | undefined
  /** How full the disk is; absent: nobody looks. */
  readonly room?: Room | undefined
}
