import { makeFinding } from '../../proto/finding.ts'
import { halfWidthAt } from '../../proto/geo/corridor.ts'
import type { Finding, Phase, Sample, Severity } from '../../proto/model.ts'
import { roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import type { Presence } from './areas-presence.ts'
import type { Told } from './areas-told.ts'

/**
 * 违规停车 inside a `noStopping` area: standing for `dwellS` (else `areas.stopS`). The stop lasts from the first
 * standing to the first moving Sample and is an offence from its beginning; the time only tells it from a pause.
 */
export type Stop = {
  readonly sinceMs: number
  /** The last Sample of it, and what the odometer said. */
  readonly lastMs: number
  readonly odometerM: number | null
  /** Whether a door was open at any moment of it; null: nobody knows. */
  readonly doorOpen: boolean | null
  /** Severity that was told; null while it is only a pause. */
  readonly told: Severity | null
}

/** Standing, moving, or unknown. A parked receiver drifts, so only turning wheels move below `noiseKmh`. */
export function isStanding(sample: Sample, settings: Settings): boolean | null {
  if (sample.speedKmh === null) return null
  const wheels = sample.speedSource === 'wheel' || sample.speedSource === 'tachograph'
  return wheels ? sample.speedKmh === 0 : sample.speedKmh < settings.policy.fatigue.noiseKmh
}

export type Stopped = { readonly stop: Stop | null; readonly findings: readonly Finding[] }

/** One Sample more. `leftMs`: the area was left at that instant. */
export function stopStep(
  stop: Stop | null,
  told: Told,
  presence: Presence,
  leftMs: number | null,
  sample: Sample,
  settings: Settings,
): Stopped {
  const standing = isStanding(sample, settings)
  if (leftMs !== null) return ended(stop, told, leftMs, sample, settings)
  if (standing === false) return ended(stop, told, sample.atMs, sample, settings)
  if (standing === null || presence === null || presence.is !== 'in' || presence.out !== null)
    return { stop, findings: [] }
  const going = stop !== null && unbroken(stop, sample, settings) ? stop : null
  const current: Stop = {
    sinceMs: going?.sinceMs ?? sample.atMs,
    lastMs: sample.atMs,
    odometerM: sample.odometerM,
    doorOpen: orOpen(going?.doorOpen ?? null, sample.doorOpen),
    told: going?.told ?? null,
  }
  const lost =
    going === null && stop !== null ? ended(stop, told, stop.lastMs, sample, settings).findings : []
  if (told.stopS === null || sample.atMs - current.sinceMs < told.stopS * 1000)
    return { stop: current, findings: lost }
  const severity = severityOf(current, sample, settings)
  if (severity === current.told) return { stop: current, findings: lost }
  const phase = current.told === null ? 'started' : 'updated'
  const started = finding(current, severity, phase, told, current.sinceMs, sample, settings)
  return { stop: { ...current, told: severity }, findings: [...lost, started] }
}

/** A pause in the data is no pause in the stop when the wheels did not turn. */
function unbroken(stop: Stop, sample: Sample, settings: Settings): boolean {
  if (sample.atMs - stop.lastMs <= settings.policy.areas.straightS * 1000) return true
  return stop.odometerM !== null && stop.odometerM === sample.odometerM
}

const orOpen = (before: boolean | null, now: boolean | null): boolean | null =>
  before === true || now === true ? true : (now ?? before)

/** A door opened, or a motorway: critical. A severity never falls within one stop. */
function severityOf(stop: Stop, sample: Sample, settings: Settings): Severity {
  const worst = stop.told === 'critical' || stop.doorOpen === true || onMotorway(sample, settings)
  return worst ? 'critical' : 'minor'
}

function onMotorway({ fix }: Sample, { route }: Settings): boolean {
  if (fix === null || route === null) return false
  const position = route.nearest(fix, null)
  if (position.distanceM > halfWidthAt(route, position)) return false
  return route.limitAt(position)?.roadClass === 'motorway'
}

function ended(stop: Stop | null, told: Told, atMs: number, sample: Sample, settings: Settings): Stopped {
  if (stop === null || stop.told === null) return { stop: null, findings: [] }
  return { stop: null, findings: [finding(stop, stop.told, 'ended', told, atMs, sample, settings)] }
}

function finding(
  stop: Stop,
  severity: Severity,
  phase: Phase,
  told: Told,
  atMs: number,
  sample: Sample,
  settings: Settings,
): Finding {
  const untilMs = phase === 'ended' ? atMs : sample.atMs
  return makeFinding(
    {
      kind: 'forbidden-stop',
      phase,
      subject: told.areaId,
      severity,
      atMs,
      evidence: {
        areaId: told.areaId,
        role: told.role,
        areaName: told.areaName,
        durationS: roundS((untilMs - stop.sinceMs) / 1000),
        limitS: told.stopS,
        doorOpen: stop.doorOpen,
        roadClass: onMotorway(sample, settings) ? 'motorway' : null,
      },
    },
    sample,
    settings,
  )
}

export function shiftStop(stop: Stop | null, byMs: number): Stop | null {
  return stop === null ? null : { ...stop, sinceMs: stop.sinceMs + byMs, lastMs: stop.lastMs + byMs }
}
