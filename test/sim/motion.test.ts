import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { comfortMps2, type Leg, motionAt, profileOf } from '../../sim/motion.ts'

const leg = (untilS: number, kmh: number, rateMps2: number | null = null): Leg => ({ untilS, kmh, rateMps2 })

/** Legs with rising ends. */
const anyLegs = fc
  .array(fc.record({ forS: fc.integer({ min: 1, max: 400 }), kmh: fc.integer({ min: 0, max: 120 }) }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((parts) => {
    let untilS = 0
    return parts.map(({ forS, kmh }) => leg((untilS += forS), kmh))
  })

describe('a speed profile', () => {
  it('pulls away, holds and stops as a careful driver would', () => {
    const profile = profileOf([leg(120, 72), leg(200, 0)], 0)
    const risingS = 20 / comfortMps2.accelerate
    expect(motionAt(profile, risingS / 2).mps).toBeCloseTo(10)
    expect(motionAt(profile, risingS).mps).toBeCloseTo(20)
    expect(motionAt(profile, 119).mps).toBe(20)
    expect(motionAt(profile, 140).mps).toBe(0)
    const distanceM = (20 * risingS) / 2 + 20 * (120 - risingS) + (20 * 20) / 2
    expect(motionAt(profile, 200).alongM).toBeCloseTo(distanceM, 6)
  })

  it('may brake as hard as a leg asks', () => {
    const profile = profileOf([leg(10, 72, 7)], 108)
    expect(motionAt(profile, 1).mps).toBeCloseTo(23)
    expect(motionAt(profile, 1).mps2).toBe(-7)
    expect(motionAt(profile, 5).mps).toBe(20)
  })

  it('stands exactly still once it has stopped, and goes on from a speed it could not reach', () => {
    const profile = profileOf([leg(7, 33), leg(40, 0), leg(60, 0), leg(64, 90)], 0)
    for (const atS of [41, 50, 59.9]) expect(motionAt(profile, atS)).toMatchObject({ mps: 0, mps2: 0 })
    expect(motionAt(profile, 64).mps).toBeCloseTo(4 * comfortMps2.accelerate)
  })

  it('agrees with a naive sum of hundredths of a second', () => {
    fc.assert(
      fc.property(anyLegs, (legs) => {
        const profile = profileOf(legs, 0)
        let mps = 0
        let alongM = 0
        for (let tick = 0; tick < Math.min(profile.endS, 600) * 100; tick++) {
          const target = (legs.find(({ untilS }) => tick / 100 < untilS)?.kmh ?? 0) / 3.6
          const most = (target > mps ? comfortMps2.accelerate : comfortMps2.brake) / 100
          const next = Math.abs(target - mps) <= most ? target : mps + Math.sign(target - mps) * most
          alongM += (mps + next) / 200
          mps = next
        }
        const now = motionAt(profile, Math.min(profile.endS, 600))
        expect(Math.abs(now.alongM - alongM)).toBeLessThan(1)
        expect(Math.abs(now.mps - mps)).toBeLessThan(0.05)
      }),
      { numRuns: 40 },
    )
  })

  it('is smooth and never goes back', () => {
    fc.assert(
      fc.property(anyLegs, (legs) => {
        const profile = profileOf(legs, 0)
        let before = motionAt(profile, 0)
        for (let atS = 0.5; atS <= profile.endS + 2; atS += 0.5) {
          const now = motionAt(profile, atS)
          expect(Math.abs(now.mps - before.mps)).toBeLessThanOrEqual(comfortMps2.brake / 2 + 1e-9)
          expect(now.alongM).toBeGreaterThanOrEqual(before.alongM)
          before = atS < profile.endS ? now : { ...now, mps: before.mps }
        }
      }),
      { numRuns: 40 },
    )
  })
})
