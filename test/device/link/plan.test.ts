import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choose, type Order, type Queue } from '../../../device/link/choose.ts'
import {
  initialPlan,
  type PlanEffect,
  type PlanInput,
  type PlanRules,
  type PlanState,
  planRules,
  resendAfterMs,
  stepPlan,
} from '../../../device/link/plan.ts'
import type { WaitingKey } from '../../../device/outbox/outbox.ts'
import type { Ack, SeqRange, StreamName } from '../../../proto/model.ts'
import { ackOf, nothingAcked } from '../../help/envelopes.ts'

const epoch = 7
const upTo = (upto: number): Ack['streams']['alarm'] => ({ upto, ranges: [] })

/** An outbox of seqs, and the uplink's core over it, driven by hand. */
class Bench implements Queue {
  nowMs = 0
  rules: PlanRules = planRules
  state: PlanState = initialPlan
  readonly waiting = { alarm: new Set<number>(), telemetry: new Set<number>() }
  readonly last = { alarm: 0, telemetry: 0 }
  readonly dead: WaitingKey[] = []

  seal(stream: StreamName, count = 1): void {
    for (let i = 0; i < count; i++) this.waiting[stream].add(++this.last[stream])
  }

  seqsAfter(stream: StreamName, after: number, limit: number): number[] {
    return [...this.waiting[stream]]
      .filter((seq) => seq > after)
      .sort((a, b) => a - b)
      .slice(0, limit)
  }

  lastSeq(stream: StreamName): number {
    return this.last[stream]
  }

  up(): void {
    this.step({ is: 'up', newestTelemetry: this.last.telemetry })
  }

  step(input: PlanInput): readonly PlanEffect[] {
    const { state, effects } = stepPlan(this.state, input, planRules)
    this.state = state
    for (const effect of effects) this.perform(effect)
    return effects
  }

  perform(effect: PlanEffect): void {
    if (effect.do === 'delete') this.waiting[effect.key.stream].delete(effect.key.seq)
    if (effect.do === 'acknowledge') this.acknowledge(effect.ack)
    if (effect.do === 'deadLetter') {
      this.waiting[effect.key.stream].delete(effect.key.seq)
      this.dead.push(effect.key)
    }
  }

  acknowledge(ack: Ack): void {
    for (const stream of ['alarm', 'telemetry'] as const)
      for (const seq of [...this.waiting[stream]])
        if (isIn(ack.streams[stream], seq)) this.waiting[stream].delete(seq)
  }

  send(): readonly Order[] {
    const choice = choose(this.state, this, this.nowMs, this.rules)
    this.state = choice.state
    this.wakeMs = choice.wakeMs
    return choice.orders
  }

  wakeMs: number | null = null

  published({ stream, seq }: WaitingKey, deletes = false): void {
    this.step({ is: 'published', key: { stream, seq }, deletes })
  }
}

const isIn = ({ upto, ranges }: { upto: number; ranges: readonly SeqRange[] }, seq: number): boolean =>
  seq <= upto || ranges.some(({ first, last }) => seq >= first && seq <= last)

const names = (orders: readonly Order[]): string[] => orders.map(({ lane, seq }) => `${lane} ${seq}`)

