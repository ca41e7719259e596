import type { OpenLink } from './link/link.ts'
import type { Outbox, Sealed, Witness } from './outbox/outbox.ts'
import { deadLettersMax, pendingSamplesMax, type Tally, unsavedMax } from './tally.ts'

/**
 * What a terminal says of itself in Prometheus' text form, on loopback, when its configuration names a port: how
 * full its queues are and how full they may be, what was sealed and lost, how long the disk takes, whether it is
 * heard, what it left out and why.
 */
export class TerminalMetrics {
  readonly #counts = new Map<string, number>()
  #linkUp = false
  #beganMs = 0
  #lagMs = 0
  #unsaved = 0

  /** Told by the terminal itself. */
  readonly tally: Tally = {
    rejected: (door, reason) => this.count(`rejected_total{door="${door}",reason="${reason}"}`),
    dropped: (what, reason) => this.count(`dropped_total{what="${what}",reason="${reason}"}`),
    unsaved: (bodies) => {
      this.#unsaved = bodies
    },
    detected: (seconds) => {
      this.count('detector_seconds_sum', seconds)
      this.count('detector_seconds_count')
    },
  }

  count(series: string, by = 1): void {
    this.#counts.set(series, (this.#counts.get(series) ?? 0) + by)
  }

  /** Watches the link beside whoever listens to it. */
  link(open: OpenLink): OpenLink {
    return (listener) =>
      open({
        ...listener,
        up: () => {
          this.#linkUp = true
          this.count('link_up_total')
          listener.up()
        },
        down: (why) => {
          this.#linkUp = false
          this.count('link_down_total')
          listener.down(why)
        },
      })
  }

  /** Watches what is sealed, beside the witness there may be. */
  witness(other: Witness | undefined): Witness {
    return {
      intended: (sealed) => {
        this.#beganMs = performance.now()
        other?.intended(sealed)
      },
      durable: (sealed) => {
        const syncMs = performance.now() - this.#beganMs
        this.count('sync_seconds_sum', syncMs / 1000)
        this.count('sync_seconds_count')
        for (const one of sealed) this.#sealed(one)
        other?.durable(sealed)
      },
    }
  }

  #sealed({ stream, envelope: { body, sealedAtMs } }: Sealed): void {
    this.count(`envelopes_total{stream="${stream}"}`)
    if (body.is === 'gap') this.count('gap_records_total')
    if (body.is === 'telemetry') this.#lagMs = sealedAtMs - (body.samples.at(-1)?.atMs ?? sealedAtMs)
  }

  text(outbox: Pick<Outbox, 'stats'>, notReady: () => string | null): string {
    const { waiting, bytes, bytesMax, evictedBy, pendingSamples, deadLetters, dropped } = outbox.stats()
    const gauges: readonly (readonly [string, number])[] = [
      ['ready', notReady() === null ? 1 : 0],
      ['outbox_envelopes{stream="alarm"}', waiting.alarm],
      ['outbox_envelopes{stream="telemetry"}', waiting.telemetry],
      ['outbox_bytes', bytes],
      ['queue_bound{queue="outbox-bytes"}', bytesMax],
      ['pending_samples', pendingSamples],
      ['queue_bound{queue="pending-samples"}', pendingSamplesMax],
      ...evictedBy.map(
        (one) => [`evicted_total{class="${one.class}",reason="${one.reason}"}`, one.count] as const,
      ),
      ['dropped_total{what="samples",reason="disk"}', dropped.samples],
      ['dropped_total{what="dead-letters",reason="bound"}', dropped.deadLetters],
      ['unsaved_bodies', this.#unsaved],
      ['queue_bound{queue="unsaved-bodies"}', unsavedMax],
      ['dead_letters', deadLetters],
      ['queue_bound{queue="dead-letters"}', deadLettersMax],
      ['link_up', this.#linkUp ? 1 : 0],
      ['event_lag_seconds', this.#lagMs / 1000],
      ['resident_bytes', process.memoryUsage.rss()],
    ]
    const lines = [...[...this.#counts].sort(([a], [b]) => (a < b ? -1 : 1)), ...gauges]
    return lines.map(([series, value]) => `roadwarden_terminal_${series} ${value}\n`).join('')
  }
}
