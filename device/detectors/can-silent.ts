import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { roundKmh, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'

/** CAN bus silent CAN总线无数据. A bus that sleeps in a parked vehicle is no news. */
export type CanSilentState = {
  /** Since when Samples come without a longer pause: a boot is not a silence. */
  readonly awakeMs: number | null
  readonly lastMs: number | null
  /** Since when it is silent; null while it is not, or nobody was told. */
  readonly openMs: number | null
}

export const canSilent: Detector<CanSilentState> = {
  name: 'can-silent',
  initial: { awakeMs: null, lastMs: null, openMs: null },
  step: (before, sample, settings) => {
    const { lines, atMs, clockStepMs } = sample
    // A clock that is corrected on a Sample that says nothing of the bus is corrected for the bus as well.
    const state = moved(before, clockStepMs)
    if (lines === null || !lines.expects.can) return { state, findings: [] }
    const { openMs } = state
    const awake = awakeOf(state, sample, settings)
    const sinceMs = atMs - (lines.canAgeMs ?? atMs - awake.awakeMs)
    const silent = atMs - sinceMs >= settings.policy.integrity.canSilentS * 1000
    if (openMs !== null && !silent)
      return {
        state: { ...awake, openMs: null },
        findings: [told('ended', sinceMs, sinceMs - openMs, sample, settings)],
      }
    if (openMs !== null || !silent || isParked(sample, settings))
      return { state: { ...awake, openMs }, findings: [] }
    return {
      state: { ...awake, openMs: sinceMs },
      findings: [told('started', sinceMs, atMs - sinceMs, sample, settings)],
    }
  },
}

function awakeOf(
  { awakeMs, lastMs }: CanSilentState,
  { atMs }: Sample,
  { policy }: Settings,
): { awakeMs: number; lastMs: number } {
  const paused = lastMs === null || atMs - lastMs > policy.speeding.gapS * 1000
  return { awakeMs: paused || awakeMs === null ? atMs : awakeMs, lastMs: atMs }
}

function moved(state: CanSilentState, byMs: number): CanSilentState {
  if (byMs === 0) return state
  const shift = (ms: number | null): number | null => (ms === null ? null : ms + byMs)
  return { awakeMs: shift(state.awakeMs), lastMs: shift(state.lastMs), openMs: shift(state.openMs) }
}

function isParked({ ignition, speedKmh }: Sample, { policy }: Settings): boolean {
  if (ignition !== null) return !ignition
  return speedKmh !== null && speedKmh < policy.fatigue.noiseKmh
}

function told(
  phase: Finding['phase'],
  atMs: number,
  silentMs: number,
  sample: Sample,
  settings: Settings,
): Finding {
  const gnssKmh = sample.sources?.gnssKmh ?? sample.speedKmh
  const evidence = { silentS: roundS(silentMs / 1000), gnssKmh: gnssKmh === null ? null : roundKmh(gnssKmh) }
  return makeFinding({ kind: 'can-silent', phase, severity: 'minor', atMs, evidence }, sample, settings)
}