describe('what the uplink sends next', () => {
  it('sends nothing while the link is down', () => {
    const bench = new Bench()
    bench.seal('alarm')
    expect(bench.send()).toEqual([])
    expect(bench.wakeMs).toBeNull()
  })

  it('sends alarms first, then the newest telemetry, then what waited, oldest first', () => {
    const bench = new Bench()
    bench.seal('telemetry', 20)
    bench.seal('alarm', 2)
    bench.up()
    expect(names(bench.send())).toEqual([
      'alarm 1',
      'alarm 2',
      'telemetry 20',
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((seq) => `backfill ${seq}`),
    ])
    bench.seal('telemetry')
    for (const seq of [1, 2, 3]) bench.published({ stream: 'telemetry', seq })
    expect(names(bench.send())).toEqual(['telemetry 21', 'backfill 10', 'backfill 11'])
  })

  it('sends what waited less than a minute for the connection in its order: no hole, ahead of which anything is found', () => {
    const depth = planRules.liveDepth
    const bench = new Bench()
    bench.seal('telemetry', 30)
    for (let seq = 1; seq <= 30 - depth; seq++) bench.waiting.telemetry.delete(seq)
    bench.up()
    const few = Array.from({ length: depth }, (_, i) => `telemetry ${31 - depth + i}`)
    expect(names(bench.send())).toEqual(few)
    bench.seal('telemetry')
    expect(names(bench.send())).toEqual(['telemetry 31'])
    const oneMore = new Bench()
    oneMore.seal('telemetry', depth + 1)
    oneMore.up()
    const old = Array.from({ length: depth }, (_, i) => `backfill ${i + 1}`)
    expect(names(oneMore.send())).toEqual([`telemetry ${depth + 1}`, ...old])
  })

  it('sends what a cut connection owes an answer for before what was sealed since: after it, it would be a hole', () => {
    const bench = new Bench()
    bench.up()
    bench.seal('telemetry', 3)
    bench.seal('alarm', 2)
    expect(bench.send()).toHaveLength(5)
    bench.published({ stream: 'telemetry', seq: 1 }, true)
    bench.step({ is: 'down', atMs: bench.nowMs })
    bench.seal('telemetry', 2)
    bench.seal('alarm')
    bench.up()
    const alarms = ['alarm 1', 'alarm 2', 'alarm 3']
    expect(names(bench.send())).toEqual([...alarms, ...[2, 3, 4, 5].map((seq) => `telemetry ${seq}`)])
    bench.seal('telemetry')
    expect(names(bench.send())).toEqual(['telemetry 6'])
  })

  it('holds that back behind what never went, when the unconfirmed are too many for both', () => {
    const bench = new Bench()
    bench.seal('telemetry', 30)
    bench.up()
    expect(names(bench.send())[0]).toBe('telemetry 30')
    for (let seq = 1; seq <= 11; seq++) bench.published({ stream: 'telemetry', seq }, true)
    for (let seq = 12; seq <= 27; seq++) bench.waiting.telemetry.delete(seq)
    bench.step({ is: 'down', atMs: bench.nowMs })
    bench.rules = { ...planRules, unconfirmedMax: 2 }
    bench.up()
    const all: string[] = []
    for (let turn = 0; turn < 4; turn++)
      for (const { stream, seq, lane } of bench.send()) {
        all.push(`${lane} ${seq}`)
        bench.published({ stream, seq }, true)
      }
    expect(all).toEqual(['telemetry 28', 'telemetry 29', 'telemetry 30'])
  })

  it('keeps four places of sixteen for alarms, and alarms may take them all', () => {
    const bench = new Bench()
    bench.seal('telemetry', 50)
    bench.up()
    expect(bench.send()).toHaveLength(12)
    bench.seal('alarm', 9)
    expect(names(bench.send())).toEqual(['alarm 1', 'alarm 2', 'alarm 3', 'alarm 4'])
    expect(bench.send()).toEqual([])
    const alarmsOnly = new Bench()
    alarmsOnly.seal('alarm', 40)
    alarmsOnly.seal('telemetry', 40)
    alarmsOnly.up()
    expect(names(alarmsOnly.send())).toEqual(Array.from({ length: 16 }, (_, i) => `alarm ${i + 1}`))
  })

  it('turns live telemetry that falls behind into backlog, so that the newest is always next', () => {
    const bench = new Bench()
    bench.up()
    bench.seal('telemetry', 30)
    const first = names(bench.send())
    expect(first.slice(0, 6)).toEqual([25, 26, 27, 28, 29, 30].map((seq) => `telemetry ${seq}`))
    expect(first.slice(6)).toEqual([1, 2, 3, 4, 5, 6].map((seq) => `backfill ${seq}`))
  })

  it('sends everything exactly once while all goes well', () => {
    const bench = new Bench()
    bench.seal('telemetry', 100)
    bench.seal('alarm', 30)
    bench.up()
    const sent: string[] = []
    for (let orders = bench.send(); orders.length > 0; orders = bench.send()) {
      for (const order of orders) {
        sent.push(`${order.stream} ${order.seq}`)
        bench.published(order, true)
      }
    }
    expect(new Set(sent).size).toBe(130)
    expect(sent).toHaveLength(130)
    expect(bench.waiting.alarm.size + bench.waiting.telemetry.size).toBe(0)
  })

  it('keeps at most 512 unconfirmed, and lets alarms through all the same', () => {
    const bench = new Bench()
    bench.seal('telemetry', 2000)
    bench.up()
    let sent = 0
    for (let orders = bench.send(); orders.length > 0; orders = bench.send()) {
      sent += orders.length
      for (const order of orders) bench.published(order)
    }
    expect(sent).toBe(512)
    bench.seal('alarm')
    expect(names(bench.send())).toEqual(['alarm 1'])
  })

  it('obeys the rate limit with telemetry and never with alarms', () => {
    const bench = new Bench()
    bench.up()
    bench.step({ is: 'ack', ack: ackOf(epoch, {}, { rate: 2 }), epoch, atMs: 0 })
    bench.seal('telemetry', 5)
    bench.seal('alarm', 3)
    expect(names(bench.send())).toEqual(['alarm 1', 'alarm 2', 'alarm 3', 'telemetry 1'])
    expect(bench.wakeMs).toBe(500)
    bench.nowMs = 499
    expect(bench.send()).toEqual([])
    bench.nowMs = 500
    expect(names(bench.send())).toEqual(['telemetry 2'])
    bench.seal('alarm')
    expect(names(bench.send())).toEqual(['alarm 4'])
  })
})

