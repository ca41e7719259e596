import type { Detector, Step } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Finding, Sample, Severity } from '../../proto/model.ts'
import { roundKmh, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'

/** Door open while moving 行驶中开门. A Sample that knows neither door nor speed is neither. */
export type DoorOpenState = {
  readonly run: Run | null
  /** Severity of the episode in force; null before `doorS` have passed. */
  readonly open: Severity | null
}

type Run = { readonly firstMs: number; readonly lastMs: number; readonly peakKmh: number }

export const doorOpen: Detector<DoorOpenState> = {
  name: 'door-open',
  initial: { run: null, open: null },
  step: (before, sample, settings) => {
    const state = moved(before, sample.clockStepMs)
    const { doorKmh } = settings.policy.integrity
    if (state.run !== null && sample.atMs - state.run.lastMs > settings.policy.speeding.gapS * 1000)
      return closed(state, sample, settings)
    const { doorOpen: door, speedKmh } = sample
    if (door === false || (speedKmh !== null && speedKmh < doorKmh)) return closed(state, sample, settings)
    if (door === null || speedKmh === null) return { state, findings: [] }
    return onOpen(state, speedKmh, sample, settings)
  },
}

function closed({ run, open }: DoorOpenState, sample: Sample, settings: Settings): Step<DoorOpenState> {
  const findings = run !== null && open !== null ? [told('ended', run, open, sample, settings)] : []
  return { state: { run: null, open: null }, findings }
}

function onOpen(
  state: DoorOpenState,
  speedKmh: number,
  sample: Sample,
  settings: Settings,
): Step<DoorOpenState> {
  const { doorS, doorMajorKmh } = settings.policy.integrity
  const firstMs = state.run?.firstMs ?? sample.atMs
  const run: Run = {
    firstMs,
    lastMs: sample.atMs,
    peakKmh: Math.max(state.run?.peakKmh ?? speedKmh, speedKmh),
  }
  if (run.lastMs - run.firstMs < doorS * 1000) return { state: { run, open: null }, findings: [] }
  const severity: Severity = run.peakKmh >= doorMajorKmh ? 'major' : 'minor'
  if (severity === state.open) return { state: { run, open: severity }, findings: [] }
  const phase = state.open === null ? 'started' : 'updated'
  return { state: { run, open: severity }, findings: [told(phase, run, severity, sample, settings)] }
}

function told(
  phase: Finding['phase'],
  run: Run,
  severity: Severity,
  sample: Sample,
  settings: Settings,
): Finding {
  const evidence = { peakKmh: roundKmh(run.peakKmh), durationS: roundS((run.lastMs - run.firstMs) / 1000) }
  const atMs = phase === 'ended' ? run.lastMs : run.firstMs
  return makeFinding({ kind: 'door-open', phase, severity, atMs, evidence }, sample, settings)
}

function moved(state: DoorOpenState, byMs: number): DoorOpenState {
  if (byMs === 0 || state.run === null) return state
  const { firstMs, lastMs, peakKmh } = state.run
  return { ...state, run: { firstMs: firstMs + byMs, lastMs: lastMs + byMs, peakKmh } }
}
