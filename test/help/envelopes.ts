import { sha256 } from '../../proto/canonical.ts'
import { decodeEnvelope } from '../../proto/codec.ts'
import type { Ack, Envelope, EnvelopeBody, Finding, Gap, StreamAck } from '../../proto/model.ts'
import { beijing } from './drive.ts'

/** Builders and checks for what an outbox seals. */

export const noon = beijing('2026-11-22 12:00:00')
export const seal = { policyDigest: 'ab'.repeat(32), sealedAtMs: noon }

export function speedingAt(atMs: number, phase: Finding['phase'], subject = 'coach-1'): Finding {
  return {
    kind: 'speeding',
    reason: null,
    phase,
    subject,
    severity: 'major',
    grade: 'sufficient',
    atMs,
    decidedAtMs: atMs,
    place: { lat: 30.5, lon: 114.3 },
    driver: 'A',
    trip: null,
    rule: { id: 'speeding', version: 1 },
    evidence: { limitKmh: 100, peakKmh: 112.4 },
  }
}

export function alarm(atMs: number, phase: Finding['phase'] = 'started', subject?: string): EnvelopeBody {
  return { is: 'finding', finding: speedingAt(atMs, phase, subject), findingId: null }
}

export const nothingAcked: StreamAck = { upto: 0, ranges: [] }

export function ackOf(epoch: number, streams: Partial<Ack['streams']>, more: Partial<Ack> = {}): Ack {
  return {
    epoch,
    streams: { alarm: nothingAcked, telemetry: nothingAcked, ...streams },
    nacks: [],
    rate: 0,
    ...more,
  }
}

export function opened(bytes: Uint8Array): Envelope {
  const decoded = decodeEnvelope(bytes)
  if (!decoded.ok) throw new Error(decoded.reason)
  return decoded.value
}

/**
 * Walks one stream from its beginning: every seq is an envelope whose prevHash is right, or lies in exactly one
 * gap record whose hashes close the chain on both sides. Returns the first thing that is wrong; null when nothing is.
 */
export function chainProblem(rows: readonly { bytes: Uint8Array }[], lastSeq: number): string | null {
  const envelopes = new Map(rows.map(({ bytes }) => [opened(bytes).seq, bytes]))
  const gaps = rows
    .map(({ bytes }) => opened(bytes).body)
    .flatMap((body) => (body.is === 'gap' ? [body.gap] : []))
  let previous: Uint8Array = new Uint8Array(32)
  for (let seq = 1; seq <= lastSeq; seq++) {
    const bytes = envelopes.get(seq)
    const covering = gaps.filter(({ firstSeq, lastSeq: last }) => seq >= firstSeq && seq <= last)
    if (covering.length > (bytes === undefined ? 1 : 0)) return `${seq} is covered ${covering.length} times`
    if (bytes !== undefined) {
      if (Buffer.compare(opened(bytes).prevHash, previous) !== 0) return `chain broken at ${seq}`
      previous = sha256(bytes)
      continue
    }
    const gap: Gap | undefined = covering[0]
    if (gap === undefined) return `${seq} is missing`
    if (gap.lastSeq - gap.firstSeq + 1 !== gap.count) return `gap at ${seq} miscounts`
    seq = gap.lastSeq
    previous = gap.lastHash
  }
  return null
}
