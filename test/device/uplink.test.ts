import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from '../../device/log.ts'
import { createMemoryOutbox } from '../../device/outbox/memory.ts'
import type { Outbox } from '../../device/outbox/outbox.ts'
import { type AckMode, Uplink } from '../../device/uplink.ts'
import { checkpointAt, coach } from '../contract/outbox.ts'
import { cruise } from '../help/drive.ts'
import { ackOf, alarm, noon, opened, seal } from '../help/envelopes.ts'

/** A link whose answers are in the test's hand. */
class Wire {
  readonly flying: {
    topic: string
    payload: Uint8Array
    resolve: () => void
    reject: (error: Error) => void
  }[] = []

  publish(topic: string, payload: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.flying.push({ topic, payload, resolve, reject })
    })
  }

  get topics(): string[] {
    return this.flying.map(({ topic, payload }) => `${topic} ${opened(payload).seq}`)
  }
}

describe('uplink', () => {
  let outbox: Outbox
  let wire: Wire
  let uplink: Uplink
  const turn = (): Promise<unknown> => vi.advanceTimersByTimeAsync(2)

  function begin(mode: AckMode): void {
    outbox = createMemoryOutbox(coach)
    wire = new Wire()
    uplink = new Uplink({
      outbox,
      link: { publish: (topic, payload) => wire.publish(topic, payload) },
      host: { nowMs: () => Date.now(), monoMs: () => Date.now() },
      mode,
      topicOf: (lane) => lane,
      log: silentLog,
    })
  }
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    uplink.close()
    vi.useRealTimers()
  })
  const append = (count: number): void => {
    for (let i = 0; i < count; i++) outbox.append([alarm(noon + i)], checkpointAt(noon), seal)
  }

  it('sends once the link is up, byte for byte what was sealed', async () => {
    begin('puback')
    append(2)
    uplink.kick()
    await turn()
    expect(wire.flying).toEqual([])
    uplink.linkUp()
    await turn()
    expect(wire.topics).toEqual(['alarm 1', 'alarm 2'])
    expect(wire.flying.map(({ payload }) => payload)).toEqual(
      outbox.take('alarm', 0, 9).map(({ bytes }) => bytes),
    )
  })

  it("deletes on the broker's word in puback mode, and never on an ack document", async () => {
    begin('puback')
    append(2)
    uplink.linkUp()
    await turn()
    uplink.acknowledged(ackOf(outbox.epoch, { alarm: { upto: 2, ranges: [] } }))
    await turn()
    expect(uplink.isDrained()).toBe(false)
    for (const { resolve } of wire.flying) resolve()
    await turn()
    expect(uplink.isDrained()).toBe(true)
  })

  it('deletes only on the ack document in gateway mode', async () => {
    begin('gateway')
    append(2)
    uplink.linkUp()
    await turn()
    for (const { resolve } of wire.flying) resolve()
    await turn()
    expect(outbox.stats().waiting.alarm).toBe(2)
    uplink.acknowledged(ackOf(outbox.epoch, { alarm: { upto: 0, ranges: [{ first: 2, last: 2 }] } }))
    expect(outbox.take('alarm', 0, 9).map(({ seq }) => seq)).toEqual([1])
    await vi.advanceTimersByTimeAsync(10_100)
    expect(wire.topics).toEqual(['alarm 1', 'alarm 2', 'alarm 1'])
  })

  it('sends again after a lost link, each time until it is answered', async () => {
    begin('puback')
    append(1)
    for (let round = 1; round <= 3; round++) {
      uplink.linkUp()
      await turn()
      expect(wire.flying).toHaveLength(round)
      uplink.linkDown()
      wire.flying.at(-1)!.reject(new Error('link closed'))
      await turn()
    }
    uplink.linkUp()
    await turn()
    wire.flying.at(-1)!.resolve()
    await turn()
    expect(uplink.isDrained()).toBe(true)
  })

  it('waits when the outbox cannot be read or trimmed, and goes on by itself', async () => {
    begin('puback')
    append(1)
    const take = vi.spyOn(outbox, 'take').mockImplementation(() => {
      throw new Error('disk I/O error')
    })
    uplink.linkUp()
    await turn()
    expect(wire.flying).toEqual([])
    take.mockRestore()
    await vi.advanceTimersByTimeAsync(1100)
    expect(wire.topics).toEqual(['alarm 1'])
    const trim = vi.spyOn(outbox, 'acknowledgeEach').mockImplementation(() => {
      throw new Error('disk I/O error')
    })
    wire.flying[0]!.resolve()
    await turn()
    expect(uplink.isDrained()).toBe(false)
    trim.mockRestore()
    await vi.advanceTimersByTimeAsync(1100)
    expect(uplink.isDrained()).toBe(true)
  })

  it('does not fail when what it wanted to send again was evicted meanwhile', async () => {
    begin('gateway')
    outbox.pend(cruise(noon, noon + 10_000))
    outbox.sealPending(checkpointAt(noon), seal)
    uplink.linkUp()
    await turn()
    wire.flying[0]!.resolve()
    await turn()
    outbox.acknowledgeEach([{ stream: 'telemetry', seq: 1 }])
    await vi.advanceTimersByTimeAsync(1_000_000)
    expect(wire.flying).toHaveLength(1)
  })
})
