import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectors, driverDetectors } from '../../../device/detectors/index.ts'
import { catalog, explain } from '../../../proto/catalog.ts'
import { type AnyDetector, type States, stepAll } from '../../../proto/detector.ts'
import { episodeKey } from '../../../proto/ids.ts'
import type { Sample } from '../../../proto/model.ts'
import { sampleAt } from '../../help/drive.ts'
import { boxAreas, deepFreeze, roadRoute, settingsFor } from '../../help/road.ts'
import { fixAt, healthy, startMs, wheel } from '../../help/seconds.ts'

const known: fc.Arbitrary<Partial<Sample>> = fc.record({
  fix: fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 60 }).map((n) => fixAt(n * 25)),
  ),
  speedKmh: fc.constantFrom(null, 0, 9, 35, 80, 120),
  sources: fc.oneof(
    fc.constant(null),
    fc.tuple(fc.constantFrom(null, 0, 60, 120), fc.constantFrom(null, 0, 60)).map(([w, g]) => wheel(w, g)),
  ),
  doorOpen: fc.constantFrom(null, true, false),
  ignition: fc.constantFrom(null, true, false),
  trusted: fc.constantFrom(true, true, true, false),
  clockStepMs: fc.constantFrom(0, 0, 0, 0, 4000, -4000),
  conduct: fc.oneof(
    fc.constant(null),
    fc.record({
      gear: fc.constantFrom(null, 0, 5),
      clutch: fc.constantFrom(null, false, true),
      massKg: fc.constantFrom(null, 17_000, 20_000),
      batteryV: fc.constantFrom(null, 5, 27),
      keySwitchV: fc.constantFrom(null, 0, 27),
      mainPower: fc.constantFrom(null, null, true, false),
      afterPowerLoss: fc.constantFrom(false, false, false, true),
      emergency: fc.constantFrom(null, null, 'attack' as const, 'illness' as const),
    }),
  ),
  lines: fc.oneof(
    fc.constant(null),
    fc.record({
      gnssLineAgeMs: fc.constantFrom(null, 0, 40_000),
      gnssFixAgeMs: fc.constantFrom(null, 0, 29_999, 30_000, 90_000),
      canAgeMs: fc.constantFrom(null, 0, 9999, 10_000),
      antenna: fc.constantFrom(null, 'ok' as const, 'open' as const, 'short' as const),
      expects: fc.constant({ gnss: true, can: true }),
    }),
  ),
})

describe('the list of detectors', () => {
  const route = roadRoute({ lengthM: 1000, limits: [{ fromM: 0, toM: 500, dayKmh: 60, roadClass: 'other' }] })
  const areas = boxAreas([
    { id: 'zone', fromM: 200, toM: 400, limitKmh: 30 },
    { id: 'slope', fromM: 500, toM: 900, role: 'riskSection' },
  ])
  const base = settingsFor('coach', null, { route, areas })
  const inForce = deepFreeze({ ...base, vehicle: { ...base.vehicle, approvedMassKg: 18_000 } })
  const all: readonly AnyDetector[] = [...detectors, ...driverDetectors]

  it('has each name once, and each finding it makes is in the catalogue, starts before it ends, and survives JSON', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    const words = { plate: 'P', zone: 'Asia/Shanghai', vehicleClass: 'coach', serviceClass: null }
    fc.assert(
      fc.property(fc.array(fc.tuple(known, fc.integer({ min: 1, max: 40 })), { maxLength: 12 }), (legs) => {
        let states: States = {}
        let atMs = startMs
        const open = new Set<string>()
        for (const [facts, times] of legs)
          for (let i = 0; i < times; i++) {
            const clockStepMs = i === 0 ? (facts.clockStepMs ?? 0) : 0
            atMs += 1000 + clockStepMs
            const sample = deepFreeze(sampleAt(atMs, { ...facts, clockStepMs }))
            const { state, findings } = stepAll(all, deepFreeze(states), sample, inForce)
            expect(JSON.parse(JSON.stringify(state))).toEqual(state)
            states = state
            for (const finding of findings) {
              const entry = catalog[finding.kind]
              expect(entry?.severities).toContain(finding.severity)
              const { zh, en } = explain(finding, words)
              for (const sentence of [zh, en])
                expect(sentence).not.toMatch(/undefined|NaN|Infinity|违法|违反/)
              expect(finding.decidedAtMs).toBe(atMs)
              expect(finding.atMs).toBeLessThanOrEqual(atMs)
              expect(open.has(episodeKey(finding))).toBe(finding.phase !== 'started')
              if (finding.phase === 'ended') open.delete(episodeKey(finding))
              else open.add(episodeKey(finding))
            }
          }
      }),
      { numRuns: 150, seed: 202 },
    )
  })

  it.each([203, 204, 205, 206, 207, 208, 209, 210, 211, 212])(
    'moves no duration when the clock is corrected: what is told then is what a right clock would have told (%i)',
    (seed) => {
      // It tells the correction itself.
      const timeless = all.filter(({ name }) => name !== 'clock-conflict')
      const samplesOf = (legs: readonly (readonly [Partial<Sample>, number])[]): Sample[] => {
        let atMs = startMs
        return legs.flatMap(([facts, times]) =>
          Array.from({ length: times }, () => {
            atMs += 1000
            // A host has lines all the time, or never.
            const lines = facts.lines ?? healthy
            return sampleAt(atMs, { ...facts, lines, trusted: true, clockStepMs: 0 })
          }),
        )
      }
      const toldBy = (samples: readonly Sample[]): string[][] => {
        let states: States = {}
        return samples.map((sample) => {
          const { state, findings } = stepAll(timeless, states, sample, inForce)
          states = state
          return findings.map((finding) => JSON.stringify({ ...finding, id: '' })).toSorted()
        })
      }
      const legs = fc.array(fc.tuple(known, fc.integer({ min: 1, max: 40 })), { minLength: 2, maxLength: 12 })
      fc.assert(
        fc.property(
          legs,
          fc.double({ min: 0.1, max: 0.9, noNaN: true }),
          fc.constantFrom(7000, -7000),
          (plan, share, byMs) => {
            const samples = samplesOf(plan)
            const at = Math.ceil(samples.length * share)
            const right = samples.map((sample) => ({ ...sample, atMs: sample.atMs + byMs }))
            const corrected = [
              ...samples.slice(0, at),
              ...right.slice(at).map((sample, n) => (n === 0 ? { ...sample, clockStepMs: byMs } : sample)),
            ]
            expect(toldBy(corrected).slice(at)).toEqual(toldBy(right).slice(at))
          },
        ),
        { numRuns: 10, seed },
      )
    },
  )
})
