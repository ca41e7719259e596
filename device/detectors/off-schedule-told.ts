import { makeFinding } from '../../proto/finding.ts'
import type { Finding, Phase, Sample, Severity } from '../../proto/model.ts'
import { roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { isoUtc } from '../../proto/time.ts'

/** A silence leaves open whether it called at the stop. */
export type Doubt = boolean

/** Late at a stop, from the end of the tolerance on. Plain JSON. */
export type Late = {
  readonly index: number
  readonly areaId: string
  /** The instant of the timetable, as it says it. */
  readonly planned: string
  readonly reason: 'lateArrival' | 'lateDeparture'
  readonly atMs: number
  readonly severity: Severity
  readonly doubt: Doubt
}

/** `actualMs`: when it came or left; null while it has not, or where it never did. */
export function lateFinding(
  late: Late,
  phase: Phase,
  untilMs: number,
  actualMs: number | null,
  sample: Sample,
  settings: Settings,
): Finding {
  return makeFinding(
    {
      kind: 'off-schedule',
      reason: late.reason,
      phase,
      subject: late.areaId,
      severity: late.severity,
      grade: late.doubt ? 'to-verify' : 'sufficient',
      atMs: phase === 'ended' ? untilMs : late.atMs,
      evidence: {
        ...stopEvidence(late.areaId, late.index, late.planned, actualMs, settings),
        lateS: roundS((untilMs - Date.parse(late.planned)) / 1000),
        toleranceS: settings.policy.schedule.lateS,
        ...(phase === 'ended' && actualMs === null ? { missed: true } : {}),
        gradeReason: late.doubt
          ? 'a gap leaves open whether it called there'
          : 'fixes inside and outside the stop',
      },
    },
    sample,
    settings,
  )
}

/** Left before its time. */
export function pointFinding(
  stop: { readonly areaId: string; readonly depart: string },
  index: number,
  leftMs: number,
  sample: Sample,
  settings: Settings,
): Finding {
  const { earlyS, minorS } = settings.policy.schedule
  const byS = (Date.parse(stop.depart) - leftMs) / 1000
  return makeFinding(
    {
      kind: 'off-schedule',
      reason: 'earlyDeparture',
      phase: 'started',
      subject: stop.areaId,
      severity: byS > minorS ? 'minor' : 'info',
      atMs: leftMs,
      evidence: {
        ...stopEvidence(stop.areaId, index, stop.depart, leftMs, settings),
        earlyS: roundS(byS),
        toleranceS: earlyS,
        gradeReason: 'fixes inside and outside the stop',
      },
    },
    sample,
    settings,
  )
}

function stopEvidence(
  areaId: string,
  index: number,
  planned: string,
  actualMs: number | null,
  { areas }: Settings,
) {
  return {
    stop: areas.byId.get(areaId)?.name ?? areaId,
    areaId,
    stopNumber: index + 1,
    planned: isoUtc(Date.parse(planned)),
    actual: actualMs === null ? null : isoUtc(Math.round(actualMs)),
  }
}
