import type { AnyDetector } from '../../proto/detector.ts'
import type { Documents } from '../../proto/in-force.ts'
import type { Envelope, Finding } from '../../proto/model.ts'
import { isAfter, isOver, type LedgerEntry, noteLive, resolve, settleFinding } from './ledger.ts'
import { emptyTrack, type Found, foldEnvelope, type Track } from './track.ts'

/**
 * A vehicle's telemetry, folded twice. `settled` has everything up to the watermark; `live` is settled plus what
 * came after a hole, so that an officer hears of it at once. When the hole closes, settled walks forward and what
 * live said is confirmed, superseded or withdrawn. Pure.
 */
export type VehicleFold = {
  readonly settled: Track
  readonly live: Track
  /** What live said beyond settled. Empty while they are the same. */
  readonly ledger: readonly LedgerEntry[]
  /** What settled said while live was ahead and had not said it: where they differ, live does not know better. */
  readonly told: readonly Found[]
  /** Epochs of the vehicle's outbox in the order we met them, newest last. */
  readonly epochs: readonly number[]
}

/** What the alert machine is to do. */
export type Emission =
  | ({ readonly do: 'find'; readonly late: boolean; readonly supersedes: Superseded | null } & Found)
  | { readonly do: 'withdraw'; readonly findingId: string; readonly rule: Found['finding']['rule'] }
export type Superseded = { readonly findingId: string; readonly rule: Found['finding']['rule'] }

export type Folded = { readonly fold: VehicleFold; readonly emissions: readonly Emission[] }

export const emptyFold: VehicleFold = {
  settled: emptyTrack,
  live: emptyTrack,
  ledger: [],
  told: [],
  epochs: [],
}

const epochsKept = 8
const nothingToDo: readonly Emission[] = []

/** Whether settled and live are one. */
export function isWhole(fold: VehicleFold): boolean {
  return fold.settled.epoch === fold.live.epoch && fold.settled.seq === fold.live.seq
}

/** An envelope as it arrives. What fills a hole is not folded here but when settled walks over it. */
export function arrive(
  fold: VehicleFold,
  envelope: Envelope,
  rules: readonly AnyDetector[],
  documents: Documents,
): Folded {
  const known = withEpoch(fold, envelope.epoch)
  if (!isAfter(known.epochs, envelope, known.live)) return { fold: known, emissions: nothingToDo }
  const { track, found } = foldEnvelope(known.live, envelope, rules, documents)
  if (isWhole(known) && follows(known.settled, envelope))
    return { fold: { ...known, settled: track, live: track }, emissions: found.map(fresh) }
  const said = follows(known.live, envelope) ? found : found.filter(({ finding }) => !isOfSilence(finding))
  const news = said.filter((one) => !isOver(known.told, one))
  const ledger = news.reduce((entries, one) => noteLive(entries, known.told, one, envelope), known.ledger)
  return { fold: { ...known, live: track, ledger }, emissions: news.map(fresh) }
}

const fresh = (found: Found): Emission => ({ do: 'find', ...found, late: false, supersedes: null })

/** A hole is telemetry that is late, not a vehicle that nobody heard: whether it was silent too is settled's to say. */
const isOfSilence = ({ kind }: Finding): boolean => kind === 'displacement'

/** The first envelope of all, or the next one. */
function follows(track: Track, envelope: Envelope): boolean {
  if (track.epoch === 0) return envelope.seq === 1
  return track.epoch === envelope.epoch && envelope.seq === track.seq + 1
}

function withEpoch(fold: VehicleFold, epoch: number): VehicleFold {
  if (fold.epochs.includes(epoch)) return fold
  const epochs = [...fold.epochs, epoch].slice(-epochsKept)
  const first = fold.settled.epoch === 0
  // A vehicle's first epoch: holes are counted from seq 1 on.
  const settled = first ? { ...fold.settled, epoch } : fold.settled
  const live = first ? { ...fold.live, epoch } : fold.live
  return { ...fold, epochs, settled, live }
}

/** Settled walks over one envelope that is journaled without a hole before it. */
export function settle(
  fold: VehicleFold,
  envelope: Envelope,
  rules: readonly AnyDetector[],
  documents: Documents,
): Folded {
  if (!isAfter(fold.epochs, envelope, fold.settled)) return { fold, emissions: nothingToDo }
  const { track, found } = foldEnvelope(fold.settled, envelope, rules, documents)
  let walked: VehicleFold = { ...fold, settled: track }
  const emissions: Emission[] = []
  for (const one of found) {
    const result = settleFinding(walked, one)
    walked = result.fold
    emissions.push(...result.emissions)
  }
  const resolved = resolve(walked, envelope)
  return { fold: rejoin(resolved.fold), emissions: [...emissions, ...resolved.emissions] }
}

/** Moves settled over seqs that a gap record covers, or into the next epoch when the last one's outbox is lost. */
export function skipTo(fold: VehicleFold, epoch: number, seq: number): Folded {
  const settled = { ...fold.settled, epoch, seq }
  const resolved = resolve({ ...fold, settled }, null)
  return { fold: rejoin(resolved.fold), emissions: resolved.emissions }
}

/** Settled has reached live: from here on they are one again. */
function rejoin(fold: VehicleFold): VehicleFold {
  if (isAfter(fold.epochs, fold.live, fold.settled)) return fold
  return { ...fold, live: fold.settled, ledger: [], told: [] }
}
