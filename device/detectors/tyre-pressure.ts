import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Finding, Phase, Sample, Severity, TyreEvent } from '../../proto/model.ts'
import { roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'

/**
 * Tyres 胎压异常 (T/JSATL 12, 0x66; JT/T 808-2019 alarm bit 16). One episode per tyre and per thing that is wrong with it, also while
 * the vehicle stands: a tyre that lost its air overnight is best found before the departure. The monitor judges by thresholds
 * of its own, so no number of ours decides; it is to be verified by a gauge.
 */
export type TyreState = {
  /** `tyre reason` to its episode. */
  readonly open: { readonly [episode: string]: Episode }
}

type Episode = {
  readonly sinceMs: number
  readonly lastMs: number
  readonly reason: string
  readonly last: TyreEvent
}

/** A tyre that bursts is one that was low, leaking or hot before. */
const severities: { readonly [reason: string]: Severity } = {
  low: 'major',
  'slow-leak': 'major',
  hot: 'major',
  high: 'minor',
  imbalance: 'minor',
  sensor: 'info',
  battery: 'info',
}

const initial: TyreState = { open: {} }

export const tyrePressure: Detector<TyreState> = {
  name: 'tyre-pressure',
  initial,
  step: (before, sample, settings) => {
    const events = sample.camera?.tyres ?? []
    const quiet = events.length === 0 && Object.keys(before.open).length === 0
    if (quiet) return { state: before, findings: [] }
    const findings: Finding[] = []
    const tell = (phase: Phase, episode: Episode): void => {
      findings.push(told(phase, episode, sample, settings))
    }
    let open = shifted(before.open, sample.clockStepMs)
    for (const event of events) open = take(open, event, tell)
    return { state: { open: endOverdue(open, sample, settings, tell) }, findings }
  },
}

type Tell = (phase: Phase, episode: Episode) => void

function take(before: TyreState['open'], event: TyreEvent, tell: Tell): TyreState['open'] {
  const open = { ...before }
  for (const reason of Object.keys(severities)) {
    const key = `${event.tyre} ${reason}`
    const episode = open[key]
    const named = event.alarms.includes(reason)
    if (named && event.tells !== 'end') {
      const next = { sinceMs: episode?.sinceMs ?? event.atMs, lastMs: event.atMs, reason, last: event }
      open[key] = next
      if (episode === undefined) tell('started', next)
    } else if (episode !== undefined && isOver(event.tells, named)) {
      delete open[key]
      tell('ended', { ...episode, lastMs: event.atMs, last: event })
    }
  }
  return open
}

const isOver = (tells: TyreEvent['tells'], named: boolean): boolean =>
  tells === 'end' ? named : tells === 'all' && !named

/** A monitor that says nothing more of a tyre leaves no episode open for ever. */
function endOverdue(
  before: TyreState['open'],
  { atMs }: Sample,
  { policy }: Settings,
  tell: Tell,
): TyreState['open'] {
  const open = { ...before }
  for (const [key, episode] of Object.entries(before)) {
    if (atMs - episode.lastMs <= policy.camera.heldMaxS * 1000) continue
    delete open[key]
    tell('ended', episode)
  }
  return open
}

function shifted(open: TyreState['open'], byMs: number): TyreState['open'] {
  if (byMs === 0) return open
  return Object.fromEntries(
    Object.entries(open).map(([key, episode]) => [
      key,
      { ...episode, sinceMs: episode.sinceMs + byMs, lastMs: episode.lastMs + byMs },
    ]),
  )
}

function told(phase: Phase, episode: Episode, sample: Sample, settings: Settings): Finding {
  const { reason, sinceMs, lastMs, last } = episode
  const { tyre, pressureKpa, temperatureC, batteryPct } = last
  const said = Object.entries({ pressureKpa, temperatureC, batteryPct }).filter(([, value]) => value !== null)
  return makeFinding(
    {
      kind: 'tyre-pressure',
      reason,
      phase,
      subject: `${settings.vehicle.id}/tyre-${tyre}`,
      severity: severities[reason]!,
      grade: 'to-verify',
      atMs: phase === 'ended' ? lastMs : sinceMs,
      evidence: {
        tyre,
        ...Object.fromEntries(said),
        durationS: roundS((lastMs - sinceMs) / 1000),
        gradeReason: 'told by the tyre monitor alone',
      },
    },
    sample,
    settings,
  )
}
