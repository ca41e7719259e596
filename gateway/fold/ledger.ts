import { episodeKey, gatewayFindingId } from '../../proto/ids.ts'
import type { Envelope, Finding } from '../../proto/model.ts'
import type { Found, Track } from './track.ts'
import type { Emission, VehicleFold } from './vehicle.ts'

/**
 * What live said ahead of settled, and what becomes of it. Two findings are the same when kind and subject are and
 * they began within a minute of each other. Pure.
 */
export type LedgerEntry = {
  readonly findingId: string
  /** When the episode began; null when it began before the hole, so that both folds know it by its id. */
  readonly beganMs: number | null
  /** The last that live said. */
  readonly live: Found
  /** The last that settled said of the same episode. */
  readonly settled: Found | null
  readonly epoch: number
  readonly seq: number
}

export type Position = { readonly epoch: number; readonly seq: number }

const sameEpisodeMs = 60_000

/** Whether `a` is later in the vehicle's story than `b`. An epoch that is not known is older than all. */
export function isAfter(epochs: readonly number[], a: Position, b: Position): boolean {
  if (a.epoch === b.epoch) return a.seq > b.seq
  return epochs.indexOf(a.epoch) > epochs.indexOf(b.epoch)
}

/** Live said something. */
export function noteLive(
  entries: readonly LedgerEntry[],
  told: readonly Found[],
  found: Found,
  { epoch, seq }: Position,
): readonly LedgerEntry[] {
  const known = entries.find(({ findingId }) => findingId === found.findingId)
  if (known !== undefined)
    return entries.map((entry) => (entry === known ? { ...entry, live: found, epoch, seq } : entry))
  const beganMs = found.finding.phase === 'started' ? found.finding.atMs : null
  const settled = told.findLast(({ findingId }) => findingId === found.findingId) ?? null
  return [...entries, { findingId: found.findingId, beganMs, live: found, settled, epoch, seq }]
}

/** Whether settled said already that this episode has ended: what live makes of it since is wrong. */
export function isOver(told: readonly Found[], { findingId }: Found): boolean {
  return told.some((one) => one.findingId === findingId && one.finding.phase === 'ended')
}

type Result = { readonly fold: VehicleFold; readonly emissions: readonly Emission[] }

/** Settled said something: of an episode that live knows, or news that comes late. */
export function settleFinding(fold: VehicleFold, found: Found): Result {
  const entry = entryOf(fold.ledger, found)
  if (entry === undefined && isTaken(fold.ledger, found)) return takeNewName(fold, found)
  if (entry === undefined) return tell(fold, found)
  const { findingId } = entry
  const adopted: LedgerEntry = { ...entry, settled: { ...found, findingId } }
  return {
    fold: {
      ...fold,
      ledger: fold.ledger.map((one) => (one === entry ? adopted : one)),
      settled: renamed(fold.settled, found, findingId),
    },
    emissions: [],
  }
}

/** An earlier episode, less than a minute apart, may have been given the alert that live made of this one. */
const isTaken = (ledger: readonly LedgerEntry[], { finding, findingId }: Found): boolean =>
  finding.phase === 'started' && ledger.some((entry) => entry.findingId === findingId)

function takeNewName(fold: VehicleFold, found: Found): Result {
  const named = `${found.findingId}/${found.finding.atMs}`
  return tell({ ...fold, settled: renamed(fold.settled, found, named) }, { ...found, findingId: named })
}

/** News that come late. */
function tell(fold: VehicleFold, found: Found): Result {
  return {
    fold: { ...fold, told: [...fold.told, found] },
    emissions: [{ do: 'find', ...found, late: true, supersedes: null }],
  }
}

