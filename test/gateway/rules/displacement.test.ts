import { describe, expect, it } from 'vitest'
import { displacement } from '../../../gateway/rules/displacement.ts'
import { explain } from '../../../proto/catalog.ts'
import { drive } from '../../../proto/detector.ts'
import { noAreas } from '../../../proto/geo/areas.ts'
import type { Sample } from '../../../proto/model.ts'
import { mergePolicy } from '../../../proto/policy.ts'
import type { Settings } from '../../../proto/settings.ts'
import { defaultVehicle, type VehicleClass } from '../../../proto/shapes/vehicle.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { lineOf } from './curfew-cases.ts'

const settingsOf = (vehicleClass: VehicleClass): Settings => ({
  policy: mergePolicy(vehicleClass, null),
  policyDigest: 'd',
  vehicle: { ...defaultVehicle, class: vehicleClass },
  trip: null,
  route: null,
  areas: noAreas,
  areasSinceMs: null,
})
const at = (clock: string, known: Partial<Sample>) => sampleAt(beijing(`2026-11-22 ${clock}`), known)
const fix = (lat: number, accuracyM: number | null = null) => ({
  fix: { lat, lon: 110, accuracyM, satellites: null },
})
const found = (samples: readonly Sample[], vehicleClass: VehicleClass = 'coach') =>
  drive(displacement, samples, settingsOf(vehicleClass)).findings
const coming = (line: string) => [`displacement started ${line}`]

describe('B1-15: silent 11:00-11:40', () => {
  const silent = (km: number) => [
    at('11:00:00', { speedKmh: 80, odometerM: 0 }),
    at('11:40:00', { speedKmh: 0, odometerM: km * 1000 }),
    at('11:40:01', { speedKmh: 0, odometerM: km * 1000 }),
  ]
  it('36 km and 32 km are one displacement at the first Sample after it', () => {
    for (const km of [36, 32])
      expect(found(silent(km)).map(lineOf)).toEqual(
        coming('2026-11-22 11:40:00.000 known 11:40:00.000 minor'),
      )
  })
  it('0.1 km is none; 1 km exactly is none; 1,005 m is one', () => {
    expect(found(silent(0.1))).toEqual([])
    expect(found(silent(1))).toEqual([])
    expect(found(silent(1.005))).toHaveLength(1)
  })
  it('hazmat is major, and the gap is in the evidence', () => {
    const [one] = found(silent(36), 'hazmat')
    expect(one).toMatchObject({
      severity: 'major',
      evidence: {
        from: '2026-11-22T03:00:00.000Z',
        to: '2026-11-22T03:40:00.000Z',
        gapS: 2400,
        distanceM: 36_000,
        by: 'odometer',
        atLeastDrivenS: 1296,
      },
    })
    const words = { plate: '吉A1', zone: 'Asia/Shanghai', vehicleClass: 'hazmat', serviceClass: null }
    expect(explain(one!, words)).toEqual({
      zh: '吉A1于11:00:00—11:40:00离线，期间位移36.0公里。【疑似，证据充分】',
      en: '吉A1 was offline 11:00:00-11:40:00 and moved 36.0 km meanwhile. [suspected, evidence sufficient]',
    })
  })
})

describe('what is a gap, and what measures it', () => {
  it('300 s are none, 301 s are', () => {
    const backAt = (clock: string) =>
      found([at('11:00:00', { speedKmh: 80, odometerM: 0 }), at(clock, { speedKmh: 80, odometerM: 6000 })])
    expect(backAt('11:05:00')).toEqual([])
    expect(backAt('11:05:01')).toHaveLength(1)
  })
  it('Samples that say nothing are silence too', () => {
    const empty = Array.from({ length: 600 }, (_, s) => sampleAt(beijing('2026-11-22 11:00:01') + s * 1000))
    const samples = [
      at('11:00:00', { speedKmh: 80, odometerM: 0 }),
      ...empty,
      at('11:10:30', { speedKmh: 80, odometerM: 9000 }),
    ]
    expect(found(samples).map(lineOf)).toEqual(coming('2026-11-22 11:10:30.000 known 11:10:30.000 minor'))
  })
  it('a tunnel with wheels turning is no gap', () => {
    const tunnel = Array.from({ length: 600 }, (_, s) =>
      sampleAt(beijing('2026-11-22 11:00:01') + s * 1000, { speedKmh: 80 }),
    )
    const samples = [at('11:00:00', fix(30)), ...tunnel, at('11:10:30', { speedKmh: 80, ...fix(30.1) })]
    expect(found(samples)).toEqual([])
  })
  it('the position comes back 20 s after the speed: known then, begun at the first Sample', () => {
    const samples = [
      at('11:00:00', { speedKmh: 80, ...fix(30) }),
      at('11:40:00', { speedKmh: 0 }),
      at('11:40:20', { speedKmh: 0, ...fix(30.1) }),
    ]
    expect(found(samples).map(lineOf)).toEqual(coming('2026-11-22 11:40:00.000 known 11:40:20.000 minor'))
  })
  it('a position that comes back later than another gap measures nothing', () => {
    const samples = [
      at('11:00:00', { speedKmh: 80, ...fix(30) }),
      ...Array.from({ length: 62 }, (_, n) =>
        sampleAt(beijing('2026-11-22 11:40:00') + n * 5000, { speedKmh: 0 }),
      ),
      at('11:45:30', { speedKmh: 0, ...fix(30.1) }),
    ]
    expect(found(samples)).toEqual([])
  })
  it('the odometer before the straight line; the line where the odometer was exchanged', () => {
    const pair = (before: number, after: number) => [
      at('11:00:00', { speedKmh: 80, odometerM: before, ...fix(30) }),
      at('11:40:00', { speedKmh: 0, odometerM: after, ...fix(30.1) }),
    ]
    expect(found(pair(0, 20_000))[0]?.evidence).toMatchObject({ by: 'odometer', distanceM: 20_000 })
    for (const [before, after] of [
      [90_000, 10],
      [0, 900_000],
    ] as const)
      expect(found(pair(before, after))[0]?.evidence).toMatchObject({ by: 'straightLine', distanceM: 11_085 })
  })
  it('no line across a re-seeded position, none from a fix that decides nothing', () => {
    const before = at('11:00:00', { speedKmh: 80, ...fix(30) })
    expect(found([before, at('11:40:00', { speedKmh: 0, reseeded: true, ...fix(30.1) })])).toEqual([])
    expect(found([before, at('11:40:00', { speedKmh: 0, ...fix(30.1, 150) })])).toEqual([])
  })
  it('a clock correction is no gap, and an undisciplined clock measures none', () => {
    const before = at('11:00:00', { speedKmh: 80, odometerM: 0 })
    const jumped = at('11:40:00', { speedKmh: 80, odometerM: 2000, clockStepMs: 2_340_000 })
    expect(found([before, jumped])).toEqual([])
    expect(found([before, at('11:40:00', { speedKmh: 0, odometerM: 9000, trusted: false })])).toEqual([])
  })
})
