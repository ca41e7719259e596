import { nextDayMs } from '../../device/detectors/driving-time/clock.ts'
import { isByDay, windowMs } from '../../device/detectors/driving-time/rules.ts'
import { makeFinding } from '../../proto/finding.ts'
import type { Evidence, Finding, Phase, Sample } from '../../proto/model.ts'
import { roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { dayStartMs, type Interval, isoUtc, nextWindow, windowAt } from '../../proto/time.ts'
import type { Driving, Episode } from './judge.ts'
import { common, type Runs, union, within, without } from './runs.ts'

/** An episode of a driver on several vehicles as a finding of the vehicle on which it happened. */
export function findingOf(
  phase: Phase,
  episode: Episode,
  driver: string,
  driving: Driving,
  knownMs: number,
  settings: Settings,
): Finding {
  const { kind, reason, severity, atMs, endMs } = episode
  const { byVehicle } = driving
  const overlap = kind === 'driver-overlap'
  const attributed = attributedIn(driving, episode, settings)
  const instantMs = phase === 'ended' ? endMs : atMs
  return makeFinding(
    {
      ...{ kind, reason, phase, severity, driver, subject: driver, atMs: instantMs },
      // A card proves who drove; what an officer found out is his word.
      grade: overlap || attributed > 0 ? 'to-verify' : 'sufficient',
      place: null,
      evidence: overlap
        ? overlapEvidence(driver, episode, byVehicle)
        : {
            ...hoursEvidence(driver, episode, byVehicle, settings),
            ...(attributed > 0
              ? { attributedS: attributed, gradeReason: 'driving attributed by an officer' }
              : {}),
          },
    },
    { ...nothingSeen, atMs: Math.max(knownMs, instantMs) },
    settings,
  )
}

/** Seconds of what the reason counts that no card proves. */
function attributedIn({ byVehicle, proven }: Driving, episode: Episode, settings: Settings): number {
  if (proven === undefined || episode.kind === 'driver-overlap') return 0
  const given = [...byVehicle].map(([vehicle, runs]) => without(runs, proven.get(vehicle) ?? []))
  const { fromMs } = countedIn(episode, union([...byVehicle.values()]), episode.endMs, settings)
  return secondsOf(within(union(given), fromMs, episode.endMs))
}

/** Findings are decided by Samples; here it is a record of the ledger that decides, and it has nothing but its time. */
const nothingSeen: Sample = {
  atMs: 0,
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
}

const secondsOf = (ms: number): number => roundS(ms / 1000)

function overlapEvidence(driver: string, episode: Episode, byVehicle: Driving['byVehicle']): Evidence {
  const { vehicle, other, atMs, endMs } = episode
  const both = common(byVehicle.get(vehicle) ?? [], byVehicle.get(other ?? '') ?? [])
  return {
    driver,
    otherVehicle: other,
    from: isoUtc(atMs),
    to: isoUtc(endMs),
    overlapS: secondsOf(within(both, atMs, endMs)),
    gradeReason: 'a card in the hand of another, or a clock that is wrong',
  }
}

function hoursEvidence(
  driver: string,
  episode: Episode,
  byVehicle: Driving['byVehicle'],
  settings: Settings,
): Evidence {
  const { vehicle, reason, atMs, endMs, limitMs } = episode
  const { fatigue, speeding, zone } = settings.policy
  const all = union([...byVehicle.values()])
  const byDay = reason === 'rolling24h' && fatigue.dayRule === 'calendarDay'
  const { fromMs, drivenMs } = countedIn(episode, all, endMs, settings)
  const others = [...byVehicle]
    .map(([name, runs]) => ({ vehicle: name, drivenS: secondsOf(within(runs, fromMs, endMs)) }))
    .filter((one) => one.vehicle !== vehicle && one.drivenS > 0)
  return {
    driver,
    limitS: secondsOf(limitMs),
    drivenS: secondsOf(drivenMs),
    drivenAtS: secondsOf(countedIn(episode, all, atMs, settings).drivenMs),
    overS: secondsOf(drivenMs - limitMs),
    from: isoUtc(fromMs),
    restS: fatigue.restS,
    ownS: secondsOf(within(byVehicle.get(vehicle) ?? [], fromMs, endMs)),
    otherVehicles: others,
    ...(reason === 'continuousNight' ? { nightFrom: speeding.night.from, nightTo: speeding.night.to } : {}),
    ...(reason === 'rolling24h' || reason === 'rolling7d'
      ? {
          windowS: secondsOf(windowMs[reason]),
          calendarDayS: secondsOf(within(all, dayStartMs(byDay ? atMs : endMs, zone), endMs)),
          ...(byDay ? { byDay } : {}),
        }
      : {}),
  }
}

/** What a reason counts up to an instant: hours at the wheel in a window, or a stint with its short stops. */
function countedIn(
  { reason, fromMs: stintMs, atMs }: Episode,
  all: Runs,
  untilMs: number,
  { policy }: Settings,
): { fromMs: number; drivenMs: number } {
  if (reason === 'rolling24h' || reason === 'rolling7d') {
    const { zone, fatigue } = policy
    const by = { zone, dayRule: fatigue.dayRule }
    // What was too much of one day is told as of that day.
    if (isByDay(reason, by)) {
      const dayMs = dayStartMs(atMs, zone)
      return { fromMs: dayMs, drivenMs: within(all, dayMs, Math.min(untilMs, nextDayMs(dayMs, zone))) }
    }
    const fromMs = untilMs - windowMs[reason]
    return { fromMs, drivenMs: within(all, fromMs, untilMs) }
  }
  const portion = reason === 'continuousNight' && policy.fatigue.nightRule === 'nightPortion'
  const night = portion ? nightBy(atMs, policy) : null
  const fromMs = Math.max(stintMs, night?.fromMs ?? stintMs)
  return { fromMs, drivenMs: Math.max(0, Math.min(untilMs, night?.toMs ?? untilMs) - fromMs) }
}

/** The last night that had begun by an instant. */
function nightBy(atMs: number, { speeding: { night }, zone }: Settings['policy']): Interval | null {
  return windowAt(atMs, night, zone) ?? nextWindow(atMs - windowMs.rolling24h, night, zone)
}
