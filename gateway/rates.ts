import type { Lane } from '../proto/model.ts'
import type { Peer } from './broker.ts'
import { type AbuseLimits, Bucket } from './identity/abuse.ts'
import type { Ingest } from './ingest.ts'

/**
 * How much telemetry one terminal may bring. Too much is taken later, never thrown away: the PUBACK waits, the
 * window fills, the terminal waits too, and the next ack document tells it the rate. Alarms are not counted and
 * wait for nothing.
 */
export type Rates = {
  readonly ingest: Ingest
  /** What an ack tells this terminal: envelopes per second, 0 for no limit. */
  readonly rateOf: (peer: Peer) => number
  readonly limited: () => number
  /** Envelopes that wait for their time. */
  readonly delayed: () => number
}

export type RateDeps = {
  readonly limits: AbuseLimits['telemetry']
  readonly monoMs: () => number
  /** World seconds per host second: in fast motion a vehicle says in a second what it says in a minute. */
  readonly factor: () => number
  readonly onLimited: () => void
}

type Known = { readonly bucket: Bucket; limitedAtMs: number }

/** Told so long after the last envelope that came too early. */
const toldMs = 60_000
const terminalsMax = 50_000

export function createRates(ingest: Ingest, { limits, monoMs, factor, onLimited }: RateDeps): Rates {
  const terminals = new Map<string, Known>()
  let delayed = 0
  const scale = (): number => Math.max(1, factor())
  const keyOf = ({ fleet, vehicle }: Peer): string => `${fleet}/${vehicle}`
  const knownOf = (peer: Peer): Known => {
    const key = keyOf(peer)
    let known = terminals.get(key)
    if (known === undefined) {
      const { perS, burst } = limits
      const bucket = new Bucket({ perS: perS * scale(), burst: burst * scale() }, monoMs())
      terminals.set(key, (known = { bucket, limitedAtMs: Number.NEGATIVE_INFINITY }))
      if (terminals.size > terminalsMax) terminals.delete(terminals.keys().next().value!)
    }
    return known
  }
  const isLimited = (known: Known | undefined): boolean =>
    known !== undefined && known.limitedAtMs > monoMs() - toldMs
  return {
    ingest: (peer, lane: Lane, payload, done) => {
      if (lane === 'alarm') return ingest(peer, lane, payload, done)
      const known = knownOf(peer)
      const waitMs = known.bucket.reserve(monoMs())
      if (waitMs === 0) return ingest(peer, lane, payload, done)
      known.limitedAtMs = monoMs()
      onLimited()
      delayed++
      setTimeout(() => {
        delayed--
        ingest(peer, lane, payload, done)
      }, waitMs)
    },
    rateOf: (peer) => (isLimited(terminals.get(keyOf(peer))) ? limits.perS * scale() : 0),
    delayed: () => delayed,
    limited: () => [...terminals.values()].filter(isLimited).length,
  }
}
