import { mkdtempSync, rmSync } from 'node:fs'
import { connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mqtt, { type MqttClient } from 'mqtt'
import { decodeAck, encodeEnvelope } from '../../proto/codec.ts'
import { downTopic, upTopic } from '../../proto/topics.ts'
import type { Ports } from '../../sim/configs.ts'
import { Dice } from '../../sim/swarm/dice.ts'
import { alarm, startMs, telemetry } from '../gateway/help/envelopes.ts'
import { sampleAt } from '../help/drive.ts'
import { memoryOf, startLoneGateway } from './gateway-process.ts'
import { mutated } from './mutate.ts'
import { comesTrue } from './patience.ts'

/**
 * Packets gone wrong, thrown at a gateway that is a process of its own, while a terminal beside them goes about its
 * work. The gateway must live, and the terminal must notice nothing.
 */
export type GatewayFuzzReport = {
  readonly packets: number
  readonly connections: number
  readonly healthyAcknowledged: number
  readonly worstRoundTripMs: number
  readonly worstRssMb: number
  readonly complaints: readonly string[]
}

const atOnce = 32
const fleet = 'f1'

function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes])
}

function packet(first: number, ...parts: (Buffer | number[])[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const length: number[] = []
  for (let rest = body.length; ; rest >>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest)
    if (rest <= 127) break
  }
  return Buffer.concat([Buffer.from([first, ...length]), body])
}

const connectPacket = (id: string, flags = 2): Buffer =>
  packet(0x10, text('MQTT'), [4, flags, 0, 60], text(id))
const publish = (first: number, topic: string, payload: Uint8Array, id: number): Buffer =>
  packet(first, text(topic), (first & 6) === 0 ? [] : [id >> 8, id & 255], Buffer.from(payload))

/** What the vehicle `wild` may say, well-formed; most of it is broken before it is sent. */
function vocabulary(): Buffer[] {
  const place = { fleet, vehicle: 'wild' }
  const payloads = [1, 2, 3].map((seq) =>
    encodeEnvelope(telemetry(seq, [sampleAt(startMs + seq * 1000)], place)),
  )
  const finding = encodeEnvelope(alarm(1, {}, null, place))
  const up = (lane: 'alarm' | 'telemetry' | 'backfill') => upTopic(fleet, 'wild', lane)
  return [
    ...payloads.map((payload, n) => publish(0x32, up('telemetry'), payload, n + 1)),
    publish(0x32, up('alarm'), finding, 9),
    publish(0x3a, up('backfill'), payloads[0]!, 9),
    publish(0x30, up('telemetry'), Buffer.from('not an envelope'), 0),
    publish(0x34, up('telemetry'), payloads[0]!, 5),
    publish(0x31, upTopic('f2', 'other', 'alarm'), finding, 0),
    packet(0x82, [0, 1], text(downTopic(fleet, 'wild', 'ack')), [1]),
    packet(0x82, [0, 2], text('#'), [2], text('$SYS/#'), [0], text('+/+/ack'), [1]),
    packet(0xa2, [0, 3], text(downTopic(fleet, 'wild', 'ack'))),
    packet(0x40, [0, 1]),
    packet(0x50, [0, 5]),
    packet(0x62, [0, 5]),
    Buffer.concat([packet(0x62, [0, 5]), packet(0x62, [0, 5])]),
    packet(0xc0),
    packet(0xe0),
    connectPacket(`${fleet}.wild`),
  ]
}

/** One hostile connection: says what it has to say in a few pieces and goes. Resolves when it is over. */
function assault(port: number, bytes: Buffer, dice: Dice): Promise<void> {
  return new Promise((done) => {
    const socket = connectSocket(port, '127.0.0.1')
    const over = setTimeout(() => socket.destroy(), 3000)
    socket.on('error', () => {})
    socket.resume()
    socket.on('close', () => {
      clearTimeout(over)
      done()
    })
    const cut = dice.whole('assault/cut', 0, bytes.length)
    socket.on('connect', () => {
      socket.write(bytes.subarray(0, cut))
      setImmediate(() => {
        socket.write(bytes.subarray(cut))
        if (dice.happens('assault/rude', 0.5)) setTimeout(() => socket.destroy(), 5)
        else socket.end()
      })
    })
  })
}

class Healthy {
  readonly #client: MqttClient
  #seq = 0
  #upto = 0
  #stopped = false
  #falls = 0
  worstRoundTripMs = 0
  answered = 0
  readonly done: Promise<void>

