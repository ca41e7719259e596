import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEnvelope, encodeEnvelope, envelopeHead } from '../../proto/codec.ts'
import type { Envelope, Sample } from '../../proto/model.ts'
import { quantise } from '../../proto/telemetry.ts'
import { sampleAt } from '../help/drive.ts'

const head: Omit<Envelope, 'body' | 'stream'> = {
  fleet: 'north',
  vehicle: 'coach-1',
  epoch: 2 ** 48 - 1,
  seq: 7,
  prevHash: new Uint8Array(32),
  bootCount: 3,
  policyDigest: 'a'.repeat(64),
  sealedAtMs: 1_790_000_000_000,
}

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null })

const samples: fc.Arbitrary<Sample[]> = fc
  .array(
    fc.record({
      lat: fc.double({ min: -90, max: 90, noNaN: true }),
      lon: fc.double({ min: -180, max: 180, noNaN: true }),
      fixed: fc.boolean(),
      speedKmh: maybe(fc.double({ min: 0, max: 250, noNaN: true })),
      odometerM: maybe(fc.double({ min: 0, max: 1e9, noNaN: true })),
      driver: maybe(fc.constantFrom('A', 'B', '张三')),
      ignition: maybe(fc.boolean()),
      stepMs: fc.integer({ min: -10_000, max: 10_000 }),
      afterMs: fc.integer({ min: 1, max: 100_000 }),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows) => {
    let atMs = 1_790_000_000_000
    return rows.map((row) => {
      atMs += row.afterMs
      return sampleAt(atMs, {
        fix: row.fixed ? { lat: row.lat, lon: row.lon, accuracyM: null, satellites: 9 } : null,
        speedKmh: row.speedKmh,
        odometerM: row.odometerM,
        driver: row.driver,
        ignition: row.ignition,
        clockStepMs: row.stepMs,
      })
    })
  })

describe('envelope codec', () => {
  it('brings samples back as the quantiser makes them, whatever is unknown', () => {
    fc.assert(
      fc.property(samples, (batch) => {
        const bytes = encodeEnvelope({
          ...head,
          stream: 'telemetry',
          body: { is: 'telemetry', samples: batch },
        })
        const decoded = decodeEnvelope(bytes)
        expect(decoded).toMatchObject({ ok: true })
        if (!decoded.ok || decoded.value.body.is !== 'telemetry') throw new Error('unreachable')
        expect(decoded.value.body.samples).toEqual(batch.map(quantise))
      }),
    )
  })

  it('begins every envelope of a key with the head of that key, and none of another with it', () => {
    const body = { is: 'telemetry', samples: [sampleAt(1_790_000_000_000)] } as const
    const number = (max: number) =>
      fc.oneof(
        fc.integer({ min: 1, max: 300 }),
        fc.maxSafeNat().map((n) => 1 + (n % max)),
      )
    const keys = fc.record({ epoch: number(2 ** 48 - 1), seq: number(2 ** 53 - 2) })
    const begins = (bytes: Uint8Array, start: Uint8Array): boolean =>
      Buffer.compare(bytes.subarray(0, start.length), start) === 0
    fc.assert(
      fc.property(keys, keys, (one, other) => {
        const bytes = encodeEnvelope({ ...head, ...one, stream: 'telemetry', body })
        const isSame = one.epoch === other.epoch && one.seq === other.seq
        expect(begins(bytes, envelopeHead({ ...one, stream: 'telemetry' }))).toBe(true)
        expect(begins(bytes, envelopeHead({ ...one, stream: 'alarm' }))).toBe(false)
        expect(begins(bytes, envelopeHead({ ...other, stream: 'telemetry' }))).toBe(isSame)
      }),
    )
  })

  it('quantises once: a quantised sample is its own quantisation', () => {
    fc.assert(
      fc.property(samples, (batch) => {
        const once = batch.map(quantise)
        expect(once.map(quantise)).toEqual(once)
      }),
    )
  })

  it('answers every mutation of an envelope with a value or a reason, never with an exception', () => {
    const bytes = encodeEnvelope({
      ...head,
      stream: 'telemetry',
      body: { is: 'telemetry', samples: [sampleAt(1_790_000_000_000)] },
    })
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), (at, value, length) => {
        const mutated = bytes.slice(0, length)
        if (at < mutated.length) mutated[at] = value
        const decoded = decodeEnvelope(mutated)
        expect(decoded.ok || decoded.reason.length > 0).toBe(true)
      }),
      { numRuns: 20_000 },
    )
  })

  it.each(['said', 'again', 'failed', 'received'] as const)(
    'brings back that words were %s in the cab',
    (outcome) => {
      const spoken = { version: 2 ** 52, digest: '0f'.repeat(32), atMs: 1_790_000_000_123, outcome }
      const envelope: Envelope = { ...head, stream: 'alarm', body: { is: 'spoken', spoken } }
      const decoded = decodeEnvelope(encodeEnvelope(envelope))
      expect(decoded.ok && decoded.value.body).toEqual({ is: 'spoken', spoken })
      const telemetry = decodeEnvelope(encodeEnvelope({ ...envelope, stream: 'telemetry' }))
      expect(telemetry).toMatchObject({ ok: false, reason: expect.stringContaining('spoken') as string })
      const short = decodeEnvelope(
        encodeEnvelope({ ...envelope, body: { is: 'spoken', spoken: { ...spoken, digest: 'x' } } }),
      )
      expect(short.ok).toBe(false)
    },
  )

  it('asserts on a number the wire cannot carry', () => {
    const body = { is: 'telemetry', samples: [sampleAt(1_790_000_000_000)] } as const
    expect(() => encodeEnvelope({ ...head, seq: 2 ** 53, stream: 'telemetry', body })).toThrow(/below 2\^53/)
  })
})
