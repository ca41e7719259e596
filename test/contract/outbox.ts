import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Checkpoint, Outbox, OutboxOptions } from '../../device/outbox/outbox.ts'
import { keyText } from '../../proto/ids.ts'
import { quantise } from '../../proto/telemetry.ts'
import { cruise, sampleAt } from '../help/drive.ts'
import { ackOf, alarm, chainProblem, noon, opened, seal } from '../help/envelopes.ts'

/** One disk, opened again and again as power comes and goes. */
export type OutboxBench = {
  readonly open: (options?: Partial<OutboxOptions>) => Outbox
  readonly dispose: () => void
}

export const coach: OutboxOptions = { fleet: 'north', vehicle: 'coach-1', bytesMax: 2 ** 30 }

export function checkpointAt(atMs: number, openFindings: Checkpoint['openFindings'] = {}): Checkpoint {
  return { atMs, states: { speeding: { is: 'lawful', sinceMs: atMs } }, openFindings, signals: { atMs } }
}

const everything = (outbox: Outbox) => [
  ...outbox.take('alarm', 0, 1e6).map((row) => ({ ...row, envelope: opened(row.bytes) })),
  ...outbox.take('telemetry', 0, 1e6).map((row) => ({ ...row, envelope: opened(row.bytes) })),
]

