import { speeding } from '../device/detectors/speeding.ts'
import type { AnyDetector } from '../proto/detector.ts'
import type { AreaIndex } from '../proto/geo/areas.ts'
import type { Documents } from '../proto/in-force.ts'
import { dayMs } from '../proto/time.ts'
import { envelopesOf } from './api/stretch.ts'
import { emptyTrack, foldEnvelope } from './fold/track.ts'
import type { Journal } from './journal.ts'
import { type Difference, Differences } from './shadow/differences.ts'

/**
 * What other areas would have changed: the telemetry of the last days through the rules of today, once with the areas
 * that are in force and once with those that are tried. Bounded in time and in slices: alerts never wait for it.
 */
export type PreviewDeps = {
  readonly journal: Pick<Journal, 'read' | 'state' | 'watermarks'>
  readonly rules: readonly AnyDetector[]
  /** Host time. */
  readonly monoMs: () => number
}

export type Preview = {
  readonly differences: readonly (Difference & { readonly vehicle: string })[]
  readonly coverage: {
    readonly vehicles: number
    readonly of: number
    readonly samples: number
    readonly days: number
    /** False when time ran out: what was looked at is told, the rest is not guessed. */
    readonly complete: boolean
  }
}

export type Tried = {
  /** As they are judged now: of before nothing counts, the question is what today's papers would say. */
  readonly vehicles: readonly Documents[]
  readonly areas: AreaIndex
  readonly days: number
  readonly nowMs: number
  readonly budgetMs: number
}

export const previewDaysMax = 7
/** Longer without a pause holds an alert up. */
const sliceMs = 8
const differencesMax = 2000

export async function previewAreas(deps: PreviewDeps, tried: Tried): Promise<Preview> {
  const { vehicles, days, budgetMs } = tried
  const untilMs = deps.monoMs() + budgetMs
  const found: (Difference & { vehicle: string })[] = []
  const walk: Walk = { samples: 0, untilMs, pausedMs: deps.monoMs(), isOver: false }
  let seen = 0
  for (const documents of vehicles) {
    if (walk.isOver || found.length >= differencesMax) break
    const own = await differencesOf(deps, tried, documents, walk)
    found.push(...own.map((one) => ({ ...one, vehicle: documents.vehicle.id })))
    if (!walk.isOver) seen++
  }
  const { samples } = walk
  const complete = seen === vehicles.length
  const coverage = { vehicles: seen, of: vehicles.length, samples, days, complete }
  return { differences: found.slice(0, differencesMax), coverage }
}

type Walk = { samples: number; readonly untilMs: number; pausedMs: number; isOver: boolean }

async function differencesOf(
  deps: PreviewDeps,
  { areas, days, nowMs }: Tried,
  documents: Documents,
  walk: Walk,
): Promise<readonly Difference[]> {
  const { journal, rules, monoMs } = deps
  // The limits of areas are the terminal's to judge; with the same detector the gateway can tell what it would say.
  const both = [...rules, speeding as unknown as AnyDetector]
  const { since: _since, ...now } = documents
  const before: Documents = { ...now, areasSinceMs: null }
  const after: Documents = { ...before, areas }
  let [old, young] = [emptyTrack, emptyTrack]
  const differences = new Differences()
  const { fleet, id: vehicle } = documents.vehicle
  const span = { fromMs: nowMs - days * dayMs, toMs: nowMs, envelopesMax: Number.MAX_SAFE_INTEGER }
  const found: Difference[] = []
  for await (const envelope of envelopesOf(journal, { fleet, vehicle, stream: 'telemetry', ...span })) {
    const [one, other] = [
      foldEnvelope(old, envelope, both, before),
      foldEnvelope(young, envelope, both, after),
    ]
    old = one.track
    young = other.track
    for (const { finding } of one.found) differences.take('inForce', finding)
    for (const { finding } of other.found) differences.take('shadow', finding)
    found.push(...differences.settle(old.last?.atMs ?? 0))
    walk.samples += envelope.body.is === 'telemetry' ? envelope.body.samples.length : 0
    walk.isOver = monoMs() > walk.untilMs
    if (walk.isOver) break
    if (monoMs() - walk.pausedMs > sliceMs) {
      await new Promise((resolve) => setImmediate(resolve))
      walk.pausedMs = monoMs()
    }
  }
  return [...found, ...differences.settle(Number.POSITIVE_INFINITY)]
}
