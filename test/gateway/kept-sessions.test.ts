import type { MqttClient } from 'mqtt'
import { describe, expect, test } from 'vitest'
import { hostClock } from '../../gateway/clock.ts'
import { KeptSessions, keptMs, offlineMax, type Store } from '../../gateway/kept-sessions.ts'
import { connect, connectTerminal, until } from './help/clients.ts'
import { grantsOf } from './help/pki.ts'
import { alarm, startGateway } from './help/world.ts'

const names = (from: number, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `alerts/v1/f${from + n}/#`)

/** In packets of eight, as many as one may have. */
async function granted(client: MqttClient, filters: readonly string[]): Promise<number> {
  let sum = 0
  for (let from = 0; from < filters.length; from += 8)
    for (const code of await grantsOf(client, filters.slice(from, from + 8))) if (code !== 128) sum++
  return sum
}

describe('a kept session', () => {
  const kept = { clientId: 'desk', clean: false }

  test('has fifty filters, over however many connections it came by them', async () => {
    const gateway = await startGateway()
    const open = () => connect(gateway.ports.alerts, kept)
    const sums: number[] = []
    for (const from of [0, 48, 96]) {
      const client = await open()
      sums.push(await granted(client, names(from, 48)))
      await client.endAsync()
    }
    expect(sums).toEqual([48, 2, 0])
    expect(gateway.metrics.value('refused_total', { door: 'alerts', reason: 'too-many-filters' })).toBe(94)
    const client = await open()
    await client.unsubscribeAsync(names(0, 3))
    expect(await granted(client, names(200, 8))).toBe(3)
    // One that it has may be asked for again.
    expect(await granted(client, names(3, 8))).toBe(8)
  })

  test('of a day ago is gone; one of a millisecond less brings what it missed', async () => {
    let nowMs = 0
    const host = { nowMs: hostClock.nowMs, monoMs: () => nowMs }
    const gateway = await startGateway({ host })
    const terminal = await connectTerminal(gateway.ports.ingest)
    const missed = async (seq: number, ms: number) => {
      const first = await connect(gateway.ports.alerts, { ...kept, clientId: `desk${seq}` })
      await first.subscribeAsync('alerts-json/v1/f1/#', { qos: 1 })
      await first.endAsync()
      await until(() => gateway.metrics.text().includes('officers_connected 0'))
      await terminal.send(alarm(seq, { subject: `s${seq}` }, null))
      await gateway.idle()
      nowMs += ms
      return present(gateway.ports.alerts, `desk${seq}`)
    }
    expect(await missed(1, keptMs - 1)).toBe(true)
    expect(gateway.metrics.text()).toContain('officer_offline 1\n')
    expect(await missed(2, keptMs)).toBe(false)
  })

  test('is one of sixteen that are away: the one that went first is forgotten', async () => {
    const gateway = await startGateway()
    for (let n = 0; n < 17; n++) {
      const client = await connect(gateway.ports.alerts, { clientId: `desk${n}`, clean: false })
      await client.subscribeAsync('alerts-json/v1/f1/#', { qos: 1 })
      await client.endAsync()
      await until(() => gateway.metrics.text().includes('officers_connected 0'))
    }
    expect(gateway.metrics.value('refused_total', { door: 'alerts', reason: 'session-forgotten' })).toBe(1)
    expect(await present(gateway.ports.alerts, 'desk1')).toBe(true)
    expect(await present(gateway.ports.alerts, 'desk0')).toBe(false)
  })
})

/** Whether the gateway still had the session. */
async function present(port: number, clientId: string): Promise<boolean> {
  const mqtt = (await import('mqtt')).default
  const client = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
    ...{ clientId, clean: false, reconnectPeriod: 0, protocolVersion: 4 },
  })
  const told = await new Promise<boolean>((resolve) =>
    client.once('connect', ({ sessionPresent }) => resolve(sessionPresent)),
  )
  await client.endAsync(true)
  return told
}

