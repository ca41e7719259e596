import { makeFinding } from '../../../proto/finding.ts'
import type { DrivingInterval, Evidence, Finding, Phase, Sample, Severity } from '../../../proto/model.ts'
import { roundKmh, roundS } from '../../../proto/round.ts'
import { safeStopsEvidence } from '../../../proto/safe-stops.ts'
import type { Settings } from '../../../proto/settings.ts'
import { isoUtc } from '../../../proto/time.ts'
import { isContinuous } from './limits.ts'
import { windowMs } from './rules.ts'
import type { Doubt, Ledger, News, NoDriver } from './state.ts'

/** What the ledgers have to tell, as findings. */

export function findingsOf(
  ledger: Ledger,
  driverNow: string | null,
  sample: Sample,
  settings: Settings,
): readonly Finding[] {
  return ledger.news.flatMap((news) =>
    news.do === 'tell' ? [fatigue(ledger, news, driverNow, sample, settings)] : [],
  )
}

export function intervalsOf(ledger: Ledger): readonly DrivingInterval[] {
  return ledger.news.flatMap((news) => (news.do === 'interval' ? [news.interval] : []))
}

type Tell = Extract<News, { do: 'tell' }>

/**
 * The subject is the driver who answers for it, else the vehicle. `driver` of the finding is null as long as no
 * card proves who drives: the evidence still names the last known driver, for whom such driving counts.
 */
function fatigue(
  ledger: Ledger,
  news: Tell,
  driverNow: string | null,
  sample: Sample,
  settings: Settings,
): Finding {
  const { episode, phase, atMs, figures } = news
  const driver = ledger.driver === '' ? null : ledger.driver
  const confirmed = driver !== null && (phase === 'ended' ? !figures.unsure : driver === driverNow)
  return makeFinding(
    {
      kind: episode.kind,
      reason: episode.reason,
      phase,
      severity: episode.severity,
      grade: episode.grade,
      atMs,
      driver: confirmed ? driver : null,
      evidence: {
        ...evidenceOf(driver, confirmed, news, settings),
        ...(episode.kind === 'fatigue-warning' && phase !== 'ended'
          ? safeStopsEvidence(sample, null, settings)
          : {}),
      },
      ...(driver === null ? {} : { subject: driver }),
    },
    sample,
    settings,
  )
}

function evidenceOf(driver: string | null, confirmed: boolean, news: Tell, settings: Settings): Evidence {
  const { episode, figures } = news
  const { fatigue: policy, speeding } = settings.policy
  const leftS = roundS(figures.limitS - figures.drivenS)
  const warning = episode.kind === 'fatigue-warning'
  return {
    driver,
    limitS: roundS(figures.limitS),
    drivenS: roundS(figures.drivenS),
    drivenAtS: roundS(figures.drivenAtS),
    from: isoUtc(figures.fromMs),
    restS: policy.restS,
    ...(episode.reason === 'continuousNight'
      ? { nightFrom: speeding.night.from, nightTo: speeding.night.to }
      : {}),
    ...(isContinuous(episode.reason)
      ? {}
      : {
          windowS: windowMs[episode.reason] / 1000,
          calendarDayS: roundS(figures.calendarDayS),
          ...(episode.reason === 'rolling24h' && policy.dayRule === 'calendarDay' ? { byDay: true } : {}),
        }),
    ...(warning ? { leftS } : { overS: roundS(-leftS) }),
    ...(warning && figures.suspected ? { suspected: true } : {}),
    ...(confirmed ? {} : { driverConfirmed: false }),
    ...(episode.grade === 'to-verify' ? { gradeReason: gradeReason(figures.unsure) } : {}),
  }
}

const gradeReason = (unsure: boolean): string =>
  unsure ? 'driver not identified for part of it' : 'a gap leaves open whether there was a rest'

/** Driving on without an identified driver. */
export function noDriver(
  phase: Phase,
  told: NoDriver,
  severity: Severity,
  untilMs: number,
  lastDriver: string | null,
  sample: Sample,
  settings: Settings,
): Finding {
  return makeFinding(
    {
      kind: 'no-driver',
      phase,
      severity,
      atMs: phase === 'ended' ? untilMs : told.fromMs,
      driver: null,
      evidence: { lastDriver, durationS: roundS((untilMs - told.fromMs) / 1000) },
    },
    sample,
    settings,
  )
}

/** A card changed while the vehicle moved. */
export function driverChange(
  phase: Phase,
  doubt: Doubt,
  atMs: number,
  sample: Sample,
  settings: Settings,
): Finding {
  return makeFinding(
    {
      kind: 'driver-change-doubtful',
      phase,
      severity: 'major',
      atMs,
      driver: null,
      evidence: {
        from: doubt.driver,
        to: doubt.to,
        speedKmh: roundKmh(doubt.speedKmh),
      },
    },
    sample,
    settings,
  )
}
