import type { States } from '../../proto/detector.ts'
import type { Ack, Envelope, EnvelopeBody, Lane, Sample, StreamName } from '../../proto/model.ts'

/**
 * The durable queue of a terminal. Promises (reliability.md 4.0): what `append` returned is on the disk, synced,
 * together with the detector states that produced it; it leaves only by an acknowledgement that names it, or under
 * a durable gap record when the cap forces an eviction.
 */

/** What the terminal must find again after a power cut. Plain JSON. */
export type Checkpoint = {
  /** Event time of the last Sample that was folded into the states. */
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

/** An envelope waiting to be sent. */
export type Waiting = { readonly stream: StreamName; readonly seq: number; readonly bytes: Uint8Array }

/** What an envelope is sealed with, besides its place in the chain. */
export type Seal = { readonly policyDigest: string; readonly sealedAtMs: number }

export type OutboxStats = {
  readonly waiting: { readonly alarm: number; readonly telemetry: number }
  readonly bytes: number
  readonly evicted: number
  readonly pendingSamples: number
}

export type Outbox = {
  readonly epoch: number
  /** Counts starts of this outbox, from 1. */
  readonly bootCount: number
  /** True when the database was new (or unreadable and set aside): the terminal then reports `epoch-reset`. */
  readonly fresh: boolean

  /** The last checkpoint and the Samples taken after it, to be folded again. */
  readonly restore: () => { readonly checkpoint: Checkpoint | null; readonly samples: readonly Sample[] }

  /**
   * Seals the bodies, in order, each in its stream with the next seq, and stores them with the checkpoint in ONE
   * transaction; returns after the sync. A `started` finding gets its own envelope's key as finding id: bodies of
   * one call may refer to each other's episodes through `openFindings`, which the outbox keeps up to date in the
   * stored checkpoint and returns.
   */
  readonly append: (
    bodies: readonly EnvelopeBody[],
    checkpoint: Checkpoint,
    seal: Seal,
  ) => { readonly sealed: readonly Sealed[]; readonly openFindings: Checkpoint['openFindings'] }

  /** Adds Samples to the pending ones; they are synced within a second. */
  readonly pend: (samples: readonly Sample[]) => void

  /**
   * Moves the pending Samples that are telemetry (`thin`, `quantise`) into one columnar envelope, stores the
   * checkpoint and forgets the pending ones, in ONE transaction. Null when there was nothing to seal.
   */
  readonly sealPending: (checkpoint: Checkpoint, seal: Seal) => Sealed | null

  /** The oldest waiting envelopes of a stream with seq above `after`, at most `limit`. */
  readonly take: (stream: StreamName, after: number, limit: number) => readonly Waiting[]
  /** The newest waiting telemetry envelopes, newest last, at most `limit`: what travels before the backfill. */
  readonly newest: (limit: number) => readonly Waiting[]

  /** Deletes exactly what the gateway names as journaled; returns how many rows went. An ack of another epoch deletes nothing. */
  readonly acknowledge: (ack: Ack) => number
  /** Deletes one envelope that a plain broker acknowledged (`gateway.ack: "puback"`). */
  readonly acknowledgeOne: (stream: StreamName, seq: number) => void
  /** Sets an envelope aside after three nacks: out of the queue, kept for a person to look at. */
  readonly deadLetter: (stream: StreamName, seq: number, reason: string) => void

  readonly stats: () => OutboxStats
  readonly close: () => void
}

export type LaneOf = (waiting: Waiting) => Lane
