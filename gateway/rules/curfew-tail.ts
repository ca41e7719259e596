import type { Area } from '../../proto/geo/areas.ts'
import type { Json, Sample } from '../../proto/model.ts'
import type { Settings } from '../../proto/settings.ts'
import type { CurfewEpisode } from './curfew-episode.ts'
import { ceasedMs } from './moving-run.ts'
import { accurate } from './silence.ts'

/**
 * 进站收尾: a run of at most `tailS` that ends in a safe stop is minor, and nobody is telephoned for a parking
 * manoeuvre. The main reason moves into the list of the others while it lasts.
 */
const safeRoles: ReadonlySet<string> = new Set(['serviceArea', 'station', 'hub', 'relayPoint'])

/** The safe stop that contains the Sample's position; null outside and where the position is unknown. */
function safeStopOf(sample: Sample, settings: Settings): Area | null {
  const { fix } = sample
  if (fix === null || !accurate(fix, settings)) return null
  return settings.areas.at(fix).find(({ role }) => safeRoles.has(role)) ?? null
}

const tailMs = (settings: Settings): number => settings.policy.curfew.tailS * 1000

/** An episode that is decided inside a safe stop is a manoeuvre there until it proves to be more. */
export function asTail(episode: CurfewEpisode, sample: Sample, settings: Settings): CurfewEpisode {
  const short = sample.atMs - episode.atMs <= tailMs(settings)
  const stop = short ? safeStopOf(sample, settings) : null
  return stop === null ? episode : into(episode, stop)
}

/** Standing in a safe stop within the tail: null when this says nothing new. What was inferred ended nowhere. */
export function parkedSafely(
  episode: CurfewEpisode,
  sample: Sample,
  settings: Settings,
): CurfewEpisode | null {
  if (episode.inferred || episode.reason === 'intoSafeStop') return null
  if (ceasedMs(episode.lastMoving, episode.toMs) - episode.atMs > tailMs(settings)) return null
  const stop = safeStopOf(sample, settings)
  return stop === null ? null : into(episode, stop)
}

/** Out of the safe stop again, or on for longer than a tail. An unknown position alone says neither. */
export function goneFromSafeStop(
  episode: CurfewEpisode,
  sample: Sample,
  settings: Settings,
): CurfewEpisode | null {
  if (episode.reason !== 'intoSafeStop') return null
  const over = sample.atMs - episode.atMs > tailMs(settings)
  const known = sample.fix !== null && accurate(sample.fix, settings)
  return over || (known && safeStopOf(sample, settings) === null) ? outOf(episode) : null
}

function into(episode: CurfewEpisode, stop: Area): CurfewEpisode {
  const otherReasons = [episode.main, ...listed(episode)]
  const evidence = { ...episode.evidence, otherReasons, safeStop: stop.id, safeStopName: stop.name }
  return { ...episode, severity: 'minor', reason: 'intoSafeStop', evidence }
}

function outOf(episode: CurfewEpisode): CurfewEpisode {
  const { safeStop: _stop, safeStopName: _name, ...evidence } = episode.evidence
  const otherReasons = listed(episode).slice(1)
  return { ...episode, severity: 'critical', reason: episode.main, evidence: { ...evidence, otherReasons } }
}

function listed({ evidence }: CurfewEpisode): readonly Json[] {
  const others = evidence['otherReasons']
  return Array.isArray(others) ? (others as readonly Json[]) : []
}
