import type { AnyDetector } from '../proto/detector.ts'
import type { Documents } from '../proto/in-force.ts'
import type { Envelope, Sample } from '../proto/model.ts'
import { asHeard } from './dates.ts'
import { renameLive } from './fold/ledger.ts'
import type { Track } from './fold/track.ts'
import {
  arrive,
  type Emission,
  emptyFold,
  isWhole,
  settle,
  skipTo,
  type VehicleFold,
} from './fold/vehicle.ts'
import { highest, holes } from './journal/ranges.ts'
import type { ClosedHole, Journal, JournalEnvelope, StreamKey, Watermark } from './journal.ts'

/** Every vehicle's fold, kept in step with the journal. */
export type Fleet = {
  /** Folds an envelope that is about to be journaled. */
  readonly arrive: (envelope: Envelope, receivedAtMs: number) => readonly Emission[]
  /** What is kept of a vehicle beside its folds changed: it is stored with the next group. */
  readonly remember: (fleet: string, vehicle: string) => void
  /** Snapshots that are due after the envelopes and emissions of a group. */
  readonly snapshotsDue: () => readonly { fleet: string; vehicle: string; state: unknown }[]
  /** True when the journal has more without a hole than settled has folded. */
  readonly isBehind: (fleet: string, vehicle: string) => boolean
  /** One step of settled through the journal; its emissions are for the next group. Null when there is nothing left. */
  readonly settleSome: (
    fleet: string,
    vehicle: string,
    budgetMs: number,
  ) => Promise<readonly Emission[] | null>
  /** Rebuilds the fold of every vehicle of the journal. */
  readonly recover: () => Promise<
    readonly { fleet: string; vehicle: string; emissions: readonly Emission[] }[]
  >
  /** Holes that have been open for longer than we wait. */
  readonly staleHoles: (nowMs: number) => readonly ClosedHole[]
  readonly lastSample: (fleet: string, vehicle: string) => Sample | null
  /** What a rule knows of a vehicle at this moment, by the rule's name; null: nothing yet. */
  readonly stateOfRule: (fleet: string, vehicle: string, rule: string) => unknown
  /** The epoch of the vehicle's outbox that we met last. */
  readonly epochOf: (fleet: string, vehicle: string) => number | null
  readonly vehicles: () => number
}

export type FleetDeps = {
  readonly journal: Journal
  readonly rules: readonly AnyDetector[]
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  readonly monoMs: () => number
  /** What else is kept of a vehicle, in the transaction that stores its folds; absent: nothing. */
  readonly beside?: Beside
  /** Told of each envelope that settled walks over, with where it stood before; absent: nobody. */
  readonly settled?: ((before: Track, envelope: Envelope, documents: Documents) => void) | undefined
}

export type Beside = {
  /** A vehicle was heard; true when there is something to store. */
  readonly meet: (fleet: string, vehicle: string) => boolean
  /** Plain JSON. */
  readonly toStore: (fleet: string, vehicle: string) => unknown
  readonly load: (fleet: string, vehicle: string, stored: unknown) => void
}

type Kept = {
  readonly fleet: string
  readonly vehicle: string
  fold: VehicleFold
  /** Envelopes folded since the last snapshot. */
  since: number
  snapshotDue: boolean
  /** World time at which the oldest hole was met; null without one. */
  holeSinceMs: number | null
}

const snapshotEvery = 200
const readMax = 50
/** How long a hole is waited for: a vehicle may be away from the network for a long week-end. */
const holeMaxMs = 72 * 3_600_000

export function createFleet(deps: FleetDeps): Fleet {
  return new KeptFleet(deps)
}

class KeptFleet implements Fleet {
  readonly #deps: FleetDeps
  readonly #kept = new Map<string, Kept>()
  readonly #touched = new Set<Kept>()

  constructor(deps: FleetDeps) {
    this.#deps = deps
  }

