import type { Detector, Step } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Finding, Sample, Severity } from '../../proto/model.ts'
import { roundKmh } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'

/** Antenna open 天线未接或被剪断, antenna short 天线短路: what the receiver says of its antenna (JT/T 808 bits 5 and 6). */
export type AntennaState = {
  /** The last thing it said; null before that. */
  readonly said: 'ok' | 'open' | 'short' | null
  readonly severity: Severity
}

export const antenna: Detector<AntennaState> = {
  name: 'antenna',
  initial: { said: null, severity: 'minor' },
  step: (state, sample, settings) => {
    const now = sample.lines?.antenna ?? null
    if (now === null || now === state.said) return { state, findings: [] }
    const ended =
      state.said === 'open' || state.said === 'short'
        ? [told('ended', state.said, state.severity, sample, settings)]
        : []
    return opened(state, now, ended, sample, settings)
  },
}

function opened(
  { said }: AntennaState,
  now: 'ok' | 'open' | 'short',
  ended: readonly Finding[],
  sample: Sample,
  settings: Settings,
): Step<AntennaState> {
  if (now === 'ok') return { state: { said: now, severity: 'minor' }, findings: ended }
  // Fine a moment ago and gone under way: somebody or something did it now.
  const moving = sample.speedKmh !== null && sample.speedKmh >= settings.policy.fatigue.noiseKmh
  const severity: Severity = moving && said === 'ok' ? 'major' : 'minor'
  return {
    state: { said: now, severity },
    findings: [...ended, told('started', now, severity, sample, settings)],
  }
}

function told(
  phase: Finding['phase'],
  what: 'open' | 'short',
  severity: Severity,
  sample: Sample,
  settings: Settings,
): Finding {
  const evidence = { speedKmh: sample.speedKmh === null ? null : roundKmh(sample.speedKmh) }
  return makeFinding(
    { kind: `antenna-${what}`, phase, severity, atMs: sample.atMs, evidence },
    sample,
    settings,
  )
}
