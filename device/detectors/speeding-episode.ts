import { type EffectiveLimit, severer, severityOf } from '../../proto/limits.ts'
import type {
  Evidence,
  Grade,
  Place,
  Sample,
  Severity,
  SpeedAgreement,
  SpeedSource,
} from '../../proto/model.ts'
import { roundKmh, roundM, roundPct, roundS } from '../../proto/round.ts'

/** What is gathered between the first and the last over Sample. Plain JSON. */
export type Episode = {
  readonly firstMs: number
  /** The last over Sample. */
  readonly lastMs: number
  readonly firstPlace: Place | null
  readonly lastPlace: Place | null
  readonly driver: string | null
  readonly peakKmh: number
  /** The Sample that was furthest over its limit, in per cent. */
  readonly worst: {
    readonly speedKmh: number
    readonly limit: EffectiveLimit
    readonly speedSource: SpeedSource | null
    readonly agreement: SpeedAgreement | null
  }
  readonly severity: Severity
  /** Driven up to the last over Sample. */
  readonly distanceM: number
  /** Driven since: belongs to the episode only if it goes over again. */
  readonly looseM: number
}

type Point = { readonly atMs: number; readonly speedKmh: number }

export function begin(point: Point, sample: Sample, limit: EffectiveLimit): Episode {
  const place = sample.fix === null ? null : { lat: sample.fix.lat, lon: sample.fix.lon }
  return {
    firstMs: point.atMs,
    lastMs: point.atMs,
    firstPlace: place,
    lastPlace: place,
    driver: sample.driver,
    peakKmh: point.speedKmh,
    worst: worstOf(point, sample, limit),
    severity: severityOf(point.speedKmh, limit),
    distanceM: 0,
    looseM: 0,
  }
}

/** One more over Sample. */
export function extend(
  episode: Episode,
  last: Point,
  point: Point,
  sample: Sample,
  limit: EffectiveLimit,
): Episode {
  const severity = severityOf(point.speedKmh, limit)
  const place = sample.fix === null ? episode.lastPlace : { lat: sample.fix.lat, lon: sample.fix.lon }
  const worse = share(point.speedKmh, limit) > share(episode.worst.speedKmh, episode.worst.limit)
  return {
    ...episode,
    lastMs: point.atMs,
    lastPlace: place,
    peakKmh: Math.max(episode.peakKmh, point.speedKmh),
    worst: worse ? worstOf(point, sample, limit) : episode.worst,
    severity: severer(severity, episode.severity) ? severity : episode.severity,
    distanceM: episode.distanceM + episode.looseM + drivenM(last, point),
    looseM: 0,
  }
}

/** One Sample that is not over, inside an episode. */
export function pass(episode: Episode, last: Point, point: Point): Episode {
  return { ...episode, looseM: episode.looseM + drivenM(last, point) }
}

/** Speeds change evenly between two Samples: finer than an odometer's 5 m over a hold of seconds. */
function drivenM(last: Point, point: Point): number {
  return (((last.speedKmh + point.speedKmh) / 2 / 3.6) * (point.atMs - last.atMs)) / 1000
}

function worstOf({ speedKmh }: Point, sample: Sample, limit: EffectiveLimit): Episode['worst'] {
  return { speedKmh, limit, speedSource: sample.speedSource, agreement: sample.speedAgreement }
}

const share = (speedKmh: number, { limitKmh }: EffectiveLimit): number => speedKmh / limitKmh

/** A speed whose sources differ proves nothing until somebody has looked. */
export function gradeOf({ worst }: Episode): { grade: Grade; gradeReason: string } {
  if (worst.agreement === 'differ') return { grade: 'to-verify', gradeReason: 'speed sources differ' }
  const gradeReason = worst.agreement === 'agree' ? 'speed sources agree' : 'one speed source'
  return { grade: 'sufficient', gradeReason }
}

export function evidenceOf(episode: Episode): Evidence {
  const { worst, peakKmh } = episode
  const { limit } = worst
  const durationS = (episode.lastMs - episode.firstMs) / 1000
  return {
    limitKmh: roundKmh(limit.limitKmh),
    limitSetBy: limit.limitSetBy,
    limitSource: limit.source,
    dayKmh: roundKmh(limit.dayKmh),
    night: limit.night,
    ...(limit.factorOfKmh === null ? {} : { factorOfKmh: roundKmh(limit.factorOfKmh) }),
    roadClass: limit.roadClass,
    ...(limit.cause === null ? {} : { limitCause: limit.cause }),
    ...(limit.visibilityM === null ? {} : { visibilityM: roundM(limit.visibilityM) }),
    peakKmh: roundKmh(peakKmh),
    // Where limits differed along the way, the peak may not be what was furthest over.
    ...(worst.speedKmh === peakKmh ? {} : { worstKmh: roundKmh(worst.speedKmh) }),
    percentOver:
      limit.limitKmh > 0 ? roundPct(((worst.speedKmh - limit.limitKmh) / limit.limitKmh) * 100) : null,
    meanKmh: roundKmh(durationS > 0 ? (episode.distanceM / durationS) * 3.6 : peakKmh),
    distanceM: roundM(episode.distanceM),
    durationS: roundS(durationS),
    speedSource: worst.speedSource,
    agreement: worst.agreement,
  }
}
