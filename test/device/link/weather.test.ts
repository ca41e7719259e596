import { expect, it, onTestFinished } from 'vitest'
import { hostClock } from '../../../device/clock.ts'
import { mqttLink } from '../../../device/link/mqtt.ts'
import { planRules } from '../../../device/link/plan.ts'
import { silentLog } from '../../../device/log.ts'
import { createMemoryOutbox } from '../../../device/outbox/memory.ts'
import { Uplink } from '../../../device/uplink.ts'
import { createMemoryJournal } from '../../../gateway/journal/memory.ts'
import { decodeAck } from '../../../proto/codec.ts'
import { downTopic, upTopic } from '../../../proto/topics.ts'
import { startGateway, startMs } from '../../gateway/help/world.ts'
import { sampleAt } from '../../help/drive.ts'
import { alarm, seal } from '../../help/envelopes.ts'
import { openProxy, proxyModes, type WeatherProxy } from '../../help/proxy.ts'

/** The real uplink over real sockets through a proxy with weather: whatever that does, each envelope is journaled once. */

const owner = { fleet: 'f1', vehicle: 'v1', bytesMax: 2 ** 24 }
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function world() {
  const journal = createMemoryJournal()
  const gateway = await startGateway({ journal })
  const proxy = await openProxy(gateway.ports.ingest)
  onTestFinished(() => proxy.close())
  const outbox = createMemoryOutbox(owner)
  const link = mqttLink({
    url: `mqtt://127.0.0.1:${proxy.port}`,
    clientId: 'f1.v1',
    subscriptions: [downTopic('f1', 'v1', 'ack')],
    backoff: { baseMs: 20, capMs: 150 },
    keepaliveS: 1,
    connectTimeoutMs: 1500,
    unansweredMs: 1500,
  })({
    up: () => uplink.linkUp(),
    down: () => uplink.linkDown(),
    message: (_topic, payload) => {
      const ack = decodeAck(payload)
      if (ack.ok) uplink.acknowledged(ack.value)
    },
  })
  const uplink = new Uplink({
    outbox,
    link,
    host: hostClock,
    mode: 'gateway',
    topicOf: (lane) => upTopic('f1', 'v1', lane),
    log: silentLog,
    rules: { ...planRules, resendMs: 300, resendCapMs: 1000 },
  })
  onTestFinished(async () => {
    uplink.close()
    await link.close()
  })
  return { journal, proxy, outbox, uplink }
}

let atMs = startMs
function record({ outbox, uplink }: Pick<Awaited<ReturnType<typeof world>>, 'outbox' | 'uplink'>): void {
  for (let n = 0; n < 12; n++) {
    atMs += 1000
    outbox.pend([sampleAt(atMs, { speedKmh: 60 })])
    const checkpoint = { atMs, states: {}, openFindings: {}, signals: null }
    if (n % 3 === 0) outbox.append([alarm(atMs)], checkpoint, { ...seal, sealedAtMs: atMs })
    else outbox.sealPending(checkpoint, { ...seal, sealedAtMs: atMs })
  }
  uplink.kick()
}

async function drained(uplink: Uplink, proxy: WeatherProxy): Promise<void> {
  const untilMs = performance.now() + drainsMs
  while (!uplink.isDrained() && performance.now() < untilMs) await sleep(10)
  expect({ drained: uplink.isDrained(), connections: proxy.connections() > 0 }).toEqual({
    drained: true,
    connections: true,
  })
}

/** Who has not drained by then never drains, on the slowest machine. */
const drainsMs = 60_000

/** Weather that only a new connection meets. */
const newConnections: ReadonlySet<string> = new Set(['refuse', 'reset', 'duplicate', 'cut inside a frame'])

it.each(proxyModes)('%s: everything arrives once, when the weather is over', async (mode) => {
  const one = await world()
  record(one)
  await drained(one.uplink, one.proxy)
  // The weather changes under a standing connection, and stays for new ones; then it is over.
  one.proxy.turn(mode, newConnections.has(mode))
  record(one)
  await sleep(700)
  record(one)
  await sleep(300)
  one.proxy.turn('pass')
  await drained(one.uplink, one.proxy)
  for (const stream of ['alarm', 'telemetry'] as const) {
    const key = { fleet: 'f1', vehicle: 'v1', epoch: one.outbox.epoch, stream }
    const rows = await one.journal.read(key, 1, 1000)
    const last = one.outbox.lastSeq(stream)
    expect(rows.map(({ envelope }) => envelope.seq)).toEqual(Array.from({ length: last }, (_, n) => n + 1))
  }
  expect(one.journal.quarantined()).toEqual([])
})
