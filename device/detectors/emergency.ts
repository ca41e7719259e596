import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { EmergencyReason, Finding, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'

/**
 * Emergency button 紧急报警 (JT/T 808 bit 0): told at once, never spoken in the cab, because whoever attacks a driver must not
 * hear it. A button that bounces is one emergency.
 */
export type EmergencyState = {
  /** When it was pressed last. */
  readonly open: { readonly reason: EmergencyReason; readonly lastMs: number } | null
}
type Open = NonNullable<EmergencyState['open']>

export const emergency: Detector<EmergencyState> = {
  name: 'emergency',
  initial: { open: null },
  step: ({ open: before }, sample, settings) => {
    const open = before === null ? null : movedBy(before, sample.clockStepMs)
    const pressed = sample.conduct?.emergency ?? null
    if (open === null) return pressed === null ? stays(null) : begins(pressed, sample, settings)
    if (pressed === open.reason) return stays({ ...open, lastMs: sample.atMs })
    if (pressed !== null) {
      const next = begins(pressed, sample, settings)
      return { ...next, findings: [told('ended', open, sample, settings), ...next.findings] }
    }
    const released = sample.atMs - open.lastMs >= settings.policy.conduct.emergencyReleaseS * 1000
    if (!released || sample.conduct === null) return stays(open)
    return { state: { open: null }, findings: [told('ended', open, sample, settings)] }
  },
}

const stays = (open: Open | null) => ({ state: { open }, findings: [] })

function begins(reason: EmergencyReason, sample: Sample, settings: Settings) {
  const open: Open = { reason, lastMs: sample.atMs }
  return { state: { open }, findings: [told('started', open, sample, settings)] }
}

function told(phase: Finding['phase'], open: Open, sample: Sample, settings: Settings): Finding {
  const { reason, lastMs: atMs } = open
  const evidence = { button: reason }
  return makeFinding(
    { kind: 'emergency', reason, phase, severity: 'critical', atMs, evidence },
    sample,
    settings,
  )
}

const movedBy = (open: Open, byMs: number): Open =>
  byMs === 0 ? open : { ...open, lastMs: open.lastMs + byMs }
