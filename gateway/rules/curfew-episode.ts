import { makeFinding } from '../../proto/finding.ts'
import type { Evidence, Finding, Grade, Phase, Place, Sample, Severity } from '../../proto/model.ts'
import { roundKmh, roundM, roundS } from '../../proto/round.ts'
import type { Settings } from '../../proto/settings.ts'
import { isoUtc } from '../../proto/time.ts'
import { type CurfewReason, serviceOf, type Verdict } from './curfew-verdict.ts'
import { ceasedMs, type LastSeen } from './moving-run.ts'
import { relayOf, type Swap } from './relay.ts'

/** The one episode of a curfew window, from the first run on to 05:00. */
export type CurfewEpisode = {
  readonly atMs: number
  /** When the window closes. */
  readonly toMs: number
  readonly severity: Severity
  readonly grade: Grade
  /** Nobody saw it move: the displacement of a silence proves it. */
  readonly inferred: boolean
  readonly reason: CurfewReason
  /** The main reason of the run, kept while `intoSafeStop` stands in front of it. */
  readonly main: CurfewReason
  readonly evidence: Evidence
  readonly lastMoving: LastSeen
  readonly driver: string | null
  readonly trip: string | null
  readonly place: Place | null
}

/** The inputs that decided: service, kilometres, certificate, relay, window. */
export function curfewEvidence(
  verdict: Verdict,
  window: { readonly fromMs: number; readonly toMs: number },
  sample: Sample,
  settings: Settings,
): Evidence {
  const { serviceClass, oneWayKm } = serviceOf(settings)
  const relay = relayOf(settings)
  const { policy, trip, route } = settings
  return {
    otherReasons: verdict.reasons.slice(1),
    serviceClass,
    oneWayKm,
    feederKm: policy.curfew.feederKm,
    routeId: route?.id ?? trip?.route ?? null,
    certificate: relay?.certificate ?? null,
    certificateValidTo: relay?.validTo ?? null,
    relayWindow: relay === null ? null : `${relay.window[0]}-${relay.window[1]}`,
    ...swapEvidence(verdict.relay),
    curfewFrom: isoUtc(window.fromMs),
    curfewTo: isoUtc(window.toMs),
    speedKmh: sample.speedKmh === null ? null : roundKmh(sample.speedKmh),
  }
}

function swapEvidence(swap: Swap | null): Evidence {
  if (swap === null) return { relayAt: null }
  return {
    relayAt: isoUtc(swap.atMs),
    reliefDriver: swap.driver,
    relievedDriver: swap.relieved,
    relayAreaId: swap.areaId,
    relayStanding: swap.standing,
    relayPlate: swap.plate,
    nearestPoint: swap.nearestPoint,
    nearestPointM: swap.nearestM === null ? null : roundM(swap.nearestM),
  }
}

/** A finding of the episode; driver, trip and place are the offence's, not those of the Sample that closes it. */
export function curfewFinding(
  episode: CurfewEpisode,
  phase: Phase,
  sample: Sample,
  settings: Settings,
): Finding {
  const endMs = ceasedMs(episode.lastMoving, episode.toMs)
  const finding = makeFinding(
    {
      kind: 'curfew',
      reason: episode.reason,
      phase,
      severity: episode.severity,
      grade: episode.grade,
      atMs: phase === 'ended' ? endMs : episode.atMs,
      driver: episode.driver,
      place: episode.place,
      evidence: {
        ...episode.evidence,
        since: isoUtc(episode.atMs),
        ...(phase === 'ended' ? { durationS: roundS((endMs - episode.atMs) / 1000) } : {}),
      },
    },
    sample,
    settings,
  )
  return { ...finding, trip: episode.trip }
}
