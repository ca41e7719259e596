import assert from 'node:assert/strict'
import { decodeBody, encodeBody } from './codec/body.ts'
import { check, type Decoded, guarded, instant, int, oneOf, whole } from './codec/wire.ts'
import { streams } from './codec/words.ts'
import { roadwarden } from './generated/roadwarden.js'
import type { Envelope, StreamName } from './model.ts'
import { idPattern } from './topics.ts'

export { decodeAck, encodeAck } from './codec/ack.ts'
export { decodeAlert, encodeAlert } from './codec/alert.ts'
export { batchSamplesMax } from './codec/body.ts'
export { decodeDocumentPart, encodeDocumentPart } from './codec/document.ts'
export type { Decoded } from './codec/wire.ts'

/**
 * Bytes <-> messages: the only door to protobufjs. Encoding asserts (a wrong message is our own error); decoding
 * takes anything and answers with a value or with a reason, never with an exception. Here the envelope; what it
 * holds and the other messages are in `codec/`.
 */

const v1 = roadwarden.v1

/** No envelope is larger, sealed or received. */
export const envelopeBytesMax = 16 * 1024

export function encodeEnvelope(envelope: Envelope): Uint8Array {
  assert(envelope.prevHash.length === 32, 'prevHash is 32 bytes')
  const bytes = v1.Envelope.encode({
    epoch: whole(envelope.epoch, 'epoch'),
    stream: streams.indexOf(envelope.stream),
    seq: whole(envelope.seq, 'seq'),
    prevHash: envelope.prevHash,
    bootCount: whole(envelope.bootCount, 'bootCount'),
    fleet: envelope.fleet,
    vehicle: envelope.vehicle,
    policyDigest: envelope.policyDigest,
    sealedAtMs: whole(envelope.sealedAtMs, 'sealedAtMs'),
    ...encodeBody(envelope.body),
  }).finish()
  assert(bytes.length <= envelopeBytesMax, `an envelope of ${bytes.length} bytes is over ${envelopeBytesMax}`)
  return bytes
}

/**
 * The bytes with which `encodeEnvelope` begins every envelope of this key and no other: whoever holds many knows each of
 * them by these, without decoding it.
 */
export function envelopeHead({ epoch, stream, seq }: Pick<Envelope, 'epoch' | 'stream' | 'seq'>): Uint8Array {
  return v1.Envelope.encode({ epoch, stream: streams.indexOf(stream), seq }).finish()
}

/** Decodes and checks one envelope. */
export function decodeEnvelope(bytes: Uint8Array): Decoded<Envelope> {
  return guarded(bytes, envelopeBytesMax, () => {
    const message = v1.Envelope.decode(bytes)
    const stream = oneOf<StreamName>(streams, message.stream, 'stream')
    check(idPattern.test(message.fleet), 'fleet is not an id')
    check(idPattern.test(message.vehicle), 'vehicle is not an id')
    check(message.prevHash.length === 32, 'prevHash is not 32 bytes')
    check(/^[0-9a-f]{64}$/.test(message.policyDigest), 'policyDigest is not a SHA-256')
    const seq = int(message.seq, 'seq')
    check(seq >= 1, 'seq begins at 1')
    const epoch = int(message.epoch, 'epoch')
    check(epoch >= 1 && epoch < 2 ** 48, 'epoch is not a 48-bit number')
    const body = decodeBody(message)
    check(
      body.is === 'gap' || (body.is === 'telemetry') === (stream === 'telemetry'),
      `a ${body.is} does not travel in stream ${stream}`,
    )
    return {
      fleet: message.fleet,
      vehicle: message.vehicle,
      epoch,
      stream,
      seq,
      prevHash: message.prevHash.slice(),
      bootCount: message.bootCount,
      policyDigest: message.policyDigest,
      sealedAtMs: instant(message.sealedAtMs, 'sealedAtMs'),
      body,
    }
  })
}

/** Which envelope these bytes claim to be, when the rest of them cannot be used: what a nack can name. */
export function peekEnvelope(bytes: Uint8Array): { epoch: number; stream: StreamName; seq: number } | null {
  const peeked = guarded(bytes, envelopeBytesMax, () => {
    const message = v1.Envelope.decode(bytes)
    const epoch = int(message.epoch, 'epoch')
    const seq = int(message.seq, 'seq')
    check(epoch >= 1 && seq >= 1, 'not numbered')
    return { epoch, stream: oneOf<StreamName>(streams, message.stream, 'stream'), seq }
  })
  return peeked.ok ? peeked.value : null
}
