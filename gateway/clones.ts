import type { Envelope } from '../proto/model.ts'

/**
 * One terminal has one outbox, and a lost one never speaks again. Where envelopes of two of them come by turns, two
 * machines use one key: a copied certificate, or a copied disk.
 */
export type CloneWatch = {
  /** Told of each new envelope; true when it shows for the first time that its vehicle is spoken for by two. */
  readonly shows: (envelope: Envelope) => boolean
}

type Known = { last: number; readonly epochs: Set<number>; returns: number }

/** What an old process left in a socket may come once behind the first words of the new one. */
const returnsMin = 2
const epochsMax = 16

export function createCloneWatch(): CloneWatch {
  const vehicles = new Map<string, Known>()
  return {
    shows: ({ fleet, vehicle, epoch }) => {
      const key = `${fleet}/${vehicle}`
      const known = vehicles.get(key)
      if (known === undefined) {
        vehicles.set(key, { last: epoch, epochs: new Set([epoch]), returns: 0 })
        return false
      }
      if (known.last === epoch) return false
      known.last = epoch
      if (!known.epochs.has(epoch)) {
        if (known.epochs.size < epochsMax) known.epochs.add(epoch)
        return false
      }
      known.returns++
      return known.returns === returnsMin
    },
  }
}
