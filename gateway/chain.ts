import type { EnvelopeKey } from '../proto/model.ts'
import { signatureOf } from '../proto/signature.ts'
import { isSigned } from './evidence-key.ts'
import { hasSeq } from './journal/ranges.ts'
import type { ChainBreak, Journal, JournalEnvelope, TerminalKey } from './journal.ts'

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
  const why = 'names another envelope before it than the one that is journaled'
  const state = journal.state(envelope)
  const breaks: ChainBreak[] = []
  const before = at(seq - 1)
  const journaled =
    waiting(before)?.hash ?? (hasSeq(state, before.seq) && seq > 1 ? journal.hashOf(before) : null)
  if (journaled !== null && !same(journaled, envelope.prevHash))
    breaks.push({ ...at(seq), saidHash: envelope.prevHash, journaledHash: journaled, why })
  const next = at(seq + 1)
  const said = waiting(next)?.envelope.prevHash ?? (hasSeq(state, next.seq) ? journal.prevHashOf(next) : null)
  if (said !== null && !same(said, hash)) breaks.push({ ...next, saidHash: said, journaledHash: hash, why })
  return breaks
}

export type SignatureCheck = { readonly learnt: TerminalKey | null; readonly broken: ChainBreak | null }
const fine: SignatureCheck = { learnt: null, broken: null }

/** The first key of a terminal is believed; another one is recorded, and believed only beside it. */
export function checkSignature(
  { envelope, bytes }: JournalEnvelope,
  known: readonly Uint8Array[],
): SignatureCheck {
  const signed = signatureOf(bytes)
  if (signed === null) return fine
  const { fleet, vehicle, epoch, stream, seq } = envelope
  const { publicKey } = signed
  const broken = (why: string): ChainBreak => ({
    ...{ fleet, vehicle, epoch, stream, seq, why },
    saidHash: publicKey,
    journaledHash: known[0] ?? publicKey,
  })
  if (!isSigned(signed.over, signed.signature, publicKey))
    return { learnt: null, broken: broken('its signature does not fit') }
  if (known.some((key) => same(key, publicKey))) return fine
  const learnt = { fleet, vehicle, key: publicKey }
  return { learnt, broken: known.length === 0 ? null : broken('signed with another key than before') }
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0