  arrive(envelope: Envelope, receivedAtMs: number): readonly Emission[] {
    const inForce = this.#deps.documents(envelope.fleet, envelope.vehicle)
    if (inForce === null) return []
    const one = this.#of(envelope.fleet, envelope.vehicle)
    if (this.#deps.beside?.meet(envelope.fleet, envelope.vehicle) === true) one.snapshotDue = true
    const { fold, emissions } = arrive(one.fold, asHeard(envelope, receivedAtMs), this.#deps.rules, inForce)
    this.#tellSettled(one.fold, fold, envelope, inForce)
    this.#take(one, fold, 1)
    if (!isWhole(fold)) one.holeSinceMs ??= receivedAtMs
    return emissions
  }

  remember(fleet: string, vehicle: string): void {
    this.#touched.add(this.#of(fleet, vehicle))
  }

  snapshotsDue(): readonly { fleet: string; vehicle: string; state: unknown }[] {
    const due = [...this.#touched].map(({ fleet, vehicle, fold }) => ({
      fleet,
      vehicle,
      state: { ...toStore(fold), beside: this.#deps.beside?.toStore(fleet, vehicle) ?? null },
    }))
    for (const one of this.#touched) {
      one.since = 0
      one.snapshotDue = false
    }
    this.#touched.clear()
    return due
  }

  isBehind(fleet: string, vehicle: string): boolean {
    return this.#isBehind(this.#of(fleet, vehicle))
  }

  settleSome(fleet: string, vehicle: string, budgetMs: number): Promise<readonly Emission[] | null> {
    return this.#settleSome(this.#of(fleet, vehicle), budgetMs)
  }

  async recover(): Promise<{ fleet: string; vehicle: string; emissions: readonly Emission[] }[]> {
    const telemetry = this.#deps.journal.watermarks().filter(({ stream }) => stream === 'telemetry')
    const recovered: { fleet: string; vehicle: string; emissions: readonly Emission[] }[] = []
    for (const marks of Map.groupBy(telemetry, ({ fleet, vehicle }) => `${fleet}/${vehicle}`).values()) {
      const { fleet, vehicle } = marks[0]!
      recovered.push({ fleet, vehicle, emissions: await this.#recoverOne(this.#of(fleet, vehicle), marks) })
    }
    return recovered
  }

  staleHoles(nowMs: number): readonly ClosedHole[] {
    return [...this.#kept.values()]
      .filter(({ holeSinceMs }) => holeSinceMs !== null && nowMs - holeSinceMs > holeMaxMs)
      .flatMap((one) => {
        const key = telemetryOf(one, one.fold.settled.epoch)
        return holes(this.#deps.journal.state(key)).map((hole) => ({ ...key, ...hole }))
      })
  }

  stateOfRule(fleet: string, vehicle: string, rule: string): unknown {
    return this.#kept.get(`${fleet}/${vehicle}`)?.fold.live.states[rule] ?? null
  }

  lastSample(fleet: string, vehicle: string): Sample | null {
    return this.#kept.get(`${fleet}/${vehicle}`)?.fold.live.last ?? null
  }

  epochOf(fleet: string, vehicle: string): number | null {
    return this.#kept.get(`${fleet}/${vehicle}`)?.fold.epochs.at(-1) ?? null
  }

  vehicles(): number {
    return this.#kept.size
  }

  #of(fleet: string, vehicle: string): Kept {
    const key = `${fleet}/${vehicle}`
    let one = this.#kept.get(key)
    if (one === undefined) {
      one = { fleet, vehicle, fold: emptyFold, since: 0, snapshotDue: false, holeSinceMs: null }
      this.#kept.set(key, one)
    }
    return one
  }

  #take(one: Kept, fold: VehicleFold, envelopes: number): void {
    // What live said ahead of settled is not in the journal's envelopes alone, so it is stored when it changes.
    if (fold.ledger !== one.fold.ledger || fold.told !== one.fold.told) one.snapshotDue = true
    one.fold = fold
    one.since += envelopes
    if (one.since >= snapshotEvery) one.snapshotDue = true
    if (isWhole(fold)) one.holeSinceMs = null
    if (one.snapshotDue) this.#touched.add(one)
  }

  #tellSettled(before: VehicleFold, after: VehicleFold, envelope: Envelope, inForce: Documents): void {
    const walked = after.settled.epoch === envelope.epoch && after.settled.seq === envelope.seq
    if (walked && after.settled !== before.settled) this.#deps.settled?.(before.settled, envelope, inForce)
  }

  /** How far settled may walk in its epoch: to the first hole, or to the end when a newer epoch shows it is over. */
  #target(one: Kept): number {
    const { settled, epochs } = one.fold
    const state = this.#deps.journal.state(telemetryOf(one, settled.epoch))
    return epochs.at(-1) === settled.epoch ? state.upto : highest(state)
  }

  #isBehind(one: Kept): boolean {
    return (
      one.fold.settled.epoch !== 0 &&
      this.#deps.documents(one.fleet, one.vehicle) !== null &&
      (this.#target(one) > one.fold.settled.seq || nextEpoch(one) !== null)
    )
  }

  async #settleSome(one: Kept, budgetMs: number): Promise<readonly Emission[] | null> {
    if (!this.#isBehind(one)) return null
    const { epoch, seq } = one.fold.settled
    const end = this.#target(one)
    const rows = seq < end ? await this.#deps.journal.read(telemetryOf(one, epoch), seq + 1, readMax) : []
    // A group may have been folded while we read.
    if (one.fold.settled.epoch !== epoch || one.fold.settled.seq !== seq) return []
    const inside = rows.filter(({ envelope }) => envelope.seq <= end)
    if (inside.length > 0) return this.#walk(one, inside, budgetMs)
    const next = seq >= end ? nextEpoch(one) : null
    const skipped = next === null ? skipTo(one.fold, epoch, Math.max(seq, end)) : skipTo(one.fold, next, 0)
    this.#take(one, skipped.fold, 0)
    return skipped.emissions
  }

  /** Folds settled forward over what was read, for as long as the budget lasts. */
  #walk(one: Kept, rows: readonly Heard[], budgetMs: number): Emission[] {
    const inForce = this.#deps.documents(one.fleet, one.vehicle)
    const emissions: Emission[] = []
    const untilMs = this.#deps.monoMs() + budgetMs
    for (const { envelope: said, receivedAtMs } of rows) {
      if (inForce === null) break
      const envelope = asHeard(said, receivedAtMs)
      const folded = settle(one.fold, envelope, this.#deps.rules, inForce)
      this.#tellSettled(one.fold, folded.fold, envelope, inForce)
      this.#take(one, folded.fold, 1)
      emissions.push(...folded.emissions)
      if (this.#deps.monoMs() > untilMs) break
    }
    return emissions
  }

  async #recoverOne(one: Kept, marks: readonly Watermark[]): Promise<readonly Emission[]> {
    const { journal } = this.#deps
    const stored = journal.snapshot(one.fleet, one.vehicle) as Stored | null
    const epochs = [...new Set([...(stored?.epochs ?? []), ...marks.map(({ epoch }) => epoch)])]
    const hasFolded = stored !== null && stored.settled.epoch !== 0
    const settled = hasFolded ? stored.settled : { ...emptyFold.settled, epoch: epochs[0] ?? 0 }
    if (stored?.beside) this.#deps.beside?.load(one.fleet, one.vehicle, stored.beside)
    // Where live was, so that settled knows when it has caught up with it; its states are made again below.
    const epoch = epochs.at(-1) ?? settled.epoch
    const live = { ...settled, epoch, seq: highest(journal.state(telemetryOf(one, epoch))) }
    one.fold = { settled, live, ledger: stored?.ledger ?? [], told: stored?.told ?? [], epochs }
    const emissions: Emission[] = []
    for (;;) {
      const some = await this.#settleSome(one, Number.POSITIVE_INFINITY)
      if (some === null) break
      emissions.push(...some)
    }
    emissions.push(...(await this.#relive(one)))
    // What is said now and the ledger that remembers it are stored together.
    if (emissions.length > 0) this.#touched.add(one)
    return emissions
  }

  /** Folds what lies beyond the holes again, so that live is where it was. */
  async #relive(one: Kept): Promise<readonly Emission[]> {
    const { documents, journal, rules } = this.#deps
    const inForce = documents(one.fleet, one.vehicle)
    const emissions: Emission[] = []
    const { ledger } = one.fold
    one.fold = { ...one.fold, live: one.fold.settled }
    for (let from = one.fold.settled.seq + 1; inForce !== null; ) {
      const rows = await journal.read(telemetryOf(one, one.fold.settled.epoch), from, readMax)
      if (rows.length === 0) break
      for (const { envelope, receivedAtMs } of rows) {
        const folded = arrive(one.fold, asHeard(envelope, receivedAtMs), rules, inForce)
        one.fold = folded.fold
        one.holeSinceMs ??= receivedAtMs
        emissions.push(...folded.emissions)
        from = envelope.seq + 1
      }
    }
    // What live had said was stored with the alerts; said again under another name it would be a second alert.
    if (ledger.length > 0) one.fold = { ...one.fold, ledger, live: renameLive(one.fold.live, ledger) }
    return ledger.length > 0 ? [] : emissions
  }
}

type Heard = Pick<JournalEnvelope, 'envelope' | 'receivedAtMs'>

const telemetryOf = ({ fleet, vehicle }: Kept, epoch: number): StreamKey => ({
  fleet,
  vehicle,
  epoch,
  stream: 'telemetry',
})

function nextEpoch({ fold: { settled, epochs } }: Kept): number | null {
  return epochs[epochs.indexOf(settled.epoch) + 1] ?? null
}

type Stored = Pick<VehicleFold, 'settled' | 'ledger' | 'told' | 'epochs'> & { readonly beside?: unknown }
const toStore = ({ settled, ledger, told, epochs }: VehicleFold): Stored => ({
  settled,
  ledger,
  told,
  epochs,
})
