import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hostClock } from '../../device/clock.ts'
import type { Link } from '../../device/link/link.ts'
import { mqttLink } from '../../device/link/mqtt.ts'
import { silentLog } from '../../device/log.ts'
import type { Outbox } from '../../device/outbox/outbox.ts'
import { openSqliteOutbox } from '../../device/outbox/sqlite.ts'
import { Uplink } from '../../device/uplink.ts'
import { keyText } from '../../proto/ids.ts'
import { downTopic, upTopic } from '../../proto/topics.ts'
import { linkContract } from '../contract/link.ts'
import { checkpointAt, coach } from '../contract/outbox.ts'
import { cruise } from '../help/drive.ts'
import { alarm, noon, opened, seal } from '../help/envelopes.ts'
import { eventually, mustSkip } from '../help/external.ts'
import { Mosquitto } from '../help/mosquitto.ts'

const skip = mustSkip('mosquitto')
const backoff = { baseMs: 20, capMs: 200 }

linkContract(
  'mqtt link to a Mosquitto',
  async () => {
    const broker = await Mosquitto.start()
    const received: { topic: string; payload: string }[] = []
    const other = async (): Promise<MqttClient> => {
      const client = await connectAsync(broker.url, { reconnectPeriod: 50 })
      client.on('message', (topic, payload) => received.push({ topic, payload: payload.toString() }))
      client.on('error', () => {})
      await client.subscribeAsync('up/#', { qos: 1 })
      return client
    }
    const client = await other()
    return {
      open: mqttLink({ url: broker.url, clientId: 'north.coach-1', subscriptions: ['down/policy'], backoff }),
      downTopic: 'down/policy',
      received: () => received,
      send: async (topic, payload) => {
        await client.publishAsync(topic, payload, { qos: 1 })
      },
      kill: () => broker.kill(),
      revive: () => broker.start(),
      dispose: async () => {
        await client.endAsync(true)
        await broker.dispose()
      },
    }
  },
  skip,
)

describe.skipIf(skip)('an outbox drained into a plain Mosquitto', () => {
  let broker: Mosquitto
  let officer: MqttClient
  let outbox: Outbox
  let link: Link
  let uplink: Uplink
  let folder: string
  const received = new Map<string, { count: number; topics: Set<string> }>()

  const listen = async (): Promise<void> => {
    officer = await connectAsync(broker.url)
    officer.on('error', () => {})
    officer.on('message', (topic, payload) => {
      const key = keyText(opened(payload))
      const entry = received.get(key) ?? { count: 0, topics: new Set<string>() }
      entry.count++
      entry.topics.add(topic)
      received.set(key, entry)
    })
    await officer.subscribeAsync('rw/v1/+/+/up/#', { qos: 1 })
  }

  beforeEach(async () => {
    received.clear()
    broker = await Mosquitto.start()
    await listen()
    folder = mkdtempSync(join(tmpdir(), 'uplink-'))
    outbox = openSqliteOutbox(folder, coach, () => noon)
    const openLink = mqttLink({
      url: broker.url,
      clientId: 'north.coach-1',
      subscriptions: [downTopic('north', 'coach-1', 'ack')],
      backoff,
    })
    link = openLink({ up: () => uplink.linkUp(), down: () => uplink.linkDown(), message: () => {} })
    uplink = new Uplink({
      outbox,
      link,
      host: hostClock,
      mode: 'puback',
      topicOf: (lane) => upTopic('north', 'coach-1', lane),
      log: silentLog,
    })
  })
  afterEach(async () => {
    uplink.close()
    await link.close()
    outbox.close()
    await officer.endAsync(true)
    await broker.dispose()
    rmSync(folder, { recursive: true })
  })

  const work = (batches: number): void => {
    for (let i = 0; i < batches; i++) {
      outbox.pend(cruise(noon + i * 10_000, noon + (i + 1) * 10_000))
      outbox.sealPending(checkpointAt(noon), seal)
      outbox.append([alarm(noon + i)], checkpointAt(noon), seal)
    }
    uplink.kick()
  }
  const sealed = () => outbox.lastSeq('alarm') + outbox.lastSeq('telemetry')

  it('delivers everything and is empty afterwards, alarms and telemetry in their lanes', async () => {
    work(40)
    await eventually('drained', () => uplink.isDrained())
    await eventually('received', () => received.size === sealed())
    const topics = [...received.values()].flatMap((entry) => [...entry.topics])
    expect(new Set(topics)).toEqual(
      new Set(['alarm', 'telemetry', 'backfill'].map((lane) => `rw/v1/north/coach-1/up/${lane}`)),
    )
  })

  it('loses nothing while the broker is killed again and again', async () => {
    for (let round = 0; round < 4; round++) {
      work(25)
      await new Promise((resolve) => setTimeout(resolve, 30 + round * 25))
      await officer.endAsync(true)
      await broker.kill()
      work(5)
      await broker.start()
      await listen()
    }
    await eventually('drained', () => uplink.isDrained())
    // What Mosquitto acknowledged and had not yet handed on died with it: durability is then the broker's. What
    // we check is ours: nothing left the outbox without an acknowledgement, so nothing waits and nothing is stuck.
    expect(outbox.stats()).toMatchObject({ waiting: { alarm: 0, telemetry: 0 }, deadLetters: 0 })
    work(1)
    await eventually('the last ones', () =>
      received.has(`north/coach-1/${outbox.epoch}/alarm/${outbox.lastSeq('alarm')}`),
    )
  })
})