/** The entry of the same episode; of several the one that began nearest. */
function entryOf(ledger: readonly LedgerEntry[], { finding, findingId }: Found): LedgerEntry | undefined {
  if (finding.phase !== 'started') return ledger.find((entry) => entry.findingId === findingId)
  const apart = ({ beganMs }: LedgerEntry): number => Math.abs((beganMs ?? 0) - finding.atMs)
  return ledger
    .filter(
      (entry) =>
        entry.settled === null &&
        entry.beganMs !== null &&
        entry.live.finding.kind === finding.kind &&
        entry.live.finding.subject === finding.subject &&
        apart(entry) <= sameEpisodeMs,
    )
    .toSorted((a, b) => apart(a) - apart(b))[0]
}

/** Later phases of an episode that is still open carry the id under which officers know it. */
function renamed(track: Track, { finding, findingId }: Found, name: string): Track {
  const episode = episodeKey(finding)
  const open = track.open[episode]
  if (open === undefined || open.findingId !== findingId) return track
  return { ...track, open: { ...track.open, [episode]: { ...open, findingId: name } } }
}

/** Gives the open episodes of a live track that was folded again the names under which they were published. */
export function renameLive(live: Track, ledger: readonly LedgerEntry[]): Track {
  const open = Object.entries(live.open).map(([episode, one]) => {
    const said = ledger.find(
      ({ live: { finding } }) => finding.phase !== 'ended' && episodeKey(finding) === episode,
    )
    return [episode, said === undefined ? one : { ...one, findingId: said.findingId }] as const
  })
  return { ...live, open: Object.fromEntries(open) }
}

/** Judges the entries that settled has walked past. `deciding` is the envelope a superseding alert is named after. */
export function resolve(fold: VehicleFold, deciding: Envelope | null): Result {
  const emissions: Emission[] = []
  let walked = fold
  const kept: LedgerEntry[] = []
  for (const entry of fold.ledger) {
    if (isAfter(fold.epochs, entry, fold.settled)) {
      kept.push(entry)
      continue
    }
    const verdict = judge(walked, entry, deciding)
    walked = verdict.fold
    emissions.push(...verdict.emissions)
  }
  return { fold: { ...walked, ledger: kept }, emissions }
}

function judge(fold: VehicleFold, entry: LedgerEntry, deciding: Envelope | null): Result {
  const truth = entry.settled ?? stillOpen(fold.settled, entry)
  const { findingId, live } = entry
  const { rule } = live.finding
  if (truth === null) return { fold, emissions: [{ do: 'withdraw', findingId, rule }] }
  if (isSame(live.finding, truth.finding)) return { fold, emissions: [] }
  if (continues(live.finding, truth.finding))
    return { fold, emissions: [{ do: 'find', ...truth, late: true, supersedes: null }] }
  const newId = supersedingId(truth, deciding)
  return {
    fold: { ...fold, settled: renamed(fold.settled, truth, newId) },
    emissions: [{ do: 'find', ...truth, findingId: newId, late: true, supersedes: { findingId, rule } }],
  }
}

/** An episode that began before the hole and, for all settled knows, goes on. */
function stillOpen(settled: Track, entry: LedgerEntry): Found | null {
  const open = Object.values(settled.open).find(({ findingId }) => findingId === entry.findingId)
  return open === undefined ? null : { ...entry.live, finding: open.last }
}

/** A new name that another run over the same journal gives again. */
function supersedingId(truth: Found, deciding: Envelope | null): string {
  if (deciding === null) return `${truth.findingId}/superseded`
  const id = gatewayFindingId(deciding, truth.finding)
  return id === truth.findingId ? `${id}/superseded` : id
}

function isSame(said: Finding, truth: Finding): boolean {
  if (said.reason !== truth.reason || said.severity !== truth.severity || said.grade !== truth.grade)
    return false
  const bothOpen = said.phase !== 'ended' && truth.phase !== 'ended'
  return bothOpen || (said.phase === truth.phase && Math.abs(said.atMs - truth.atMs) <= sameEpisodeMs)
}

/** What live left open may have gone on or ended; that contradicts nothing that was said. */
function continues(said: Finding, truth: Finding): boolean {
  return said.phase !== 'ended' && said.reason === truth.reason && truth.decidedAtMs > said.decidedAtMs
}
