import { roadwarden } from '../generated/roadwarden.js'
import type { Ack, Nack, SeqRange, StreamAck, StreamName } from '../model.ts'
import { check, type Decoded, guarded, int, oneOf, text, whole } from './wire.ts'
import { streams } from './words.ts'

const v1 = roadwarden.v1

export function encodeAck(ack: Ack): Uint8Array {
  const stream = ({ upto, ranges }: StreamAck) => ({
    upto: whole(upto, 'upto'),
    ranges: ranges.map(({ first, last }) => ({ first: whole(first, 'first'), last: whole(last, 'last') })),
  })
  return v1.Ack.encode({
    epoch: whole(ack.epoch, 'epoch'),
    alarm: stream(ack.streams.alarm),
    telemetry: stream(ack.streams.telemetry),
    nacks: ack.nacks.map((nack) => ({
      stream: streams.indexOf(nack.stream),
      seq: whole(nack.seq, 'seq'),
      reason: nack.reason,
    })),
    rate: ack.rate,
  }).finish()
}

export function decodeAck(bytes: Uint8Array): Decoded<Ack> {
  return guarded(bytes, 64 * 1024, () => {
    const message = v1.Ack.decode(bytes)
    const stream = (part: roadwarden.v1.StreamAck | null | undefined): StreamAck => ({
      upto: int(part?.upto ?? 0, 'upto'),
      ranges: (part?.ranges ?? []).map(decodeRange),
    })
    const nacks: Nack[] = message.nacks.map((nack) => ({
      stream: oneOf<StreamName>(streams, nack.stream ?? 0, 'stream'),
      seq: int(nack.seq ?? 0, 'seq'),
      reason: text(nack.reason ?? '', 200, 'reason'),
    }))
    check(Number.isFinite(message.rate) && message.rate >= 0, 'rate is not a rate')
    return {
      epoch: int(message.epoch, 'epoch'),
      streams: { alarm: stream(message.alarm), telemetry: stream(message.telemetry) },
      nacks,
      rate: message.rate,
    }
  })
}

function decodeRange(range: roadwarden.v1.Range.$Properties): SeqRange {
  const first = int(range.first ?? 0, 'first')
  const last = int(range.last ?? 0, 'last')
  check(first >= 1 && last >= first, 'a range ends before it begins')
  return { first, last }
}