export function outboxContract(name: string, makeBench: () => OutboxBench): void {
  describe(name, () => {
    let bench: OutboxBench
    let outbox: Outbox
    const reopen = (options: Partial<OutboxOptions> = {}): Outbox => {
      outbox.close()
      outbox = bench.open(options)
      return outbox
    }
    beforeEach(() => {
      bench = makeBench()
      outbox = bench.open()
    })
    afterEach(() => {
      outbox.close()
      bench.dispose()
    })

    it('is empty at first, with a random 48-bit epoch that stays, and counts its starts', () => {
      expect(outbox.restore()).toEqual({ checkpoint: null, samples: [] })
      expect(outbox.take('alarm', 0, 10)).toEqual([])
      expect(outbox.epoch).toBeGreaterThan(0)
      expect(outbox.epoch).toBeLessThan(2 ** 48)
      expect(outbox.bootCount).toBe(1)
      expect(outbox.reset).toBeNull()
      const { epoch } = outbox
      expect(reopen()).toMatchObject({ epoch, bootCount: 2, reset: null })
    })

    it('numbers each stream densely from 1 and chains it by the hash of the bytes before', () => {
      outbox.append([alarm(noon), alarm(noon + 1, 'ended')], checkpointAt(noon), seal)
      outbox.pend(cruise(noon, noon + 3000))
      outbox.sealPending(checkpointAt(noon), seal)
      reopen()
      outbox.append([alarm(noon + 2)], checkpointAt(noon), seal)
      const rows = everything(outbox)
      expect(rows.map(({ stream, seq }) => `${stream} ${seq}`)).toEqual([
        'alarm 1',
        'alarm 2',
        'alarm 3',
        'telemetry 1',
      ])
      expect(chainProblem(outbox.take('alarm', 0, 10), outbox.lastSeq('alarm'))).toBeNull()
      expect(chainProblem(outbox.take('telemetry', 0, 10), outbox.lastSeq('telemetry'))).toBeNull()
      expect(rows.map(({ envelope }) => envelope.bootCount)).toEqual([1, 1, 2, 1])
      expect(rows[0]?.envelope).toMatchObject({
        ...seal,
        fleet: 'north',
        vehicle: 'coach-1',
        epoch: outbox.epoch,
      })
    })

    it('gives the phases of an episode the key of the envelope that opened it, across a restart', () => {
      const first = outbox.append([alarm(noon)], checkpointAt(noon), seal)
      const key = keyText(first.sealed[0]!.envelope)
      expect(Object.values(first.openFindings)).toEqual([key])
      reopen()
      const { checkpoint } = outbox.restore()
      expect(checkpoint?.openFindings).toEqual(first.openFindings)
      const second = outbox.append([alarm(noon + 1, 'updated'), alarm(noon + 2, 'ended')], checkpoint!, seal)
      expect(second.openFindings).toEqual({})
      const ids = everything(outbox).map(({ envelope }) =>
        envelope.body.is === 'finding' ? envelope.body.findingId : 'no finding',
      )
      expect(ids).toEqual([null, key, key])
    })

    it('lets the phases of one call refer to each other and keeps subjects apart', () => {
      const bodies = [alarm(noon, 'started', 'a'), alarm(noon, 'started', 'b'), alarm(noon, 'ended', 'a')]
      const { sealed, openFindings } = outbox.append(bodies, checkpointAt(noon), seal)
      const ended = sealed[2]!.envelope.body
      expect(ended.is === 'finding' && ended.findingId).toBe(keyText(sealed[0]!.envelope))
      expect(Object.values(openFindings)).toEqual([keyText(sealed[1]!.envelope)])
    })

    it('finds the checkpoint again, and only the Samples that are not folded into it', () => {
      const [first, second, third] = cruise(noon, noon + 3000, { speedKmh: 81.237 })
      outbox.pend([first!])
      outbox.append([alarm(noon)], checkpointAt(noon), seal)
      outbox.pend([second!, third!])
      outbox.sync()
      reopen()
      const restored = outbox.restore()
      expect(restored.checkpoint).toMatchObject({ atMs: noon, signals: { atMs: noon } })
      // Unquantised: the detectors must see again exactly what they saw.
      expect(restored.samples).toEqual([second, third])
    })

    it('counts Samples pended before an append as folded, even unsynced ones', () => {
      outbox.pend([sampleAt(noon)])
      outbox.append([], checkpointAt(noon), seal)
      expect(reopen().restore().samples).toEqual([])
      expect(outbox.stats().pendingSamples).toBe(1)
    })

    it('seals the first Sample of each second, quantised, into one envelope and forgets the pending ones', () => {
      const samples = cruise(noon, noon + 10_000, { speedKmh: 81.237 }, 0.25)
      outbox.pend(samples)
      const sealed = outbox.sealPending(checkpointAt(noon + 9750), seal)
      expect(sealed).toHaveLength(1)
      const { body } = opened(sealed[0]!.bytes)
      expect(body.is === 'telemetry' && body.samples).toEqual(
        samples.filter(({ atMs }) => atMs % 1000 === 0).map(quantise),
      )
      expect(outbox.stats()).toMatchObject({ pendingSamples: 0, waiting: { alarm: 0, telemetry: 1 } })
      expect(outbox.sealPending(checkpointAt(noon), seal)).toEqual([])
      expect(reopen().restore()).toMatchObject({ checkpoint: { atMs: noon + 9750 }, samples: [] })
    })

    it('remembers across envelopes and restarts which second was sealed last', () => {
      outbox.pend([sampleAt(noon)])
      outbox.sealPending(checkpointAt(noon), seal)
      reopen()
      outbox.pend([sampleAt(noon + 400), sampleAt(noon + 1000)])
      const [sealed] = outbox.sealPending(checkpointAt(noon), seal)
      const { body } = opened(sealed!.bytes)
      expect(body.is === 'telemetry' && body.samples.map(({ atMs }) => atMs)).toEqual([noon + 1000])
    })

    it('splits what one envelope cannot carry: more than 60 Samples, or time that goes back', () => {
      outbox.pend(cruise(noon, noon + 61_000))
      expect(outbox.sealPending(checkpointAt(noon), seal)).toHaveLength(2)
      outbox.pend([sampleAt(noon + 90_000), sampleAt(noon + 70_000), sampleAt(noon + 71_000)])
      const batches = outbox.sealPending(checkpointAt(noon), seal).map(({ bytes }) => opened(bytes).body)
      expect(batches.map((body) => body.is === 'telemetry' && body.samples.length)).toEqual([1, 2])
    })

    it('deletes exactly what an ack names, and nothing for the ack of another epoch', () => {
      outbox.append(
        Array.from({ length: 10 }, (_, i) => alarm(noon + i)),
        checkpointAt(noon),
        seal,
      )
      const named = {
        upto: 2,
        ranges: [
          { first: 5, last: 6 },
          { first: 9, last: 9 },
        ],
      }
      expect(outbox.acknowledge(ackOf(outbox.epoch + 1, { alarm: named }))).toBe(0)
      expect(outbox.acknowledge(ackOf(outbox.epoch, { telemetry: { upto: 99, ranges: [] } }))).toBe(0)
      expect(outbox.acknowledge(ackOf(outbox.epoch, { alarm: named }))).toBe(5)
      expect(outbox.acknowledge(ackOf(outbox.epoch, { alarm: named }))).toBe(0)
      expect(outbox.take('alarm', 0, 99).map(({ seq }) => seq)).toEqual([3, 4, 7, 8, 10])
      outbox.acknowledgeEach([
        { stream: 'alarm', seq: 4 },
        { stream: 'telemetry', seq: 7 },
      ])
      expect(
        reopen()
          .take('alarm', 3, 2)
          .map(({ seq }) => seq),
      ).toEqual([7, 8])
      expect(outbox.stats().waiting).toEqual({ alarm: 4, telemetry: 0 })
    })

    it('never gives a seq twice, also when everything was acknowledged before a restart', () => {
      outbox.append([alarm(noon)], checkpointAt(noon), seal)
      outbox.acknowledge(ackOf(outbox.epoch, { alarm: { upto: 1, ranges: [] } }))
      const { sealed } = reopen().append([alarm(noon)], checkpointAt(noon), seal)
      expect(sealed[0]?.seq).toBe(2)
      expect(outbox.lastSeq('alarm')).toBe(2)
    })

    it('sets an envelope aside after its last nack: out of the queue, not lost', () => {
      outbox.append([alarm(noon), alarm(noon + 1)], checkpointAt(noon), seal)
      outbox.deadLetter({ stream: 'alarm', seq: 1 }, 'unknown kind')
      outbox.deadLetter({ stream: 'alarm', seq: 9 }, 'never was')
      expect(outbox.take('alarm', 0, 9).map(({ seq }) => seq)).toEqual([2])
      expect(reopen().stats()).toMatchObject({ deadLetters: 1, waiting: { alarm: 1 } })
    })

    it('evicts the oldest telemetry first, alarms last, and says exactly what went', () => {
      const options = { bytesMax: 20_000 }
      reopen(options)
      for (let i = 0; i < 120; i++) {
        outbox.pend(cruise(noon + i * 10_000, noon + (i + 1) * 10_000, { speedKmh: 80 + (i % 9) }))
        outbox.sealPending(checkpointAt(noon), seal)
        if (i % 10 === 0) outbox.append([alarm(noon + i)], checkpointAt(noon), seal)
      }
      const stats = outbox.stats()
      expect(stats.bytes).toBeLessThan(21_000)
      expect(stats.waiting.alarm).toBe(12)
      expect(stats.evicted).toBeGreaterThan(20)
      const telemetry = outbox.take('telemetry', 0, 1e6)
      expect(chainProblem(telemetry, outbox.lastSeq('telemetry'))).toBeNull()
      expect(chainProblem(outbox.take('alarm', 0, 99), outbox.lastSeq('alarm'))).toBeNull()
      const gaps = telemetry.map(({ bytes }) => opened(bytes).body).filter(({ is }) => is === 'gap')
      expect(gaps[0]).toMatchObject({
        gap: { class: 'positions', firstSeq: 1, fromMs: noon, reason: 'outbox full' },
      })
      expect(reopen(options).stats()).toEqual(stats)
    })

    it('says of an acknowledged envelope never that it was evicted', () => {
      reopen({ bytesMax: 8000 })
      const acked = new Set<number>()
      for (let i = 0; i < 60; i++) {
        outbox.pend(cruise(noon + i * 10_000, noon + (i + 1) * 10_000, { speedKmh: 80 + (i % 9) }))
        const seq = outbox.sealPending(checkpointAt(noon), seal)[0]!.seq
        if (i % 4 !== 0) continue
        acked.add(seq)
        outbox.acknowledgeEach([{ stream: 'telemetry', seq }])
      }
      const gaps = outbox.take('telemetry', 0, 1e6).flatMap(({ bytes }) => {
        const { body } = opened(bytes)
        return body.is === 'gap' ? [body.gap] : []
      })
      expect(gaps.length).toBeGreaterThan(1)
      for (const { firstSeq, lastSeq, count } of gaps) {
        expect(count).toBe(lastSeq - firstSeq + 1)
        for (let seq = firstSeq; seq <= lastSeq; seq++) expect(acked.has(seq)).toBe(false)
      }
    })

    it('evicts alarms only when no telemetry is left to go', () => {
      reopen({ bytesMax: 10_000 })
      outbox.pend(cruise(noon, noon + 10_000))
      outbox.sealPending(checkpointAt(noon), seal)
      for (let i = 0; i < 60; i++) outbox.append([alarm(noon + i)], checkpointAt(noon), seal)
      const alarms = outbox.take('alarm', 0, 1e6)
      expect(chainProblem(alarms, outbox.lastSeq('alarm'))).toBeNull()
      expect(chainProblem(outbox.take('telemetry', 0, 9), outbox.lastSeq('telemetry'))).toBeNull()
      const classes = [...alarms, ...outbox.take('telemetry', 0, 9)].map(({ bytes }) => opened(bytes).body)
      expect(new Set(classes.map((body) => (body.is === 'gap' ? body.gap.class : body.is)))).toEqual(
        new Set(['alarm', 'positions', 'finding']),
      )
    })

    it('keeps every promise under any order of work, acks and power cuts', () => {
      const work = fc.oneof(
        fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 0, max: 3 }) }),
        fc.record({ do: fc.constant('pend' as const), count: fc.integer({ min: 1, max: 15 }) }),
        fc.record({ do: fc.constant('seal' as const) }),
        fc.record({ do: fc.constant('sync' as const) }),
        fc.record({
          do: fc.constant('ack' as const),
          first: fc.integer({ min: 1, max: 12 }),
          length: fc.nat(4),
        }),
        fc.record({ do: fc.constant('reopen' as const) }),
      )
      fc.assert(
        fc.property(fc.array(work, { maxLength: 40 }), (steps) => {
          outbox.close()
          bench.dispose()
          bench = makeBench()
          outbox = bench.open()
          const model = new Map<string, Uint8Array>()
          let atMs = noon
          for (const step of steps) {
            if (step.do === 'append') {
              const bodies = Array.from({ length: step.count }, () => alarm((atMs += 1000)))
              for (const row of outbox.append(bodies, checkpointAt(atMs), seal).sealed)
                model.set(`${row.stream}/${row.seq}`, row.bytes)
            } else if (step.do === 'pend') {
              outbox.pend(cruise(atMs, (atMs += step.count * 1000)))
            } else if (step.do === 'seal') {
              for (const row of outbox.sealPending(checkpointAt(atMs), seal))
                model.set(`${row.stream}/${row.seq}`, row.bytes)
            } else if (step.do === 'sync') outbox.sync()
            else if (step.do === 'ack') {
              const range = { first: step.first, last: step.first + step.length }
              outbox.acknowledge(ackOf(outbox.epoch, { alarm: { upto: 0, ranges: [range] } }))
              for (let seq = range.first; seq <= range.last; seq++) model.delete(`alarm/${seq}`)
            } else reopen()
          }
          const rows = [...outbox.take('alarm', 0, 1e6), ...outbox.take('telemetry', 0, 1e6)]
          const found = new Map(rows.map(({ stream, seq, bytes }) => [`${stream}/${seq}`, hex(bytes)]))
          expect(found).toEqual(new Map([...model].map(([key, bytes]) => [key, hex(bytes)])))
          const { alarm: alarms, telemetry } = outbox.stats().waiting
          expect(alarms + telemetry).toBe(model.size)
        }),
        { numRuns: 30 },
      )
    })
  })
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
