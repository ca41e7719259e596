import { gatewayFindingId } from '../proto/ids.ts'
import { type Documents, settingsAt } from '../proto/in-force.ts'
import type { Envelope, EnvelopeKey, Finding, Sample } from '../proto/model.ts'
import type { Settings } from '../proto/settings.ts'
import type { DriverLedger, StoredHours } from './drivers/contract.ts'
import type { Beside, Fleet } from './fleet.ts'
import type { Emission } from './fold/vehicle.ts'
import { highest } from './journal/ranges.ts'
import type { Journal } from './journal.ts'
import type { Book } from './push/book.ts'
import type { Books } from './push/books.ts'
import { stepUnheard, type UnheardInput, type UnheardState, unheardBefore } from './rules/unheard.ts'

/** Which vehicles were heard when. Told of every envelope as it is journaled; asked what the time means by a tick. */
export type UnheardWatch = {
  readonly heard: (envelope: Envelope, receivedAtMs: number) => readonly Emission[]
  /** Whether `tick` would say anything. */
  readonly isDue: (nowMs: number) => boolean
  readonly tick: (nowMs: number) => readonly Unheard[]
  /** What the journal knows of a vehicle at the start. */
  readonly recall: (last: LastHeard) => void
  /** What must outlive this process: the episode that goes on. */
  readonly of: (fleet: string, vehicle: string) => OpenSilence | null
  readonly load: (fleet: string, vehicle: string, open: OpenSilence) => void
}

export type Unheard = {
  readonly fleet: string
  readonly vehicle: string
  readonly emissions: readonly Emission[]
}
export type LastHeard = {
  readonly fleet: string
  readonly vehicle: string
  readonly key: EnvelopeKey
  readonly receivedAtMs: number
  readonly sample: Sample | null
}
export type OpenSilence = { readonly findingId: string; readonly finding: Finding }

export type WatchDeps = {
  readonly documents: (fleet: string, vehicle: string) => Documents | null
  /** From when on this gateway listens, terminals given the time to come back to it; one that was heard has come back. */
  readonly sinceMs: () => number
  readonly slackMs: () => number
}

type Watched = {
  readonly fleet: string
  readonly vehicle: string
  state: UnheardState
  /** Heard since this gateway began to listen. */
  isBack: boolean
  /** The last envelope: an episode is named after it. */
  key: EnvelopeKey | null
  findingId: string | null
}

