import type { Sample } from '../../proto/model.ts'

/** Builders that make a test read as a drive. */

/** A Sample of which only the time is known, with what a test says on top. */
export function sampleAt(atMs: number, known: Partial<Sample> = {}): Sample {
  return {
    atMs,
    trusted: true,
    clockStepMs: 0,
    fix: null,
    positionRefused: false,
    reseeded: false,
    speedKmh: null,
    speedSource: null,
    speedAgreement: null,
    sources: null,
    courseDeg: null,
    odometerM: null,
    driver: null,
    coDriver: null,
    ignition: null,
    doorOpen: null,
    brake: null,
    conduct: null,
    lines: null,
    ...known,
  }
}

/** A Beijing wall time such as `2026-11-22 23:40:00` as an instant. */
export function beijing(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}+08:00`)
}

/** Samples once a second (or every `everyS`) from one instant up to, not including, another. */
export function cruise(fromMs: number, toMs: number, known: Partial<Sample> = {}, everyS = 1): Sample[] {
  const samples: Sample[] = []
  for (let atMs = fromMs; atMs < toMs; atMs += everyS * 1000) samples.push(sampleAt(atMs, known))
  return samples
}
