import type { EnvelopeKey } from '../proto/model.ts'
import { hasSeq } from './journal/ranges.ts'
import type { ChainBreak, Journal, JournalEnvelope } from './journal.ts'

/**
 * The hash chain at the moment of receipt: whatever neighbour of an envelope is there already must be the one it
 * was sealed after, or sealed before. An envelope that does not fit is journaled all the same, for its finding may
 * be true; that it does not fit is recorded beside it.
 */
export function chainBreaks(
  { envelope, hash }: JournalEnvelope,
  waiting: (key: EnvelopeKey) => JournalEnvelope | null,
  journal: Pick<Journal, 'state' | 'hashOf' | 'prevHashOf'>,
): ChainBreak[] {
  const { fleet, vehicle, epoch, stream, seq } = envelope
  const at = (other: number): EnvelopeKey => ({ fleet, vehicle, epoch, stream, seq: other })
  const state = journal.state(envelope)
  const breaks: ChainBreak[] = []
  const before = at(seq - 1)
  const journaled =
    waiting(before)?.hash ?? (hasSeq(state, before.seq) && seq > 1 ? journal.hashOf(before) : null)
  if (journaled !== null && !same(journaled, envelope.prevHash))
    breaks.push({ ...at(seq), saidHash: envelope.prevHash, journaledHash: journaled })
  const next = at(seq + 1)
  const said = waiting(next)?.envelope.prevHash ?? (hasSeq(state, next.seq) ? journal.prevHashOf(next) : null)
  if (said !== null && !same(said, hash)) breaks.push({ ...next, saidHash: said, journaledHash: hash })
  return breaks
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
