/**
 * Motion along a line: legs with target speeds become stretches of constant acceleration, so speed and distance
 * at any moment have a closed form and agree with each other exactly. Pure.
 */

export type Leg = {
  /** Lasts until this moment, seconds after the beginning. */
  readonly untilS: number
  readonly kmh: number
  /** How fast the speed may change on this leg; null: a coach driven with care. */
  readonly rateMps2: number | null
}

/** A loaded coach with 12 m: comfortable values (0.6 up, 1.0 down), far from what its brakes could do. */
export const comfortMps2 = { accelerate: 0.6, brake: 1.0 } as const

type Stretch = {
  readonly fromS: number
  readonly fromM: number
  readonly fromMps: number
  readonly mps2: number
}

export type Profile = {
  readonly stretches: readonly Stretch[]
  readonly endS: number
  readonly lengthM: number
}
export type Motion = { readonly alongM: number; readonly mps: number; readonly mps2: number }

/** Makes the profile of a list of legs, beginning at a speed. */
export function profileOf(legs: readonly Leg[], startKmh: number): Profile {
  const stretches: Stretch[] = []
  let now: Stretch = { fromS: 0, fromM: 0, fromMps: startKmh / 3.6, mps2: 0 }
  for (const leg of legs) {
    const target = leg.kmh / 3.6
    const change = target - now.fromMps
    const rate = leg.rateMps2 ?? (change > 0 ? comfortMps2.accelerate : comfortMps2.brake)
    const rampS = Math.min(Math.abs(change) / rate, leg.untilS - now.fromS)
    if (rampS > 0) {
      const ramp = { ...now, mps2: Math.sign(change) * rate }
      stretches.push(ramp)
      now = { ...endOf(ramp, now.fromS + rampS), mps2: 0 }
      // The last bit of the division must not leave a parked vehicle creeping.
      if (rampS * rate >= Math.abs(change)) now = { ...now, fromMps: target }
    }
    if (now.fromS < leg.untilS) {
      stretches.push(now)
      now = endOf(now, leg.untilS)
    }
  }
  return { stretches, endS: now.fromS, lengthM: now.fromM }
}

function endOf(stretch: Stretch, atS: number): Stretch {
  const { alongM, mps } = within(stretch, atS)
  return { fromS: atS, fromM: alongM, fromMps: mps, mps2: 0 }
}

function within({ fromS, fromM, fromMps, mps2 }: Stretch, atS: number): Motion {
  const s = atS - fromS
  return { alongM: fromM + fromMps * s + 0.5 * mps2 * s * s, mps: Math.max(0, fromMps + mps2 * s), mps2 }
}

/** Distance, speed and acceleration at a moment; before the beginning and after the end the vehicle stands where it is. */
export function motionAt(profile: Profile, atS: number): Motion {
  const { stretches, endS, lengthM } = profile
  if (atS < 0) return { alongM: 0, mps: stretches[0]?.fromMps ?? 0, mps2: 0 }
  if (atS >= endS) return { alongM: lengthM, mps: within(stretches.at(-1)!, endS).mps, mps2: 0 }
  let low = 0
  let high = stretches.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (stretches[middle]!.fromS <= atS) low = middle
    else high = middle - 1
  }
  return within(stretches[low]!, atS)
}
