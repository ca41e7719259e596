import type { Detector } from '../../proto/detector.ts'
import { makeFinding } from '../../proto/finding.ts'
import { positionAt } from '../../proto/geo/along.ts'
import type { Corridor } from '../../proto/geo/corridor.ts'
import { type EffectiveLimit, limitAt, severityOf } from '../../proto/limits.ts'
import type { Evidence, Finding, Sample } from '../../proto/model.ts'
import { roundKm, roundKmh, roundM, roundPct, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { isoUtc } from '../../proto/time.ts'
import { follow, nowhere, type Passage, type PassageState, shiftPassages } from './sections-passage.ts'

/**
 * 区间平均超速: the mean speed over a section of the route, by distance along it and the time between its ends; and
 * segments of a timetable passed too fast or too slowly (JT/T 808 0x13). What is told holds whatever happened in a
 * gap: the shortest way over the longest time for a speed, the longest time for too fast, the shortest for too slow.
 */
export const sections: Detector<PassageState> = {
  name: 'sections',
  initial: nowhere,
  step(state, sample, settings) {
    const shifted = shiftPassages(state, sample.clockStepMs)
    if (!sample.trusted) return { state: shifted, findings: [] }
    const passed = follow(shifted, sample, settings)
    const { route } = settings
    if (route === null) return { state: passed.state, findings: none }
    const findings = passed.passages.flatMap((passage) => judge(passage, route, sample, settings))
    return { state: passed.state, findings: findings.toSorted((a, b) => a.atMs - b.atMs) }
  },
}

const none: readonly Finding[] = []

function judge(passage: Passage, route: Corridor, sample: Sample, settings: Settings): readonly Finding[] {
  const { measured } = passage
  if (measured.speed) return overSection(passage, route, sample, settings)
  const longestS = (passage.left.latestMs - passage.entered.earliestMs) / 1000
  const shortestS = (passage.left.earliestMs - passage.entered.latestMs) / 1000
  if (measured.minS !== null && longestS < measured.minS)
    return [timed('segmentTooFast', measured.minS, longestS, passage, route, sample, settings)]
  if (measured.maxS !== null && shortestS > measured.maxS)
    return [timed('segmentTooSlow', measured.maxS, shortestS, passage, route, sample, settings)]
  return none
}

function overSection(
  passage: Passage,
  route: Corridor,
  sample: Sample,
  settings: Settings,
): readonly Finding[] {
  const { entered, left, provenM } = passage
  const seconds = (left.latestMs - entered.earliestMs) / 1000
  // In no time at all nothing has a mean.
  if (seconds <= 0) return none
  const meanKmh = (provenM / seconds) * 3.6
  const limit = mildest(passage, route, settings)
  if (meanKmh <= limit.limitKmh + settings.policy.speeding.toleranceKmh) return none
  const finding = makeFinding(
    {
      kind: 'speeding',
      reason: 'section',
      phase: 'started',
      subject: route.id,
      severity: severityOf(meanKmh, limit),
      atMs: left.latestMs,
      evidence: {
        ...limitEvidence(limit, meanKmh),
        peakKmh: passage.peakKmh === null ? null : roundKmh(passage.peakKmh),
        distanceM: roundM(provenM),
        durationS: roundS(seconds),
        ...placeEvidence(passage, route),
        gradeReason: gradeReason(passage),
      },
    },
    sample,
    settings,
  )
  return [finding]
}

/** The highest limit that held anywhere on it, on entering and on leaving: a mean above it was too fast somewhere. */
function mildest(
  { measured, line, entered, left }: Passage,
  route: Corridor,
  settings: Settings,
): EffectiveLimit {
  const instants = [entered.earliestMs, left.latestMs]
  const limits = limitChanges(route, line, measured).flatMap((alongM) => {
    const segment = route.limitAt(positionAt(route, { line, alongM }))
    return instants.map((atMs) => limitAt(atMs, segment, null, settings))
  })
  return limits.reduce((found, limit) => (limit.limitKmh > found.limitKmh ? limit : found))
}

/** A place on each part of the section that may have a limit of its own. */
function limitChanges(
  route: Corridor,
  line: number,
  { fromM, toM }: { readonly fromM: number; readonly toM: number },
): readonly number[] {
  const ends = route.lines[line]!.limits.flatMap((limit) => [limit.fromM, limit.toM])
  const within = ends.map((m) => Math.min(toM, Math.max(fromM, m)))
  const cuts = [...new Set([fromM, ...within, toM])].sort((a, b) => a - b)
  return cuts.slice(1).map((cut, i) => (cut + cuts[i]!) / 2)
}

function limitEvidence(limit: EffectiveLimit, meanKmh: number): Evidence {
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
    meanKmh: roundKmh(meanKmh),
    percentOver: limit.limitKmh > 0 ? roundPct(((meanKmh - limit.limitKmh) / limit.limitKmh) * 100) : null,
  }
}

function placeEvidence({ measured, entered, left, believed }: Passage, route: Corridor): Evidence {
  return {
    routeId: route.id,
    routeName: route.name,
    section: measured.name,
    fromKm: roundKm(measured.fromM / 1000),
    toKm: roundKm(measured.toM / 1000),
    from: isoUtc(Math.round(entered.earliestMs)),
    to: isoUtc(Math.round(left.latestMs)),
    ...(believed ? {} : { bounds: true }),
  }
}

const gradeReason = ({ believed }: Passage): string =>
  believed ? 'passed between fixes on the route' : 'at least so much, whatever happened in the gap'

function timed(
  reason: 'segmentTooFast' | 'segmentTooSlow',
  limitS: number,
  durationS: number,
  passage: Passage,
  route: Corridor,
  sample: Sample,
  settings: Settings,
): Finding {
  return makeFinding(
    {
      kind: 'off-schedule',
      reason,
      phase: 'started',
      subject: route.id,
      severity: 'info',
      atMs: reason === 'segmentTooFast' ? passage.left.latestMs : passage.left.earliestMs,
      evidence: {
        limitS: roundS(limitS),
        durationS: roundS(durationS),
        ...placeEvidence(passage, route),
        gradeReason: gradeReason(passage),
      },
    },
    sample,
    settings,
  )
}