describe('what an answer means to the uplink', () => {
  it("deletes by the broker's word only where the broker vouches", () => {
    const bench = new Bench()
    bench.seal('alarm', 2)
    bench.up()
    bench.send()
    bench.published({ stream: 'alarm', seq: 1 })
    expect(bench.waiting.alarm).toEqual(new Set([1, 2]))
    bench.published({ stream: 'alarm', seq: 2 }, true)
    expect(bench.waiting.alarm).toEqual(new Set([1]))
  })

  it('sends again what the gateway never confirmed, later each time: 10, 20, 60, 240, 300 s', () => {
    const bench = new Bench()
    bench.seal('alarm')
    bench.up()
    const times: number[] = []
    for (let i = 0; i < 6; i++) {
      expect(names(bench.send())).toEqual(['alarm 1'])
      times.push(bench.nowMs / 1000)
      bench.published({ stream: 'alarm', seq: 1 })
      expect(bench.send()).toEqual([])
      bench.nowMs = bench.wakeMs! - 1
      expect(bench.send()).toEqual([])
      bench.nowMs++
    }
    expect(times.map((at, i) => at - (times[i - 1] ?? 0))).toEqual([0, 10, 20, 60, 240, 300])
    expect(resendAfterMs(1000, planRules)).toBe(300_000)
  })

  it('sends at once after a lost connection what was on its way, and waits for the rest', () => {
    const bench = new Bench()
    bench.seal('alarm', 2)
    bench.up()
    bench.send()
    bench.published({ stream: 'alarm', seq: 1 })
    bench.step({ is: 'down', atMs: 5 })
    bench.nowMs = 6
    bench.up()
    expect(names(bench.send())).toEqual(['alarm 2'])
    bench.nowMs = 10_000
    expect(names(bench.send())).toEqual(['alarm 1'])
  })

  it('ignores the ack of another epoch altogether', () => {
    const bench = new Bench()
    bench.seal('alarm')
    bench.up()
    bench.send()
    const ack = ackOf(
      epoch + 1,
      { alarm: upTo(1) },
      { rate: 1, nacks: [{ stream: 'alarm', seq: 1, reason: 'x' }] },
    )
    expect(bench.step({ is: 'ack', ack, epoch, atMs: 0 })).toEqual([])
    expect(bench.state.rate).toBe(0)
    expect(bench.waiting.alarm.size).toBe(1)
  })

  it('gives up after three nacks, each for another try, and sets the envelope aside', () => {
    const bench = new Bench()
    bench.seal('alarm')
    bench.up()
    const nack = () =>
      bench.step({
        is: 'ack',
        ack: ackOf(epoch, {}, { nacks: [{ stream: 'alarm', seq: 1, reason: 'unknown kind' }] }),
        epoch,
        atMs: bench.nowMs,
      })
    for (const tries of [1, 2]) {
      expect(bench.send()).toHaveLength(1)
      bench.published({ stream: 'alarm', seq: 1 })
      // The gateway repeats a nack in every document; only one try was refused.
      for (let i = 0; i < 5; i++) nack()
      expect(bench.dead).toEqual([])
      bench.nowMs += resendAfterMs(tries, planRules)
    }
    bench.send()
    nack()
    expect(bench.dead).toEqual([{ stream: 'alarm', seq: 1 }])
    bench.nowMs += 1e9
    expect(bench.send()).toEqual([])
  })

  it("waits with what is refused for its date alone: time passes, or the gateway's clock is put right", () => {
    const bench = new Bench()
    bench.seal('alarm')
    bench.up()
    const nack = () =>
      bench.step({
        is: 'ack',
        ack: ackOf(epoch, {}, { nacks: [{ stream: 'alarm', seq: 1, reason: 'future' }] }),
        epoch,
        atMs: bench.nowMs,
      })
    let sent = 0
    while (bench.dead.length === 0 && sent < 1000) {
      sent += bench.send().length
      bench.published({ stream: 'alarm', seq: 1 })
      nack()
      bench.nowMs += planRules.resendCapMs
    }
    expect(sent).toBe(planRules.futureNacksMax)
    expect(bench.nowMs).toBeGreaterThanOrEqual(86_400_000)
  })

  it('a gateway whose clock is behind holds nothing back but what it refuses', () => {
    const bench = new Bench()
    bench.seal('telemetry', planRules.unconfirmedMax + 20)
    bench.up()
    const refuseAll = (): number => {
      const orders = bench.send()
      for (const { stream, seq } of orders) bench.published({ stream, seq })
      const nacks = orders.map(({ stream, seq }) => ({ stream, seq, reason: 'future' }))
      bench.step({ is: 'ack', ack: ackOf(epoch, {}, { nacks }), epoch, atMs: bench.nowMs })
      return orders.length
    }
    while (refuseAll() > 0);
    bench.seal('telemetry')
    expect(names(bench.send())).toEqual([`telemetry ${planRules.unconfirmedMax + 21}`])
    expect(bench.dead).toEqual([])
  })

  it('sends again on the next connection what the outbox could not delete', () => {
    const bench = new Bench()
    bench.seal('alarm')
    bench.up()
    bench.send()
    bench.published({ stream: 'alarm', seq: 1 }, true)
    // The disk refused the deletion, so it still waits.
    bench.waiting.alarm.add(1)
    expect(bench.send()).toEqual([])
    bench.step({ is: 'down', atMs: 1 })
    bench.up()
    expect(names(bench.send())).toEqual(['alarm 1'])
  })

  it('forgets what was evicted meanwhile', () => {
    const bench = new Bench()
    bench.seal('telemetry')
    bench.up()
    bench.send()
    bench.waiting.telemetry.clear()
    bench.step({ is: 'gone', key: { stream: 'telemetry', seq: 1 } })
    bench.nowMs = 1e9
    expect(bench.send()).toEqual([])
  })
})

