import type { Envelope, SpokenOutcome } from '../proto/model.ts'
import { isoUtc } from '../proto/time.ts'
import type { Journal } from './journal.ts'

/**
 * Which words of officers were said in which cab: the terminals' `spoken` envelopes. They are journaled like all others;
 * here are the last of each vehicle, for `state/v1`, read back from the journal when a vehicle is first asked for.
 */
export type SpokenWords = {
  readonly version: number
  readonly digest: string
  readonly at: string
  readonly outcome: SpokenOutcome
}

export type SpokenBoard = {
  /** After the commit of an envelope. */
  readonly note: (envelope: Envelope) => void
  /** Oldest first. */
  readonly of: (fleet: string, vehicle: string) => readonly SpokenWords[]
}

/** Lines: the coming and the saying of some ten words. */
const kept = 20
/** How far back the journal is read for a vehicle. */
const recalledMax = 500

export function createSpokenBoard(
  journal: Pick<Journal, 'read' | 'state'>,
  epochOf: (fleet: string, vehicle: string) => number | null,
  recalled: (fleet: string, vehicle: string) => void,
): SpokenBoard {
  const words = new Map<string, readonly SpokenWords[]>()
  const asked = new Set<string>()
  const note = ({ fleet, vehicle, body }: Envelope): void => {
    if (body.is !== 'spoken') return
    const { version, digest, atMs, outcome } = body.spoken
    const before = words.get(`${fleet}/${vehicle}`) ?? []
    const said = { version, digest, at: isoUtc(atMs), outcome }
    const others = before.filter((one) => one.at !== said.at || one.version !== version)
    words.set(`${fleet}/${vehicle}`, byTime([...others, said]).slice(-kept))
  }
  const recall = async (fleet: string, vehicle: string, epoch: number): Promise<void> => {
    const stream = { fleet, vehicle, epoch, stream: 'alarm' } as const
    const fromSeq = Math.max(1, journal.state(stream).upto - recalledMax + 1)
    const rows = await journal.read(stream, fromSeq, recalledMax)
    const spoken = rows.filter(({ envelope }) => envelope.body.is === 'spoken')
    for (const { envelope } of spoken) note(envelope)
    if (spoken.length > 0) recalled(fleet, vehicle)
  }
  return {
    note,
    of: (fleet, vehicle) => {
      const key = `${fleet}/${vehicle}`
      const epoch = epochOf(fleet, vehicle)
      if (epoch !== null && !asked.has(key)) {
        asked.add(key)
        // A journal that cannot be read is told by the next commit; the words come with the next envelope.
        recall(fleet, vehicle, epoch).catch(() => asked.delete(key))
      }
      return words.get(key) ?? []
    },
  }
}

const byTime = (words: readonly SpokenWords[]): SpokenWords[] =>
  words.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
