import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Finding, Sample } from '../../proto/model.ts'
import { roundKmh, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'

/**
 * Harsh braking 急减速 and acceleration 急加速: scored, never an accusation. Only where the wheels themselves speak, and where
 * the receiver speaks too the milder of both counts: a late bus or a position that jumps drives nobody harshly.
 */
export type HarshState = {
  readonly last: {
    readonly atMs: number
    readonly wheelKmh: number
    readonly gnssKmh: number | null
  } | null
  readonly run: Run | null
  readonly open: boolean
}
type Run = {
  readonly firstMs: number
  readonly lastMs: number
  readonly fromKmh: number
  readonly toKmh: number
  readonly peakMps2: number
}
type Last = NonNullable<HarshState['last']>

/** Speeds farther apart say where the vehicle went, not how it was driven. */
const pairMs = 2000

function harsh(kind: 'harsh-braking' | 'harsh-acceleration', sign: -1 | 1): Detector<HarshState> {
  return {
    name: kind,
    initial: { last: null, run: null, open: false },
    step: (before, sample, settings) => {
      const state = moved(before, sample.clockStepMs)
      if (sample.lines === null) return { state, findings: [] }
      const { conduct } = settings.policy
      const last = speedsOf(sample)
      const mps2 = last === null || state.last === null ? null : rateOf(state.last, last)
      const leastMps2 = kind === 'harsh-braking' ? conduct.harshBrakingMps2 : conduct.harshAccelerationMps2
      if (mps2 === null || sign * mps2 < leastMps2 || sign * mps2 > conduct.jumpMps2)
        return ended(kind, { ...state, last }, sample, settings)
      const run = extended(state.run, state.last!, last!, sign * mps2)
      const starts = !state.open && run.lastMs - run.firstMs >= conduct.harshS * 1000
      return {
        state: { last, run, open: state.open || starts },
        findings: starts ? [told(kind, 'started', run, sample, settings)] : [],
      }
    },
  }
}

export const harshBraking = harsh('harsh-braking', -1)
export const harshAcceleration = harsh('harsh-acceleration', 1)

function speedsOf({ atMs, sources }: Sample): Last | null {
  if (sources === null) return null
  const wheelKmh = sources.wheelKmh ?? sources.tachographKmh
  return wheelKmh === null ? null : { atMs, wheelKmh, gnssKmh: sources.gnssKmh }
}

/** Metres per second squared that both sources vouch for; null where they contradict or the pair is too far apart. */
function rateOf(from: Last, to: Last): number | null {
  const seconds = (to.atMs - from.atMs) / 1000
  if (seconds <= 0 || seconds * 1000 > pairMs) return null
  const byWheel = (to.wheelKmh - from.wheelKmh) / 3.6 / seconds
  if (from.gnssKmh === null || to.gnssKmh === null) return byWheel
  const byGnss = (to.gnssKmh - from.gnssKmh) / 3.6 / seconds
  if (Math.sign(byWheel) !== Math.sign(byGnss)) return null
  return Math.abs(byGnss) < Math.abs(byWheel) ? byGnss : byWheel
}

const extended = (run: Run | null, from: Last, to: Last, mps2: number): Run => ({
  firstMs: run?.firstMs ?? from.atMs,
  fromKmh: run?.fromKmh ?? from.wheelKmh,
  lastMs: to.atMs,
  toKmh: to.wheelKmh,
  peakMps2: Math.max(run?.peakMps2 ?? 0, mps2),
})

function ended(kind: string, { last, run, open }: HarshState, sample: Sample, settings: Settings) {
  const findings = open && run !== null ? [told(kind, 'ended', run, sample, settings)] : []
  return { state: { last, run: null, open: false }, findings }
}

function told(kind: string, phase: Finding['phase'], run: Run, sample: Sample, settings: Settings): Finding {
  const evidence = {
    fromKmh: roundKmh(run.fromKmh),
    toKmh: roundKmh(run.toKmh),
    durationS: roundS((run.lastMs - run.firstMs) / 1000),
    peakMps2: roundKmh(run.peakMps2),
  }
  const atMs = phase === 'ended' ? run.lastMs : run.firstMs
  return makeFinding({ kind, phase, severity: 'info', atMs, evidence }, sample, settings)
}

function moved(state: HarshState, byMs: number): HarshState {
  if (byMs === 0) return state
  const { last, run } = state
  return {
    ...state,
    last: last === null ? null : { ...last, atMs: last.atMs + byMs },
    run: run === null ? null : { ...run, firstMs: run.firstMs + byMs, lastMs: run.lastMs + byMs },
  }
}