type Wire = Order & { readonly answered: boolean }

/**
 * A gateway behind a bad network: publishes get lost, doubled and overtaken, PUBACKs and acks get lost, the link
 * goes down at any moment. Deterministic from the list of choices.
 */
function runBadNetwork(choices: readonly number[], mode: 'gateway' | 'puback') {
  const bench = new Bench()
  const journal = { alarm: new Set<number>(), telemetry: new Set<number>() }
  let wire: Wire[] = []
  const named = new Set<string>()
  const lost: string[] = []
  const deliver = (order: Order): void => {
    journal[order.stream].add(order.seq)
    if (mode === 'puback') named.add(`${order.stream}/${order.seq}`)
    bench.published(order, mode === 'puback')
  }
  const ack = (): void => {
    const stream = (name: StreamName) => ({
      ...nothingAcked,
      ranges: [...journal[name]].map((seq) => ({ first: seq, last: seq })),
    })
    for (const name of ['alarm', 'telemetry'] as const)
      for (const seq of journal[name]) named.add(`${name}/${seq}`)
    bench.step({
      is: 'ack',
      ack: ackOf(epoch, { alarm: stream('alarm'), telemetry: stream('telemetry') }),
      epoch,
      atMs: bench.nowMs,
    })
  }
  const pump = (): void => {
    const orders = bench.send()
    const flying = wire.length + orders.length
    if (flying > planRules.window) lost.push(`window of ${flying}`)
    wire.push(...orders.map((order) => ({ ...order, answered: false })))
  }
  bench.up()
  for (const choice of choices) {
    const which = choice % 9
    const pick = wire.length === 0 ? -1 : Math.floor(choice / 9) % wire.length
    if (which === 0) bench.seal('alarm')
    else if (which <= 2) bench.seal('telemetry', 2)
    else if (which <= 5 && pick >= 0) deliver(wire.splice(pick, 1)[0]!)
    // Journaled, but the answer never comes: the slot is only freed by the lost connection.
    else if (which === 6 && pick >= 0) journal[wire[pick]!.stream].add(wire[pick]!.seq)
    else if (which === 7 && mode === 'gateway') ack()
    else if (which === 8) {
      bench.step({ is: 'down', atMs: bench.nowMs })
      wire = []
      bench.up()
    }
    bench.nowMs += choice
    pump()
  }
  // The network heals: everything must arrive, and everything that went away must have been named.
  for (let round = 0; round < 400 && bench.waiting.alarm.size + bench.waiting.telemetry.size > 0; round++) {
    for (const order of wire.splice(0)) deliver(order)
    if (mode === 'gateway') ack()
    bench.nowMs += 10_000
    pump()
  }
  for (const stream of ['alarm', 'telemetry'] as const)
    for (let seq = 1; seq <= bench.last[stream]; seq++) {
      if (!journal[stream].has(seq)) lost.push(`${stream}/${seq} never arrived`)
      if (!bench.waiting[stream].has(seq) && !named.has(`${stream}/${seq}`))
        lost.push(`${stream}/${seq} unnamed`)
    }
  return { lost, left: bench.waiting.alarm.size + bench.waiting.telemetry.size }
}

describe.each(['gateway', 'puback'] as const)('the uplink on a bad network (%s)', (mode) => {
  it('loses nothing, deletes nothing that was not named, and empties the outbox when the network heals', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100_000), { maxLength: 200 }), (choices) => {
        expect(runBadNetwork(choices, mode)).toEqual({ lost: [], left: 0 })
      }),
      { numRuns: 300 },
    )
  })
})
