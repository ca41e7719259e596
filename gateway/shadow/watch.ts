import type { AnyDetector } from '../../proto/detector.ts'
import type { Documents } from '../../proto/in-force.ts'
import type { Envelope } from '../../proto/model.ts'
import { mergePolicy, type PolicyFile, policyDigest, policyFileSchema } from '../../proto/policy.ts'
import { BadInput, parseDocument } from '../../proto/problem.ts'
import type { Vehicle } from '../../proto/shapes/vehicle.ts'
import { vehicleClasses } from '../../proto/shapes/vehicle.ts'
import { isoUtc } from '../../proto/time.ts'
import { foldEnvelope, type Track } from '../fold/track.ts'
import type { Log } from '../log.ts'
import { type Difference, Differences, type Span } from './differences.ts'
import type { ShadowLog } from './log.ts'

/**
 * A policy that is tried: the gateway's rules run a second time beside, over what is settled, and only where the
 * two differ is anything said. Never an alert.
 */
export type ShadowPolicy = {
  readonly [vehicleClass in Vehicle['class']]: Pick<Documents, 'policy' | 'policyDigest'>
}

export type ShadowWatch = {
  /** Settled is about to walk over an envelope; `before` is where it stood. */
  readonly settled: (before: Track, envelope: Envelope, documents: Documents) => void
}

export type ShadowDeps = {
  readonly policy: ShadowPolicy
  readonly rules: readonly AnyDetector[]
  readonly log: ShadowLog
  readonly count: (difference: string) => void
  readonly complain: Log
}

type Beside = { inForce: Track; shadow: Track; readonly differences: Differences }

export function parseShadow(value: unknown, file: string, zone: string): ShadowPolicy {
  const partial: PolicyFile = { zone, ...parseDocument(policyFileSchema, value, file) }
  const of = (vehicleClass: Vehicle['class']) => {
    try {
      const policy = mergePolicy(vehicleClass, partial)
      return [vehicleClass, { policy, policyDigest: policyDigest(policy) }] as const
    } catch (error) {
      const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : ''
      throw new BadInput(`${file}: not a policy (${why}); correct the file`)
    }
  }
  return Object.fromEntries(vehicleClasses.map(of)) as ShadowPolicy
}

export function createShadowWatch(deps: ShadowDeps): ShadowWatch {
  const tracks = new Map<string, Beside>()
  const shadowOf = underShadow(deps.policy)
  return {
    settled: (before, envelope, documents) => {
      const key = `${envelope.fleet}/${envelope.vehicle}`
      const known = tracks.get(key)
      // Both begin where the vehicle is: a policy that is tried finds the world as it is.
      const one = known ?? { inForce: before, shadow: before, differences: new Differences() }
      tracks.set(key, one)
      try {
        step(deps, one, envelope, documents, shadowOf(documents))
      } catch (error) {
        // A trial must cost nobody an alert: it begins anew with the next envelope.
        tracks.delete(key)
        deps.complain.warn('shadow-failed', {
          key,
          reason: error instanceof Error ? error.message : String(error),
        })
      }
    },
  }
}

function step(
  { rules, log, count }: ShadowDeps,
  one: Beside,
  envelope: Envelope,
  documents: Documents,
  shadow: Documents,
): void {
  const real = foldEnvelope(one.inForce, envelope, rules, documents)
  const tried = foldEnvelope(one.shadow, envelope, rules, shadow)
  one.inForce = real.track
  one.shadow = tried.track
  for (const { finding } of real.found) one.differences.take('inForce', finding)
  for (const { finding } of tried.found) one.differences.take('shadow', finding)
  const nowMs = real.track.last?.atMs ?? 0
  for (const difference of one.differences.settle(nowMs)) {
    const news = {
      fleet: envelope.fleet,
      vehicle: envelope.vehicle,
      ...lineOf(difference),
      policyDigest: documents.policyDigest,
      shadowDigest: shadow.policyDigest,
    }
    if (log.add(news)) count(difference.difference)
  }
}

/** A difference as it is printed. */
export function lineOf({ difference, finding, inForce, shadow }: Difference) {
  const { kind, reason, subject, severity, grade, driver, trip, place } = finding
  const about = { of: kind, reason, subject, severity, grade, driver, trip, place }
  return { kind: 'shadow', difference, ...about, inForce: spanText(inForce), shadow: spanText(shadow) }
}

const spanText = (span: Span | null): { from: string; to: string | null } | null =>
  span === null ? null : { from: isoUtc(span.fromMs), to: span.toMs === null ? null : isoUtc(span.toMs) }

/** The same documents under the other policy, those of before the last change included. */
function underShadow(policy: ShadowPolicy): (documents: Documents) => Documents {
  const made = new WeakMap<Documents, Documents>()
  const of = (documents: Documents): Documents => {
    let shadow = made.get(documents)
    if (shadow === undefined) {
      const { since, ...rest } = documents
      const own = { ...rest, ...policy[documents.vehicle.class] }
      shadow = since === undefined ? own : { ...own, since: { ...since, before: of(since.before) } }
      made.set(documents, shadow)
    }
    return shadow
  }
  return of
}
