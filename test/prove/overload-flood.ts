import { strict } from '../../gateway/identity/abuse.ts'
import { decodeAck } from '../../proto/codec.ts'
import { downTopic, upTopic } from '../../proto/topics.ts'
import {
  alarmOf,
  fleet,
  idsOf,
  type Place,
  share,
  sleep,
  type Told,
  telemetryOf,
  terminal,
} from './overload-place.ts'
import type { RawClient } from './raw-client.ts'

const flooders = 5
const patienceS = 60

/**
 * Five send as fast as they can, the others one a second: the five wait, told their rate; nobody's alarm does. That is read from the
 * order in which PUBACKs come back and from no time: an alarm that had to wait for its turn would come after all that its
 * terminal had sent before it, always.
 */
export async function flood({ ports, metric }: Place, seconds: number): Promise<Told> {
  const ids = idsOf(45)
  const clients = await Promise.all(ids.map((id) => terminal(ports, id)))
  const fromMs = performance.now()
  const brought = ids.map(() => 0)
  const isOver = (): boolean => {
    const sinceMs = performance.now() - fromMs
    // On a slow machine it takes longer until they are above their rate.
    const isFlood = brought.slice(0, flooders).every((count) => count > strict.telemetry.burst + 50)
    return sinceMs > seconds * 1000 && (isFlood || sinceMs > (seconds + patienceS) * 1000)
  }
  const count = { normal: 0, alarms: 0, refused: 0, ahead: 0 }
  const normalMs: number[] = []
  const alarmMs: number[] = []
  const floodMs: number[] = []
  const told = listenForRates(clients, ids)
  const timed = async (
    client: RawClient,
    topic: string,
    payload: Buffer,
    into: number[],
  ): Promise<boolean> => {
    const fromMs = performance.now()
    const isAcknowledged = await client.publish(topic, payload)
    into.push(performance.now() - fromMs)
    if (!isAcknowledged) count.refused++
    return isAcknowledged
  }
  /** Numbers of each one's telemetry that has no PUBACK yet. */
  const waiting = ids.map(() => new Set<number>())
  const flooder = async (n: number): Promise<void> => {
    let seq = 0
    const topic = upTopic(fleet, ids[n]!, 'telemetry')
    const one = async (): Promise<void> => {
      while (!isOver()) {
        const own = ++seq
        waiting[n]!.add(own)
        if (await timed(clients[n]!, topic, telemetryOf(ids[n]!, own), floodMs)) brought[n]!++
        waiting[n]!.delete(own)
      }
    }
    await Promise.all(Array.from({ length: 12 }, one))
  }
  const normal = async (n: number): Promise<void> => {
    for (let seq = 1; !isOver(); seq++) {
      const id = ids[n]!
      if (await timed(clients[n]!, upTopic(fleet, id, 'telemetry'), telemetryOf(id, seq), normalMs))
        count.normal++
      await sleep(1000)
    }
  }
  const alarms = async (n: number): Promise<void> => {
    for (let seq = 1; !isOver(); seq++) {
      const payload = alarmOf(ids[n]!, seq, 0)
      const before = [...waiting[n]!]
      if (await timed(clients[n]!, upTopic(fleet, ids[n]!, 'alarm'), payload, alarmMs)) count.alarms++
      if (before.some((own) => waiting[n]!.has(own))) count.ahead++
      await sleep(500)
    }
  }
  await Promise.all(
    [...ids.keys()].map((n) => (n < flooders ? Promise.all([flooder(n), alarms(n)]) : normal(n))),
  )
  const delayed = await metric('telemetry_delayed_total')
  const limited = await metric('terminals_limited')
  for (const { socket } of clients) socket.destroy()
  const tookS = (performance.now() - fromMs) / 1000
  const flooded = brought.reduce((sum, own) => sum + own, 0)
  const each = Math.round(flooded / flooders)
  return {
    faults: flooders,
    acknowledged: flooded + count.normal + count.alarms,
    lost: 0,
    complaints: [
      ...(count.refused === 0 ? [] : [`lost: ${count.refused} publishes had no answer`]),
      ...(delayed > 0 ? [] : ['no telemetry was made to wait']),
      ...(limited === flooders
        ? []
        : [`${limited} terminals count as limited, not the ${flooders} that flood`]),
      ...(sameRates(told) ? [] : [`rates were told to ${JSON.stringify([...told])}`]),
      ...(each <= allowed(tookS) ? [] : [`each of the ${flooders} brought ${each} in ${tookS} s`]),
      ...(count.ahead > 0
        ? []
        : ['no alarm of those who flood was acknowledged before telemetry that waited']),
    ],
    counts: { 'envelopes made to wait': delayed, 'alarms that passed them': count.ahead },
    note: `${flooders} held to ${Math.round(each / tookS)}/s each and told so, their telemetry p90 ${share(floodMs, 0.9)} ms, their alarms p99 ${share(alarmMs, 0.99)} ms, 40 others p99 ${share(normalMs, 0.99)} ms`,
  }
}

/** The rates that the acks named, by terminal: what is shed is told to whom it is shed, and to nobody else. */
function listenForRates(clients: readonly RawClient[], ids: readonly string[]): Map<string, number> {
  const told = new Map<string, number>()
  for (const [n, client] of clients.entries()) {
    client.onPublish = (payload) => {
      const ack = decodeAck(payload)
      if (ack.ok && ack.value.rate > 0) told.set(ids[n]!, ack.value.rate)
    }
    void client.subscribe(downTopic(fleet, ids[n]!, 'ack'))
  }
  return told
}

const sameRates = (told: ReadonlyMap<string, number>): boolean =>
  told.size === flooders && idsOf(flooders).every((id) => told.get(id) === strict.telemetry.perS)

/** What the limits behind TLS let one terminal bring in so long. */
const allowed = (seconds: number): number => strict.telemetry.burst + strict.telemetry.perS * (seconds + 2)
