import { encodeAck } from '../proto/codec.ts'
import type { Nack, StreamName } from '../proto/model.ts'
import { downTopic } from '../proto/topics.ts'
import type { Peer } from './broker.ts'
import { boundedRanges } from './journal/ranges.ts'
import type { Journal } from './journal.ts'

/** Tells terminals what is journaled: one document per terminal and commit, however many envelopes that held. */
export type Acks = {
  /** Something of this epoch was journaled, known already, or refused. */
  readonly touch: (peer: Peer, epoch: number, nack: Nack | null) => void
  /** A terminal began to listen: it learns what is there before it sends anything again. */
  readonly greet: (peer: Peer) => void
  readonly flush: () => void
}

const rangesMax = 64
const nacksMax = 64

export function createAcks(
  journal: Pick<Journal, 'state' | 'watermarks'>,
  rateOf: (peer: Peer) => number = () => 0,
): Acks {
  const waiting = new Map<Peer, Map<number, Nack[]>>()
  const lastEpoch = new Map<string, number>()
  for (const { fleet, vehicle, epoch } of journal.watermarks()) lastEpoch.set(`${fleet}/${vehicle}`, epoch)

  const send = (peer: Peer, epoch: number, nacks: readonly Nack[]): void => {
    const { fleet, vehicle } = peer
    const topic = downTopic(fleet, vehicle, 'ack')
    if (peer.closed() || !peer.hears(topic)) return
    const of = (stream: StreamName) => {
      const { upto, ranges } = journal.state({ fleet, vehicle, epoch, stream })
      return { upto, ranges: boundedRanges(ranges, rangesMax) }
    }
    const streams = { alarm: of('alarm'), telemetry: of('telemetry') }
    peer.send(topic, encodeAck({ epoch, streams, nacks, rate: rateOf(peer) }))
  }
  return {
    touch: (peer, epoch, nack) => {
      lastEpoch.set(`${peer.fleet}/${peer.vehicle}`, epoch)
      let epochs = waiting.get(peer)
      if (epochs === undefined) waiting.set(peer, (epochs = new Map()))
      const nacks = epochs.get(epoch) ?? []
      if (nack !== null && nacks.length < nacksMax) nacks.push(nack)
      epochs.set(epoch, nacks)
    },
    greet: (peer) => {
      const epoch = lastEpoch.get(`${peer.fleet}/${peer.vehicle}`)
      if (epoch !== undefined) send(peer, epoch, [])
    },
    flush: () => {
      for (const [peer, epochs] of waiting) for (const [epoch, nacks] of epochs) send(peer, epoch, nacks)
      waiting.clear()
    },
  }
}
