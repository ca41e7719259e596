import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fatigue } from '../../../device/detectors/fatigue.ts'
import { drive } from '../../../proto/detector.ts'
import type { Finding, Sample } from '../../../proto/model.ts'
import { beijing, sampleAt } from '../../help/drive.ts'
import { coachSettings } from '../../help/driving-settings.ts'
import { drivingTime, type Said } from '../../reference/driving-time.ts'

/** Thousands of random drives through the detector and through the naive second program. */

type Leg = {
  does: 'drives' | 'stands' | 'silent'
  forS: number
  everyS: number
  driver: string | null
  /** Of a silence: how far the vehicle is found from where it was; null when the odometer cannot tell. */
  km: number | null
}

const drivers = fc.oneof(
  { weight: 6, arbitrary: fc.constant('same') },
  { weight: 2, arbitrary: fc.constantFrom('A', 'B', 'C') },
  { weight: 1, arbitrary: fc.constant(null) },
)
const lengths = {
  drives: fc.oneof(
    fc.constantFrom(9, 10, 11, 60, 1190, 5400, 7200, 7201, 12_600, 14_399, 14_400, 14_401, 18_000),
    fc.integer({ min: 1, max: 9000 }),
  ),
  stands: fc.oneof(
    fc.constantFrom(9, 10, 11, 60, 1189, 1199, 1200, 1201, 5400),
    fc.integer({ min: 1, max: 4000 }),
  ),
  silent: fc.oneof(fc.constantFrom(299, 300, 301, 1200, 1201, 2400), fc.integer({ min: 301, max: 9000 })),
}
const legs = fc.array(
  fc
    .constantFrom(
      'drives' as const,
      'drives' as const,
      'stands' as const,
      'stands' as const,
      'silent' as const,
    )
    .chain((does) =>
      fc.record({
        does: fc.constant(does),
        forS: lengths[does],
        everyS: fc.constantFrom(7, 10, 11, 60, 127, 300),
        driver: drivers,
        km: fc.oneof(
          fc.constantFrom(0, 0.1, 0.3, 1, 1.001, 32, 36, null),
          fc.double({ min: 0, max: 80, noNaN: true }),
        ),
      }),
    ),
  { minLength: 3, maxLength: 14 },
)
const starts = fc.constantFrom('00:30', '03:59:50', '08:00', '17:30', '19:59:49', '21:20')
const rows = 260

function samplesOf(
  start: string,
  plan: readonly (Omit<Leg, 'driver'> & { driver: string | null })[],
): Sample[] {
  const samples: Sample[] = []
  let atMs = beijing(`2026-11-21 ${start.length === 5 ? `${start}:00` : start}`)
  let driver: string | null = 'A'
  let odometerM: number | null = 0
  for (const leg of plan) {
    if (leg.driver !== 'same') driver = leg.driver
    const endMs = atMs + leg.forS * 1000
    if (leg.does === 'silent')
      odometerM = leg.km === null ? null : Math.round((odometerM ?? 0) + leg.km * 1000)
    // A long leg is shown coarsely, so that the naive program can lay it out again and again.
    const everyMs = Math.max(leg.everyS, Math.min(300, Math.ceil(leg.forS / 40))) * 1000
    for (; atMs < endMs && leg.does !== 'silent'; atMs += everyMs)
      samples.push(
        sampleAt(atMs, { speedKmh: leg.does === 'drives' ? 60 : 0, speedSource: 'wheel', driver, odometerM }),
      )
    atMs = endMs
  }
  return samples.slice(0, rows)
}

const said = (one: Said): string =>
  [
    one.decided,
    one.phase,
    one.kind,
    one.reason,
    one.subject,
    one.at,
    one.phase === 'ended' ? '' : one.severity,
  ].join(' ')

function found(finding: Finding): string {
  const { phase, kind, reason, subject, atMs, decidedAtMs, severity } = finding
  return said({ phase, kind, reason, subject, at: atMs, decided: decidedAtMs, severity })
}

const isFatigue = ({ kind, phase }: { kind: string; phase: string }): boolean =>
  kind === 'fatigue' || (kind === 'fatigue-warning' && phase !== 'updated')

function compare(policy: Parameters<typeof coachSettings>[0], runs: number, seed: number): void {
  const settings = coachSettings(policy)
  let told = 0
  let drives = 0
  fc.assert(
    fc.property(starts, legs, (start, plan) => {
      drives++
      const samples = samplesOf(start, plan)
      if (samples.length === 0) return
      const mine = drive(fatigue, samples, settings).findings.filter(isFatigue).map(found).toSorted()
      const naive = drivingTime(samples, settings.policy, settings.vehicle.id).map(said).toSorted()
      told += naive.length
      expect(mine).toEqual(naive)
    }),
    { numRuns: runs, seed },
  )
  // A comparison of silence with silence would prove nothing.
  expect(told).toBeGreaterThan(drives / 2)
}

const parts = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

test.each(parts)('the detector and the naive program say the same of random drives (%i)', (part) => {
  compare(null, 300, 20_261_121 + 10 * part)
})

test.each(parts)(
  '... and where every limit is an hour or two away, so that all of them are passed often (%i)',
  (part) => {
    const fatigue = {
      continuousS: 5400,
      nightContinuousS: 3600,
      warnBeforeS: 900,
      rolling24hS: 9000,
      rolling7dS: 14_000,
    }
    compare({ fatigue }, 300, 20_261_122 + 10 * part)
  },
)
