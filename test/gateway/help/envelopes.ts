import type { JournalEnvelope } from '../../../gateway/journal.ts'
import { sha256 } from '../../../proto/canonical.ts'
import { encodeEnvelope } from '../../../proto/codec.ts'
import type { Envelope, EnvelopeBody, Finding, Sample } from '../../../proto/model.ts'

/** Envelopes as terminals seal them. Without vitest, so that processes of tests can use it too. */

export type Place = { fleet?: string; vehicle?: string; epoch?: number }

export function envelopeOf(
  seq: number,
  body: EnvelopeBody,
  { fleet = 'f1', vehicle = 'v1', epoch = 7 }: Place = {},
): Envelope {
  return {
    fleet,
    vehicle,
    epoch,
    stream: body.is === 'telemetry' || body.is === 'gap' ? 'telemetry' : 'alarm',
    seq,
    prevHash: new Uint8Array(32),
    bootCount: 1,
    policyDigest: '0'.repeat(64),
    sealedAtMs: body.is === 'telemetry' ? body.samples.at(-1)!.atMs : startMs,
    body,
  }
}

/** An instant in the past of every machine that runs this. */
export const startMs = Date.parse('2025-11-22T17:50:00.000Z')

export function telemetry(seq: number, samples: readonly Sample[], place: Place = {}): Envelope {
  return envelopeOf(seq, { is: 'telemetry', samples }, place)
}

export function alarm(
  seq: number,
  finding: Partial<Finding>,
  findingId: string | null,
  place: Place = {},
): Envelope {
  const whole: Finding = {
    kind: 'speeding',
    reason: null,
    phase: 'started',
    subject: place.vehicle ?? 'v1',
    severity: 'major',
    grade: 'sufficient',
    atMs: startMs,
    decidedAtMs: startMs + 10_000,
    place: { lat: 30.25, lon: 120.16 },
    driver: 'd-1',
    trip: null,
    rule: { id: 'speeding', version: 1 },
    evidence: { limitKmh: 80, limitSetBy: 'vehicleClass', peakKmh: 95 },
    ...finding,
  }
  return envelopeOf(seq, { is: 'finding', finding: whole, findingId }, place)
}

export function rowOf(envelope: Envelope, receivedAtMs = startMs): JournalEnvelope {
  const bytes = encodeEnvelope(envelope)
  return { envelope, bytes, hash: sha256(bytes), receivedAtMs }
}
