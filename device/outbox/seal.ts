import { sha256 } from '../../proto/canonical.ts'
import { encodeEnvelope, envelopeBytesMax } from '../../proto/codec.ts'
import { episodeKey, keyText } from '../../proto/ids.ts'
import type { Envelope, EnvelopeBody, Finding, StreamName } from '../../proto/model.ts'
import { type Signer, signedExtra, withSignature } from '../../proto/signature.ts'
import type { Checkpoint, Seal, Sealed } from './outbox.ts'

/** Sealing: a place in the chain, an id for the episode, bytes that never change again. Pure. */

export type Link = { readonly nextSeq: number; readonly lastHash: Uint8Array }
export type Chain = { readonly [stream in StreamName]: Link }
export type Sealer = {
  readonly fleet: string
  readonly vehicle: string
  readonly epoch: number
  readonly bootCount: number
  /** Absent: nothing is signed. */
  readonly signer?: Signer | undefined
}
/** A sealed envelope as it is stored. */
export type Row = Sealed & { readonly hash: Uint8Array }
export type SealResult = {
  readonly rows: readonly Row[]
  readonly chain: Chain
  readonly openFindings: Checkpoint['openFindings']
}

export const emptyChain: Chain = {
  alarm: { nextSeq: 1, lastHash: new Uint8Array(32) },
  telemetry: { nextSeq: 1, lastHash: new Uint8Array(32) },
}

/** Gaps name their stream themselves: they stand in the chain of what they cover. */
export type Body = { readonly stream: StreamName; readonly body: EnvelopeBody }

export function inOwnStream(body: EnvelopeBody): Body {
  return { stream: body.is === 'telemetry' ? 'telemetry' : 'alarm', body }
}

export function sealBodies(
  sealer: Sealer,
  chain: Chain,
  bodies: readonly Body[],
  open: Checkpoint['openFindings'],
  seal: Seal,
): SealResult {
  const heads = { ...chain }
  const rows: Row[] = []
  let openFindings = open
  for (const { stream, body } of bodies) {
    const seq = heads[stream].nextSeq
    const key = { fleet: sealer.fleet, vehicle: sealer.vehicle, epoch: sealer.epoch, stream, seq }
    const named = nameEpisode(body, keyText(key), openFindings)
    openFindings = named.openFindings
    const envelope: Envelope = {
      ...key,
      prevHash: heads[stream].lastHash,
      bootCount: sealer.bootCount,
      policyDigest: seal.policyDigest,
      sealedAtMs: Math.round(seal.sealedAtMs),
      body: named.body,
    }
    const bytes = signedBytes(envelope, sealer.signer)
    const hash = sha256(bytes)
    rows.push({ stream, seq, bytes, envelope, hash })
    heads[stream] = { nextSeq: seq + 1, lastHash: hash }
  }
  return { rows, chain: heads, openFindings }
}

/** Telemetry is signed by the segment: each signature vouches for all of its stream before it. */
const segmentEnvelopes = 16

/** Every alarm and gap record is signed, and the last envelope of each segment of telemetry. */
function signedBytes(envelope: Envelope, signer: Signer | undefined): Uint8Array {
  const bytes = encodeEnvelope(envelope)
  const due = envelope.body.is !== 'telemetry' || envelope.seq % segmentEnvelopes === 0
  const fits = bytes.length + signedExtra <= envelopeBytesMax
  return signer !== undefined && due && fits ? withSignature(bytes, signer) : bytes
}

type Named = { readonly body: EnvelopeBody; readonly openFindings: Checkpoint['openFindings'] }

/** Later phases carry the key of the envelope that opened their episode. */
function nameEpisode(body: EnvelopeBody, key: string, openFindings: Checkpoint['openFindings']): Named {
  if (body.is !== 'finding') return { body, openFindings }
  const { finding } = body
  const episode = episodeKey(finding)
  const findingId = finding.phase === 'started' ? null : (body.findingId ?? openFindings[episode] ?? null)
  return { body: { ...body, findingId }, openFindings: stillOpen(finding, episode, key, openFindings) }
}

function stillOpen(
  finding: Finding,
  episode: string,
  key: string,
  openFindings: Checkpoint['openFindings'],
): Checkpoint['openFindings'] {
  if (finding.phase === 'started') return { ...openFindings, [episode]: key }
  if (finding.phase === 'updated') return openFindings
  const { [episode]: _closed, ...rest } = openFindings
  return rest
}

/** First and last event time of what an envelope carries. */
export function timesOf(body: EnvelopeBody): { readonly fromMs: number; readonly toMs: number } {
  switch (body.is) {
    case 'finding':
      return { fromMs: body.finding.decidedAtMs, toMs: body.finding.decidedAtMs }
    case 'telemetry': {
      const last = body.samples.length - 1
      return { fromMs: Math.round(body.samples[0]!.atMs), toMs: Math.round(body.samples[last]!.atMs) }
    }
    case 'gap':
      return { fromMs: body.gap.fromMs, toMs: body.gap.toMs }
    case 'driving':
      return { fromMs: body.interval.fromMs, toMs: body.interval.toMs }
    case 'spoken':
      return { fromMs: body.spoken.atMs, toMs: body.spoken.atMs }
    case 'inForce':
      return { fromMs: body.atMs, toMs: body.atMs }
  }
}
