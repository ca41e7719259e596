import { episodeKey } from '../../proto/ids.ts'
import type { Line } from '../replay/engine.ts'

/** The phases of one finding together: one line of a report. */
export type Episode = {
  readonly number: number
  readonly first: Line
  /** The newest phase: its severity and words count. */
  readonly last: Line
  readonly endedAt: string | null
}

export function episodesOf(lines: readonly Line[]): Episode[] {
  const episodes: { first: Line; last: Line; endedAt: string | null }[] = []
  const open = new Map<string, (typeof episodes)[number]>()
  for (const line of lines) {
    const key = episodeKey(line)
    const known = open.get(key)
    const episode =
      line.phase === 'started' || known === undefined ? { first: line, last: line, endedAt: null } : known
    if (episode !== known) episodes.push(episode)
    episode.last = line
    if (line.phase === 'ended') {
      episode.endedAt = line.at
      open.delete(key)
    } else open.set(key, episode)
  }
  return episodes.map((episode, index) => ({ number: index + 1, ...episode }))
}
