import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt, { type MqttClient } from 'mqtt'
import { encodeEnvelope } from '../../proto/codec.ts'
import type { Alert, Envelope } from '../../proto/model.ts'
import { upTopic } from '../../proto/topics.ts'
import { Dice } from '../../sim/swarm/dice.ts'
import { alarm, startMs, telemetry } from '../gateway/help/envelopes.ts'
import { sampleAt } from '../help/drive.ts'
import { evidenceOf } from '../help/evidence.ts'
import type { Weighed } from './collect.ts'
import { memoryOf, startLoneGateway } from './gateway-process.ts'
import { comesTrue } from './patience.ts'
import { slopeOf } from './slope.ts'
import { judgeSoak, type Revision, type SoakVerdict } from './soak-verdict.ts'
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
  readonly lost: number
  readonly doubled: number
  readonly foreign: number
  readonly complaints: readonly string[]
}

const fleets = ['f1', 'f2'] as const
/** `v0`, `v2`, ... of the first, the others of the second. */
const fleetOf = (vehicle: string): string => fleets[Number(vehicle.slice(1)) % 2]!
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
  readonly #fleet: string
  readonly #port: number
  readonly #dice: Dice
  #client: MqttClient | null = null
  #seq = { alarm: 0, telemetry: 0 }
  readonly sent: string[] = []
  readonly acknowledged: string[] = []
  reconnects = 0

  constructor(id: string, port: number, dice: Dice) {
    this.#id = id
    this.#fleet = fleetOf(id)
    this.#port = port
    this.#dice = dice
  }

  async work(untilMs: number): Promise<void> {
    while (performance.now() < untilMs) {
      if (this.#client === null || this.#dice.happens('soak/churn', 0.05 / 60)) await this.#connect()
      const next = this.#next()
      const topic = upTopic(this.#fleet, this.#id, next.stream)
      const key = keyIn(next)
      this.sent.push(key)
      const payload = Buffer.from(encodeEnvelope(next))
      const answered = this.#client?.publishAsync(topic, payload, { qos: 1 })
      await answered?.then(
        () => this.acknowledged.push(key),
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
    const options = {
      clientId: `${this.#fleet}.${this.#id}`,
      protocolVersion: 4,
      reconnectPeriod: 0,
    } as const
    this.#client = await mqtt.connectAsync(url, options).catch(() => null)
    this.#client?.on('error', () => {})
  }

  #next(): Envelope {
    const place = { fleet: this.#fleet, vehicle: this.#id }
    if (this.#dice.happens('soak/alarm', alarmsPerS)) {
      const seq = ++this.#seq.alarm
      const phase = seq % 2 === 1 ? 'started' : 'ended'
      const findingId = phase === 'started' ? null : `${this.#fleet}/${this.#id}/7/alarm/${seq - 1}`
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
  const { child, ports } = await startLoneGateway(dir, fleetOf, ids)
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
    const verdict = await verdictOf(join(dir, 'gateway'), crowd, listeners)
    const complaints = [
      ...Object.entries(verdict).flatMap(([name, lines]) => lines.map((line) => `${name}: ${line}`)),
      ...growthComplaints(growth),
      ...(weighed.length > 0 ? [] : ['the gateway was never weighed']),
      ...(moreFiles > filesMoreMax
        ? [`the gateway keeps ${moreFiles} more files open than after its warm-up`]
        : []),
    ]
    return {
      minutes,
      acknowledged: sum(({ acknowledged }) => acknowledged.length),
      reconnects: sum(({ reconnects }) => reconnects),
      growth,
      worstRssMb: Math.round(memoryOf(child.pid).peakMb),
      heard: listeners.reduce((total, { heard }) => total + heard.length, 0),
      lost: verdict.lost.length,
      doubled: verdict.doubled.length,
      foreign: verdict.foreign.length,
      complaints,
    }
  } finally {
    await Promise.all(listeners.map(({ client }) => client.endAsync(true)))
    await child.stop(6000)
    rmSync(dir, { recursive: true, force: true })
  }
}

const keyIn = ({
  fleet,
  vehicle,
  stream,
  seq,
}: Pick<Envelope, 'fleet' | 'vehicle' | 'stream' | 'seq'>): string => `${fleet}/${vehicle}/${stream}/${seq}`

/** The journal as it is in its files, when every officer has had the time to hear what is in it. */
async function verdictOf(
  gatewayDir: string,
  crowd: readonly Device[],
  listeners: readonly Listener[],
): Promise<SoakVerdict> {
  const read = () => evidenceOf({ oracles: [], gatewayDir, receipts: [] })
  const judge = (): SoakVerdict => {
    const { journal, alerts } = read()
    return judgeSoak({
      sent: new Set(crowd.flatMap(({ sent }) => sent)),
      acknowledged: crowd.flatMap(({ acknowledged }) => acknowledged),
      journaled: journal.map((line) => keyIn(line as Envelope & typeof line)),
      alerts,
      officers: listeners,
    })
  }
  let verdict = judge()
  await comesTrue(() => (verdict = judge()).lost.length === 0)
  return verdict
}

/** An officer who hears everything of a fleet, and asks for everything of everybody. */
type Listener = {
  readonly client: MqttClient
  readonly name: string
  readonly fleet: string
  readonly heard: Revision[]
}

async function listen(n: number, port: number): Promise<Listener> {
  const name = `officer-${n}`
  const fleet = fleets[n % 2]!
  // On loopback a name narrows to the fleet it names.
  const options = { clientId: name, username: fleet, protocolVersion: 4, reconnectPeriod: 0 } as const
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, options)
  const heard: Revision[] = []
  client.on('message', (_topic, payload) => {
    const { fleet: of, id, revision } = JSON.parse(payload.toString()) as Alert
    heard.push({ fleet: of, id, revision })
  })
  client.on('error', () => {})
  await client.subscribeAsync(`alerts-json/v1/${fleet}/#`, { qos: 1 })
  await client.subscribeAsync('alerts-json/v1/+/#', { qos: 1 }).catch(() => {})
  return { client, name, fleet, heard }
}

function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return 0
  }
}
