import mqtt, { type IClientOptions, type MqttClient } from 'mqtt'
import { onTestFinished } from 'vitest'
import { decodeAck, encodeEnvelope } from '../../../proto/codec.ts'
import type { Ack, Alert, Envelope, Lane } from '../../../proto/model.ts'
import { downTopic, upTopic } from '../../../proto/topics.ts'

/** Real MQTT clients for a gateway in the test's process. */

export async function connect(port: number, options: IClientOptions = {}): Promise<MqttClient> {
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
    reconnectPeriod: 0,
    protocolVersion: 4,
    ...options,
  })
  onTestFinished(() => client.endAsync(true).then(() => undefined))
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve())
    client.once('error', reject)
    client.once('close', () => reject(new Error('closed before it was connected')))
  })
  client.on('error', () => {})
  return client
}

export type TestTerminal = {
  readonly client: MqttClient
  readonly acks: Ack[]
  readonly send: (envelope: Envelope, lane?: Lane) => Promise<unknown>
  readonly sendBytes: (bytes: Uint8Array, lane: Lane) => Promise<unknown>
}

export async function connectTerminal(port: number, fleet = 'f1', vehicle = 'v1'): Promise<TestTerminal> {
  const client = await connect(port, { clientId: `${fleet}.${vehicle}` })
  const acks: Ack[] = []
  client.on('message', (topic, payload) => {
    const decoded = decodeAck(payload)
    if (topic === downTopic(fleet, vehicle, 'ack') && decoded.ok) acks.push(decoded.value)
  })
  await client.subscribeAsync(downTopic(fleet, vehicle, 'ack'), { qos: 1 })
  const sendBytes = (bytes: Uint8Array, lane: Lane) =>
    client.publishAsync(upTopic(fleet, vehicle, lane), Buffer.from(bytes), { qos: 1 })
  return {
    client,
    acks,
    sendBytes,
    send: (envelope, lane = envelope.stream) => sendBytes(encodeEnvelope(envelope), lane),
  }
}

/** An officer's feed. */
export async function connectOfficer(port: number, filter: string, options: IClientOptions = {}) {
  const client = await connect(port, options)
  const messages: { topic: string; payload: Buffer; retain: boolean }[] = []
  client.on('message', (topic, payload, { retain }) => messages.push({ topic, payload, retain }))
  const granted = await client.subscribeAsync(filter, { qos: 1 })
  const alerts = (): Alert[] =>
    messages
      .filter(({ topic }) => topic.startsWith('alerts-json/'))
      .map(({ payload }) => JSON.parse(payload.toString('utf8')) as Alert)
  return { client, messages, alerts, granted }
}

/**
 * The event loop comes round so often that what is under way between two ends in this process has come: what has not come then does
 * not come. Turns are counted and not time, which on a busy machine passes without any of them.
 */
export async function settled(turns = 50): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setTimeout(resolve, 1))
}

/** Waits until something holds; the test's own time limit ends a wait that never does. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}