export function createUnheardWatch({ documents, sinceMs, slackMs }: WatchDeps): UnheardWatch {
  const watched = new Map<string, Watched>()
  const of = (fleet: string, vehicle: string): Watched => {
    const known = watched.get(`${fleet}/${vehicle}`)
    if (known !== undefined) return known
    const one: Watched = { fleet, vehicle, state: unheardBefore, isBack: false, key: null, findingId: null }
    watched.set(`${fleet}/${vehicle}`, one)
    return one
  }
  const tickAt = (nowMs: number, { isBack }: Watched): UnheardInput => ({
    ...{ is: 'tick', nowMs, slackMs: slackMs() },
    sinceMs: isBack ? Number.NEGATIVE_INFINITY : sinceMs(),
  })
  const settingsOf = ({ fleet, vehicle }: Watched, atMs: number): Settings | null => {
    const inForce = documents(fleet, vehicle)
    return inForce === null ? null : settingsAt(inForce, atMs)
  }
  const step = (one: Watched, input: UnheardInput): readonly Emission[] => {
    const settings = settingsOf(one, input.is === 'tick' ? input.nowMs : input.atMs)
    if (settings === null) return none
    const { state, finding } = stepUnheard(one.state, input, settings)
    one.state = state
    if (finding === null) return none
    const findingId = finding.phase === 'ended' ? one.findingId : nameOf(one, finding)
    one.findingId = finding.phase === 'ended' ? null : findingId
    if (findingId === null) return none
    const { policyDigest } = settings
    return [{ do: 'find', finding, findingId, policyDigest, late: false, supersedes: null }]
  }
  return {
    heard: (envelope, receivedAtMs) => {
      const one = of(envelope.fleet, envelope.vehicle)
      const samples = envelope.body.is === 'telemetry' ? envelope.body.samples : []
      const emissions = step(one, { is: 'heard', atMs: receivedAtMs, samples })
      one.isBack = true
      const { fleet, vehicle, epoch, stream, seq } = envelope
      one.key = { fleet, vehicle, epoch, stream, seq }
      return emissions
    },
    isDue: (nowMs) =>
      [...watched.values()].some((one) => {
        const settings = settingsOf(one, nowMs)
        return settings !== null && stepUnheard(one.state, tickAt(nowMs, one), settings).finding !== null
      }),
    tick: (nowMs) => {
      const found: Unheard[] = []
      for (const one of watched.values()) {
        const emissions = step(one, tickAt(nowMs, one))
        if (emissions.length > 0) found.push({ fleet: one.fleet, vehicle: one.vehicle, emissions })
      }
      return found
    },
    recall: ({ fleet, vehicle, key, receivedAtMs, sample }) => {
      const one = of(fleet, vehicle)
      const ignition =
        sample === null || sample.ignition === null ? null : { on: sample.ignition, atMs: sample.atMs }
      one.state = { ...one.state, heardMs: receivedAtMs, last: sample, ignition }
      one.key = key
    },
    of: (fleet, vehicle) => {
      const one = watched.get(`${fleet}/${vehicle}`)
      if (one === undefined || one.findingId === null || one.state.open === null) return null
      return { findingId: one.findingId, finding: one.state.open }
    },
    load: (fleet, vehicle, { findingId, finding }) => {
      const one = of(fleet, vehicle)
      one.state = { ...one.state, open: finding }
      one.findingId = findingId
    },
  }
}

const none: readonly Emission[] = []

function nameOf({ key, fleet, vehicle }: Watched, finding: Finding): string {
  return key === null ? `${fleet}/${vehicle}/${finding.atMs}/silence` : gatewayFindingId(key, finding)
}

/** What is stored of a vehicle beside its folds: the documents it is judged by, a silence that goes on, drivers' hours. */
export function createBeside(
  books: Books,
  watch: UnheardWatch,
  ledger: Pick<DriverLedger, 'toStore' | 'load'>,
): Beside {
  type Stored = {
    readonly book: Book | null
    readonly silence: OpenSilence | null
    /** Absent in snapshots of before there was one. */
    readonly hours?: StoredHours | null
  }
  return {
    meet: books.meet,
    toStore: (fleet, vehicle): Stored => ({
      book: books.of(fleet, vehicle),
      silence: watch.of(fleet, vehicle),
      hours: ledger.toStore(fleet, vehicle),
    }),
    load: (fleet, vehicle, stored) => {
      const { book, silence, hours } = stored as Stored
      if (book !== null) books.load(fleet, vehicle, book)
      if (silence !== null) watch.load(fleet, vehicle, silence)
      if (hours) ledger.load(fleet, vehicle, hours)
    },
  }
}

/** When each vehicle of the journal was heard last. */
export async function lastHeard(journal: Journal, fleet: Fleet): Promise<readonly LastHeard[]> {
  const found = new Map<string, LastHeard>()
  for (const { state, ...stream } of journal.watermarks()) {
    const [row] = await journal.read(stream, highest(state), 1)
    if (row === undefined) continue
    const { fleet: id, vehicle } = stream
    const known = found.get(`${id}/${vehicle}`)
    if (known !== undefined && known.receivedAtMs > row.receivedAtMs) continue
    const { receivedAtMs } = row
    const key = { ...stream, seq: row.envelope.seq }
    found.set(`${id}/${vehicle}`, {
      fleet: id,
      vehicle,
      key,
      receivedAtMs,
      sample: fleet.lastSample(id, vehicle),
    })
  }
  return [...found.values()]
}
