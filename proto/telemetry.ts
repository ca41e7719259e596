import type { Sample } from './model.ts'

/**
 * Telemetry is the first Sample of each UTC second, quantised (design 4). Terminal, gateway and replay send
 * Samples through these functions, so all three hosts show the rules the same inputs.
 */

/** Second of the last Sample taken; null before the first. */
export type ThinState = number | null

/**
 * Whether a Sample is the first of its UTC second, or one that must not be thinned away: it says that the clock was
 * corrected or that the jump filter began anew.
 */
export function thin(state: ThinState, sample: Sample): { state: ThinState; taken: boolean } {
  const second = Math.floor(sample.atMs / 1000)
  const telling = sample.clockStepMs !== 0 || sample.reseeded
  return second === state && !telling ? { state, taken: false } : { state: second, taken: true }
}

/**
 * What the rules make of a Sample after the last one they were shown. `passed`: it is not later, as after a clock that was set back.
 * `noted`: it has no place and no date, so that it is the last that is known and nothing a rule could use.
 */
export function showing(last: Sample | null, sample: Sample): 'passed' | 'noted' | 'shown' {
  // What a machine dated that knew no time holds nothing back that a receiver dated.
  if (last !== null && sample.atMs <= last.atMs && (last.trusted || !sample.trusted)) return 'passed'
  return !sample.trusted && sample.fix === null ? 'noted' : 'shown'
}

/** Wire units per unit of ours: 1e-7 deg, 0.01 km/h, 0.1 deg, 5 m, 0.1 m. */
export const wire = { deg: 1e7, kmh: 100, courseDeg: 10, odometerM: 1 / 5, accuracyM: 10 } as const

/** A value in whole wire units. */
export function toWire(value: number, perUnit: number): number {
  return Math.round(value * perUnit) || 0
}

/** Back to our unit. Division by a whole number, so the same on every machine. */
export function fromWire(units: number, perUnit: number): number {
  return perUnit < 1 ? units * Math.round(1 / perUnit) : units / perUnit
}

/** The Sample as the gateway will see it. Idempotent. */
export function quantise(sample: Sample): Sample {
  const q = (value: number | null, perUnit: number): number | null =>
    value === null ? null : fromWire(toWire(value, perUnit), perUnit)
  const { camera: _ours, ...known } = sample
  return {
    ...known,
    atMs: Math.round(sample.atMs),
    clockStepMs: Math.round(sample.clockStepMs),
    fix:
      sample.fix === null
        ? null
        : {
            lat: fromWire(toWire(sample.fix.lat, wire.deg), wire.deg),
            lon: fromWire(toWire(sample.fix.lon, wire.deg), wire.deg),
            accuracyM: q(sample.fix.accuracyM, wire.accuracyM),
            satellites: sample.fix.satellites,
          },
    speedKmh: q(sample.speedKmh, wire.kmh),
    courseDeg:
      sample.courseDeg === null
        ? null
        : fromWire(toWire(sample.courseDeg, wire.courseDeg) % 3600, wire.courseDeg),
    odometerM: q(sample.odometerM, wire.odometerM),
    sources: null,
    conduct: null,
    lines: null,
  }
}