describe('what is kept', () => {
  function keeping(limits = { perOwner: 2, all: 4 }) {
    let nowMs = 0
    const refused = new Map<string, number>()
    const cleaned: string[] = []
    const store = {
      cleanSubscriptions: async ({ id }: { id: string }) => cleaned.push(id),
    } as unknown as Store
    const sessions = new KeptSessions(store, {
      ...{ limits, monoMs: () => nowMs },
      refused: (reason, by = 1) => refused.set(reason, (refused.get(reason) ?? 0) + by),
    })
    const holder = (id: string) => ({ id, clean: false, closed: false })
    const visit = (id: string, owner: string): void => {
      const client = holder(id)
      sessions.came(client, owner)
      sessions.left(client)
    }
    const enqueue = (count: number, ...ids: string[]) =>
      Promise.all(
        Array.from({ length: count }, (_, n) =>
          store.outgoingEnqueueCombi(
            ids.map((clientId) => ({ clientId })),
            { brokerId: 'b', brokerCounter: n },
          ),
        ),
      )
    return { sessions, store, refused, cleaned, holder, visit, enqueue, later: (ms: number) => (nowMs += ms) }
  }

  test('is bounded for each owner, and for all; who is here is not counted', () => {
    const { sessions, visit, cleaned, holder, refused } = keeping()
    for (const n of [0, 1, 2]) sessions.came(holder(`here${n}`), 'li')
    for (const id of ['a', 'b', 'c']) visit(id, 'li')
    expect(cleaned).toEqual(['a'])
    visit('b', 'li')
    visit('d', 'li')
    expect(cleaned).toEqual(['a', 'c'])
    for (const id of ['e', 'f', 'g']) visit(id, id)
    expect(cleaned).toEqual(['a', 'c', 'b'])
    expect([sessions.away(), refused.get('session-forgotten')]).toEqual([4, 3])
  })

  test('belongs to who took it over: the going of the one before changes nothing', () => {
    const { sessions, holder } = keeping()
    const [first, second] = [holder('desk'), holder('desk')]
    sessions.came(first, 'li')
    sessions.came(second, 'li')
    sessions.left(first)
    expect(sessions.away()).toBe(0)
    sessions.left(second)
    expect(sessions.away()).toBe(1)
  })

  test('ends after a day, also for one that was never said to have left', () => {
    const { sessions, holder, visit, later, cleaned } = keeping()
    visit('away', 'li')
    const lost = holder('lost')
    sessions.came(lost, 'wang')
    Object.assign(lost, { closed: true })
    sessions.sweep()
    later(keptMs - 1)
    sessions.sweep()
    expect(cleaned).toEqual([])
    later(1)
    sessions.sweep()
    expect(cleaned.toSorted()).toEqual(['away', 'lost'])
  })

  test('is a thousand messages of a session; each one that finds no room is counted, for each session', async () => {
    const { sessions, store, refused, enqueue, visit } = keeping()
    visit('a', 'li')
    visit('b', 'li')
    await enqueue(offlineMax, 'a')
    await enqueue(7, 'a', 'b')
    expect([sessions.longest(), refused.get('offline-queue-full')]).toEqual([offlineMax, 7])
    await enqueue(offlineMax - 7, 'b')
    await enqueue(2, 'a', 'b')
    expect(refused.get('offline-queue-full')).toBe(11)
    await store.outgoingUpdate({ id: 'a' }, { brokerId: 'b', brokerCounter: 0, messageId: 5 })
    expect(await store.outgoingClearMessageId({ id: 'a' }, { messageId: 5 })).toMatchObject({
      brokerCounter: 0,
    })
    await enqueue(1, 'a')
    expect(refused.get('offline-queue-full')).toBe(11)
  })

  test('goes with its session', async () => {
    const { sessions, store, enqueue, holder, visit } = keeping()
    visit('desk', 'li')
    await enqueue(3, 'desk')
    expect(await store.outgoingStream({ id: 'desk' }).toArray()).toHaveLength(3)
    sessions.came({ ...holder('desk'), clean: true }, 'li')
    expect(await store.outgoingStream({ id: 'desk' }).toArray()).toEqual([])
    expect([sessions.away(), sessions.longest()]).toEqual([0, 0])
  })
})
