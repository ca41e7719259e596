import { episodeKey } from '../../proto/ids.ts'
import type { Finding } from '../../proto/model.ts'

/**
 * Two policies tell of the same drive; what differs between them. Episodes of one subject that overlap, or lie less
 * than a minute apart, are the same one. No clock: time is that of the findings.
 */
export type Side = 'inForce' | 'shadow'

export type Difference = {
  /** added: only under the shadow. removed: only under what is in force. moved: begins or ends elsewhere. */
  readonly difference: 'added' | 'removed' | 'moved'
  readonly finding: Finding
  readonly inForce: Span | null
  readonly shadow: Span | null
}
export type Span = { readonly fromMs: number; readonly toMs: number | null }

type Episode = {
  readonly side: Side
  readonly key: string
  readonly first: Finding
  toMs: number | null
  decidedMs: number
  pair: Episode | null
  told: boolean
}

const sameMs = 60_000
/** One side may decide later than the other: longer holds, an inference after a gap. */
const waitMs = 900_000
const keptMs = 86_400_000

export class Differences {
  #episodes: Episode[] = []

  take(side: Side, finding: Finding): void {
    const key = episodeKey(finding)
    if (finding.phase === 'started') {
      const decidedMs = finding.decidedAtMs
      this.#episodes.push({ side, key, first: finding, toMs: null, decidedMs, pair: null, told: false })
      return
    }
    const open = this.#episodes.findLast((one) => one.side === side && one.key === key && one.toMs === null)
    if (open === undefined || finding.phase !== 'ended') return
    open.toMs = finding.atMs
    open.decidedMs = finding.decidedAtMs
  }

  /** What is certain by now. At the end of the drive `nowMs` is Infinity. */
  settle(nowMs: number): Difference[] {
    this.#match()
    const found = this.#episodes.flatMap((episode) => judge(episode, nowMs) ?? [])
    this.#episodes = this.#episodes.filter((episode) => !isOver(episode, nowMs))
    return found
  }

  #match(): void {
    for (const one of this.#episodes) {
      if (one.side !== 'inForce' || one.pair !== null) continue
      const near = this.#episodes
        .filter((other) => other.side === 'shadow' && other.pair === null && isSame(one, other))
        .toSorted((a, b) => apart(one, a) - apart(one, b))[0]
      if (near === undefined) continue
      one.pair = near
      near.pair = one
      // Whatever was said of either alone: together they are one that moved.
      one.told = false
    }
  }
}

const endOf = ({ toMs }: Episode): number => toMs ?? Number.POSITIVE_INFINITY
const apart = (a: Episode, b: Episode): number => Math.abs(a.first.atMs - b.first.atMs)

function isSame(a: Episode, b: Episode): boolean {
  return a.key === b.key && a.first.atMs <= endOf(b) + sameMs && b.first.atMs <= endOf(a) + sameMs
}

function judge(episode: Episode, nowMs: number): Difference | null {
  if (episode.told) return null
  const { side, first, pair } = episode
  if (pair === null) {
    if (nowMs < episode.decidedMs + waitMs) return null
    episode.told = true
    const span = spanOf(episode)
    return side === 'shadow'
      ? { difference: 'added', finding: first, inForce: null, shadow: span }
      : { difference: 'removed', finding: first, inForce: span, shadow: null }
  }
  if (side === 'shadow' || !hasMoved(episode, pair)) return null
  episode.told = true
  return { difference: 'moved', finding: pair.first, inForce: spanOf(episode), shadow: spanOf(pair) }
}

const spanOf = ({ first, toMs }: Episode): Span => ({ fromMs: first.atMs, toMs })

function hasMoved(a: Episode, b: Episode): boolean {
  if (apart(a, b) > sameMs) return true
  return a.toMs !== null && b.toMs !== null && Math.abs(a.toMs - b.toMs) > sameMs
}

/** Said, or found equal, and over; an instant without an end is over after a day. */
function isOver(episode: Episode, nowMs: number): boolean {
  const { pair } = episode
  if (nowMs - episode.decidedMs > keptMs) return true
  if (pair === null) return episode.told && episode.toMs !== null
  return episode.toMs !== null && pair.toMs !== null
}
