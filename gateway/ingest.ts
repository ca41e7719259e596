import { sha256 } from '../proto/canonical.ts'
import { type Decoded, decodeEnvelope, envelopeBytesMax, peekEnvelope } from '../proto/codec.ts'
import type { Envelope, Lane, Nack } from '../proto/model.ts'
import type { Acks } from './acks.ts'
import type { Peer } from './broker.ts'
import type { Job } from './clerk.ts'
import { type Arrivals, createArrivals } from './commit.ts'
import { futureMs, newestClaim } from './dates.ts'
import { failPoint } from './fail-point.ts'
import { hasSeq } from './journal/ranges.ts'
import type { Journal, Quarantined } from './journal.ts'
import type { Refused } from './refused.ts'

/** From the bytes of a publish to a job for the next group. `done` is the PUBACK: it comes after the commit. */
export type Ingest = (peer: Peer, lane: Lane, payload: Uint8Array, done: (error?: Error) => void) => void

export type IngestDeps = {
  readonly add: (lane: Lane, job: Job) => void
  readonly acks: Acks
  readonly journal: Pick<Journal, 'state'>
  readonly world: { readonly nowMs: () => number; readonly slackMs: () => number }
  readonly refused: Refused
}

/** A stream with more holes is not a vehicle's outbox. */
const holesMax = 512

export function createIngest({ add, acks, journal, world, refused }: IngestDeps): Ingest {
  const arrivals = new WeakMap<Peer, Arrivals>()
  const inOrder = (peer: Peer, done: (error?: Error) => void): ((error?: Error) => void) => {
    let own = arrivals.get(peer)
    if (own === undefined) arrivals.set(peer, (own = createArrivals()))
    return own.take(done)
  }
  const tooManyHoles = (envelope: Envelope): boolean => {
    const state = journal.state(envelope)
    return state.ranges.length >= holesMax && !hasSeq(state, envelope.seq)
  }

  return (peer, lane, payload, done) => {
    const receivedAtMs = world.nowMs()
    const acknowledge = inOrder(peer, done)
    const decoded = decodeEnvelope(payload)
    const trouble = troubleOf(decoded, peer, lane, receivedAtMs + world.slackMs() + futureMs)
    const claim = decoded.ok ? decoded.value : peekEnvelope(payload.subarray(0, envelopeBytesMax))
    const settle = (nack: Nack | null): void => {
      if (claim !== null) acks.touch(peer, claim.epoch, nack)
      acknowledge()
    }
    if (trouble !== null) {
      const { fleet, vehicle } = peer
      const nack = claim === null ? null : { stream: claim.stream, seq: claim.seq, reason: trouble.kind }
      const item = { fleet, vehicle, ...trouble, bytes: payload.slice(), receivedAtMs }
      return add(lane, { is: 'quarantine', item, nack, settle })
    }
    if (!decoded.ok) return acknowledge()
    if (tooManyHoles(decoded.value)) {
      refused('too-many-holes')
      return acknowledge(new Error('a stream with too many holes'))
    }
    const bytes = payload.slice()
    failPoint('decoded')
    add(lane, {
      is: 'envelope',
      row: { envelope: decoded.value, bytes, hash: sha256(bytes), receivedAtMs },
      settle,
    })
  }
}

/** Why these bytes are set aside; null when they are not. */
function troubleOf(
  decoded: Decoded<Envelope>,
  peer: Peer,
  lane: Lane,
  latestMs: number,
): Pick<Quarantined, 'kind' | 'reason'> | null {
  if (!decoded.ok) return { kind: 'malformed', reason: decoded.reason }
  const envelope = decoded.value
  if (envelope.fleet !== peer.fleet || envelope.vehicle !== peer.vehicle)
    return { kind: 'foreign', reason: `an envelope of ${envelope.fleet}/${envelope.vehicle}` }
  if ((envelope.stream === 'alarm') !== (lane === 'alarm'))
    return { kind: 'malformed', reason: `stream ${envelope.stream} on lane ${lane}` }
  const newestMs = newestClaim(envelope)
  if (newestMs !== null && newestMs > latestMs)
    return { kind: 'future', reason: `dated ${newestMs - latestMs} ms too far ahead` }
  return null
}