  constructor(client: MqttClient) {
    this.#client = client
    client.on('error', () => {})
    client.on('close', () => {
      if (!this.#stopped) this.#falls++
    })
    client.on('message', (_topic, payload) => {
      const ack = decodeAck(payload)
      if (ack.ok) this.#upto = Math.max(this.#upto, ack.value.streams.alarm.upto)
    })
    this.done = this.#work()
  }

  async #work(): Promise<void> {
    await this.#client.subscribeAsync(downTopic(fleet, 'healthy', 'ack'), { qos: 1 })
    while (!this.#stopped) {
      const envelope = alarm(++this.#seq, {}, null, { fleet, vehicle: 'healthy' })
      const fromMs = performance.now()
      await this.#client.publishAsync(
        upTopic(fleet, 'healthy', 'alarm'),
        Buffer.from(encodeEnvelope(envelope)),
        {
          qos: 1,
        },
      )
      this.answered++
      this.worstRoundTripMs = Math.max(this.worstRoundTripMs, performance.now() - fromMs)
      await sleep(100)
    }
  }

  get acknowledged(): number {
    return this.#upto
  }

  async stop(): Promise<string[]> {
    this.#stopped = true
    let over = false
    void this.done
      .catch(() => {})
      .finally(() => {
        over = true
      })
    // Whoever was never answered does not end by itself.
    await comesTrue(() => over)
    // The ack document comes after the PUBACK.
    await comesTrue(() => this.#upto === this.#seq || this.#falls > 0)
    const complaints =
      this.#falls > 0 ? [`the healthy terminal lost its connection ${this.#falls} times`] : []
    if (this.#upto !== this.#seq) complaints.push(`${this.#seq} were published, ${this.#upto} acknowledged`)
    await this.#client.endAsync(true)
    return complaints
  }
}

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** The attack in stretches; each goes on until the healthy terminal was answered in it, or has waited in vain. */
const stretches = 20
const unansweredMs = 60_000

type Attacked = { readonly connections: number; readonly complaints: readonly string[] }

async function attack(ports: Ports, packets: number, dice: Dice, answered: () => number): Promise<Attacked> {
  const words = vocabulary()
  let sent = 0
  let connections = 0
  let isGoing = (): boolean => false
  const one = async (): Promise<void> => {
    while (isGoing()) {
      const count = dice.whole('attack/packets', 1, 24)
      sent += count
      connections++
      const opening = connectPacket(`${fleet}.wild`, dice.pick('attack/flags', [2, 2, 2, 0]))
      const broken = dice.happens('attack/opening', 0.1)
      const rest = Array.from({ length: count }, () => {
        const word = dice.pick('attack/word', words)
        return dice.happens('attack/mutate', 0.6) ? mutated(dice, word, words) : word
      })
      const bytes = Buffer.concat([broken ? mutated(dice, opening, words) : opening, ...rest])
      const port = dice.happens('attack/alerts', 0.25) ? ports.alerts : ports.ingest
      await assault(port, bytes, dice)
    }
  }
  const complaints: string[] = []
  for (let stretch = 1; stretch <= stretches && complaints.length === 0; stretch++) {
    const before = answered()
    const sentBefore = sent
    const untilMs = performance.now() + unansweredMs
    const isHeard = (): boolean => answered() > before
    isGoing = () => sent < (packets * stretch) / stretches || (!isHeard() && performance.now() < untilMs)
    await Promise.all(Array.from({ length: atOnce }, one))
    if (!isHeard())
      complaints.push(`the healthy terminal had no answer while ${sent - sentBefore} packets came`)
  }
  return { connections, complaints }
}

export async function fuzzGateway(packets: number, seed: number): Promise<GatewayFuzzReport> {
  const dir = mkdtempSync(join(tmpdir(), 'roadwarden-fuzz-'))
  const { child, ports } = await startLoneGateway(dir, fleet, ['healthy', 'wild'])
  let alive = true
  void child.exited.then(() => {
    alive = false
  })
  try {
    const url = `mqtt://127.0.0.1:${ports.ingest}`
    const client = await mqtt.connectAsync(url, {
      clientId: `${fleet}.healthy`,
      protocolVersion: 4,
      reconnectPeriod: 0,
    })
    const healthy = new Healthy(client)
    const { connections, complaints: unanswered } = await attack(
      ...([ports, packets, new Dice(seed)] as const),
      () => healthy.answered,
    )
    const complaints = [...unanswered, ...(await healthy.stop())]
    if (!alive) complaints.push(`the gateway ended: ${child.lastWords()}`)
    let open = 0
    // The last of them are just being taken leave of.
    await comesTrue(async () => {
      open = alive ? await gaugeOf(ports.http, 'roadwarden_terminals_connected') : 0
      return open === 0
    })
    if (open > 0) complaints.push(`${open} terminals are connected when nobody is`)
    const worstRssMb = Math.round(memoryOf(child.pid).peakMb)
    const { acknowledged: healthyAcknowledged, worstRoundTripMs: worst } = healthy
    return {
      packets,
      connections,
      healthyAcknowledged,
      worstRoundTripMs: Math.round(worst),
      worstRssMb,
      complaints,
    }
  } finally {
    await child.stop(6000)
    rmSync(dir, { recursive: true, force: true })
  }
}

async function gaugeOf(port: number, name: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`)
  const line = (await answer.text()).split('\n').find((one) => one.startsWith(`${name} `))
  return Number(line?.split(' ')[1] ?? 0)
}
