import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { harshAcceleration, harshBraking } from '../../../device/detectors/harsh.ts'
import type { Sample } from '../../../proto/model.ts'
import type { Settings } from '../../../proto/settings.ts'
import { sampleAt } from '../../help/drive.ts'
import { settingsFor } from '../../help/road.ts'
import { brief, healthy, startMs, told, wheel } from '../../help/seconds.ts'

/** Wheel speeds (and the receiver's, else the same) every so many milliseconds. */
const drive = (kmh: readonly (number | null)[], everyMs = 1000, gnss: readonly (number | null)[] = kmh) =>
  kmh.map((now, i) =>
    sampleAt(startMs + i * everyMs, { speedKmh: now, sources: wheel(now, gnss[i]), lines: healthy }),
  )
/** From 90 km/h on, so many m/s2 for so many steps, then steady. */
const braking = (mps2: number, steps: number, everyMs = 1000): number[] =>
  Array.from({ length: steps + 4 }, (_, i) => 90 - Math.min(i, steps) * mps2 * 3.6 * (everyMs / 1000))

const brakings = (samples: Sample[], inForce?: Settings) => told(harshBraking, samples, inForce).map(brief)

describe('harsh braking', () => {
  it.each([
    ['2.99 m/s2 for 4 s', braking(2.99, 4), 0],
    ['3.01 m/s2 for one step of a second', braking(3.01, 1), 0],
    ['3.01 m/s2 for 2 s', braking(3.01, 2), 2],
    ['12.1 m/s2: no vehicle', braking(12.1, 2), 0],
    ['11.9 m/s2', braking(11.9, 2), 2],
  ])('%s', (_name, kmh, count) => {
    expect(brakings(drive(kmh))).toHaveLength(count)
  })

  it('says from where to where in how long', () => {
    const [started, ended] = told(harshBraking, drive(braking(5, 3)))
    expect(brief(started!)).toEqual(['started', 'info', 0, 2])
    expect(brief(ended!)).toEqual(['ended', 'info', 3, 4])
    expect(ended!.evidence).toEqual({ fromKmh: 90, toKmh: 36, durationS: 3, peakMps2: 5 })
  })

  it('is found at ten epochs a second after 1.5 s, not after 1.4 s', () => {
    expect(brakings(drive(braking(4, 14, 100), 100))).toEqual([])
    expect(brakings(drive(braking(4, 15, 100), 100))[0]).toEqual(['started', 'info', 0, 1.5])
  })

  it('takes the milder of wheel and receiver, and nothing where they contradict', () => {
    const hard = braking(6, 3)
    const mild = braking(2.5, 3)
    expect(brakings(drive(hard, 1000, mild))).toEqual([])
    expect(brakings(drive(mild, 1000, hard))).toEqual([])
    expect(
      brakings(
        drive(
          hard,
          1000,
          hard.map((kmh) => 120 - kmh),
        ),
      ),
    ).toEqual([])
    expect(
      brakings(
        drive(
          hard,
          1000,
          hard.map(() => null),
        ),
      ),
    ).toHaveLength(2)
  })

  it('needs the wheels and lines of its own: a file or a receiver alone brakes nobody', () => {
    const hard = braking(6, 3)
    const byTacho = drive(hard).map((sample) => ({
      ...sample,
      sources: { ...sample.sources!, wheelKmh: null, tachographKmh: sample.sources!.wheelKmh },
    }))
    expect(brakings(byTacho)).toHaveLength(2)
    expect(brakings(drive(hard).map((sample) => ({ ...sample, lines: null })))).toEqual([])
    expect(
      brakings(
        drive(
          hard.map(() => null),
          1000,
          hard,
        ),
      ),
    ).toEqual([])
  })

  it('a pause breaks it, a corrected clock does not', () => {
    const late = drive(braking(5, 4)).map((sample, i) => ({
      ...sample,
      atMs: sample.atMs + (i > 1 ? 1500 : 0),
    }))
    expect(brakings(late)).toHaveLength(2)
    expect(brakings(late)[0]?.[2]).toBe(3.5)
    const corrected = drive(braking(5, 4)).map((sample, i) => ({
      ...sample,
      atMs: sample.atMs + (i > 1 ? 9000 : 0),
      clockStepMs: i === 2 ? 9000 : 0,
    }))
    expect(brakings(corrected)[0]).toEqual(['started', 'info', 9, 11])
  })

  it('pairs two Samples up to two seconds apart, and needs all of 3 m/s2', () => {
    const pair = (gapMs: number, mps2: number): number =>
      brakings(
        drive([80, 80 - (mps2 * gapMs * 3.6) / 1000, 80 - (2 * mps2 * gapMs * 3.6) / 1000], gapMs).map(
          (sample) => sample,
        ),
      ).length
    expect(pair(2000, 4)).toBe(1)
    expect(pair(2001, 4)).toBe(0)
    expect(pair(1000, 3.01)).toBe(1)
    expect(pair(1000, 2.99)).toBe(0)
  })

  it('agrees with a naive count of steps', () => {
    const step = fc.integer({ min: -50, max: 50 })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        const kmh = [5000]
        for (const by of steps) kmh.push(kmh.at(-1)! + by)
        const runs = steps
          .map((by) => (by <= -11 && by >= -43 ? 'h' : '.'))
          .join('')
          .split('.')
          .filter((run) => run.length >= 2)
        const started = told(harshBraking, drive(kmh)).filter(({ phase }) => phase === 'started')
        expect(started).toHaveLength(runs.length)
      }),
      { numRuns: 300, seed: 7 },
    )
  })

  it('counts from exactly as much on as the policy says, up to exactly as much as no vehicle can', () => {
    const bound = (conduct: object) =>
      told(harshBraking, drive(braking(5, 3)), settingsFor('coach', { conduct })).length
    // 18 km/h a second is 5 m/s2 to the last bit.
    expect(bound({ harshBrakingMps2: 5 })).toBe(2)
    expect(bound({ harshBrakingMps2: 5.001 })).toBe(0)
    expect(bound({ jumpMps2: 5 })).toBe(2)
    expect(brakings(drive(braking(5.01, 3)), settingsFor('coach', { conduct: { jumpMps2: 5 } }))).toEqual([])
  })

  it('is nothing while nobody tells a speed, and asks the wheels alone while the receiver begins to speak', () => {
    const silent = drive([90, 90, 90, 90, 60, 30, 30]).map((sample, i) =>
      i >= 2 && i <= 5 ? { ...sample, sources: null } : sample,
    )
    expect(brakings(silent)).toEqual([])
    const kmh = braking(5, 3)
    expect(brakings(drive(kmh, 1000, [null, 72, null, 36, 36, 36, 36]))).toEqual([
      ['started', 'info', 0, 2],
      ['ended', 'info', 3, 4],
    ])
  })
})

describe('harsh acceleration', () => {
  it('has a limit of its own and its own name', () => {
    const faster = (mps2: number) => drive(braking(mps2, 3).map((kmh) => 100 - kmh))
    expect(told(harshAcceleration, faster(2.49))).toEqual([])
    const [started] = told(harshAcceleration, faster(2.51))
    expect(started).toMatchObject({ kind: 'harsh-acceleration', severity: 'info' })
    expect(told(harshBraking, faster(5))).toEqual([])
    expect(told(harshAcceleration, drive(braking(5, 3)))).toEqual([])
  })

  it('is measured as mildly as the policy wants it', () => {
    const mild = settingsFor('coach', { conduct: { harshAccelerationMps2: 0.5 } })
    const slow = braking(0.9, 3).map((kmh) => 100 - kmh)
    const [, ended] = told(harshAcceleration, drive(slow), mild)
    expect(ended?.evidence).toEqual({ fromKmh: 10, toKmh: 19.7, durationS: 3, peakMps2: 0.9 })
    expect(told(harshAcceleration, drive(slow, 2001), mild)).toEqual([])
  })
})
