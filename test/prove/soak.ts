import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt, { type MqttClient } from 'mqtt'
import { encodeEnvelope } from '../../proto/codec.ts'
import type { Envelope } from '../../proto/model.ts'
import { upTopic } from '../../proto/topics.ts'
import { Dice } from '../../sim/swarm/dice.ts'
import { alarm, startMs, telemetry } from '../gateway/help/envelopes.ts'
import { sampleAt } from '../help/drive.ts'
import { memoryOf, startLoneGateway } from './gateway-process.ts'
import { slopeOf } from './slope.ts'

/** A gateway at steady work with terminals that come and go: what it holds must not grow. */
export type SoakReport = {
  readonly minutes: number
  readonly acknowledged: number
  readonly reconnects: number
  readonly slopeMbPerMin: number
  readonly worstRssMb: number
  readonly complaints: readonly string[]
}

const fleet = 'f1'
const devices = 60
const slopeMaxMbPerMin = 0.5
const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** One terminal at 1 envelope a second; it hangs up now and then, rudely, and comes back. */
class Device {
  readonly #id: string
  readonly #port: number
  readonly #dice: Dice
  #client: MqttClient | null = null
  #seq = { alarm: 0, telemetry: 0 }
  acknowledged = 0
  reconnects = 0

  constructor(id: string, port: number, dice: Dice) {
    this.#id = id
    this.#port = port
    this.#dice = dice
  }

  async work(untilMs: number): Promise<void> {
    while (performance.now() < untilMs) {
      if (this.#client === null || this.#dice.happens('soak/churn', 0.05 / 60)) await this.#connect()
      const next = this.#next()
      const topic = upTopic(fleet, this.#id, next.stream)
      const payload = Buffer.from(encodeEnvelope(next))
      const answered = this.#client?.publishAsync(topic, payload, { qos: 1 })
      await answered?.then(
        () => this.acknowledged++,
        () => {
          this.#client = null
        },
      )
      await sleep(1000)
    }
    await this.#client?.endAsync(true)
  }

  async #connect(): Promise<void> {
    this.#client?.stream.destroy()
    this.reconnects++
    const url = `mqtt://127.0.0.1:${this.#port}`
    const options = { clientId: `${fleet}.${this.#id}`, protocolVersion: 4, reconnectPeriod: 0 } as const
    this.#client = await mqtt.connectAsync(url, options).catch(() => null)
    this.#client?.on('error', () => {})
  }

  #next(): Envelope {
    const place = { fleet, vehicle: this.#id }
    if (this.#dice.happens('soak/alarm', 0.02)) {
      const seq = ++this.#seq.alarm
      const phase = seq % 2 === 1 ? 'started' : 'ended'
      const findingId = phase === 'started' ? null : `${fleet}/${this.#id}/7/alarm/${seq - 1}`
      return alarm(seq, { phase, decidedAtMs: startMs + seq * 1000 }, findingId, place)
    }
    const seq = ++this.#seq.telemetry
    return telemetry(seq, [sampleAt(startMs + seq * 1000, { speedKmh: 70 })], place)
  }
}

export async function proveSoak(minutes: number, warmUpMinutes: number, seed: number): Promise<SoakReport> {
  const dir = mkdtempSync(join(tmpdir(), 'roadwarden-soak-'))
  const ids = Array.from({ length: devices }, (_, n) => `v${n}`)
  const { child, ports } = await startLoneGateway(dir, fleet, ids)
  try {
    const startedMs = performance.now()
    const untilMs = startedMs + minutes * 60_000
    const crowd = ids.map((id, n) => new Device(id, ports.ingest, new Dice(seed + n)))
    const points: { x: number; y: number }[] = []
    const watch = setInterval(() => {
      const x = (performance.now() - startedMs) / 60_000
      if (x >= warmUpMinutes) points.push({ x, y: memoryOf(child.pid).nowMb })
    }, 1000)
    await Promise.all(crowd.map((device) => device.work(untilMs)))
    clearInterval(watch)
    const slopeMbPerMin = Number(slopeOf(lows(points)).toFixed(3))
    const sum = (of: (device: Device) => number): number => crowd.reduce((total, one) => total + of(one), 0)
    const grows = slopeMbPerMin > slopeMaxMbPerMin
    return {
      minutes,
      acknowledged: sum(({ acknowledged }) => acknowledged),
      reconnects: sum(({ reconnects }) => reconnects),
      slopeMbPerMin,
      worstRssMb: Math.round(memoryOf(child.pid).peakMb),
      complaints: grows ? [`the gateway grows by ${slopeMbPerMin} MB a minute`] : [],
    }
  } finally {
    await child.stop(6000)
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The lowest of each ten seconds: what is held after the collector was there. */
function lows(points: readonly { x: number; y: number }[]): { x: number; y: number }[] {
  const kept: { x: number; y: number }[] = []
  for (let at = 0; at < points.length; at += 10)
    kept.push(points.slice(at, at + 10).reduce((low, point) => (point.y < low.y ? point : low)))
  return kept
}
