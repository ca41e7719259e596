import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Checkpoint, Outbox, OutboxOptions, Sealed } from '../../device/outbox/outbox.ts'
import { sha256 } from '../../proto/canonical.ts'
import { keyText } from '../../proto/ids.ts'
import type { Envelope, EnvelopeBody } from '../../proto/model.ts'
import { quantise } from '../../proto/telemetry.ts'
import { cruise, sampleAt } from '../help/drive.ts'
import { ackOf, alarm, chainProblem, noon, opened, seal, speedingAt } from '../help/envelopes.ts'

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

/** A disk that syncs is slow: there the long properties run less often. */
export function outboxContract(name: string, makeBench: () => OutboxBench, runs: number): void {
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

    let clockMs = noon
    /** So many records of a class. */
    const flood = (what: 'telemetry' | 'low' | 'alarm') => (count: number) => {
      for (let i = 0; i < count; i++) {
        clockMs += 10_000
        if (what === 'telemetry') {
          outbox.pend(cruise(clockMs, clockMs + 10_000, { speedKmh: 80 + (i % 9) }))
          outbox.sealPending(checkpointAt(clockMs), seal)
        } else outbox.append([what === 'low' ? info(clockMs) : alarm(clockMs)], checkpointAt(clockMs), seal)
      }
    }
    const evictedOf = (name: string): number =>
      outbox.stats().evictedBy.reduce((sum, one) => sum + (one.class === name ? one.count : 0), 0)
    /** Class and reason of what went, and of the gap records that are there. */
    const reasons = (): Set<string> =>
      new Set([
        ...outbox.stats().evictedBy.map((one) => `${one.class} ${one.reason}`),
        ...everything(outbox).flatMap(({ envelope: { body } }) =>
          body.is === 'gap' ? [`${body.gap.class} ${body.gap.reason}`] : [],
        ),
      ])

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
        gap: { class: 'positions', firstSeq: 1, lastSeq: 15, fromMs: noon, reason: 'thinned' },
      })
      // A point now and then: of sixteen neighbours the last one stays, the one that is signed.
      const kept = telemetry.filter(({ bytes }) => opened(bytes).body.is === 'telemetry')
      expect(kept[0]?.seq).toBe(16)
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

    it('evicts what is worth more only when what is worth less is down to its share', () => {
      const bytesMax = 60_000
      reopen({ bytesMax })
      const floods = { telemetry: flood('telemetry'), low: flood('low'), alarm: flood('alarm') }
      const held = (): ReadonlyMap<string, number> => bytesByClass(everything(outbox))
      floods.telemetry(40)
      floods.low(40)
      floods.alarm(20)
      const before = held()
      // A flood of positions thins them and takes the place of nothing better.
      floods.telemetry(240)
      expect(held().get('alarm')).toBe(before.get('alarm'))
      expect(held().get('low')).toBe(before.get('low'))
      expect(reasons()).toEqual(new Set(['positions thinned']))
      floods.low(320)
      expect(held().get('alarm')).toBe(before.get('alarm'))
      expect(reasons()).toContain('low cap')
      expect(reasons()).not.toContain('alarm cap')
      floods.alarm(240)
      expect(reasons()).toContain('alarm cap')
      // The newest of the others is still there.
      const left = everything(outbox).map(({ envelope }) => envelope.body.is)
      expect(left).toContain('telemetry')
      expect(chainProblem(outbox.take('alarm', 0, 1e6), outbox.lastSeq('alarm'))).toBeNull()
      expect(chainProblem(outbox.take('telemetry', 0, 1e6), outbox.lastSeq('telemetry'))).toBeNull()
      expect(outbox.stats().bytes).toBeLessThanOrEqual(bytesMax)
      const { evicted, evictedBy } = outbox.stats()
      expect(evictedBy.reduce((sum, { count }) => sum + count, 0)).toBe(evicted)
      expect(reopen({ bytesMax }).stats()).toMatchObject({ evicted, evictedBy })
    })

    it('goes on for ever without a gateway: gap records of gap records take no more and more room', () => {
      const bytesMax = 20_000
      reopen({ bytesMax })
      const gapCounts: number[] = []
      for (let i = 0; i < 24; i++) {
        flood('telemetry')(40)
        flood('low')(3)
        flood('alarm')(3)
        expect(outbox.stats().bytes).toBeLessThanOrEqual(bytesMax)
        gapCounts.push(everything(outbox).filter(({ envelope }) => envelope.body.is === 'gap').length)
      }
      expect(Math.max(...gapCounts.slice(12))).toBeLessThanOrEqual(Math.max(...gapCounts.slice(0, 12)) + 2)
    })

    it('under any order of appends nothing goes unexplained, nothing before its turn, and the cap holds', () => {
      const step = fc.record({
        what: fc.constantFrom('telemetry' as const, 'low' as const, 'alarm' as const),
        count: fc.integer({ min: 1, max: 40 }),
      })
      const bytesMax = 24_000
      fc.assert(
        fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
          outbox.close()
          bench.dispose()
          bench = makeBench()
          const hashes = new Map<string, string>()
          const sealedAs = new Map<string, string>()
          const note = (rows: readonly Sealed[]): void => {
            for (const row of rows) {
              hashes.set(`${row.stream}/${row.seq}`, hex(sha256(row.bytes)))
              sealedAs.set(`${row.stream}/${row.seq}`, classNaively(row.envelope))
            }
          }
          outbox = bench.open({ bytesMax, witness: { intended: note, durable: () => {} } })
          for (const { what, count } of steps) {
            for (let i = 0; i < count; i++) {
              const alarmsBefore = evictedOf('alarm')
              const lowBefore = evictedOf('low')
              flood(what)(1)
              const rows = everything(outbox)
              expect(outbox.stats().bytes).toBeLessThanOrEqual(bytesMax)
              const share = bytesMax / 16 + onePiece
              if (evictedOf('low') > lowBefore || evictedOf('alarm') > alarmsBefore)
                expect(bytesByClass(rows).get('positions') ?? 0).toBeLessThanOrEqual(share)
              if (evictedOf('alarm') > alarmsBefore) expect(worthwhileLow(rows)).toBeLessThanOrEqual(share)
            }
          }
          const rows = everything(outbox)
          for (const stream of ['alarm', 'telemetry'] as const) {
            const own = rows.filter((row) => row.stream === stream)
            expect(chainProblem(own, outbox.lastSeq(stream))).toBeNull()
            for (const { envelope } of own) {
              if (envelope.body.is !== 'gap') continue
              const { gap } = envelope.body
              expect(hex(gap.firstHash)).toBe(hashes.get(`${stream}/${gap.firstSeq}`))
              expect(hex(gap.lastHash)).toBe(hashes.get(`${stream}/${gap.lastSeq}`))
              const classes = new Set<string | undefined>()
              for (let seq = gap.firstSeq; seq <= gap.lastSeq; seq++)
                classes.add(sealedAs.get(`${stream}/${seq}`))
              expect(gap.class).toBe(
                classes.has('alarm') ? 'alarm' : classes.has('low') ? 'low' : 'positions',
              )
            }
          }
        }),
        { numRuns: runs },
      )
    })

    it('counts what was lost unsealed, durably', () => {
      outbox.append([], checkpointAt(noon), { ...seal, refused: { low: 2, alarm: 3 } })
      outbox.append([alarm(noon)], checkpointAt(noon), { ...seal, refused: { low: 0, alarm: 1 } })
      expect(reopen().stats().evictedBy).toEqual([
        { class: 'alarm', reason: 'refused', count: 4 },
        { class: 'low', reason: 'refused', count: 2 },
      ])
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

/** What is no alarm, of the alarm stream. */
function info(atMs: number): EnvelopeBody {
  return { is: 'finding', finding: { ...speedingAt(atMs, 'started'), severity: 'info' }, findingId: null }
}

type Held = {
  readonly stream: string
  readonly seq: number
  readonly bytes: Uint8Array
  readonly envelope: Envelope
}

function classNaively({ body, stream }: Envelope): string {
  if (stream === 'telemetry') return 'positions'
  if (body.is === 'gap') return body.gap.class
  return body.is === 'finding' && body.finding.severity !== 'info' ? 'alarm' : 'low'
}

function bytesByClass(rows: readonly Held[]): Map<string, number> {
  const bytes = new Map<string, number>()
  for (const { envelope, bytes: one } of rows)
    bytes.set(classNaively(envelope), (bytes.get(classNaively(envelope)) ?? 0) + one.length)
  return bytes
}

/** An envelope and the record of its eviction. */
const onePiece = 1000

/** Bytes of neighbours of class `low` that are worth a gap record. */
function worthwhileLow(rows: readonly Held[]): number {
  let [total, run, last] = [0, 0, 0]
  for (const { seq, envelope, bytes } of rows.filter(({ stream }) => stream === 'alarm')) {
    const isLow = envelope.body.is !== 'gap' && classNaively(envelope) === 'low'
    run = isLow && seq === last + 1 ? run + bytes.length : isLow ? bytes.length : 0
    if (run > 2 * 380) total += run === bytes.length ? run : bytes.length
    last = seq
  }
  return total
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
