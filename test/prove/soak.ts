import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt, { type MqttClient } from 'mqtt'
import { encodeEnvelope } from '../../proto/codec.ts'
import type { Envelope } from '../../proto/model.ts'
import { upTopic } from '../../proto/topics.ts'
import { Dice } from '../../sim/swarm/dice.ts'
import { alarm, startMs, telemetry } from '../gateway/help/envelopes.ts'
import { sampleAt } from '../help/drive.ts'
import type { Weighed } from './collect.ts'
import { memoryOf, startLoneGateway } from './gateway-process.ts'
import { slopeOf } from './slope.ts'
import { type Growth, growthComplaints, growthOf, weighedIn } from './weighed.ts'

/** A gateway at steady work, with terminals that come and go and officers who listen: what it holds must not grow. */
export type SoakReport = {
  readonly minutes: number
  readonly acknowledged: number
  readonly reconnects: number
  readonly growth: Growth
  readonly worstRssMb: number
  /** Alerts that officers received. */
  readonly heard: number
  readonly complaints: readonly string[]
}

const fleet = 'f1'
const devices = 200
const officers = 20
/**
 * Of one terminal: four alerts in an hour, a bad fleet's bad day. The gateway remembers each case that nobody takes up, 20,000
 * at most, with some 1.3 kB: at ten times the alarms what is weighed would be the filling of that memory.
 */
const alarmsPerS = 0.002
/** Connections come and go while they are counted. */
const filesMoreMax = 20
const weighEveryMs = 5000
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
    if (this.#dice.happens('soak/alarm', alarmsPerS)) {
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
  // The gateway collects its garbage when it is told to: what is weighed is what it holds, not what it has not swept yet.
  process.env['ROADWARDEN_WEIGHED'] = join(dir, 'weighed.json')
  process.env['NODE_OPTIONS'] = `--expose-gc --import=${join(import.meta.dirname, 'collect.ts')}`
  const { child, ports } = await startLoneGateway(dir, fleet, ids)
  const listeners = await Promise.all(Array.from({ length: officers }, (_, n) => listen(n, ports.alerts)))
  try {
    const untilMs = performance.now() + minutes * 60_000
    const warmMs = Date.now() + warmUpMinutes * 60_000
    const crowd = ids.map((id, n) => new Device(id, ports.ingest, new Dice(seed + n)))
    const weighed: Weighed[] = []
    const files: number[] = []
    // What it said when it was asked before, however long that took it.
    const watch = setInterval(() => {
      const last = weighedIn(join(dir, 'weighed.json'))
      child.kill('SIGUSR2')
      if (last === null || last.atMs < warmMs || last.atMs === weighed.at(-1)?.atMs) return
      weighed.push(last)
      files.push(openFiles(child.pid))
    }, weighEveryMs)
    await Promise.all(crowd.map((device) => device.work(untilMs)))
    clearInterval(watch)
    const growth = growthOf(weighed)
    const moreFiles = Math.round(slopeOf(files.map((y, x) => ({ x, y }))) * files.length)
    const sum = (of: (device: Device) => number): number => crowd.reduce((total, one) => total + of(one), 0)
    const complaints = [
      ...growthComplaints(growth),
      ...(weighed.length > 0 ? [] : ['the gateway was never weighed']),
      ...(moreFiles > filesMoreMax
        ? [`the gateway keeps ${moreFiles} more files open than after its warm-up`]
        : []),
    ]
    return {
      minutes,
      acknowledged: sum(({ acknowledged }) => acknowledged),
      reconnects: sum(({ reconnects }) => reconnects),
      growth,
      worstRssMb: Math.round(memoryOf(child.pid).peakMb),
      heard: heardBy(listeners),
      complaints,
    }
  } finally {
    await Promise.all(listeners.map(({ client }) => client.endAsync(true)))
    await child.stop(6000)
    rmSync(dir, { recursive: true, force: true })
  }
}

/** An officer who hears everything of the fleet. */
type Listener = { readonly client: MqttClient; heard: number }

async function listen(n: number, port: number): Promise<Listener> {
  const options = { clientId: `officer-${n}`, protocolVersion: 4, reconnectPeriod: 0 } as const
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, options)
  const listener: Listener = { client, heard: 0 }
  client.on('message', () => listener.heard++)
  client.on('error', () => {})
  await client.subscribeAsync(`alerts-json/v1/${fleet}/#`, { qos: 1 })
  return listener
}

const heardBy = (listeners: readonly Listener[]): number =>
  listeners.reduce((total, { heard }) => total + heard, 0)

function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return 0
  }
}
