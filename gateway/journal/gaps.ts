import type { Gap } from '../../proto/model.ts'
import { isoUtc } from '../../proto/time.ts'
import type {
  ChainBreak,
  ClosedHole,
  GapEntry,
  JournalEnvelope,
  JournalGroup,
  SuspectedClone,
} from '../journal.ts'

/** What a group adds to the gap ledger. Pure. */
export function gapsOf(group: JournalGroup, afterCursor: number, nowMs: number): GapEntry[] {
  const recordedAt = isoUtc(nowMs)
  const entries = [
    ...group.envelopes.flatMap((row) =>
      row.envelope.body.is === 'gap' ? [evicted(row, row.envelope.body.gap)] : [],
    ),
    ...group.closed.map(givenUp),
    ...(group.breaks ?? []).map(broken),
    ...(group.clones ?? []).map(cloned),
  ]
  return entries.map((entry, index) => ({ cursor: afterCursor + index + 1, ...entry, recordedAt }))
}

type Draft = Omit<GapEntry, 'cursor' | 'recordedAt'>
const unknown = { class: null, from: null, to: null, firstHash: null, lastHash: null }
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

function evicted({ envelope }: JournalEnvelope, gap: Gap): Draft {
  const { fleet, vehicle, epoch, stream } = envelope
  return {
    ...{ fleet, vehicle, epoch, stream, is: 'evicted' as const },
    ...{ firstSeq: gap.firstSeq, lastSeq: gap.lastSeq, count: gap.count },
    ...{ class: gap.class, reason: gap.reason, from: isoUtc(gap.fromMs), to: isoUtc(gap.toMs) },
    ...{ firstHash: hex(gap.firstHash), lastHash: hex(gap.lastHash) },
  }
}

function givenUp({ fleet, vehicle, epoch, stream, first, last }: ClosedHole): Draft {
  const count = last - first + 1
  const reason = 'never came'
  return {
    fleet,
    vehicle,
    epoch,
    stream,
    is: 'given-up',
    firstSeq: first,
    lastSeq: last,
    count,
    ...unknown,
    reason,
  }
}

function broken({ fleet, vehicle, epoch, stream, seq, saidHash, journaledHash, why }: ChainBreak): Draft {
  return {
    ...{ fleet, vehicle, epoch, stream, is: 'chain-break' as const },
    ...{ firstSeq: seq, lastSeq: seq, count: 1, ...unknown },
    reason: why,
    firstHash: hex(saidHash),
    lastHash: hex(journaledHash),
  }
}

function cloned({ fleet, vehicle, epoch, why }: SuspectedClone): Draft {
  return {
    ...{ fleet, vehicle, epoch, stream: 'alarm' as const, is: 'clone-suspected' as const },
    ...{ firstSeq: 0, lastSeq: 0, count: 0, ...unknown, reason: why },
  }
}
